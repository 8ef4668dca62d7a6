import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Graph } from '../../src/engine/graph/writing/graph.ts'
import { attention } from '../../src/engine/graph/layers/attention.ts'
import { conv2d, linear } from '../../src/engine/graph/layers/layers.ts'
import { sizeOf } from '../../src/engine/graph/writing/shapes.ts'
import type { Dialect, Value } from '../../src/engine/graph/writing/value.ts'
import type { Weight } from '../../src/engine/graph/weights/weight.ts'
import { relativeDifference } from '../../src/engine/model/runtime/testNumbers.ts'
import { openSession, type RealDevice } from '../../src/engine/model/runtime/session.ts'
import { newTallies } from '../../src/engine/model/runtime/tallies.ts'
import { quickestRun, totalOf, type Kernels } from './kernels.ts'
import { row } from './report.ts'

/**
 * The layers of SD 1.5 and SDXL on a graphics card, each in every form that the engine can write it in: the time of its
 * programs by the card's own clock, and how far the result is from the CPU's. `--device`, `--precision`, and `--side`, the
 * largest picture in latents.
 */
const { values: chosen } = parseArgs({
  args: process.argv.slice(3),
  options: {
    device: { type: 'string', default: 'webgpu' },
    precision: { type: 'string', default: 'float16' },
    side: { type: 'string', default: '128' },
  },
})
const runs = 5
const side = Number(chosen.side)
const plain = { attention: 'sliced', precision: chosen.precision as Dialect['precision'] } as const
const forms: Record<string, Dialect> = {
  plain,
  'fused attention': { ...plain, attention: 'fused' },
  'by card': { ...plain, products: 'by card' },
}

/** Normally distributed numbers (Box and Muller 1958), drawn from a table of them. */
const draws = Float32Array.from({ length: 2 ** 16 }, (_, i) => {
  const [a, b] = [(i + 1) / 65537, ((i * 40503) % 65536) / 65536]
  return Math.sqrt(-2 * Math.log(a)) * Math.cos(2 * Math.PI * b)
})
const normal = (length: number, spread: number): Float32Array<ArrayBuffer> =>
  Float32Array.from({ length }, (_, i) => spread * draws[Math.imul(i + 1, 2654435761) >>> 16])

/** The weight of a key that says its shape, as wide as keeps the size of what it is multiplied with. */
function source(key: string): Weight {
  const [scope, name] = key.split('.')
  const sides = scope.split('-').slice(1).map(Number)
  const shape = name === 'bias' ? sides.slice(0, 1) : sides
  const numbers = normal(sizeOf(shape), 1 / Math.sqrt(sizeOf(shape) / shape[0]))
  const data = new Uint8Array(Float16Array.from(numbers).buffer)
  return { dataType: 'float16', shape, transposed: false, data }
}

interface Layer {
  name: string
  shape: readonly number[]
  write(g: Graph, x: Value): Value
  operations: number
  among: readonly string[]
}

const convolution = (size: number, inputs: number, outputs: number): Layer => ({
  name: `convolution 3×3 of ${size}×${size}, ${inputs} to ${outputs}`,
  shape: [1, inputs, size, size],
  write: (g, x) => conv2d(g.scope(`w-${outputs}-${inputs}-3-3`), x, outputs),
  operations: 18 * size * size * inputs * outputs,
  among: ['plain', 'by card'],
})

const tokens = (count: number, inputs: number, outputs: number): Layer => ({
  name: `${count} tokens of ${inputs} to ${outputs}`,
  shape: [count, inputs],
  write: (g, x) => linear(g.scope(`w-${outputs}-${inputs}`), x, outputs),
  operations: 2 * count * inputs * outputs,
  among: ['plain', 'by card'],
})

const attending = (count: number, heads: number, width: number): Layer => ({
  name: `attention among ${count}, ${heads} heads of ${width}`,
  shape: [count, heads * width],
  write: (g, x) => attention(g, x, x, x, heads),
  operations: 4 * count * count * heads * width,
  among: ['plain', 'fused attention'],
})

const layers = [
  ...[convolution(128, 320, 320), convolution(64, 320, 320), convolution(64, 640, 640)],
  ...[convolution(32, 640, 640), convolution(16, 1280, 1280), convolution(8, 1280, 1280)],
  ...[tokens(4096, 320, 320), tokens(4096, 320, 2560), tokens(1024, 1280, 1280), tokens(1024, 1280, 10240)],
  ...[tokens(1024, 5120, 1280), tokens(77, 2048, 1280), tokens(1, 1280, 1280)],
  ...[attending(4096, 8, 40), attending(4096, 10, 64), attending(1024, 20, 64), attending(256, 8, 160)],
].filter(({ shape }) => (shape.length === 4 ? shape[2] : Math.sqrt(shape[0])) <= side)

async function run(layer: Layer, dialect: Dialect, device: RealDevice, folder: string, times: number) {
  const graph = Graph.over(source, dialect)
  graph.output('y', layer.write(graph, graph.input('x', layer.shape)))
  const options = { device, folder: '.', frugal: false, tally: newTallies().unet }
  const session = await openSession(graph.encode(), { ...options, profile: join(folder, device) })
  const x = { data: normal(sizeOf(layer.shape), 1), shape: layer.shape }
  let y = new Float32Array()
  for (let i = 0; i < times; i++) y = new Float32Array((await session.run({ x }))['y'])
  session.endProfile()
  await session.release()
  return y
}

async function measure(layer: Layer, form: string): Promise<{ kernels: Kernels; y: Float32Array }> {
  const folder = await mkdtemp(join(tmpdir(), 'latent-studio-profile-'))
  try {
    const y = await run(layer, forms[form], chosen.device as RealDevice, folder, runs)
    const [profile] = await readdir(folder)
    return { y, kernels: await quickestRun(join(folder, profile), runs) }
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function onCpu(layer: Layer): Promise<Float32Array> {
  const folder = await mkdtemp(join(tmpdir(), 'latent-studio-profile-'))
  try {
    return await run(layer, { attention: 'fused', precision: 'float32' }, 'cpu', folder, 1)
  } finally {
    await rm(folder, { recursive: true })
  }
}

for (const layer of layers) {
  console.log(layer.name)
  const expected = await onCpu(layer)
  for (const form of layer.among) {
    const { kernels, y } = await measure(layer, form)
    const took = totalOf(kernels)
    const rate = `${(layer.operations / took / 1e6).toFixed(1)} TFLOP/s`
    row(form, `${took} µs, ${rate}, off by ${relativeDifference(y, expected).toExponential(1)}`)
    row('', [...kernels].map(([program, us]) => `${program} ${us}`).join(', '))
  }
}
