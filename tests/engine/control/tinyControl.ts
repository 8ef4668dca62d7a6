import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readSafetensors } from '../../../src/engine/model/files/safetensors.ts'
import type { TestTensor } from '../model/safetensorsFile.ts'

/** Small ControlNets and T2I-Adapters, and their layers written out in plain loops. */

export const networks = fileURLToPath(new URL('../../golden/F_networks', import.meta.url))

export type Tensors = Record<string, TestTensor>

const floats = (shape: number[], valueAt: (index: number) => number): TestTensor => {
  const length = shape.reduce((product, size) => product * size, 1)
  const values = Float32Array.from({ length }, (_, index) => valueAt(index))
  return { dtype: 'F32', shape, bytes: new Uint8Array(values.buffer) }
}

const valuesOf = ({ bytes }: TestTensor): Float32Array => new Float32Array(bytes!.slice().buffer)

/** The tensors of a file as they can be written again. */
async function tensorsOf(path: string): Promise<Tensors> {
  const { tensors } = await readSafetensors(path)
  const bytes = await readFile(path)
  return Object.fromEntries(
    [...tensors].map(([key, { dtype, shape, offset, length }]) => [
      key,
      { dtype, shape: [...shape], bytes: Uint8Array.from(bytes.subarray(offset, offset + length)) },
    ]),
  )
}

/** Channels of the control picture at each of its sizes. */
const hintChannels = [4, 4, 6, 6]

const convolution = (
  layer: string,
  outputs: number,
  inputs: number,
  size: number,
  scale: number,
): Tensors => ({
  [`${layer}.weight`]: floats([outputs, inputs, size, size], (i) => scale * Math.sin(i * 1.7 + outputs)),
  [`${layer}.bias`]: floats([outputs], (i) => scale * Math.cos(i + inputs)),
})

/** The layers that a ControlNet has beside its copy of a U-Net's way down. Its last convolutions keep `zero` of each channel. */
function ownLayers(skips: readonly number[], zero: number): Tensors {
  const tensors = convolution('controlnet_cond_embedding.conv_in', hintChannels[0], 3, 3, 0.3)
  for (const [level, channels] of hintChannels.slice(0, -1).entries()) {
    const blocks = `controlnet_cond_embedding.blocks`
    Object.assign(tensors, convolution(`${blocks}.${2 * level}`, channels, channels, 3, 0.3))
    Object.assign(
      tensors,
      convolution(`${blocks}.${2 * level + 1}`, hintChannels[level + 1], channels, 3, 0.3),
    )
  }
  Object.assign(
    tensors,
    convolution('controlnet_cond_embedding.conv_out', skips[0], hintChannels.at(-1)!, 3, 0.3),
  )
  for (const [index, channels] of skips.entries()) {
    const isMiddle = index === skips.length - 1
    const layer = isMiddle ? 'controlnet_mid_block' : `controlnet_down_blocks.${index}`
    const diagonal = (i: number): number => (Math.floor(i / channels) === i % channels ? zero : 0)
    tensors[`${layer}.weight`] = floats([channels, channels, 1, 1], diagonal)
    tensors[`${layer}.bias`] = floats([channels], () => 0)
  }
  return tensors
}

/** A ControlNet over the tiny SD 1.5 of the references, in diffusers' naming: every residual is `zero` times the skip. */
export async function tinyControlNet(zero: number): Promise<Tensors> {
  const unet = await tensorsOf(join(networks, 'sd15', 'unet', 'diffusion_pytorch_model.safetensors'))
  const copied = Object.entries(unet).filter(([key]) =>
    /^(conv_in|time_embedding|down_blocks|mid_block)\./.test(key),
  )
  return {
    ...Object.fromEntries(copied),
    ...ownLayers([8, 8, 8, 8, 16, 16, 16, 16, 16, 16, 16, 16, 16], zero),
  }
}

