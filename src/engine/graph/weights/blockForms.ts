import type { Graph } from '../writing/graph.ts'
import { copiedColumns, staysInFile } from './inTheRun.ts'
import type { Value } from '../writing/value.ts'

/**
 * Weights that lie in blocks with factors of their own, as GGUF files have them (ggml-quants.c, dequantize_row_*): what the
 * bytes of a block stand for, written as operators, so that they stay in their file.
 */

export type BlockForm = 'Q8_0' | 'Q4_0' | 'Q4_1' | 'Q5_0' | 'Q5_1' | 'Q4_K' | 'Q5_K' | 'Q6_K'

/** What the bytes of a field are read as. */
export type FieldType = 'uint8' | 'int8' | 'float16'

/** A field of all blocks: [blocks, numbers]. */
type Field = (name: string, type?: FieldType) => Value

interface Form {
  /** Numbers of a block. */
  values: number
  /** The fields of a block in their order, in bytes. */
  fields: readonly (readonly [name: string, bytes: number])[]
  /** [blocks, values] in single precision. */
  numbers(g: Graph, field: Field): Value
}

export const blockForms: Readonly<Record<BlockForm, Form>> = {
  Q8_0: {
    values: 32,
    fields: [
      ['d', 2],
      ['q', 32],
    ],
    numbers: (g, field) => times(g, { q: field('q', 'int8'), type: 'int8', zero: 0 }, half(g, field, 'd')),
  },
  Q4_0: {
    values: 32,
    fields: [
      ['d', 2],
      ['q', 16],
    ],
    numbers: (g, field) => times(g, counted(nibbles(g, field('q')), 8), half(g, field, 'd')),
  },
  Q4_1: {
    values: 32,
    fields: [
      ['d', 2],
      ['m', 2],
      ['q', 16],
    ],
    numbers: (g, field) =>
      g.add(times(g, counted(nibbles(g, field('q'))), half(g, field, 'd')), half(g, field, 'm')),
  },
  Q5_0: {
    values: 32,
    fields: [
      ['d', 2],
      ['high', 4],
      ['q', 16],
    ],
    numbers: (g, field) => times(g, counted(fiveBits(g, field), 16), half(g, field, 'd')),
  },
  Q5_1: {
    values: 32,
    fields: [
      ['d', 2],
      ['m', 2],
      ['high', 4],
      ['q', 16],
    ],
    numbers: (g, field) =>
      g.add(times(g, counted(fiveBits(g, field)), half(g, field, 'd')), half(g, field, 'm')),
  },
  Q4_K: {
    values: 256,
    fields: [
      ['d', 2],
      ['m', 2],
      ['scales', 12],
      ['q', 128],
    ],
    numbers: (g, field) => inEighths(g, field, fourBits(g, field)),
  },
  Q5_K: {
    values: 256,
    fields: [
      ['d', 2],
      ['m', 2],
      ['scales', 12],
      ['high', 32],
      ['q', 128],
    ],
    numbers: (g, field) => inEighths(g, field, above(g, fourBits(g, field), digits(g, field('high'), 1))),
  },
  Q6_K: {
    values: 256,
    fields: [
      ['low', 128],
      ['high', 64],
      ['scales', 16],
      ['d', 2],
    ],
    numbers(g, field) {
      const d = g.mul(half(g, field, 'd'), g.cast(field('scales', 'int8'), 'int8', 'float32'))
      const blocks = d.shape[0]
      // Twice: 64 bytes of low halves, first all lower then all upper, over 32 bytes of pairs of high bits.
      const low = nibbles(g, g.reshape(field('low'), [blocks * 2, 64]))
      const high = digits(g, g.reshape(field('high'), [blocks * 2, 32]), 2)
      const q = g.reshape(above(g, low, high), [blocks * 16, 16])
      return g.reshape(times(g, counted(q, 32), g.reshape(d, [blocks * 16, 1])), [blocks, 256])
    },
  },
}

export const blockBytes = (form: BlockForm): number =>
  blockForms[form].fields.reduce((sum, [, bytes]) => sum + bytes, 0)

/**
 * The numbers of blocks in single precision: [blocks, numbers of a block]. `view`: all their bytes, read as a type, a block a
 * row.
 */
export function dequantised(g: Graph, view: (type: FieldType) => Value, form: BlockForm): Value {
  return blockForms[form].numbers(g, fieldsOf(g, view, form))
}

