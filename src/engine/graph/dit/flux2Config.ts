import { count, counts, real, requireValues, unsupported, type ConfigFile } from '../config/configFile.ts'

export interface Flux2Config {
  /** Of the latents, which are patches of two by two. */
  channels: number
  width: number
  /** Blocks in which picture and text have weights of their own, then blocks in which they share them. */
  doubleBlocks: number
  singleBlocks: number
  heads: number
  /** Of the feed-forward layers. */
  innerWidth: number
  textWidth: number
  /** Numbers of the sinusoidal embedding of the time. */
  timeWidth: number
  epsilon: number
  ropeTheta: number
  /** The part of a head that turns with each axis: pictures, rows, columns, words. */
  axes: readonly number[]
}

/** Flux2Transformer2DModel. Throws `unsupported-model` naming the option that is not known here. */
export function flux2Config(file: ConfigFile): Flux2Config {
  requireValues(file, { patch_size: 1, guidance_embeds: false })
  const channels = count(file, 'in_channels', 128)
  if (count(file, 'out_channels', channels) !== channels)
    throw unsupported('out_channels', file['out_channels'])
  const headWidth = count(file, 'attention_head_dim', 128)
  const heads = count(file, 'num_attention_heads', 48)
  const axes = counts(file, 'axes_dims_rope', [32, 32, 32, 32])
  if (axes.length !== 4 || axes.reduce((sum, axis) => sum + axis, 0) !== headWidth)
    throw unsupported('axes_dims_rope', axes)
  return {
    channels,
    width: heads * headWidth,
    doubleBlocks: count(file, 'num_layers', 8),
    singleBlocks: count(file, 'num_single_layers', 48),
    heads,
    innerWidth: Math.trunc(heads * headWidth * real(file, 'mlp_ratio', 3)),
    textWidth: count(file, 'joint_attention_dim', 15360),
    timeWidth: count(file, 'timestep_guidance_channels', 256),
    epsilon: real(file, 'eps', 1e-6),
    ropeTheta: real(file, 'rope_theta', 2000),
    axes,
  }
}
