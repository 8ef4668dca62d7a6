import type { UnetConfig, UnetLevel } from './unetConfig.ts'
import type { Graph } from '../writing/graph.ts'
import type { Value } from '../writing/value.ts'
import { Looking, type UnetBlock, type UnetLook } from './look.ts'
import { attention } from '../layers/attention.ts'
import {
  conv2d,
  groupNorm,
  layerNorm,
  linear,
  linearHalves,
  pixelAttention,
  resnetBlock,
  silu,
  toPicture,
  toTokens,
  upsample,
} from '../layers/layers.ts'

/**
 * The U-Net of latent diffusion (Rombach et al. 2022; diffusers UNet2DConditionModel) and, without context, of DDPM
 * (Ho et al. 2020; UNet2DModel). Inputs: `sample` [1, inChannels, height, width], `timestep` [1, channels[0]] (the
 * sinusoidal embedding, computed outside), `context` [contextTokens, contextWidth], and as the configuration has them
 * `added` [1, addedWidth] and `guidance` [1, guidanceWidth]; under control `residual.0`… and `feature.0`…. Output:
 * `prediction` [1, outChannels, height, width]. A `batch` of evaluations stand below each other in all of them. Where it is
 * looked into, it puts out what `look.ts` says besides, and its blocks are answered in the order in which they run.
 */
export function unet(g: Graph, config: UnetConfig, size: UnetSize): readonly UnetBlock[] {
  const inside = conditions(g, config, size)
  up(g, downUnderControl(g, inside, size), inside)
  inside.look?.end(g)
  return inside.look?.blocks ?? []
}

/**
 * The same network as two graphs, the way down with the middle and the way up. The second takes what the first puts
 * out (`state.0`…, whose shapes are answered) and the conditions once more. Opened one after the other they need
 * less memory at a time than as one: ONNX Runtime copies the weights of convolutions while it opens a graph. They are
 * not looked into.
 */
export function unetHalves(
  lower: Graph,
  upper: Graph,
  config: UnetConfig,
  size: UnetSize,
): Record<string, readonly number[]> {
  const { look: _whole, ...unseen } = size
  const state = downUnderControl(lower, conditions(lower, config, unseen), unseen)
  const inside = conditions(upper, config, unseen)
  const handed = state.map((value, index) => {
    lower.output(`state.${index}`, value)
    return upper.input(`state.${index}`, value.shape)
  })
  up(upper, handed, inside)
  return Object.fromEntries(state.map(({ shape }, index) => [`state.${index}`, shape]))
}

/** Height and width in latents, and rows of context: how many, or how many at most where every run has its own. */
export interface UnetSize {
  height: number
  width: number
  contextTokens: number
  contextVaries?: boolean
  control?: ControlForm
  look?: UnetLook
  /** Evaluations in one run; left out: one. */
  batch?: number
}

/** What other networks add inside a U-Net. */
export interface ControlForm {
  /** Residuals of ControlNets: one for every skip connection, and one for the middle. */
  residuals: boolean
  /** Features of T2I-Adapters: one for every level, and one for the middle where there are more of them. */
  features: number
}

/** Reads the conditions that hold for the whole network. */
export function conditions(
  g: Graph,
  config: UnetConfig,
  { contextTokens, contextVaries, look, batch = 1 }: UnetSize,
): Inside {
  const embedding = silu(g, conditionEmbedding(g, config, batch))
  return {
    ...{ config, batch },
    embedding,
    context: config.contextWidth === null ? null : contextInput(config.contextWidth),
    look: look ? new Looking(look) : null,
  }

  function contextInput(width: number): Value {
    const shape = [batch * contextTokens, width] as const
    return contextVaries ? g.inputRows('context', shape) : g.input('context', shape)
  }
}

/** The way down, with the residuals of ControlNets added to what it hands over (Zhang et al. 2023, equation 2). */
function downUnderControl(g: Graph, inside: Inside, size: UnetSize): Value[] {
  const { residuals = false, features = 0 } = size.control ?? {}
  const state = down(g, inside, size, { features })
  if (!residuals) return state
  return state.map((value, index) => g.add(value, g.input(`residual.${index}`, value.shape)))
}

/**
 * The way down and through the middle: what every level hands over to the way up, the middle last. `hint` is added
 * behind the first convolution, as a ControlNet does it. A T2I-Adapter's features are added where its authors do (Mou
 * et al. 2023, equation 3): at the end of a level with attention and of the last one, else behind the halving.
 */
