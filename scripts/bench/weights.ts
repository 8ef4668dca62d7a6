import { setPriority } from 'node:os'
import { blockBytes, blockForms, type BlockForm } from '../../src/engine/graph/weights/blockForms.ts'
import { Graph } from '../../src/engine/graph/writing/graph.ts'
import { linear } from '../../src/engine/graph/layers/layers.ts'
import { encodeModel, type Initializer } from '../../src/engine/graph/writing/onnx.ts'
import type { Dialect } from '../../src/engine/graph/writing/value.ts'
import type { Weight } from '../../src/engine/graph/weights/weight.ts'
import { cpuDialect } from '../../src/engine/model/networks/networks.ts'
import { openSession } from '../../src/engine/model/runtime/session.ts'
import { newTallies } from '../../src/engine/model/runtime/tallies.ts'
import { row } from './report.ts'

/**
 * A layer of 3072 by 3072 on the CPU, by the form of its weights: folded to float32 while it is opened, widened in every run,
 * rounded for Turbo, and in blocks that ONNX Runtime multiplies as they are (MatMulNBits). As ratios of a run in float32, in
 * time of the processor, so that what runs beside it counts less. At a low priority.
 */
setPriority(10)
const side = 3072
const runs = 3

type Way = 'folded' | 'in the run' | 'Turbo' | 'Turbo in the run' | 'MatMulNBits'
const dialects: Record<Exclude<Way, 'MatMulNBits'>, Dialect> = {
  folded: cpuDialect,
  'in the run': { ...cpuDialect, widening: 'in the run' },
  Turbo: { ...cpuDialect, turbo: true },
  'Turbo in the run': { ...cpuDialect, widening: 'in the run', turbo: true },
}

const random = (length: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length }, (_, i) => Math.imul(i + 1, 2654435761) >>> 24)

const weightOf = (dataType: Weight['dataType'], data: Uint8Array): Weight => ({
  ...{ dataType, shape: [side, side], transposed: false, data },
})

/** Every block with factors that are finite. */
function blocksOf(form: BlockForm): Weight {
  const size = blockBytes(form)
  const bytes = random((side * side * size) / blockForms[form].values)
  const view = new DataView(bytes.buffer)
  let offset = 0
  for (const [field, length] of blockForms[form].fields) {
    if (field === 'd' || field === 'm')
      for (let at = offset; at < bytes.length; at += size) view.setFloat16(at, 0.0005, true)
    offset += length
  }
  return { ...weightOf('uint8', bytes), blocks: form }
}

const halves = (exponent: number): Uint8Array =>
  random(2 * side * side).map((byte, i) => (i % 2 === 0 ? byte : exponent))

const forms: Record<string, { weight(): Weight; ways: readonly Way[] }> = {
  F32: {
    weight: () =>
      weightOf('float32', new Uint8Array(Float32Array.from({ length: side ** 2 }, Math.sin).buffer)),
    ways: ['folded', 'in the run'],
  },
  BF16: {
    weight: () => weightOf('bfloat16', halves(0x3c)),
    ways: ['folded', 'in the run', 'Turbo', 'Turbo in the run'],
  },
  fp8: {
    weight: () =>
      weightOf(
        'float8e4m3',
        random(side * side).map((byte) => (byte & 0x87) | 0x20),
      ),
    ways: ['folded', 'in the run'],
  },
  int8: {
    weight: () => ({
      ...weightOf('int8', random(side * side)),
      scale: { dataType: 'float32', rows: side, data: floats(side, 1e-4) },
    }),
    ways: ['folded', 'in the run'],
  },
  Q8_0: { weight: () => blocksOf('Q8_0'), ways: ['folded', 'in the run', 'Turbo in the run', 'MatMulNBits'] },
  Q4_0: { weight: () => blocksOf('Q4_0'), ways: ['folded', 'in the run', 'MatMulNBits'] },
  Q4_K: { weight: () => blocksOf('Q4_K'), ways: ['folded', 'in the run'] },
  Q6_K: { weight: () => blocksOf('Q6_K'), ways: ['folded', 'in the run'] },
}

const floats = (length: number, value: number): Uint8Array =>
  new Uint8Array(new Float32Array(length).fill(value).buffer)

function modelOf(weight: Weight, way: Way, rows: number): Uint8Array {
  if (way === 'MatMulNBits') return inNBits(weight.blocks === 'Q4_0' ? 4 : 8, rows)
  const graph = Graph.over(() => weight, dialects[way])
  graph.output('y', linear(graph, graph.input('x', [rows, side]), side, { bias: false }))
  return graph.encode()
}

/** Blocks of 32 numbers with a factor each, activations rounded to 8 bits in blocks too (accuracy level 4). */
function inNBits(bits: 4 | 8, rows: number): Uint8Array {
  const shape = [side, side / 32, 4 * bits]
  const initializers: Initializer[] = [
    { name: 'w', dataType: 'uint8', shape, data: random((side * side * bits) / 8) },
    { name: 's', dataType: 'float32', shape: [side * shape[1]], data: floats(side * shape[1], 0.0005) },
  ]
  const attributes = { K: side, N: side, bits, block_size: 32, accuracy_level: 4 }
  const node = {
    ...{ operator: 'MatMulNBits', domain: 'com.microsoft' as const, name: 'y' },
    ...{ inputs: ['x', 'w', 's'], output: 'y' },
    attributes: Object.fromEntries(Object.entries(attributes).map(([name, int]) => [name, { int }])),
  }
  const port = (name: string) => ({ name, dataType: 'float32' as const, shape: [rows, side] })
  return encodeModel({ nodes: [node], initializers, inputs: [port('x')], outputs: [port('y')] })
}

const cpuSeconds = (since?: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(since)
  return (user + system) / 1e6
}

/** The least of several runs, and the opening, in seconds of the processor. */
async function measure(weight: Weight, way: Way, rows: number): Promise<{ opening: number; run: number }> {
  const model = modelOf(weight, way, rows)
  const before = process.cpuUsage()
  const frugal = way.endsWith('in the run')
  const session = await openSession(model, { device: 'cpu', folder: '.', frugal, tally: newTallies().unet })
  const opening = cpuSeconds(before)
  const x = {
    data: Float32Array.from({ length: rows * side }, (_, i) => Math.sin(0.7 * i)),
    shape: [rows, side],
  }
  let run = Infinity
  for (let i = 0; i < runs; i++) {
    const start = process.cpuUsage()
    await session.run({ x })
    run = Math.min(run, cpuSeconds(start))
  }
  await session.release()
  return { opening, run }
}

for (const rows of [64, 512]) {
  const reference = await measure(forms['F32'].weight(), 'folded', rows)
  console.log(
    ` ${rows} rows: float32 ${((2 * rows * side ** 2) / reference.run / 1e9).toFixed(0)} GFLOP a second of the processor`,
  )
  for (const [name, { weight, ways }] of Object.entries(forms))
    for (const way of ways) {
      const { opening, run } = await measure(weight(), way, rows)
      row(`${name}, ${way}`, `run × ${(run / reference.run).toFixed(2)}, opening ${opening.toFixed(2)} s`)
    }
}
