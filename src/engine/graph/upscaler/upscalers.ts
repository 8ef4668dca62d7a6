import type { Graph } from '../writing/graph.ts'
import type { Value } from '../writing/value.ts'
import { conv2d } from '../layers/layers.ts'

/**
 * Networks that enlarge pictures. Input `picture` [1, 3, height, width] in 0..1; output `enlarged`
 * [1, 3, scale · height, scale · width], about 0..1.
 */

/** ESRGAN's generator (Wang et al. 2018; BasicSR's RRDBNet, whose names the tensors have). */
export interface RrdbConfig {
  kind: 'rrdb'
  pictureChannels: number
  channels: number
  /** Channels that each convolution of a dense block adds. */
  growth: number
  blocks: number
  /** Pixels along a side that are folded into channels before all else: 2 for models of scale 2, 4 for scale 1. */
  unshuffle: number
  /** How often the size is doubled at the end. */
  doublings: number
}

/** Real-ESRGAN's compact network (BasicSR's SRVGGNetCompact): convolutions with PReLU over an enlarged picture. */
export interface CompactConfig {
  kind: 'compact'
  pictureChannels: number
  channels: number
  /** Convolutions between the first and the last. */
  convolutions: number
  scale: number
}

/** The residual dense network (Zhang et al. 2018) with an upsampling of its own (idealo's ISR, `rdn.py`). */
export interface RdnConfig {
  kind: 'rdn'
  pictureChannels: number
  channels: number
  growth: number
  blocks: number
  /** Convolutions of a block. */
  convolutions: number
  scale: number
}

export type UpscalerConfig = RrdbConfig | CompactConfig | RdnConfig

/** Times that a picture becomes as wide and as high. */
export const scaleOf = (config: UpscalerConfig): number =>
  config.kind === 'rrdb' ? 2 ** config.doublings / config.unshuffle : config.scale

/** What height and width must be multiples of. */
export const sideMultiple = (config: UpscalerConfig): number =>
  config.kind === 'rrdb' ? config.unshuffle : 1

export function upscaler(g: Graph, config: UpscalerConfig, height: number, width: number): void {
  const picture = g.input('picture', [1, config.pictureChannels, height, width])
  g.output('enlarged', body(g, config, picture))
}

function body(g: Graph, config: UpscalerConfig, picture: Value): Value {
  if (config.kind === 'rrdb') return rrdbNet(g, config, picture)
  return config.kind === 'compact' ? compactNet(g, config, picture) : residualDenseNet(g, config, picture)
}

const leak = (g: Graph, x: Value): Value => g.pRelu(x, g.constant([0.2], [1]))
const doubled = (g: Graph, x: Value): Value => g.resize(x, x.shape[2] * 2, x.shape[3] * 2)

/** Half-way residuals of ESRGAN are added a fifth as strong. */
const addFifth = (g: Graph, x: Value, to: Value): Value => g.add(g.mul(x, g.constant([0.2], [1])), to)

function rrdbNet(g: Graph, config: RrdbConfig, picture: Value): Value {
  const { channels, doublings } = config
  const first = conv2d(g.scope('conv_first'), unshuffled(g, picture, config.unshuffle), channels)
  let x = first
  for (let block = 0; block < config.blocks; block++)
    x = denseBlocks(g.scope('body').scope(block), x, config.growth)
  x = g.add(first, conv2d(g.scope('conv_body'), x, channels))
  for (let doubling = 1; doubling <= doublings; doubling++)
    x = leak(g, conv2d(g.scope(`conv_up${doubling}`), doubled(g, x), channels))
  x = leak(g, conv2d(g.scope('conv_hr'), x, channels))
  return conv2d(g.scope('conv_last'), x, config.pictureChannels)
}

function denseBlocks(g: Graph, x: Value, growth: number): Value {
  const through = ['rdb1', 'rdb2', 'rdb3'].reduce(
    (inside, name) => denseBlock(g.scope(name), inside, growth),
    x,
  )
  return addFifth(g, through, x)
}

function denseBlock(g: Graph, x: Value, growth: number): Value {
  const seen = [x]
  for (let layer = 1; layer <= 4; layer++)
    seen.push(leak(g, conv2d(g.scope(`conv${layer}`), joined(g, seen), growth)))
  return addFifth(g, conv2d(g.scope('conv5'), joined(g, seen), x.shape[1]), x)
}

const joined = (g: Graph, parts: readonly Value[]): Value =>
  parts.length === 1 ? parts[0] : g.concat(parts, 1)

/** Places to channels, in the order of torch's pixel_unshuffle. */
function unshuffled(g: Graph, x: Value, size: number): Value {
  if (size === 1) return x
  const [, channels, height, width] = x.shape as [number, number, number, number]
  const cut = g.reshape(x, [channels, height / size, size, width / size, size])
  const shape = [1, channels * size ** 2, height / size, width / size]
  return g.reshape(g.transpose(cut, [0, 2, 4, 1, 3]), shape)
}

/** Channels [1, c · size², h, w] to places [1, c, h · size, w · size]: torch's pixel_shuffle. */
function shuffled(g: Graph, x: Value, size: number): Value {
  const [, channels, height, width] = x.shape as [number, number, number, number]
  const kept = channels / size ** 2
  const cut = g.reshape(x, [kept, size, size, height, width])
  return g.reshape(g.transpose(cut, [0, 3, 1, 4, 2]), [1, kept, height * size, width * size])
}

function compactNet(g: Graph, config: CompactConfig, picture: Value): Value {
  const { channels, scale } = config
  const layers = g.scope('body')
  let x = picture
  for (let layer = 0; layer <= config.convolutions; layer++) {
    x = conv2d(layers.scope(2 * layer), x, channels)
    x = g.pRelu(x, layers.scope(2 * layer + 1).weight('weight', [channels], [channels, 1, 1]))
  }
  const last = layers.scope(2 * (config.convolutions + 1))
  const added = shuffled(g, conv2d(last, x, config.pictureChannels * scale ** 2), scale)
  return g.add(added, g.resize(picture, added.shape[2], added.shape[3]))
}

function residualDenseNet(g: Graph, config: RdnConfig, picture: Value): Value {
  const { channels, scale } = config
  const first = conv2d(g.scope('sfe1'), picture, channels)
  let x = conv2d(g.scope('sfe2'), first, channels)
  const blocks: Value[] = []
  for (let index = 0; index < config.blocks; index++) {
    const block = g.scope('rdbs').scope(index)
    const seen = [x]
    for (let layer = 0; layer < config.convolutions; layer++)
      seen.push(g.relu(conv2d(block.scope('layers').scope(layer), joined(g, seen), config.growth)))
    x = g.add(conv2d(block.scope('lff'), joined(g, seen), channels, { kernel: 1 }), x)
    blocks.push(x)
  }
  const fused = conv2d(g.scope('gff.0'), joined(g, blocks), channels, { kernel: 1 })
  x = g.add(conv2d(g.scope('gff.1'), fused, channels), first)
  x = g.relu(conv2d(g.scope('upn.0'), x, 64, { kernel: 5 }))
  x = g.relu(conv2d(g.scope('upn.1'), x, 32))
  x = conv2d(g.scope('upn.2'), x, config.pictureChannels * scale ** 2)
  return conv2d(
    g.scope('output'),
    g.resize(x, x.shape[2] * scale, x.shape[3] * scale),
    config.pictureChannels,
  )
}
