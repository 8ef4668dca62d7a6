import type { Graph } from './graph.ts'
import type { Value } from './value.ts'
import type { Rows } from './weight.ts'

/** x [rows, in] · Wᵀ + b, of a weight [out, in], in the form that is fastest on the device (`products` in the dialect). */
export const product = (g: Graph, x: Value, weight: Value, bias: Value | null): Value =>
  g.dialect.products ? pointwise(g, x, weight, bias) : g.gemm(x, weight, bias, true)

/** The weight of the linear layer of this scope, or some of its rows, as `product` reads it without a copy. */
export function productWeight(g: Graph, outputs: number, inputs: number, rows?: Rows): Value {
  const count = rows ? rows.to - rows.from : outputs
  const as = g.dialect.products ? [count, inputs, 1, 1] : [count, inputs]
  return rows
    ? g.weightPart('weight', [outputs, inputs], rows, as)
    : g.weight('weight', [outputs, inputs], as)
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
