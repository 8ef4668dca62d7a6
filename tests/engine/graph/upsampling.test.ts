import { describe, expect, it } from 'vitest'
import { Graph } from '../../../src/engine/graph/writing/graph.ts'
import type { Dialect } from '../../../src/engine/graph/writing/value.ts'
import { doubledConv2d, upsample } from '../../../src/engine/graph/layers/layers.ts'
import { openSession } from '../../../src/engine/model/runtime/session.ts'
import { newTallies } from '../../../src/engine/model/runtime/tallies.ts'

const plain: Dialect = { attention: 'fused', precision: 'float32' }
const folded: Dialect = { ...plain, upsampling: 'folded' }

const waves = (length: number, step: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => Math.sin(1 + i * step))

type Write = (g: Graph, x: ReturnType<Graph['input']>) => ReturnType<Graph['input']>

/** Runs a layer over a picture of [1, channels, height, width], its weights waves of any shape, stored as halves. */
async function run(dialect: Dialect, shape: readonly number[], write: Write): Promise<Float32Array> {
  const [, channels] = shape
  const shapes: Record<string, number[]> = {
    'conv.bias': [channels],
    'conv.weight': [channels, channels, 3, 3],
  }
  const source = (key: string) => {
    const size = shapes[key].reduce((product, length) => product * length, 1)
    const data = new Uint8Array(Float16Array.from(waves(size, 0.71)).buffer)
    return { dataType: 'float16', shape: shapes[key], transposed: false, data } as const
  }
  const graph = Graph.over(source, dialect)
  graph.output('y', write(graph, graph.input('x', shape)))
  const options = { device: 'cpu', folder: '.', frugal: false, tally: newTallies().unet } as const
  const session = await openSession(graph.encode(), options)
  const data = waves(
    shape.reduce((product, length) => product * length, 1),
    0.37,
  )
  const { y } = await session.run({ x: { data, shape } })
  await session.release()
  return y
}

/** Largest difference, relative to the largest value. */
function apart(found: Float32Array, wanted: Float32Array): number {
  expect(found).toHaveLength(wanted.length)
  const largest = (of: (index: number) => number): number =>
    wanted.reduce((most, _, index) => Math.max(most, Math.abs(of(index))), 0)
  return largest((i) => found[i] - wanted[i]) / largest((i) => wanted[i])
}

describe('doubling a picture and convolving it', () => {
  it.each([
    [1, 16, 4, 4],
    [1, 3, 1, 1],
    [1, 5, 3, 7],
    [1, 32, 8, 2],
  ])('gives the same folded into one convolution a pixel: %i, %i, %i, %i', async (...shape) => {
    const layer: Write = (g, x) => upsample(g, x)
    expect(apart(await run(folded, shape, layer), await run(plain, shape, layer))).toBeLessThan(1e-6)
  })

  it('may have no bias', async () => {
    const layer: Write = (g, x) => doubledConv2d(g.scope('conv'), x, 16, { bias: false })
    const shape = [1, 16, 5, 6]
    expect(apart(await run(folded, shape, layer), await run(plain, shape, layer))).toBeLessThan(1e-6)
  })

  it('to a size that is not the double is not folded', async () => {
    const layer: Write = (g, x) => upsample(g, x, 9, 6)
    const shape = [1, 16, 5, 3]
    expect(await run(folded, shape, layer)).toEqual(await run(plain, shape, layer))
  })
})
