import type { Graph } from './graph.ts'
import { blockBytes, dequantised, type BlockForm } from './blockForms.ts'
import { turnedBack } from './rotation.ts'
import type { Dialect, Value } from './value.ts'
import type { DataType } from './onnx.ts'
import { float8Values, type Scale, type Weight } from './weight.ts'

/** Weights as they lie on disk, brought to the precision of a graph and multiplied with their factors. */

/** A whole tensor, seen as `as`: the same numbers in the same order. */
export function wholeWeight(
  g: Graph,
  name: string,
  weight: Weight,
  as: readonly number[],
  precision: Dialect['precision'] = g.dialect.precision,
): Value {
  const { scale, dataType, transposed, blocks } = weight
  if (blocks) return g.cast(g.reshape(inBlocks(g, name, weight.data, blocks), as), 'float32', precision)
  const shape = transposed ? as.toReversed() : as
  const [stored, type] = asItLies(g, g.stored(name, weight, shape), dataType)
  if (!scale) return g.cast(stored, type, precision)
  const factors = factorsOf(g, name, scale, shape.length)
  if (!weight.rotation) return scaled(g, stored, type, factors, scale, precision)
  const wide = scaled(g, stored, type, factors, scale, 'float32')
  return g.cast(turnedBack(g, wide, weight.rotation), 'float32', precision)
}

/** All numbers of a weight in blocks, in single precision. */
function inBlocks(g: Graph, name: string, data: Weight['data'], form: BlockForm): Value {
  const size = blockBytes(form)
  const [stored] = asItLies(
    g,
    g.stored(name, { dataType: 'uint8', data }, [data.length / size, size]),
    'uint8',
  )
  return dequantised(g, stored, form)
}

/** Numbers in their file, and the type in which they come out of it. Biases and the numbers of norms are folded in any case. */
function asItLies(g: Graph, stored: Value, dataType: DataType): [Value, DataType] {
  if (g.dialect.widening !== 'in the run' || stored.shape.length < 2) return [stored, dataType]
  const isFloat8 = dataType === 'float8e4m3' || dataType === 'float8e5m2'
  return [g.unfolded(stored, dataType), isFloat8 ? 'float32' : dataType]
}

/** A whole tensor in float32 and as the network means it: [out, in], whichever way it is stored. */
export function uprightWeight(g: Graph, name: string, weight: Weight): Value {
  const whole = wholeWeight(g, name, weight, weight.shape, 'float32')
  return weight.transposed ? g.transpose(whole, [1, 0]) : whole
}

/** Rows of a table [count, width]: only they are converted, the table stays as it lies. */
export function weightRows(g: Graph, name: string, weight: Weight, rows: Value): Value {
  const { scale, dataType, shape, data, blocks } = weight
  if (blocks) {
    const [size, rowBytes] = [blockBytes(blocks), data.length / shape[0]]
    const picked = g.gather(g.stored(name, { dataType: 'uint8', data }, [shape[0], rowBytes]), rows)
    const numbers = dequantised(g, g.reshape(picked, [(rows.shape[0] * rowBytes) / size, size]), blocks)
    return g.cast(g.reshape(numbers, [rows.shape[0], shape[1]]), 'float32', g.dialect.precision)
  }
  const isFloat8 = dataType === 'float8e4m3' || dataType === 'float8e5m2'
  const picked = isFloat8
    ? float8Rows(g, name, weight, rows, float8Values(dataType))
    : g.gather(g.stored(name, weight, shape), rows)
  const pickedType = isFloat8 ? g.dialect.precision : dataType
  if (!scale) return g.cast(picked, pickedType, g.dialect.precision)
  const factors = factorsOf(g, name, scale, shape.length)
  return scaled(g, picked, pickedType, scale.rows === 1 ? factors : g.gather(factors, rows), scale)
}

/** ONNX Runtime picks no rows of 8-bit floats: their bytes are picked, and looked up in the list of all values. */
function float8Rows(g: Graph, name: string, weight: Weight, rows: Value, values: readonly number[]): Value {
  const bytes = g.gather(g.stored(name, { ...weight, dataType: 'uint8' }, weight.shape), rows)
  return g.gather(g.constant(values, [values.length]), g.cast(bytes, 'uint8', 'int32'))
}

/** The factors of a tensor, in the shape that repeats them along its rows. */
const factorsOf = (g: Graph, name: string, scale: Scale, rank: number): Value =>
  g.stored(`${name}:scale`, scale, [scale.rows, ...Array<number>(rank - 1).fill(1)])

/** In single precision: the factors of 8-bit floats lie below what half precision can tell apart. */
function scaled(
  g: Graph,
  stored: Value,
  dataType: DataType,
  factors: Value,
  scale: Scale,
  precision = g.dialect.precision,
): Value {
  const wide = g.cast(stored, dataType, 'float32')
  const product = g.mul(wide, g.cast(factors, scale.dataType, 'float32'))
  return g.cast(product, 'float32', precision)
}
