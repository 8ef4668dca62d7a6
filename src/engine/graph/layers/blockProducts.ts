import { fieldsOf, half, type BlockForm } from '../weights/blockForms.ts'
import type { Graph } from '../writing/graph.ts'
import { blocksAs } from '../weights/storedWeights.ts'
import type { Value } from '../writing/value.ts'

/**
 * Layers whose weights stay in blocks of 32 numbers with a factor each and are multiplied so (ONNX Runtime's MatMulNBits): a
 * quarter or an eighth of the memory of single precision. Bytes are put into its order while the graph is opened.
 */

/** Bits of a number, of the forms that are the same but for the order of their bytes. */
const bitsOf: Partial<Record<BlockForm, 4 | 8>> = { Q4_0: 4, Q8_0: 8 }

/** x · Wᵀ for tokens [n, in]; null where the layer's weight is in another form, adapters change it or the device cannot. */
export function blockProduct(g: Graph, x: Value, outputs: number): Value | null {
  if (!g.dialect.blockProducts) return null
  const inputs = x.shape[1]
  const weight = g.untouched('weight', [outputs, inputs])
  const form = weight?.blocks
  const bits = form && bitsOf[form]
  if (!weight || !form || !bits) return null
  const field = fieldsOf(g, (type) => blocksAs(g, 'weight', { data: weight.data, form, type }), form)
  const perRow = inputs / 32
  const factors = g.cast(half(g, field, 'd'), 'float32', g.dialect.precision)
  const bytes = bits === 8 ? g.bitwise('Xor', field('q'), g.bytes(128)) : neighboursTogether(g, field('q'))
  return g.matMulNBits(
    x,
    g.reshape(bytes, [outputs, perRow, 4 * bits]),
    g.reshape(factors, [outputs * perRow]),
    bits,
  )
}

/** Bytes [blocks, 16] of a number and the one 16 behind it, as bytes of a number and the next one. */
function neighboursTogether(g: Graph, q: Value): Value {
  const [blocks] = q.shape
  const packed = (numbers: Value): Value => {
    const pairs = g.reshape(numbers, [blocks, 8, 2])
    const [one, next] = [g.slice(pairs, 2, 0, 1), g.slice(pairs, 2, 1, 2)]
    return g.reshape(g.bitwise('Or', one, g.bitShift(next, 'LEFT', g.bytes(4))), [blocks, 8])
  }
  const [low, high] = [g.bitwise('And', q, g.bytes(15)), g.bitShift(q, 'RIGHT', g.bytes(4))]
  return g.concat([packed(low), packed(high)], 1)
}
