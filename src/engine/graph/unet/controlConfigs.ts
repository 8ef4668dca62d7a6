import { StudioError } from '../../../shared/errors.ts'
import { unetConfig, type UnetConfig } from './unetConfig.ts'
import type { ConfigFile } from '../config/configFile.ts'
import { inferUnetConfig } from '../config/inferConfig.ts'
import type { WeightSource } from '../weights/weight.ts'

/** Architectures of the networks that steer a U-Net with a picture, from config.json or from the shapes of tensors. */

/** ControlNetModel: the way down of a U-Net, and what looks at the control picture. */
export interface ControlNetConfig {
  unet: UnetConfig
  /** 3: RGB. */
  hintPictureChannels: number
  /** Channels at each size of the control picture, the finest first. */
  hintChannels: readonly number[]
  /** Every residual is its mean over the picture, and the negative prompt has none ("shuffle"). */
  pooled: boolean
}

/** T2IAdapter. */
export interface T2iAdapterConfig {
  kind: 'full' | 'light'
  /** Channels of the packed picture: those of a pixel times the square of `packing`. */
  inChannels: number
  /** Pixels packed into one along a side. */
  packing: number
  /** Finest first. */
  levels: readonly { channels: number; layers: number; halves: boolean }[]
}

/** A ControlNet's config.json: a U-Net's without the way up. Throws `unsupported-model`. */
export function controlNetConfig(file: ConfigFile): ControlNetConfig {
  const channels = file['conditioning_embedding_out_channels'] ?? [16, 32, 96, 256]
  const isRgb = (file['controlnet_conditioning_channel_order'] ?? 'rgb') === 'rgb'
  if (!Array.isArray(channels) || !channels.every((count) => Number.isInteger(count)) || !isRgb)
    throw new StudioError(
      'unsupported-model',
      'The config.json of this ControlNet asks for another way to read its picture than RGB through a row of convolutions, which this version cannot run.',
    )
  const down = Array.isArray(file['down_block_types']) ? file['down_block_types'] : []
  const up = down.toReversed().map((type) => String(type).replace('Down', 'Up'))
  return {
    unet: unetConfig({ ...file, _class_name: 'UNet2DConditionModel', up_block_types: up }),
    hintPictureChannels: Number(file['conditioning_channels'] ?? 3),
    hintChannels: channels,
    pooled: file['global_pool_conditions'] === true,
  }
}

/** A ControlNet's numbers from its tensors under diffusers' names. `pooled` no tensor tells. */
export function inferControlNetConfig(source: WeightSource, pooled: boolean): ControlNetConfig {
  const shape = (layer: string): readonly number[] =>
    source(`controlnet_cond_embedding.${layer}.weight`)?.shape ?? []
  const [first = 16, hintPictureChannels = 3] = shape('conv_in')
  const hintChannels = [first]
  while (shape(`blocks.${2 * hintChannels.length - 1}`).length > 0)
    hintChannels.push(shape(`blocks.${2 * hintChannels.length - 1}`)[0])
  // Pooled text of the published SDXL, whose encoders the file does not hold.
  const unet = inferUnetConfig(source, 1280)
  return { unet, hintPictureChannels, hintChannels, pooled }
}

/** A T2I-Adapter's numbers from its tensors under diffusers' names, without their prefix. */
export function inferT2iAdapterConfig(source: WeightSource): T2iAdapterConfig {
  const shape = (key: string): readonly number[] => source(`${key}.weight`)?.shape ?? []
  const kind = shape('body.0.out_conv').length > 0 ? 'light' : 'full'
  const inChannels = shape(kind === 'full' ? 'conv_in' : 'body.0.in_conv')[1] ?? 0
  // A pixel has one channel or three; SDXL's adapters pack 16 × 16 of them and halve once, the others 8 × 8.
  const packing = [8, 16].find((side) => [1, 3].includes(inChannels / side ** 2)) ?? 8
  const levels = []
  for (let level = 0; shape(`body.${level}.resnets.0.block1`).length > 0; level++) {
    const block = `body.${level}`
    let layers = 1
    while (shape(`${block}.resnets.${layers}.block1`).length > 0) layers++
    const channels = shape(kind === 'full' ? `${block}.resnets.0.block1` : `${block}.out_conv`)[0]
    levels.push({ channels, layers, halves: packing === 16 ? level === 2 : level > 0 })
  }
  return { kind, inChannels, packing, levels }
}
