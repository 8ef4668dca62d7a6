import type { Graph } from '../writing/graph.ts'
import type { Attribute } from '../writing/onnx.ts'
import { convolved } from '../writing/shapes.ts'
import type { Value } from '../writing/value.ts'

/**
 * ONNX Runtime's own layout for convolutions on the CPU: [channels / block, height, width, block], where a block fills
 * the processor's registers (onnxruntime/core/mlas/lib/snchwc.cpp). It puts single convolutions into that layout by
 * itself, and pictures back in order behind them. Written out here, pictures stay in blocks from one convolution to the
 * next, through norms, activations, sums, doubling and joining.
 */

export type BlockOperator = 'ReorderInput' | 'ReorderOutput' | 'Conv' | 'GlobalAveragePool'

/** Whether pictures of so many channels are laid out in blocks. */
export const fillsBlocks = (g: Graph, channels: number): boolean =>
  g.dialect.blocks !== undefined && channels % g.dialect.blocks === 0

/** Operators that go number by number, or join whole channels, and so read blocks as they lie. */
export function keepsBlocks(
  operator: string,
  inputs: readonly (Value | string)[],
  attributes: Readonly<Record<string, Attribute>>,
): boolean {
  const pictures = inputs.filter((input) => typeof input !== 'string')
  if (pictures.length === 0 || !pictures.every(({ blocked }) => blocked)) return false
  if (operator === 'Concat') return 'int' in attributes['axis'] && attributes['axis'].int === 1
  return (
    numberByNumber.has(operator) && pictures.every(({ shape }) => String(shape) === String(pictures[0].shape))
  )
}

const numberByNumber = new Set(['Add', 'Sub', 'Mul', 'Div', 'Sigmoid', 'Tanh', 'Relu', 'Gelu'])

/** The picture channel by channel, as ONNX's operators read it. */
export function plain(g: Graph, x: Value): Value {
  if (!x.blocked) return x
  const channels = { channels: { int: x.shape[1] } }
  return g.reordered(x, () => g.inBlocks('ReorderOutput', [x], x.shape, channels))
}

/** The picture in blocks; its channels must fill them. */
const blocked = (g: Graph, x: Value): Value =>
  x.blocked ? x : g.reordered(x, () => g.inBlocks('ReorderInput', [x], x.shape))

/** A picture in blocks as tokens [height · width, channels]. */
export function blocksToTokens(g: Graph, x: Value): Value {
  const [, channels, height, width] = x.shape as [number, number, number, number]
  const attributes = { channels: { int: channels }, channels_last: { int: 1 } }
  return g.reshape(g.inBlocks('ReorderOutput', [x], [1, height, width, channels], attributes), [
    height * width,
    channels,
  ])
}

/** Tokens as a picture in blocks. */
export function tokensToBlocks(g: Graph, tokens: Value, height: number, width: number): Value {
  const channels = tokens.shape[1]
  const rows = g.reshape(tokens, [1, height, width, channels])
  return g.inBlocks('ReorderInput', [rows], [1, channels, height, width], { channels_last: { int: 1 } })
}

/** Whether a convolution from so many channels to so many is one of blocks: a picture of fewer is read as it is. */
export const convolvesBlocks = (g: Graph, inputs: number, outputs: number): boolean =>
  g.dialect.blocks !== undefined &&
  (inputs < g.dialect.blocks || fillsBlocks(g, inputs)) &&
  (outputs < g.dialect.blocks || fillsBlocks(g, outputs))

