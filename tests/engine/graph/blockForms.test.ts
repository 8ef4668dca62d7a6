import { expect, it } from 'vitest'
import { blockBytes, blockForms, type BlockForm } from '../../../src/engine/graph/weights/blockForms.ts'
import { Graph } from '../../../src/engine/graph/writing/graph.ts'
import type { Dialect } from '../../../src/engine/graph/writing/value.ts'
import type { Weight } from '../../../src/engine/graph/weights/weight.ts'
import { cpuDialect } from '../../../src/engine/model/networks/networks.ts'
import { openSession } from '../../../src/engine/model/runtime/session.ts'
import { newTallies } from '../../../src/engine/model/runtime/tallies.ts'

/** A block one number after the other, as ggml's dequantize_row functions go. */
type Scalar = (block: DataView) => number[]

const count = <Value>(length: number, at: (index: number) => Value): Value[] =>
  Array.from({ length }, (_, index) => at(index))
const round = Math.fround

const fiveBit = (block: DataView, high: number, q: number, index: number): number => {
  const byte = block.getUint8(q + (index % 16))
  const nibble = index < 16 ? byte & 15 : byte >> 4
  return nibble | (((block.getUint32(high, true) >>> index) & 1) << 4)
}

const scaleAndMinimum = (block: DataView, index: number): [number, number] => {
  const at = (i: number): number => block.getUint8(4 + i)
  if (index < 4) return [at(index) & 63, at(index + 4) & 63]
  return [(at(index + 4) & 15) | ((at(index - 4) >> 6) << 4), (at(index + 4) >> 4) | ((at(index) >> 6) << 4)]
}

const byEighths = (block: DataView, quant: (group: number, index: number) => number): number[] =>
  count(256, (i) => {
    const group = Math.floor(i / 32)
    const [scale, minimum] = scaleAndMinimum(block, group)
    const d = round(block.getFloat16(0, true) * scale)
    const m = round(block.getFloat16(2, true) * minimum)
    return round(round(d * quant(group, i % 32)) - m)
  })

const scalars: Record<BlockForm, Scalar> = {
  Q8_0: (block) => count(32, (i) => round(block.getFloat16(0, true) * block.getInt8(2 + i))),
  Q4_0: (block) =>
    count(32, (i) => {
      const byte = block.getUint8(2 + (i % 16))
      return round(block.getFloat16(0, true) * ((i < 16 ? byte & 15 : byte >> 4) - 8))
    }),
  Q4_1: (block) =>
    count(32, (i) => {
      const byte = block.getUint8(4 + (i % 16))
      return round(
        round(block.getFloat16(0, true) * (i < 16 ? byte & 15 : byte >> 4)) + block.getFloat16(2, true),
      )
    }),
  Q5_0: (block) => count(32, (i) => round(block.getFloat16(0, true) * (fiveBit(block, 2, 6, i) - 16))),
  Q5_1: (block) =>
    count(32, (i) =>
      round(round(block.getFloat16(0, true) * fiveBit(block, 4, 8, i)) + block.getFloat16(2, true)),
    ),
  Q4_K: (block) =>
    byEighths(block, (group, i) => {
      const byte = block.getUint8(16 + 32 * (group >> 1) + i)
      return group % 2 === 0 ? byte & 15 : byte >> 4
    }),
  Q5_K: (block) =>
    byEighths(block, (group, i) => {
      const byte = block.getUint8(48 + 32 * (group >> 1) + i)
      const bit = (block.getUint8(16 + i) >> group) & 1
      return (group % 2 === 0 ? byte & 15 : byte >> 4) | (bit << 4)
    }),
  Q6_K: (block) =>
    count(256, (i) => {
      const [half, within] = [Math.floor(i / 128), i % 128]
      const low = block.getUint8(64 * half + (within % 64))
      const high = (block.getUint8(128 + 32 * half + (within % 32)) >> (2 * Math.floor(within / 32))) & 3
      const q = ((within < 64 ? low & 15 : low >> 4) | (high << 4)) - 32
      const d = round(block.getFloat16(208, true) * block.getInt8(192 + Math.floor(i / 16)))
      return round(d * q)
    }),
}

/** Where a block has its numbers of half precision, which are to be finite. */
const halves: Record<BlockForm, number[]> = {
  ...{ Q8_0: [0], Q4_0: [0], Q4_1: [0, 2], Q5_0: [0], Q5_1: [0, 2], Q4_K: [0, 2], Q5_K: [0, 2], Q6_K: [208] },
}

const dialects: Record<string, Dialect> = {
  'folded while the graph is opened': cpuDialect,
  'widened in the run': { ...cpuDialect, widening: 'in the run' },
}
const written = Object.entries(dialects).flatMap(([when, dialect]) =>
  (Object.keys(blockForms) as BlockForm[]).map((form) => [form, when, dialect] as const),
)

it.each(written)('%s, %s: the numbers that ggml reads, to the bit', async (form, _, dialect) => {
  const [rows, perRow, size] = [3, 5, blockBytes(form)]
  const data = Uint8Array.from(
    { length: rows * perRow * size },
    (_, i) => (Math.imul(i + 1, 2654435761) >>> 23) & 255,
  )
  const view = new DataView(data.buffer)
  for (let block = 0; block < rows * perRow; block++)
    for (const at of halves[form])
      view.setFloat16(block * size + at, block === 0 ? -0.00002 : 0.1 * Math.sin(1 + block + at), true)
  const expected = count(rows * perRow, (block) =>
    scalars[form](new DataView(data.buffer, block * size, size)),
  ).flat()

  const shape = [rows, perRow * blockForms[form].values]
  const weight: Weight = { ...{ dataType: 'uint8', shape, transposed: false, data }, blocks: form }
  const graph = Graph.over(() => weight, dialect)
  graph.output('numbers', graph.weight('weight', shape))
  const tally = newTallies().unet
  const session = await openSession(graph.encode(), { device: 'cpu', folder: '.', frugal: false, tally })
  const { numbers } = await session.run({})
  await session.release()
  expect([...numbers].map((value) => value + 0)).toEqual(expected.map((value) => value + 0))
})

it('picks rows of a table in blocks as they are in the whole', async () => {
  const [rows, perRow, size] = [6, 2, blockBytes('Q5_1')]
  const data = Uint8Array.from({ length: rows * perRow * size }, (_, i) => (i * 29) % 120)
  const table: Weight = {
    ...{ dataType: 'uint8', shape: [rows, perRow * 32], transposed: false, data, blocks: 'Q5_1' },
  }
  const graph = Graph.over((key) => (key === 'table' ? table : undefined), cpuDialect)
  graph.output('whole', graph.weight('table', table.shape))
  graph.output('picked', graph.gatherWeight('table', table.shape, graph.indices('which', 3)))
  const tally = newTallies().unet
  const session = await openSession(graph.encode(), { device: 'cpu', folder: '.', frugal: false, tally })
  const { whole, picked } = await session.run({ which: { data: Int32Array.of(4, 0, 4), shape: [3] } })
  await session.release()
  const row = (index: number): number[] => [...whole.subarray(index * 64, (index + 1) * 64)]
  expect([...picked]).toEqual([...row(4), ...row(0), ...row(4)])
})
