import { convolutionBranch, withBranches } from '../adapters/branch.ts'
import {
  blockedConv,
  blockedGroupNorm,
  blocksToTokens,
  convolvesBlocks,
  fillsBlocks,
  interleaveBlocks,
  tokensToBlocks,
} from './blocks.ts'
import { blockProduct } from './blockProducts.ts'
import { attention } from './attention.ts'
import type { Graph } from '../writing/graph.ts'
import { convByProducts, convolvesByProducts, type ConvForm } from './convolutionByProducts.ts'
import { ownProduct, partOfProduct } from './products.ts'
import { sizeOf } from '../writing/shapes.ts'
import { isTurbo, isTurboInTheRun, turboConv, turboInTheRun, turboLinear } from './turbo.ts'
import type { Value } from '../writing/value.ts'
import type { Rows } from '../weights/weight.ts'

/**
 * The layers the networks are made of. Pictures are [batch, channels, height, width], tokens [count, width], those of a batch
 * below each other.
 */

/** x · Wᵀ + b on tokens, with the weight as it lies in the file. `exact`: under Turbo too. */
export function linear(
  g: Graph,
  x: Value,
  outputs: number,
  { bias = true, exact = false }: { bias?: boolean; exact?: boolean } = {},
): Value {
  if (!exact && isTurboInTheRun(g, x.shape, outputs)) {
    const result = turboInTheRun(g, x, outputs, bias ? g.weight('bias', [outputs]) : null)
    g.widenAfter(result)
    return withBranches(g, result, x)
  }
  // A single row is a condition of the whole picture, and no work.
  if (!exact && x.shape[0] > 1 && isTurbo(g, x.shape[1], outputs))
    return turboLinear(g, x, outputs, bias ? g.weight('bias', [outputs]) : null)
  const inBlocks = blockProduct(g, x, outputs)
  if (inBlocks) return withBranches(g, bias ? g.add(inBlocks, g.weight('bias', [outputs])) : inBlocks, x)
  const result = ownProduct(g, x, outputs, bias)
  g.widenAfter(result)
  return withBranches(g, result, x)
}

/** x · Wᵀ + b on tokens, as two halves of the outputs. */
export function linearHalves(g: Graph, x: Value, outputs: number): [Value, Value] {
  const inHalves = (make: (rows: Rows) => Value): [Value, Value] => [
    make({ from: 0, to: outputs / 2 }),
    make({ from: outputs / 2, to: outputs }),
  ]
  // Two products of half a weight take as long as one of the whole, and nothing is to be cut in every run.
  if (g.dialect.products && g.isCuttable('weight'))
    return inHalves((rows) => partOfProduct(g, x, outputs, rows))
  const both = linear(g, x, outputs)
  return inHalves(({ from, to }) => g.slice(both, 1, from, to))
}

export interface ConvOptions {
  kernel?: number
  stride?: number
  bias?: boolean
  /** At top, left, bottom and right, by default what keeps the size at stride 1. */
  pads?: readonly number[]
  /** Added to the result: a number for each channel, [batch, outputs]. */
  shift?: Value | null
  /** Added to the result: a picture of its shape. */
  plus?: Value | null
}

/** A square convolution. */
export function conv2d(
  g: Graph,
  x: Value,
  outputs: number,
  { kernel = 3, stride = 1, bias = true, pads, shift = null, plus = null }: ConvOptions = {},
): Value {
  const padding = pads ?? Array<number>(4).fill((kernel - 1) / 2)
  if (isTurbo(g, x.shape[1], outputs)) {
    const form = { kernel, stride, pads: padding, bias: bias ? g.weight('bias', [outputs]) : null }
    const y = turboConv(g, x, outputs, form)
    const shifted = shift ? g.add(y, g.reshape(shift, [1, outputs, 1, 1])) : y
    return plus ? g.add(plus, shifted) : shifted
  }
  const form = { outputs, kernel, stride, pads: padding, bias }
  if (convolvesBlocks(g, x.shape[1], outputs) && !g.isAdapted()) {
    const weight = g.weight('weight', [outputs, x.shape[1], kernel, kernel])
    const offset = bias ? g.weight('bias', [outputs]) : null
    const perChannel = shift && g.reshape(shift, [outputs])
    const shifted = offset && perChannel ? g.add(offset, perChannel) : (offset ?? perChannel)
    return blockedConv(g, x, { weight, bias: shifted, plus }, stride, padding)
  }
  let result = convolvesByProducts(g, x.shape, form) ? convByProducts(g, x, form) : plainConv(g, x, form)
  for (const branch of g.branches()) result = g.add(result, convolutionBranch(g, branch, x, form))
  if (shift) result = g.add(result, g.reshape(shift, [...shift.shape, 1, 1]))
  return plus ? g.add(plus, result) : result
}

