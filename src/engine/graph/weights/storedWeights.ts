import type { Graph } from '../writing/graph.ts'
import { blockBytes, bytesOf, dequantised, type BlockForm, type FieldType } from './blockForms.ts'
import { copied, isFloat8, staysInFile, timesFactors } from './inTheRun.ts'
import { turnedBack } from './rotation.ts'
import type { Dialect, Value } from '../writing/value.ts'
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
  const { scale, dataType, transposed, blocks, data, rotation } = weight
  if (blocks) {
    const numbers = dequantised(g, (type) => blocksAs(g, name, { data, form: blocks, type }), blocks)
    return g.cast(g.reshape(numbers, as), 'float32', precision)
  }
  const shape = transposed ? as.toReversed() : as
  const stored = g.stored(name, weight, shape)
  // Biases and the numbers of norms are folded in any case.
  const inFile = staysInFile(g) && shape.length > 1
  if (inFile && (isFloat8(dataType) || (scale && dataType === 'int8'))) {
    const factors = scale ? factorsOf(g, name, scale, 1) : g.wideNumber(1)
    const wide = timesFactors(g, stored, factors)
    return g.cast(rotation ? turnedBack(g, wide, rotation) : wide, 'float32', precision)
  }
  const read = inFile ? copied(g, stored) : stored
  if (!scale) return g.cast(read, dataType, precision)
  const wide = g.mul(g.cast(read, dataType, 'float32'), factorsOf(g, name, scale, shape.length))
  return g.cast(rotation ? turnedBack(g, wide, rotation) : wide, 'float32', precision)
}

/** The bytes of a weight in blocks, a block a row. */
export function blocksAs(
  g: Graph,
  name: string,
  { data, form, type }: { data: Weight['data']; form: BlockForm; type: FieldType },
): Value {
  const size = blockBytes(form)
  return g.stored(`${name}:${type}`, { dataType: type, data }, [data.length / size, size / bytesOf(type)])
}

/** A whole tensor in float32 and as the network means it: [out, in], whichever way it is stored. */
export function uprightWeight(g: Graph, name: string, weight: Weight): Value {
  const whole = wholeWeight(g, name, weight, weight.shape, 'float32')
  return weight.transposed ? g.transpose(whole, [1, 0]) : whole
}

/** Rows of a table [count, width]: only they are converted, the table stays as it lies. */
export function weightRows(g: Graph, name: string, weight: Weight, rows: Value): Value {
  const { scale, dataType, shape, blocks } = weight
  const { precision } = g.dialect
  if (blocks) return g.cast(blockRows(g, name, weight, blocks, rows), 'float32', precision)
  const picked = isFloat8(dataType)
    ? float8Rows(g, name, weight, rows, float8Values(dataType))
    : g.gather(g.stored(name, weight, shape), rows)
  const pickedType = isFloat8(dataType) ? precision : dataType
  if (!scale) return g.cast(picked, pickedType, precision)
  const factors = factorsOf(g, name, scale, shape.length)
  const wide = g.cast(picked, pickedType, 'float32')
  return g.cast(g.mul(wide, scale.rows === 1 ? factors : g.gather(factors, rows)), 'float32', precision)
}

function blockRows(g: Graph, name: string, { data, shape }: Weight, form: BlockForm, rows: Value): Value {
  const rowBytes = data.length / shape[0]
  const blocks = (rows.shape[0] * rowBytes) / blockBytes(form)
  const view = (type: FieldType): Value => {
    const table = g.stored(`${name}:${type}`, { dataType: type, data }, [shape[0], rowBytes / bytesOf(type)])
    return g.reshape(g.gather(table, rows), [blocks, blockBytes(form) / bytesOf(type)])
  }
  return g.reshape(dequantised(g, view, form), [rows.shape[0], shape[1]])
}

/** ONNX Runtime picks no rows of 8-bit floats: their bytes are picked, and looked up in the list of all values. */
function float8Rows(g: Graph, name: string, weight: Weight, rows: Value, values: readonly number[]): Value {
  const bytes = g.gather(g.stored(name, { ...weight, dataType: 'uint8' }, weight.shape), rows)
  return g.gather(g.constant(values, [values.length]), g.cast(bytes, 'uint8', 'int32'))
}

/** The factors of a tensor in single precision, in the shape that repeats them along its rows. */
function factorsOf(g: Graph, name: string, scale: Scale, rank: number): Value {
  const shape = [scale.rows, ...Array<number>(rank - 1).fill(1)]
  return g.cast(g.stored(`${name}:scale`, scale, shape), scale.dataType, 'float32')
}