export const tinyControlNetConfig = async (): Promise<Record<string, unknown>> => {
  const unet = JSON.parse(await readFile(join(networks, 'sd15', 'unet', 'config.json'), 'utf8')) as object
  return {
    ...unet,
    _class_name: 'ControlNetModel',
    up_block_types: undefined,
    conditioning_embedding_out_channels: hintChannels,
  }
}

/** A picture as channels of rows. */
export interface Planes {
  channels: number
  height: number
  width: number
  data: Float32Array
}

/** A convolution of odd size that keeps height and width at stride 1. */
function convolve(x: Planes, tensors: Tensors, layer: string, stride = 1): Planes {
  const { shape } = tensors[`${layer}.weight`]
  const [weight, bias] = [valuesOf(tensors[`${layer}.weight`]), valuesOf(tensors[`${layer}.bias`])]
  const [outputs, inputs, size] = shape
  const pad = (size - 1) / 2
  const [height, width] = [x.height, x.width].map((side) => Math.floor((side + 2 * pad - size) / stride) + 1)
  const data = new Float32Array(outputs * height * width)
  for (let output = 0; output < outputs; output++)
    for (let row = 0; row < height; row++)
      for (let column = 0; column < width; column++) {
        let sum = bias[output]
        for (let input = 0; input < inputs; input++)
          for (let down = 0; down < size; down++)
            for (let right = 0; right < size; right++) {
              const [y, z] = [row * stride + down - pad, column * stride + right - pad]
              if (y < 0 || z < 0 || y >= x.height || z >= x.width) continue
              sum +=
                weight[((output * inputs + input) * size + down) * size + right] *
                x.data[(input * x.height + y) * x.width + z]
            }
        data[(output * height + row) * width + column] = sum
      }
  return { channels: outputs, height, width, data }
}

const mapped = (x: Planes, change: (value: number, index: number) => number): Planes => ({
  ...x,
  data: x.data.map(change),
})

const siluOf = (value: number): number => value / (1 + Math.exp(-value))

/** What a ControlNet makes of its picture before it meets the latents. */
export function hintByHand(picture: Planes, tensors: Tensors): Planes {
  const layer = (name: string): string => `controlnet_cond_embedding.${name}`
  let x = mapped(convolve(picture, tensors, layer('conv_in')), siluOf)
  for (let level = 0; level < hintChannels.length - 1; level++) {
    x = mapped(convolve(x, tensors, layer(`blocks.${2 * level}`)), siluOf)
    x = mapped(convolve(x, tensors, layer(`blocks.${2 * level + 1}`), 2), siluOf)
  }
  return convolve(x, tensors, layer('conv_out'))
}

/** The same file under the names of lllyasviel's release, whose way down is that of a single-file checkpoint. */
export async function asPublished(tensors: Tensors): Promise<Tensors> {
  const single = await tensorsOf(join(networks, 'sd15_single_file.fp16.safetensors'))
  const published: Tensors = {}
  for (const [key, tensor] of Object.entries(single))
    if (/^model\.diffusion_model\.(time_embed|input_blocks|middle_block)\./.test(key))
      published[key.replace('model.diffusion_model.', 'control_model.')] = tensor
  const last = 2 * (2 * hintChannels.length - 1)
  for (const [key, tensor] of Object.entries(tensors)) {
    const renamed = key
      .replace(/^controlnet_cond_embedding\.conv_in\./, 'input_hint_block.0.')
      .replace(
        /^controlnet_cond_embedding\.blocks\.(\d+)\./,
        (_, index: string) => `input_hint_block.${2 * Number(index) + 2}.`,
      )
      .replace(/^controlnet_cond_embedding\.conv_out\./, `input_hint_block.${last}.`)
      .replace(/^controlnet_down_blocks\.(\d+)\./, 'zero_convs.$1.0.')
      .replace(/^controlnet_mid_block\./, 'middle_block_out.0.')
    if (renamed !== key) published[`control_model.${renamed}`] = tensor
  }
  return published
}

