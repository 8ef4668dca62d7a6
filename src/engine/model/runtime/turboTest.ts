import type { TurboTest } from '../../../shared/request/automaticTurbo.ts'
import { Graph } from '../../graph/writing/graph.ts'
import { conv2d, groupNorm, layerNorm, linear, plainNorm, silu } from '../../graph/layers/layers.ts'
import { sizeOf } from '../../graph/writing/shapes.ts'
import type { Dialect, Value } from '../../graph/writing/value.ts'
import type { Weight } from '../../graph/weights/weight.ts'
import { cpuDialect } from '../networks/networks.ts'
import { relativeDifference } from './testNumbers.ts'
import { openSession, type Input, type Session } from './session.ts'
import { newTallies } from './tallies.ts'

/**
 * Whether Turbo is faster on this processor, and near the exact numbers: layers of the widths of a network are computed
 * both ways. Processors that multiply 8 bits by an instruction of their own (VNNI) gain most; others may lose.
 */

/** What of a network decides how much it gains. */
export type TurboNetwork =
  | {
      kind: 'unet'
      /** Every width once, finest first, and how many transformer layers an attention has there. */
      levels: readonly { channels: number; transformers: number }[]
    }
  /** Its layers are rounded in every run: what that costs follows the number of tokens, whatever the widths. */
  | { kind: 'transformer' }

/** As it is kept: "U-Net 320/1 640/1 1280/1". */
export const nameOfNetwork = (network: TurboNetwork): string =>
  network.kind === 'transformer'
    ? 'transformer'
    : ['U-Net', ...network.levels.map(({ channels, transformers }) => `${channels}/${transformers}`)].join(
        ' ',
      )

/** Runs of each way that are counted, in turn; the least counts. */
const runs = 3

/** Takes about a second. Time is the processor's, so what else the machine does counts less. */
export async function testTurbo(network: TurboNetwork): Promise<TurboTest> {
  const weights = new Map<string, Weight>()
  const exact = await open(network, false, weights)
  const turbo = await open(network, true, weights)
  try {
    const difference = relativeDifference(await turbo.run(), await exact.run())
    const times = { exact: Infinity, turbo: Infinity }
    for (let run = 0; run < runs; run++) {
      times.exact = Math.min(times.exact, await exact.time())
      times.turbo = Math.min(times.turbo, await turbo.time())
    }
    return { speed: times.exact / times.turbo, difference }
  } finally {
    await Promise.all([exact.release(), turbo.release()])
  }
}

interface Layers extends Pick<Session, 'release'> {
  /** All outputs, one after the other. */
  run(): Promise<Float32Array>
  /** Microseconds that all processors spend on a run. */
  time(): Promise<number>
}

/** `weights`: those that the other way has had already. */
async function open(network: TurboNetwork, turbo: boolean, weights: Map<string, Weight>): Promise<Layers> {
  const inTheRun = network.kind === 'transformer'
  const dialect: Dialect = { ...cpuDialect, turbo, ...(inTheRun && { widening: 'in the run' as const }) }
  const graph = Graph.over((key) => {
    const weight = weights.get(key) ?? weightOf(key, inTheRun ? 'bfloat16' : 'float32')
    weights.set(key, weight)
    return weight
  }, dialect)
  if (network.kind === 'transformer') writeTransformer(graph)
  else network.levels.forEach((level, index) => isTested(level, index) && writeLevel(graph, level, index))
  const options = { device: 'cpu', folder: '.', frugal: inTheRun, tally: newTallies().unet } as const
  const session = await openSession(graph.encode(), options)
  const inputs = Object.fromEntries(
    graph.inputs.map(({ name, shape }): [string, Input] => {
      const sides = shape.map(Number)
      return [name, { data: normal(sizeOf(sides), 1, 1), shape: sides }]
    }),
  )
  return {
    async run() {
      const outputs = Object.values(await session.run(inputs))
      return Float32Array.from(outputs.flatMap((output) => Array.from(output)))
    },
    async time() {
      const before = process.cpuUsage()
      await session.run(inputs)
      const { user, system } = process.cpuUsage(before)
      return user + system
    },
    release: () => session.release(),
  }
}

