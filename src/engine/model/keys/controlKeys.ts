import { checkpointForm, placeCheckpointKey } from './checkpointKeys.ts'

/**
 * The names of a ControlNet's and a T2I-Adapter's tensors as their authors publish them (lllyasviel/ControlNet,
 * cldm/cldm.py; TencentARC/T2I-Adapter, ldm/modules/encoders/adapter.py), in the naming of diffusers.
 */

/** Renames every key of a ControlNet; What it does not use keeps its name. Files already in diffusers' naming stay. */
export function controlNetKeys(keys: readonly string[]): (key: string) => string {
  if (keys.some((key) => key.startsWith('controlnet_cond_embedding.'))) return (key) => key
  const bare = (key: string): string => key.replace(/^control_model\./, '')
  const asUnet = (key: string): string => `model.diffusion_model.${bare(key)}`
  const form = checkpointForm(keys.map(asUnet), false)
  const lastHint = Math.max(...keys.map((key) => Number(/input_hint_block\.(\d+)\./.exec(key)?.[1] ?? 0)))
  return (key) => {
    const [, index, end] = /^input_hint_block\.(\d+)\.(.+)$/.exec(bare(key)) ?? []
    if (index !== undefined) return `controlnet_cond_embedding.${hintLayer(Number(index), lastHint)}.${end}`
    const [, zero, zeroEnd] = /^zero_convs\.(\d+)\.0\.(.+)$/.exec(bare(key)) ?? []
    if (zero !== undefined) return `controlnet_down_blocks.${zero}.${zeroEnd}`
    const [, middleEnd] = /^middle_block_out\.0\.(.+)$/.exec(bare(key)) ?? []
    if (middleEnd !== undefined) return `controlnet_mid_block.${middleEnd}`
    return placeCheckpointKey(asUnet(key), [], form)[0]?.key ?? key
  }
}

/** The row counts activations too, so that every convolution has an even place. */
function hintLayer(place: number, last: number): string {
  if (place === 0) return 'conv_in'
  return place === last ? 'conv_out' : `blocks.${place / 2 - 1}`
}

/** Renames every key of a T2I-Adapter. Its authors count the layers of all levels in one row. */
export function t2iAdapterKeys(keys: readonly string[]): (key: string) => string {
  const isLight = keys.some((key) => /body\.\d+\.out_conv\./.test(key))
  const bare = (key: string): string => key.replace(/^adapter\./, '')
  if (keys.some((key) => key.includes('.resnets.'))) return bare
  if (isLight) return (key) => bare(key).replace(/^(body\.\d+)\.body\.(\d+)\./, '$1.resnets.$2.')
  const blocks =
    1 + Math.max(...keys.map((key) => Number(/^(?:adapter\.)?body\.(\d+)\./.exec(key)?.[1] ?? 0)))
  const layers = blocks / 4
  return (key) =>
    bare(key).replace(/^body\.(\d+)\.(in_conv|block[12])\./, (_, block: string, name: string) => {
      const level = `body.${Math.floor(Number(block) / layers)}`
      return name === 'in_conv' ? `${level}.in_conv.` : `${level}.resnets.${Number(block) % layers}.${name}.`
    })
}
