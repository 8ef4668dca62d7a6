import type { TinyVaeConfig } from './vaeConfig.ts'
import type { Graph } from '../writing/graph.ts'
import type { Value } from '../writing/value.ts'
import { conv2d, doubledConv2d } from '../layers/layers.ts'

/**
 * TAESD, a tiny autoencoder distilled from Stable Diffusion's (https://github.com/madebyollin/taesd; diffusers
 * AutoencoderTiny). It works on latents as the sampler leaves them, and on pictures in 0..1 inside.
 */

/** Input `latents` [1, latentChannels, height, width]; output `picture` [1, 3, 8·height, 8·width] in -1..1. */
export function tinyVaeDecoder(root: Graph, config: TinyVaeConfig, height: number, width: number): void {
  const latents = root.input('latents', [1, config.latentChannels, height, width])
  const third = root.constant([1 / 3], [1])
  let x = root.mul(root.tanh(root.mul(latents, third)), root.constant([3], [1]))
  const layers = counted(root.scope('decoder.layers'))
  x = root.relu(conv2d(layers.next(), x, config.channels))
  layers.skip(1)
  for (const [level, blocks] of config.decoderBlocks.entries()) {
    const last = level === config.decoderBlocks.length - 1
    for (let block = 0; block < blocks; block++) x = tinyBlock(layers.next(), x)
    if (!last) layers.skip(1)
    x = last
      ? conv2d(layers.next(), x, config.pictureChannels)
      : doubledConv2d(layers.next(), x, config.channels, { bias: false })
  }
  root.output('picture', root.add(root.mul(x, root.constant([2], [1])), root.constant([-1], [1])))
}

/** Input `picture` [1, 3, height, width] in -1..1; output `latents`, scaled as the sampler reads them. */
export function tinyVaeEncoder(root: Graph, config: TinyVaeConfig, height: number, width: number): void {
  const picture = root.input('picture', [1, config.pictureChannels, height, width])
  const half = root.constant([0.5], [1])
  let x = root.add(root.mul(picture, half), half)
  const layers = counted(root.scope('encoder.layers'))
  for (const [level, blocks] of config.encoderBlocks.entries()) {
    x = conv2d(layers.next(), x, config.channels, level === 0 ? {} : { stride: 2, bias: false })
    for (let block = 0; block < blocks; block++) x = tinyBlock(layers.next(), x)
  }
  root.output('latents', conv2d(layers.next(), x, config.latentChannels))
}

/** Layers are numbered in one row, activations and resizing included. */
function counted(scope: Graph): { next(): Graph; skip(count: number): void } {
  let index = 0
  return {
    next: () => scope.scope(index++),
    skip: (count) => void (index += count),
  }
}

function tinyBlock(g: Graph, x: Value): Value {
  const channels = x.shape[1]
  let h = g.relu(conv2d(g.scope('conv.0'), x, channels))
  h = g.relu(conv2d(g.scope('conv.2'), h, channels))
  return g.relu(g.add(conv2d(g.scope('conv.4'), h, channels), x))
}