/** Latents of a side at the finest level: a picture of 256 pixels. */
const finest = 32
/** Wider layers gain as much or more, and take longer. */
const widest = 768
const isTested = ({ channels }: { channels: number }, index: number): boolean =>
  index === 0 || channels <= widest
/** More of them change the share of linear layers little, and take longer. */
const mostTransformers = 2

/** A residual block's convolution, and the feed-forward layers of the transformers. */
function writeLevel(
  g: Graph,
  { channels, transformers }: { channels: number; transformers: number },
  index: number,
): void {
  const side = finest >> index
  const x = g.input(`x${index}`, [1, channels, side, side])
  const name = (layer: string, shape: readonly number[]): string => [layer, ...shape].join('-')
  const normed = silu(g, groupNorm(g.scope(name('norm', [channels])), x, groups, epsilon))
  const convolved = conv2d(g.scope(name('layer', [channels, channels, 3, 3])), normed, channels)
  let tokens = g.transpose(g.reshape(convolved, [channels, side * side]), [1, 0])
  for (let layer = 0; layer < Math.min(transformers, mostTransformers); layer++)
    tokens = feedForward(g, layerNorm(g.scope(name('norm', [channels])), tokens, epsilon), channels)
  g.output(`y${index}`, tokens)
}

const groups = 32
const epsilon = 1e-5

/** As many tokens as a picture of 512 by 512 has, over a layer that is as wide as 768 numbers. */
function writeTransformer(g: Graph): void {
  const x = g.input('x', [1024, 768])
  g.output('y', feedForward(g, plainNorm(g, x, 1e-6), 768))
}

function feedForward(g: Graph, x: Value, width: number): Value {
  const inner = g.gelu(linear(g.scope(`layer-${4 * width}-${width}`), x, 4 * width))
  return linear(g.scope(`layer-${width}-${4 * width}`), inner, width)
}

/** The weight of a key, which says its shape: normally distributed, as wide as keeps what it is multiplied with. */
function weightOf(key: string, dataType: 'float32' | 'bfloat16'): Weight {
  const [scope, name] = key.split('.')
  const [layer, ...sides] = scope.split('-')
  const shape = name === 'bias' ? [Number(sides[0])] : sides.map(Number)
  const inputs = sizeOf(shape) / shape[0]
  const numbers =
    layer === 'norm' || name === 'bias'
      ? new Float32Array(sizeOf(shape)).fill(name === 'bias' ? 0 : 1)
      : normal(sizeOf(shape), 1 / Math.sqrt(inputs), sizeOf(shape))
  const bits = new Uint32Array(numbers.buffer)
  const data = dataType === 'float32' ? bits : new Uint16Array(bits.length).map((_, i) => bits[i] >>> 16)
  return { dataType, shape, transposed: false, data: new Uint8Array(data.buffer) }
}

/** A stream of pseudo-random whole numbers below 2^32: a linear congruential generator (Numerical Recipes). */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0)
}

/** 2^16 draws of a normal distribution (Box and Muller 1958), from which all others are taken. */
function drawNormal(): Float32Array {
  const random = randomFrom(1)
  const uniform = (): number => (random() + 0.5) / 2 ** 32
  return Float32Array.from(
    { length: 2 ** 16 },
    () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()),
  )
}

let draws: Float32Array | undefined

function normal(length: number, width: number, seed: number): Float32Array<ArrayBuffer> {
  const table = (draws ??= drawNormal())
  const random = randomFrom(seed)
  const numbers = new Float32Array(length)
  for (let i = 0; i < length; i++) numbers[i] = width * table[random() >>> 16]
  return numbers
}