function plainConv(g: Graph, x: Value, { outputs, kernel, stride, pads, bias }: ConvForm): Value {
  const weight = g.weight('weight', [outputs, x.shape[1], kernel, kernel])
  return g.conv(x, weight, bias ? g.weight('bias', [outputs]) : null, stride, pads)
}

/** Group normalisation written as instance normalisation over groups: the form that is fast on every device. */
export function groupNorm(g: Graph, x: Value, groups: number, epsilon: number): Value {
  const [batch, channels] = x.shape as [number, number]
  if (fillsBlocks(g, channels)) return blockedGroupNorm(g, x, groups, epsilon)
  const perGroup = sizeOf(x.shape) / (batch * groups)
  const ones = g.constant(Array<number>(groups).fill(1), [groups])
  const zeros = g.constant(Array<number>(groups).fill(0), [groups])
  const grouped = g.reshape(x, [batch, groups, perGroup])
  const normal = g.reshape(g.instanceNormalization(grouped, ones, zeros, epsilon), x.shape)
  const scaled = g.mul(normal, g.weight('weight', [channels], [channels, 1, 1]))
  return g.add(scaled, g.weight('bias', [channels], [channels, 1, 1]))
}

export function layerNorm(g: Graph, x: Value, epsilon: number): Value {
  const width = x.shape.at(-1)!
  return g.layerNormalization(x, g.weight('weight', [width]), g.weight('bias', [width]), epsilon)
}

/** Over the last axis, with no weights of its own. */
export function plainNorm(g: Graph, x: Value, epsilon: number): Value {
  const width = x.shape.at(-1)!
  const all = (value: number): Value => g.constant(Array<number>(width).fill(value), [width])
  return g.layerNormalization(x, all(1), all(0), epsilon)
}

export const rmsNorm = (g: Graph, x: Value, epsilon: number): Value =>
  g.rmsNormalization(x, g.weight('weight', [x.shape.at(-1)!]), epsilon)

/** RMS norm of every head of tokens [count, width] by itself, before their attention. */
export function headNorm(g: Graph, x: Value, heads: number, epsilon: number): Value {
  const [count, width] = x.shape as [number, number]
  return g.reshape(rmsNorm(g, g.reshape(x, [count, heads, width / heads]), epsilon), x.shape)
}

/** x · sigmoid(x), which ONNX Runtime fuses into one kernel. */
export const silu = (g: Graph, x: Value): Value => g.mul(x, g.sigmoid(x))

/** x · sigmoid(1.702 x), the GELU of OpenAI's CLIP. */
export const quickGelu = (g: Graph, x: Value): Value =>
  g.mul(x, g.sigmoid(g.mul(x, g.constant([1.702], [1]))))

/** Pictures to tokens, one a pixel, row by row. */
export function toTokens(g: Graph, x: Value): Value {
  const [batch, channels, height, width] = x.shape as [number, number, number, number]
  if (x.blocked) return blocksToTokens(g, x)
  if (batch === 1) return g.transpose(g.reshape(x, [channels, height * width]), [1, 0])
  const perPicture = g.transpose(g.reshape(x, [batch, channels, height * width]), [0, 2, 1])
  return g.reshape(perPicture, [batch * height * width, channels])
}

/** Tokens back to pictures of this height and width. */
export function toPicture(g: Graph, tokens: Value, height: number, width: number): Value {
  const [count, channels] = tokens.shape as [number, number]
  if (fillsBlocks(g, channels)) return tokensToBlocks(g, tokens, height, width)
  const batch = count / (height * width)
  const shape = [batch, channels, height, width]
  if (batch === 1) return g.reshape(g.transpose(tokens, [1, 0]), shape)
  return g.reshape(g.transpose(g.reshape(tokens, [batch, height * width, channels]), [0, 2, 1]), shape)
}

/**
 * The residual block of DDPM: twice norm, SiLU, convolution, with the timestep embedding (already through its SiLU)
 * added between, and a 1×1 shortcut where the channels change. `embedding` is null in autoencoders.
 */
