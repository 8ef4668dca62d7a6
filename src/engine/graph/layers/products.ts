import type { Graph } from '../writing/graph.ts'
import type { Value } from '../writing/value.ts'
import type { Rows } from '../weights/weight.ts'

/** Products of tokens and weights, in the form that is fastest on the device (`products` in the dialect). */

/** x [rows, in] · Wᵀ, of a weight [out, in]. */
export const product = (g: Graph, x: Value, weight: Value): Value =>
  g.dialect.products ? pointwise(g, x, weight, null) : g.gemm(x, weight, null, true)

/** x · Wᵀ + b with the weight of this scope as it lies in the file. */
export function ownProduct(g: Graph, x: Value, outputs: number, bias: boolean): Value {
  const inputs = x.shape[1]
  const isTurned = g.isTransposed('weight')
  const asKernel = g.dialect.products && !isTurned
  const weight = g.weight('weight', [outputs, inputs], asKernel ? [outputs, inputs, 1, 1] : undefined)
  const offset = bias ? g.weight('bias', [outputs]) : null
  return asKernel ? pointwise(g, x, weight, offset) : g.gemm(x, weight, offset, !isTurned)
}

/** Some outputs of the same on a card, whose weights are not copied for it. The tensors of this scope are cuttable. */
export function partOfProduct(g: Graph, x: Value, outputs: number, rows: Rows): Value {
  const [count, inputs] = [rows.to - rows.from, x.shape[1]]
  const weight = g.weightPart('weight', [outputs, inputs], rows, [count, inputs, 1, 1])
  return pointwise(g, x, weight, g.weightPart('bias', [outputs], rows, [count]))
}

/**
 * A convolution by 1×1 of a picture that has a pixel for each row. On a card ONNX Runtime convolves pixels whose channels
 * lie together, as they do in rows, and drops the transpositions around.
 */
function pointwise(g: Graph, x: Value, weight: Value, bias: Value | null): Value {
  const [rows, inputs] = x.shape as [number, number]
  const [outputs] = weight.shape
  const kernel = weight.shape.length === 4 ? weight : g.reshape(weight, [outputs, inputs, 1, 1])
  const picture = g.transpose(g.reshape(x, [1, rows, 1, inputs], 1), [0, 3, 1, 2])
  const y = g.conv(picture, kernel, bias, 1, [0, 0, 0, 0])
  return g.reshape(g.transpose(y, [0, 2, 3, 1]), [rows, outputs], 0)
}