/** A T2I-Adapter of four levels in diffusers' naming. */
export function tinyAdapter(kind: 'full' | 'light', packing: number, channels: readonly number[]): Tensors {
  const inputs = 3 * packing ** 2
  const tensors = kind === 'full' ? convolution('adapter.conv_in', channels[0], inputs, 3, 0.05) : {}
  let before = kind === 'full' ? channels[0] : inputs
  for (const [level, count] of channels.entries()) {
    const block = `adapter.body.${level}`
    const inside = kind === 'full' ? count : count / 4
    if (kind === 'light' || before !== count)
      Object.assign(tensors, convolution(`${block}.in_conv`, inside, before, 1, 0.2))
    for (const layer of [0, 1]) {
      Object.assign(tensors, convolution(`${block}.resnets.${layer}.block1`, inside, inside, 3, 0.1))
      const size = kind === 'full' ? 1 : 3
      Object.assign(tensors, convolution(`${block}.resnets.${layer}.block2`, inside, inside, size, 0.1))
    }
    if (kind === 'light') Object.assign(tensors, convolution(`${block}.out_conv`, count, inside, 1, 0.2))
    before = count
  }
  return tensors
}

/** Its features for a picture, as diffusers' FullAdapter, FullAdapterXL and LightAdapter compute them. */
export function featuresByHand(picture: Planes, tensors: Tensors, packing: number, levels: number): Planes[] {
  const has = (layer: string): boolean => `${layer}.weight` in tensors
  let x = unshuffled(picture, packing)
  if (has('adapter.conv_in')) x = convolve(x, tensors, 'adapter.conv_in')
  return Array.from({ length: levels }, (_, level) => {
    const block = `adapter.body.${level}`
    if (packing === 16 ? level === 2 : level > 0) x = halved(x)
    if (has(`${block}.in_conv`)) x = convolve(x, tensors, `${block}.in_conv`)
    for (const layer of [0, 1]) {
      const first = convolve(x, tensors, `${block}.resnets.${layer}.block1`)
      const second = convolve(
        mapped(first, (value) => Math.max(0, value)),
        tensors,
        `${block}.resnets.${layer}.block2`,
      )
      const before = x
      x = mapped(second, (value, index) => value + before.data[index])
    }
    if (has(`${block}.out_conv`)) x = convolve(x, tensors, `${block}.out_conv`)
    return x
  })
}

/** Squares of pixels as channels: the colour changes slowest, then the row within the square. */
function unshuffled({ channels, height, width, data }: Planes, packing: number): Planes {
  const [rows, columns] = [height / packing, width / packing]
  const packed = new Float32Array(data.length)
  data.forEach((value, index) => {
    const [column, row, channel] = [
      index % width,
      Math.floor(index / width) % height,
      Math.floor(index / width / height),
    ]
    const place = (channel * packing + (row % packing)) * packing + (column % packing)
    packed[(place * rows + Math.floor(row / packing)) * columns + Math.floor(column / packing)] = value
  })
  return { channels: channels * packing ** 2, height: rows, width: columns, data: packed }
}

/** Means of squares of 2 × 2; of what there is at an odd edge. */
function halved({ channels, height, width, data }: Planes): Planes {
  const [rows, columns] = [Math.ceil(height / 2), Math.ceil(width / 2)]
  const means = new Float32Array(channels * rows * columns)
  for (let channel = 0; channel < channels; channel++)
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++) {
        const values = []
        for (let y = 2 * row; y < Math.min(height, 2 * row + 2); y++)
          for (let z = 2 * column; z < Math.min(width, 2 * column + 2); z++)
            values.push(data[(channel * height + y) * width + z])
        means[(channel * rows + row) * columns + column] =
          values.reduce((sum, value) => sum + value, 0) / values.length
      }
  return { channels, height: rows, width: columns, data: means }
}
