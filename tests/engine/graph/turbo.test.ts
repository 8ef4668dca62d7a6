import { describe, expect, it } from 'vitest'
import { operationsOf } from '../../../src/engine/graph/writing/folding.ts'
import { Graph } from '../../../src/engine/graph/writing/graph.ts'
import { conv2d, linear } from '../../../src/engine/graph/layers/layers.ts'
import { round, toBeRounded, type QuantisedWeight } from '../../../src/engine/graph/weights/quantise.ts'
import { sizeOf } from '../../../src/engine/graph/writing/shapes.ts'
import type { Dialect, Value } from '../../../src/engine/graph/writing/value.ts'
import type { Weight } from '../../../src/engine/graph/weights/weight.ts'
import { cpuDialect } from '../../../src/engine/model/networks/networks.ts'
import { openSession } from '../../../src/engine/model/runtime/session.ts'
import { newTallies } from '../../../src/engine/model/runtime/tallies.ts'

const turbo: Dialect = { ...cpuDialect, turbo: true }
/** Numbers in -1..1 that repeat in no pattern. */
const noise = (shape: readonly number[], salt: number): Float32Array =>
  Float32Array.from(
    { length: sizeOf(shape) },
    (_, i) => 2 * ((Math.sin(i * 12.9898 + salt) * 43758.5453) % 1),
  ).map((value) => value % 1)

const shapes: Record<string, number[]> = {
  'linear.weight': [64, 32],
  'linear.bias': [64],
  'conv.weight': [48, 32, 3, 3],
  'conv.bias': [48],
  'narrow.weight': [4, 32, 3, 3],
  'narrow.bias': [4],
}
const weightOf = (key: string): Weight => {
  const data = new Uint8Array(Float16Array.from(noise(shapes[key], key.length)).buffer)
  return { dataType: 'float16', shape: shapes[key], transposed: false, data }
}

async function run(dialect: Dialect, shape: readonly number[], write: (g: Graph, x: Value) => Value) {
  const graph = Graph.over(weightOf, dialect)
  graph.output('y', write(graph, graph.input('x', shape)))
  const tally = newTallies().unet
  const session = await openSession(graph.encode(), { device: 'cpu', folder: '.', frugal: false, tally })
  const { y } = await session.run({ x: { data: noise(shape, 0.5), shape } })
  await session.release()
  return { y, operators: operationsOf(graph.written).map(({ operator }) => operator) }
}

function quantise(weight: Weight): QuantisedWeight {
  const rounding = toBeRounded(weight)
  round(rounding)
  return rounding.rounded
}

/** Root mean square of the difference, relative to what is wanted. */
function apart(found: Float32Array, wanted: Float32Array): number {
  expect(found).toHaveLength(wanted.length)
  const squares = (of: (i: number) => number): number => wanted.reduce((sum, _, i) => sum + of(i) ** 2, 0)
  return Math.sqrt(squares((i) => found[i] - wanted[i]) / squares((i) => wanted[i]))
}

describe('layers in 8 bits', () => {
  it.each<[string, readonly number[], (g: Graph, x: Value) => Value]>([
    ['a linear layer', [10, 32], (g, x) => linear(g.scope('linear'), x, 64)],
    ['a convolution', [1, 32, 7, 6], (g, x) => conv2d(g.scope('conv'), x, 48)],
    [
      'one of stride 2, padded at two sides',
      [1, 32, 8, 6],
      (g, x) => conv2d(g.scope('conv'), x, 48, { stride: 2, pads: [0, 0, 1, 1] }),
    ],
  ])('are near the exact ones: %s', async (_name, shape, layer) => {
    const [found, wanted] = [await run(turbo, shape, layer), await run(cpuDialect, shape, layer)]
    expect(found.y).not.toEqual(wanted.y)
    // Steps of 1/63 and 2/255 of numbers as large as these are, each off by step / √12.
    expect(apart(found.y, wanted.y)).toBeLessThan(0.015)
  })

  it.each<[string, readonly number[], (g: Graph, x: Value) => Value]>([
    ['of few outputs', [1, 32, 5, 5], (g, x) => conv2d(g.scope('narrow'), x, 4)],
    ['over one row', [1, 32], (g, x) => linear(g.scope('linear'), x, 64)],
  ])('are not those %s', async (_name, shape, layer) => {
    expect((await run(turbo, shape, layer)).y).toEqual((await run(cpuDialect, shape, layer)).y)
  })

  it('have weights of at most 63, each output with a factor of its own', () => {
    const weight = new Float32Array([1, -0.51, 0.25, 0, 0, 0, -63, 31.4, 0.6])
    const data = new Uint8Array(weight.buffer)
    const { values, factors } = quantise({ dataType: 'float32', shape: [3, 3], transposed: false, data })
    expect([...values]).toEqual([63, -32, 16, 0, 0, 0, -63, 31, 1])
    expect(factors[0]).toBeCloseTo(1 / 63, 7)
    expect(factors[2]).toBe(1)
  })

  it('stay broken where their weights are', () => {
    const data = new Uint8Array(new Float32Array([1, Number.NaN, 1, 2, Infinity, 2]).buffer)
    const { factors } = quantise({ dataType: 'float32', shape: [2, 3], transposed: false, data })
    expect([...factors]).toEqual([Number.NaN, Infinity])
  })
})
