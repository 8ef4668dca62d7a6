import type { Graph } from './graph.ts'
import type { Value } from './value.ts'

/**
 * Weights that lie in blocks with factors of their own, as GGUF files have them (ggml-quants.c, dequantize_row_*): what the
 * bytes of a block stand for, written as operators, so that they stay in their file.
 */

export type BlockForm = 'Q8_0' | 'Q4_0' | 'Q4_1' | 'Q5_0' | 'Q5_1' | 'Q4_K' | 'Q5_K' | 'Q6_K'

interface Form {
  /** Numbers of a block. */
  values: number
  /** The fields of a block in their order, in bytes. */
  fields: readonly (readonly [name: string, bytes: number])[]
  /** [blocks, values] in single precision, out of fields [blocks, bytes]. */
  numbers(g: Graph, field: (name: string) => Value): Value
}

export const blockForms: Readonly<Record<BlockForm, Form>> = {
  Q8_0: {
    values: 32,
    fields: [
      ['d', 2],
      ['q', 32],
    ],
    numbers: (g, field) => g.mul(half(g, field('d')), signed(g, field('q'))),
  },
  Q4_0: {
    values: 32,
    fields: [
      ['d', 2],
      ['q', 16],
    ],
    numbers: (g, field) => g.mul(half(g, field('d')), g.sub(nibbles(g, field('q')), number(g, 8))),
  },
  Q4_1: {
    values: 32,
    fields: [
      ['d', 2],
      ['m', 2],
      ['q', 16],
    ],
    numbers: (g, field) => g.add(g.mul(half(g, field('d')), nibbles(g, field('q'))), half(g, field('m'))),
  },
  Q5_0: {
    values: 32,
    fields: [
      ['d', 2],
      ['high', 4],
      ['q', 16],
    ],
    numbers: (g, field) => g.mul(half(g, field('d')), g.sub(fiveBits(g, field), number(g, 16))),
  },
  Q5_1: {
    values: 32,
    fields: [
      ['d', 2],
      ['m', 2],
      ['high', 4],
      ['q', 16],
    ],
    numbers: (g, field) => g.add(g.mul(half(g, field('d')), fiveBits(g, field)), half(g, field('m'))),
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
    numbers: (g, field) =>
      inEighths(
        g,
        field,
        g.add(fourBits(g, field), g.mul(digits(g, wide(g, field('high')), 2, 8), number(g, 16))),
      ),
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
      const d = g.mul(half(g, field('d')), signed(g, field('scales')))
      const blocks = d.shape[0]
      // Twice: 64 bytes of low halves, first all lower then all upper, over 32 bytes of pairs of high bits.
      const low = nibbles(g, g.reshape(field('low'), [blocks * 2, 64]))
      const high = digits(g, wide(g, g.reshape(field('high'), [blocks * 2, 32])), 4, 4)
      const q = g.sub(g.add(low, g.mul(high, number(g, 16))), number(g, 32))
      const grouped = g.mul(g.reshape(q, [blocks, 16, 16]), g.reshape(d, [blocks, 16, 1]))
      return g.reshape(grouped, [blocks, 256])
    },
  },
}

export const blockBytes = (form: BlockForm): number =>
  blockForms[form].fields.reduce((sum, [, bytes]) => sum + bytes, 0)

/** The numbers of blocks [blocks, bytes of a block] in single precision: [blocks, numbers of a block]. */
export function dequantised(g: Graph, blocks: Value, form: BlockForm): Value {
  const { fields, numbers } = blockForms[form]
  const field = (name: string): Value => {
    const index = fields.findIndex(([known]) => known === name)
    const from = fields.slice(0, index).reduce((sum, [, length]) => sum + length, 0)
    return g.slice(blocks, 1, from, from + fields[index][1])
  }
  return numbers(g, field)
}

const number = (g: Graph, value: number): Value => g.wideNumber(value)

const wide = (g: Graph, bytes: Value): Value => g.cast(bytes, 'uint8', 'float32')

/** Bytes as -128..127. */
const signed = (g: Graph, bytes: Value): Value => g.cast(g.cast(bytes, 'uint8', 'int8'), 'int8', 'float32')

