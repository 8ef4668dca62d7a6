import type { Graph } from '../writing/graph.ts'
import { convolved } from '../writing/shapes.ts'
import { staysInFile } from '../weights/inTheRun.ts'
import { largest, toBeRounded } from '../weights/quantise.ts'
import type { Value } from '../writing/value.ts'

/**
 * Layers in 8 bits, for processors that multiply such numbers faster: weights are rounded once, with a factor for each
 * output, and activations in every run, with one range for the whole tensor (Jacob et al. 2018; ONNX Runtime's dynamic
 * quantisation). Sums are exact.
 */

/** Layers of fewer inputs or outputs stay as they are: first and last ones, which are sensitive and take no time. */
const fewest = 32

/** Rows from which on rounding weights in every run takes less time than it saves. */
const fewestRows = 256

/** Whether the layer of this scope, whose weight stays in its file, is computed in 8 bits. */
export const isTurboInTheRun = (g: Graph, [rows, inputs]: readonly number[], outputs: number): boolean =>
  g.dialect.turbo === true &&
  staysInFile(g) &&
  rows >= fewestRows &&
  Math.min(inputs, outputs) >= fewest &&
  !g.isTransposed('weight')

/** Whether the layer of this scope is computed in 8 bits, its weight rounded once. */
export const isTurbo = (g: Graph, inputs: number, outputs: number): boolean =>
  g.dialect.turbo === true &&
  !staysInFile(g) &&
  Math.min(inputs, outputs) >= fewest &&
  g.isQuantisable('weight')

/** The layer's weight in 8 bits, and a factor for each output. */
function quantised(g: Graph, shape: readonly number[]): { values: Value; factors: Value } {
  const rounding = toBeRounded(g.untouched('weight', shape)!)
  g.roundings.push(rounding)
  const { values, factors } = rounding.rounded
  const bytes = (numbers: Int8Array | Float32Array): Uint8Array => new Uint8Array(numbers.buffer)
  return {
    values: g.stored('weight:8 bits', { dataType: 'int8', data: bytes(values) }, shape),
    factors: g.stored('weight:factors', { dataType: 'float32', data: bytes(factors) }, [shape[0]]),
  }
}

/** x · Wᵀ + b on tokens. */
export function turboLinear(g: Graph, x: Value, outputs: number, bias: Value | null): Value {
  const { values, factors } = quantised(g, [outputs, x.shape[1]])
  return g.dynamicQuantizeMatMul(x, g.transpose(values, [1, 0]), factors, bias)
}

/**
 * x · Wᵀ + b on tokens [n, in], of a weight in whatever form that is widened in every run and rounded there too. Every token
 * has a range of its own, as some of a transformer's are a hundred times larger than others (Dettmers et al. 2022).
 */
export function turboInTheRun(g: Graph, x: Value, outputs: number, bias: Value | null): Value {
  const weight = g.weight('weight', [outputs, x.shape[1]])
  const factors = g.mul(largestOf(g, weight), g.constant([1 / largest], [1]))
  const values = g.quantizeLinear(weight, g.reshape(factors, [outputs]))
  const perToken = largestOf(g, x)
  const { rounded, scale, zero } = g.dynamicQuantizeLinear(g.div(x, perToken))
  const weights = { scale, factors: g.reshape(factors, [outputs]), zero, bias: null }
  const y = g.mul(g.matMulIntegerToFloat(rounded, g.transpose(values, [1, 0]), weights), perToken)
  return bias ? g.add(y, bias) : y
}

/** The largest magnitude in every row of x [n, width], [n, 1], and never zero. */
function largestOf(g: Graph, x: Value): Value {
  const below = g.mul(g.reduceMin(x, [1]), g.constant([-1], [1]))
  return g.max(g.max(g.reduceMax(x, [1]), below), g.constant([1e-30], [1]))
}

/**
 * A convolution as one matrix product over all taps of a pixel side by side. Pixels are rounded before they are laid out,
 * so each is rounded once, and the zeros around the picture are exact.
 */
export function turboConv(
  g: Graph,
  x: Value,
  outputs: number,
  {
    kernel,
    stride,
    pads,
    bias,
  }: { kernel: number; stride: number; pads: readonly number[]; bias: Value | null },
): Value {
  const inputs = x.shape[1]
  const shape = [outputs, inputs, kernel, kernel]
  const [, , rows, columns] = convolved(x.shape, shape, stride, pads)
  const { values, factors } = quantised(g, shape)
  const taps = kernel * kernel
  const byTap = g.transpose(g.reshape(values, [outputs, inputs, taps]), [2, 1, 0])
  const { rounded, scale, zero } = g.dynamicQuantizeLinear(g.transpose(x, [0, 2, 3, 1]))
  const padded = pads.some((pad) => pad > 0) ? g.padPixels(rounded, pads, zero) : rounded
  const pixels: Value[] = []
  for (let tap = 0; tap < taps; tap++) {
    const from = { row: Math.floor(tap / kernel), column: tap % kernel }
    pixels.push(g.everyPixel(padded, { ...from, stride, rows, columns }))
  }
  const patches = g.reshape(taps === 1 ? pixels[0] : g.concat(pixels, 3), [rows * columns, taps * inputs])
  const weight = g.reshape(byTap, [taps * inputs, outputs])
  const y = g.matMulIntegerToFloat(patches, weight, { scale, factors, zero, bias })
  return g.transpose(g.reshape(y, [1, rows, columns, outputs]), [0, 3, 1, 2])
}