/** Finds the fields of blocks; see `dequantised`. */
export function fieldsOf(g: Graph, view: (type: FieldType) => Value, form: BlockForm): Field {
  const { fields } = blockForms[form]
  return (name, type = 'uint8') => {
    const index = fields.findIndex(([known]) => known === name)
    const from = fields.slice(0, index).reduce((sum, [, length]) => sum + length, 0)
    const [first, last] = [from, from + fields[index][1]].map((byte) => byte / bytesOf(type))
    return staysInFile(g) ? copiedColumns(g, view(type), first, last) : g.slice(view(type), 1, first, last)
  }
}

export const bytesOf = (type: FieldType): number => (type === 'float16' ? 2 : 1)

/** Whole numbers [rows, n] of up to 8 bits, and which of them stands for 0. */
interface Counted {
  q: Value
  type: 'uint8' | 'int8'
  zero: number
}

const counted = (q: Value, zero = 0): Counted => ({ q, type: 'uint8', zero })

/** Times a factor for each row, [rows, 1]. */
function times(g: Graph, { q, type, zero }: Counted, factors: Value): Value {
  const [rows] = q.shape
  // In one step there is no wide copy beside the result; but ONNX Runtime folds no DequantizeLinear.
  if (staysInFile(g))
    return g.dequantizeLinear(q, g.reshape(factors, [rows]), zero === 0 ? null : g.bytes(zero, rows))
  const wide = g.cast(q, type, 'float32')
  return g.mul(zero === 0 ? wide : g.sub(wide, g.wideNumber(zero)), factors)
}

export const half = (g: Graph, field: Field, name: string): Value =>
  g.cast(field(name, 'float16'), 'float16', 'float32')

/** Bytes [rows, n] as the numbers of so many bits that they consist of: first the lowest of all, then the next. */
function digits(g: Graph, bytes: Value, bits: 1 | 2 | 4): Value {
  const parts = Array.from({ length: 8 / bits }, (_, part) => {
    const low = part === 0 ? bytes : g.bitShift(bytes, 'RIGHT', g.bytes(part * bits))
    return (part + 1) * bits === 8 ? low : g.bitwise('And', low, g.bytes(2 ** bits - 1))
  })
  return g.concat(parts, 1)
}

const nibbles = (g: Graph, bytes: Value): Value => digits(g, bytes, 4)

/** Numbers of four bits with the higher ones over them. */
const above = (g: Graph, low: Value, high: Value): Value =>
  g.bitwise('Or', low, g.bitShift(high, 'LEFT', g.bytes(4)))

/** Four bits each, and a fifth of every number behind one another. */
function fiveBits(g: Graph, field: Field): Value {
  const high = field('high')
  const [blocks, length] = high.shape as [number, number]
  const bits = g.reshape(digits(g, g.reshape(high, [blocks * length, 1]), 1), [blocks, 8 * length])
  return above(g, nibbles(g, field('q')), bits)
}

/** Of each 32 bytes the lower halves come first, then the upper ones: [blocks, 256]. */
function fourBits(g: Graph, field: Field): Value {
  const q = field('q')
  const blocks = q.shape[0]
  return g.reshape(nibbles(g, g.reshape(q, [blocks * 4, 32])), [blocks, 256])
}

/** Every 32 of 256 numbers times a scale, less a minimum of their own. */
function inEighths(g: Graph, field: Field, q: Value): Value {
  const { scales, minima } = sixBitScales(g, field('scales'))
  const rows = 8 * q.shape[0]
  const perGroup = (name: string, bytes: Value): Value =>
    g.reshape(g.mul(half(g, field, name), g.cast(bytes, 'uint8', 'float32')), [rows, 1])
  const product = times(g, counted(g.reshape(q, [rows, 32])), perGroup('d', scales))
  return g.reshape(g.sub(product, perGroup('m', minima)), q.shape)
}

/** Eight scales and minima of six bits in twelve bytes (get_scale_min_k4). */
function sixBitScales(g: Graph, bytes: Value): { scales: Value; minima: Value } {
  const part = (index: number) => {
    const four = g.slice(bytes, 1, 4 * index, 4 * index + 4)
    return { low: g.bitwise('And', four, g.bytes(63)), high: g.bitShift(four, 'RIGHT', g.bytes(6)) }
  }
  const [first, second] = [part(0), part(1)]
  const rest = g.slice(bytes, 1, 8, 12)
  const [low, high] = [g.bitwise('And', rest, g.bytes(15)), g.bitShift(rest, 'RIGHT', g.bytes(4))]
  return {
    scales: g.concat([first.low, above(g, low, first.high)], 1),
    minima: g.concat([second.low, above(g, high, second.high)], 1),
  }
}