export function down(
  g: Graph,
  inside: Inside,
  { height, width }: UnetSize,
  { features = 0, hint }: { features?: number; hint?: Value },
): Value[] {
  const { config, embedding, look, batch } = inside
  const withFeature = (x: Value, level: number): Value =>
    level < features ? g.add(x, g.input(`feature.${level}`, x.shape)) : x
  const sample = g.input('sample', [batch, config.inChannels, height, width])
  let x = conv2d(g.scope('conv_in'), sample, config.levels[0].channels)
  if (hint) x = g.add(x, hint)
  const skips = [x]
  look?.block(g, 'conv_in', x, { gives: 0 })
  for (const [index, level] of config.levels.entries()) {
    const block = g.scope('down_blocks').scope(index)
    const isLast = index === config.levels.length - 1
    const beforeHalving = level.attention !== 'none' || isLast
    for (let layer = 0; layer < level.downLayers; layer++) {
      x = layerPair(block, layer, x, level, inside)
      if (beforeHalving && layer === level.downLayers - 1) x = withFeature(x, index)
      look?.block(g, `down_blocks.${index}.resnets.${layer}`, x, { ...level, gives: skips.length })
      skips.push(x)
    }
    if (!isLast) {
      x = downsample(block.scope('downsamplers.0.conv'), x, config.downsamplePadding)
      if (!beforeHalving) x = withFeature(x, index)
      look?.block(g, `down_blocks.${index}.downsamplers.0`, x, { gives: skips.length })
      skips.push(x)
    }
  }

  if (config.middle) {
    const middle = g.scope('mid_block')
    x = resnetBlock(middle.scope('resnets.0'), x, embedding, x.shape[1], config)
    x = attend(middle.scope('attentions.0'), x, config.middle, inside)
    x = resnetBlock(middle.scope('resnets.1'), x, embedding, x.shape[1], config)
    look?.block(g, 'mid_block', x, config.middle)
  }
  return [...skips, withFeature(x, config.levels.length)]
}

/** The way up, each level beside what the way down handed over. */
function up(g: Graph, state: readonly Value[], inside: Inside): void {
  const { config, look } = inside
  const skips = state.slice(0, -1)
  let x = state.at(-1)!
  for (const [index, level] of config.levels.toReversed().entries()) {
    const block = g.scope('up_blocks').scope(index)
    const attention = level.upAttention
    for (let layer = 0; layer < level.upLayers; layer++) {
      const takes = skips.length - 1
      const skip = skips.pop()!
      const both = look?.turned(g, x, skip, { index: takes, stage: index }) ?? [x, skip]
      x = layerPair(block, layer, g.concat(both, 1), { ...level, attention }, inside)
      look?.block(g, `up_blocks.${index}.resnets.${layer}`, x, { attention, takes })
    }
    const next = skips.at(-1)
    if (!next) continue
    x = upsample(block.scope('upsamplers.0'), x, next.shape[2], next.shape[3])
    look?.block(g, `up_blocks.${index}.upsamplers.0`, x)
  }

  x = silu(g, groupNorm(g.scope('conv_norm_out'), x, config.groups, config.epsilon))
  x = conv2d(g.scope('conv_out'), x, config.outChannels)
  look?.block(g, 'conv_out', x)
  g.output('prediction', x)
}

/** What every block of the network reads. */
export interface Inside {
  config: UnetConfig
  batch: number
  /** Timestep and added conditions, through their last SiLU. */
  embedding: Value
  context: Value | null
  /** Who looks into the network; null in the networks that draw. */
  look: Looking | null
}

/** Timestep, and what SDXL and guidance-distilled models are told besides, as one vector an evaluation. */
function conditionEmbedding(g: Graph, config: UnetConfig, batch: number): Value {
  const width = config.embeddingWidth
  const twoLayers = (scope: Graph, x: Value): Value =>
    linear(scope.scope('linear_2'), silu(g, linear(scope.scope('linear_1'), x, width)), width)
  const time = g.scope('time_embedding')
  let timestep = g.input('timestep', [batch, config.timestepWidth])
  if (config.guidanceWidth !== null) {
    const guidance = g.input('guidance', [batch, config.guidanceWidth])
    timestep = g.add(
      timestep,
      linear(time.scope('cond_proj'), guidance, config.timestepWidth, { bias: false }),
    )
  }
  const embedding = twoLayers(time, timestep)
  if (config.added === null) return embedding
  return g.add(embedding, twoLayers(g.scope('add_embedding'), g.input('added', [batch, config.added.width])))
}