/** What whole numbers are beside multiples of `by`, and how many of those. */
function divided(g: Graph, x: Value, by: number): { rest: Value; times: Value } {
  const times = g.floor(g.mul(x, number(g, 1 / by)))
  return { times, rest: g.sub(x, g.mul(times, number(g, by))) }
}

/** Bytes [rows, n] as `count` digits to a base each, [rows, count · n]: first the lowest of all, then the next. */
function digits(g: Graph, bytes: Value, base: number, count: number): Value {
  const parts: Value[] = []
  let left = bytes
  while (parts.length < count) {
    const { rest, times } = divided(g, left, base)
    parts.push(rest)
    left = times
  }
  return g.concat(parts, 1)
}

const nibbles = (g: Graph, bytes: Value): Value => digits(g, wide(g, bytes), 16, 2)

/** Bytes [rows, n] as bits in their order, [rows, 8 · n]. */
function bits(g: Graph, bytes: Value): Value {
  const [rows, length] = bytes.shape as [number, number]
  const single = g.reshape(wide(g, bytes), [rows * length, 1])
  return g.reshape(digits(g, single, 2, 8), [rows, 8 * length])
}

/** Four bits each, and a fifth of every number behind one another. */
const fiveBits = (g: Graph, field: (name: string) => Value): Value =>
  g.add(nibbles(g, field('q')), g.mul(bits(g, field('high')), number(g, 16)))

/** Of each 32 bytes the lower halves come first, then the upper ones: [blocks, 256]. */
function fourBits(g: Graph, field: (name: string) => Value): Value {
  const q = field('q')
  const blocks = q.shape[0]
  return g.reshape(nibbles(g, g.reshape(q, [blocks * 4, 32])), [blocks, 256])
}

/** Every 32 of 256 numbers times a scale, less a minimum of their own. */
function inEighths(g: Graph, field: (name: string) => Value, q: Value): Value {
  const { scales, minima } = sixBitScales(g, wide(g, field('scales')))
  const blocks = q.shape[0]
  const perGroup = (x: Value): Value => g.reshape(x, [blocks, 8, 1])
  const d = perGroup(g.mul(half(g, field('d')), scales))
  const m = perGroup(g.mul(half(g, field('m')), minima))
  return g.reshape(g.sub(g.mul(d, g.reshape(q, [blocks, 8, 32])), m), [blocks, 256])
}

/** Eight scales and minima of six bits in twelve bytes (get_scale_min_k4). */
function sixBitScales(g: Graph, bytes: Value): { scales: Value; minima: Value } {
  const part = (index: number) => divided(g, g.slice(bytes, 1, 4 * index, 4 * index + 4), 64)
  const [first, second] = [part(0), part(1)]
  const last = divided(g, g.slice(bytes, 1, 8, 12), 16)
  const above = (high: Value, low: Value): Value => g.add(low, g.mul(high, number(g, 16)))
  return {
    scales: g.concat([first.rest, above(first.times, last.rest)], 1),
    minima: g.concat([second.rest, above(second.times, last.times)], 1),
  }
}

/**
 * Numbers of half precision [rows, 1] out of their two bytes: with the upper one known, the number is a straight line over
 * the lower one (IEEE 754).
 */
function half(g: Graph, bytes: Value): Value {
  const byte = (index: number): Value => g.cast(g.slice(bytes, 1, index, index + 1), 'uint8', 'int32')
  const [low, high] = [byte(0), byte(1)]
  const starts = g.gather(g.wideTable('halves:starts', halfLines.starts, [256]), high)
  const steps = g.gather(g.wideTable('halves:steps', halfLines.steps, [256]), high)
  return g.add(starts, g.mul(g.cast(low, 'int32', 'float32'), steps))
}

/** For every upper byte the number with 0 below it, and what one more in the lower byte adds. */
const halfLines = {
  starts: Array.from({ length: 256 }, (_, upper) => inHalf(upper, 0)),
  steps: Array.from({ length: 256 }, (_, upper) => inHalf(upper, 1) - inHalf(upper, 0)),
}

function inHalf(upper: number, lower: number): number {
  return new Float16Array(Uint16Array.of((upper << 8) | lower).buffer)[0]
}
