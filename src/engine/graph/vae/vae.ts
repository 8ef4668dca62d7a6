import type { VaeConfig } from './vaeConfig.ts'
import type { Graph } from '../writing/graph.ts'
import type { Value } from '../writing/value.ts'
import { conv2d, groupNorm, pixelAttention, resnetBlock, silu, upsample } from '../layers/layers.ts'

/** The variational autoencoder of latent diffusion (Rombach et al. 2022; diffusers AutoencoderKL). */

/** Input `latents` [1, latentChannels, height, width], unscaled; output `picture` [1, 3, 8·height, 8·width]. */
export function vaeDecoder(root: Graph, config: VaeConfig, height: number, width: number): void {
  const g = root.scope('decoder')
  let x = coarseDecoder(root, config, height, width, config.channels.length)
  x = silu(g, groupNorm(g.scope('conv_norm_out'), x, config.groups, config.epsilon))
  root.output('picture', conv2d(g.scope('conv_out'), x, config.pictureChannels))
}

/** The coarsest `levels` of the decoder; output `features` [1, channels, …], at the size of the last of them. */
export function vaeDecoderStart(
  root: Graph,
  config: VaeConfig,
  { height, width, levels }: { height: number; width: number; levels: number },
): void {
  root.output('features', coarseDecoder(root, config, height, width, levels))
}

function coarseDecoder(root: Graph, config: VaeConfig, height: number, width: number, levels: number): Value {
  const latents = root.input('latents', [1, config.latentChannels, height, width])
  const z = config.postQuantConv
    ? conv2d(root.scope('post_quant_conv'), latents, config.latentChannels, { kernel: 1 })
    : latents
  const g = root.scope('decoder')
  const channels = config.channels.toReversed()
  let x = middle(g.scope('mid_block'), conv2d(g.scope('conv_in'), z, channels[0]), config)
  for (const [level, outputs] of channels.slice(0, levels).entries()) {
    const block = g.scope('up_blocks').scope(level)
    for (let layer = 0; layer <= config.layersPerBlock; layer++)
      x = resnetBlock(block.scope('resnets').scope(layer), x, null, outputs, config)
    if (level < levels - 1) x = upsample(block.scope('upsamplers.0'), x)
  }
  return x
}

/** Input `picture` [1, 3, height, width]; output `moments`: mean, then log variance, [1, 2·latentChannels, …]. */
export function vaeEncoder(root: Graph, config: VaeConfig, height: number, width: number): void {
  const picture = root.input('picture', [1, config.pictureChannels, height, width])
  const x = conv2d(root.scope('encoder.conv_in'), picture, config.channels[0])
  coarseEncoder(root, config, x, 0)
}

/**
 * The encoder from `level` on, 0 the finest. Input `features` [1, channels, height, width], as the level before hands
 * them down, at this level's size; output as the whole encoder's.
 */
export function vaeEncoderEnd(
  root: Graph,
  config: VaeConfig,
  { height, width, level }: { height: number; width: number; level: number },
): void {
  const channels = config.channels[level - 1]
  coarseEncoder(root, config, root.input('features', [1, channels, height, width]), level)
}

function coarseEncoder(root: Graph, config: VaeConfig, features: Value, from: number): void {
  const g = root.scope('encoder')
  let x = features
  for (const [level, outputs] of config.channels.entries()) {
    if (level < from) continue
    const block = g.scope('down_blocks').scope(level)
    for (let layer = 0; layer < config.layersPerBlock; layer++)
      x = resnetBlock(block.scope('resnets').scope(layer), x, null, outputs, config)
    if (level < config.channels.length - 1)
      x = conv2d(block.scope('downsamplers.0.conv'), x, outputs, { stride: 2, pads: [0, 0, 1, 1] })
  }
  x = middle(g.scope('mid_block'), x, config)
  x = silu(g, groupNorm(g.scope('conv_norm_out'), x, config.groups, config.epsilon))
  const moments = conv2d(g.scope('conv_out'), x, 2 * config.latentChannels)
  root.output(
    'moments',
    config.quantConv
      ? conv2d(root.scope('quant_conv'), moments, 2 * config.latentChannels, { kernel: 1 })
      : moments,
  )
}

function middle(g: Graph, x: Value, config: VaeConfig): Value {
  const channels = x.shape[1]
  const first = resnetBlock(g.scope('resnets.0'), x, null, channels, config)
  const attended = config.midAttention ? pixelAttention(g.scope('attentions.0'), first, 1, config) : first
  return resnetBlock(g.scope('resnets.1'), attended, null, channels, config)
}