/** A convolution whose result lies in blocks, with `plus` added; without blocks where it has too few channels. */
export function blockedConv(
  g: Graph,
  x: Value,
  { weight, bias, plus }: { weight: Value; bias: Value | null; plus: Value | null },
  stride: number,
  pads: readonly number[],
): Value {
  const block = g.dialect.blocks!
  const [outputs, inputs, height, width] = weight.shape as [number, number, number, number]
  const missing = (block - (outputs % block)) % block
  const filled = missing === 0 ? weight : zerosBehind(g, weight, missing)
  const offset = bias && missing > 0 ? zerosBehind(g, bias, missing) : bias
  const picture = inputs < block ? plain(g, x) : blocked(g, x)
  const operands = [picture, blockedFilter(g, filled), offset ?? '', ...(plus ? [blocked(g, plus)] : [])]
  const shape = convolved(x.shape, filled.shape, stride, pads)
  const result = g.inBlocks('Conv', operands, shape, {
    kernel_shape: { ints: [height, width] },
    strides: { ints: [stride, stride] },
    pads: { ints: pads },
  })
  if (missing === 0) return result
  return g.inBlocks('ReorderOutput', [result], shape.with(1, outputs), { channels: { int: outputs } })
}

const zerosBehind = (g: Graph, x: Value, count: number): Value => {
  const shape = x.shape.with(0, count)
  const zeros = Array<number>(shape.reduce((product, size) => product * size)).fill(0)
  return g.concat([x, g.constant(zeros, shape)], 0)
}

/** [outputs, inputs, …] as the kernels read it: blocks of inputs times outputs, or of outputs where inputs fill none. */
function blockedFilter(g: Graph, weight: Value): Value {
  const block = g.dialect.blocks!
  const [outputs, inputs, ...kernel] = weight.shape
  if (inputs < block) {
    const split = g.reshape(weight, [outputs / block, block, inputs, ...kernel])
    return g.reshape(g.transpose(split, [0, 2, 3, 4, 1]), weight.shape)
  }
  const split = g.reshape(weight, [outputs / block, block, inputs / block, block, ...kernel])
  return g.reshape(g.transpose(split, [0, 2, 4, 5, 3, 1]), weight.shape)
}

/**
 * Group normalisation (Wu and He 2018) of a picture in blocks: means of channels and of their squares make a factor and
 * an offset for each channel, which a convolution of single channels applies in one pass.
 */
export function blockedGroupNorm(g: Graph, x: Value, groups: number, epsilon: number): Value {
  const channels = x.shape[1]
  const grouped = [groups, channels / groups] as const
  const picture = blocked(g, x)
  const meanOf = (values: Value): Value => {
    const means = g.inBlocks('GlobalAveragePool', [values], [1, channels, 1, 1])
    return g.reduceMean(g.reshape(asItLies(means), grouped), [1])
  }
  const mean = meanOf(picture)
  const variance = g.sub(meanOf(g.mul(picture, picture)), g.mul(mean, mean))
  const deviation = g.sqrt(g.add(variance, g.constant([epsilon], [1])))
  const factor = g.div(g.weight('weight', [channels], grouped), deviation)
  const offset = g.sub(g.weight('bias', [channels], grouped), g.mul(mean, factor))
  const operands = [picture, g.reshape(factor, [channels, 1, 1, 1]), g.reshape(offset, [channels])]
  return g.inBlocks('Conv', operands, x.shape, {
    kernel_shape: { ints: [1, 1] },
    group: { int: channels },
  })
}

/** Four pictures in blocks, of the pixels that each pixel becomes by row and column, as one of twice the size. */
export function interleaveBlocks(g: Graph, pixels: readonly (readonly Value[])[]): Value {
  const block = g.dialect.blocks!
  const [, channels, height, width] = pixels[0][0].shape as [number, number, number, number]
  const rows = pixels.map((columns) => {
    const parts = columns.map((x) => g.reshape(asItLies(x), [(channels / block) * height * width, block]))
    return g.reshape(g.concat(parts, 1), [(channels / block) * height, 2 * width * block])
  })
  const joined = g.reshape(g.concat(rows, 1), [1, channels, 2 * height, 2 * width])
  return { ...joined, blocked: true }
}

/** The numbers in the order they have in memory. */
const asItLies = ({ name, shape }: Value): Value => ({ name, shape })