export function resnetBlock(
  g: Graph,
  x: Value,
  embedding: Value | null,
  outputs: number,
  { groups, epsilon }: { groups: number; epsilon: number },
): Value {
  const shift = embedding && linear(g.scope('time_emb_proj'), embedding, outputs)
  let h = silu(g, groupNorm(g.scope('norm1'), x, groups, epsilon))
  h = conv2d(g.scope('conv1'), h, outputs, { shift })
  h = silu(g, groupNorm(g.scope('norm2'), h, groups, epsilon))
  const shortcut = x.shape[1] === outputs ? x : conv2d(g.scope('conv_shortcut'), x, outputs, { kernel: 1 })
  return conv2d(g.scope('conv2'), h, outputs, { plus: shortcut })
}

/** Attention among the pixels of a picture, with its norm and residual, as autoencoders and pixel-space U-Nets use it. */
export function pixelAttention(
  g: Graph,
  x: Value,
  heads: number,
  { groups, epsilon }: { groups: number; epsilon: number },
): Value {
  const [batch, channels, height, width] = x.shape as [number, number, number, number]
  const tokens = toTokens(g, groupNorm(g.scope('group_norm'), x, groups, epsilon))
  const q = linear(g.scope('to_q'), tokens, channels)
  const k = linear(g.scope('to_k'), tokens, channels)
  const v = linear(g.scope('to_v'), tokens, channels)
  const out = linear(g.scope('to_out.0'), attention(g, q, k, v, heads, { batch }), channels)
  return g.add(x, toPicture(g, out, height, width))
}

/** Twice the size by repetition, or to the given size where odd sizes meet, then a convolution. */
export function upsample(g: Graph, x: Value, height = x.shape[2] * 2, width = x.shape[3] * 2): Value {
  const doubles = height === x.shape[2] * 2 && width === x.shape[3] * 2
  return doubles
    ? doubledConv2d(g.scope('conv'), x, x.shape[1])
    : conv2d(g.scope('conv'), g.resize(x, height, width), x.shape[1])
}

/**
 * Twice the size by repetition, then a 3×3 convolution. Folded into one, each of the four pixels that a pixel becomes is
 * a 2×2 convolution of the small picture, with sums of the weights: 4 of 9 multiplications (Shi et al. 2016, Is the
 * deconvolution layer the same as a convolutional layer?, figure 4). Adapted layers are not folded: the sums would be
 * made anew in every run. Nor are those that are widened in the run.
 */
export function doubledConv2d(g: Graph, x: Value, outputs: number, { bias = true } = {}): Value {
  const [batch, channels, height, width] = x.shape as [number, number, number, number]
  const { upsampling, widening } = g.dialect
  if (upsampling !== 'folded' || widening || g.isAdapted() || isTurbo(g, channels, outputs))
    return conv2d(g, g.resize(x, 2 * height, 2 * width), outputs, { bias })
  const inBlocks = fillsBlocks(g, channels) && fillsBlocks(g, outputs)
  const taps = g.reshape(g.weight('weight', [outputs, channels, 3, 3]), [outputs * channels, 9])
  const offset = bias ? g.weight('bias', [outputs]) : null
  const pixel = (row: number, column: number): Value => {
    const sums = g.matMul(taps, g.constant(foldedTaps(row, column), [9, 4]))
    const weight = g.reshape(sums, [outputs, channels, 2, 2])
    const pads = [1 - row, 1 - column, row, column]
    return inBlocks
      ? blockedConv(g, x, { weight, bias: offset, plus: null }, 1, pads)
      : g.conv(x, weight, offset, 1, pads)
  }
  const pixels = [0, 1].map((row) => [pixel(row, 0), pixel(row, 1)])
  if (inBlocks) return interleaveBlocks(g, pixels)
  const rows = pixels.map((columns) => {
    const parts = columns.map((part) => g.reshape(part, [sizeOf(part.shape), 1]))
    return g.reshape(g.concat(parts, 1), [batch * outputs * height, 2 * width])
  })
  return g.reshape(g.concat(rows, 1), [batch, outputs, 2 * height, 2 * width])
}

/** [9, 4]: which of three by three taps fall on which of two by two pixels, seen from a row and column of the doubled. */
function foldedTaps(row: number, column: number): number[] {
  const pixelUnder = (tap: number, parity: number): number => Math.floor((tap + 1 - parity) / 2)
  return Array.from({ length: 36 }, (_, index) => {
    const [tap, pixel] = [Math.floor(index / 4), index % 4]
    const fallsOn = 2 * pixelUnder(Math.floor(tap / 3), row) + pixelUnder(tap % 3, column)
    return fallsOn === pixel ? 1 : 0
  })
}