/** One residual block and, where the level has it, attention after it. */
function layerPair(block: Graph, layer: number, x: Value, level: UnetLevel, inside: Inside): Value {
  const h = resnetBlock(
    block.scope('resnets').scope(layer),
    x,
    inside.embedding,
    level.channels,
    inside.config,
  )
  return attend(block.scope('attentions').scope(layer), h, level, inside)
}

function attend(
  g: Graph,
  x: Value,
  level: Pick<UnetLevel, 'attention' | 'heads' | 'transformerLayers'>,
  inside: Inside,
): Value {
  if (level.attention === 'none') return x
  if (level.attention === 'pixels') return pixelAttention(g, x, level.heads, inside.config)
  return transformer(g, x, level.heads, level.transformerLayers, inside)
}

/** DDPM pads below and to the right only, written as a padding of 0. */
const downsample = (g: Graph, x: Value, padding: number): Value =>
  conv2d(g, x, x.shape[1], {
    stride: 2,
    pads: padding === 0 ? [0, 0, 1, 1] : Array<number>(4).fill(padding),
  })

/** The spatial transformer: pixels as tokens, attending to each other and to the context. */
function transformer(g: Graph, x: Value, heads: number, layers: number, inside: Inside): Value {
  const { config } = inside
  const [, channels, height, width] = x.shape as [number, number, number, number]
  const normal = groupNorm(g.scope('norm'), x, config.groups, 1e-6)
  const linearProjection = config.linearProjection
  let tokens = linearProjection
    ? linear(g.scope('proj_in'), toTokens(g, normal), channels)
    : toTokens(g, conv2d(g.scope('proj_in'), normal, channels, { kernel: 1 }))
  const seen: Seen = (q, k) => inside.look?.cross(g, q, k, { heads, height, width })
  for (let layer = 0; layer < layers; layer++)
    tokens = transformerBlock(
      g.scope('transformer_blocks').scope(layer),
      tokens,
      { ...inside, context: inside.context!, heads },
      seen,
    )
  const out = linearProjection
    ? toPicture(g, linear(g.scope('proj_out'), tokens, channels), height, width)
    : conv2d(g.scope('proj_out'), toPicture(g, tokens, height, width), channels, { kernel: 1 })
  return g.add(out, x)
}

/** Hears of the queries and keys of an attention to the context. */
type Seen = (q: Value, k: Value) => void

/** How the blocks of a transformer attend, and to what besides. */
interface Attending {
  heads: number
  batch: number
  context: Value
}

function transformerBlock(g: Graph, x: Value, attending: Attending, seen: Seen): Value {
  const epsilon = 1e-5
  const self = layerNorm(g.scope('norm1'), x, epsilon)
  const afterSelf = g.add(x, attendTo(g.scope('attn1'), self, { ...attending, context: self }))
  const cross = layerNorm(g.scope('norm2'), afterSelf, epsilon)
  const afterCross = g.add(afterSelf, attendTo(g.scope('attn2'), cross, attending, seen))
  return g.add(afterCross, feedForward(g.scope('ff.net'), layerNorm(g.scope('norm3'), afterCross, epsilon)))
}

function attendTo(g: Graph, x: Value, { context, heads, batch }: Attending, seen?: Seen): Value {
  const width = x.shape[1]
  const q = linear(g.scope('to_q'), x, width, { bias: false })
  const k = linear(g.scope('to_k'), context, width, { bias: false })
  const v = linear(g.scope('to_v'), context, width, { bias: false })
  seen?.(q, k)
  return linear(g.scope('to_out.0'), attention(g, q, k, v, heads, { batch }), width)
}

/** GEGLU (Shazeer 2020, table of variants): one half gates the other through GELU. */
function feedForward(g: Graph, x: Value): Value {
  const width = x.shape[1]
  const inner = 4 * width
  const [value, gate] = linearHalves(g.scope('0.proj'), x, 2 * inner)
  return linear(g.scope('2'), g.mul(value, g.gelu(gate)), width)
}
