import { describe, expect, it } from 'vitest'
import { operationsOf } from '../../../src/engine/graph/writing/folding.ts'
import { Graph } from '../../../src/engine/graph/writing/graph.ts'
import { conv2d, linear, linearHalves, type ConvOptions } from '../../../src/engine/graph/layers/layers.ts'
import { sizeOf } from '../../../src/engine/graph/writing/shapes.ts'
import type { Dialect, Value } from '../../../src/engine/graph/writing/value.ts'
import type { Weight } from '../../../src/engine/graph/weights/weight.ts'
import { unet } from '../../../src/engine/graph/unet/unet.ts'
import { relativeDifference } from '../../../src/engine/model/runtime/testNumbers.ts'
import { readModel } from '../../../src/engine/model/openModel.ts'
import { openSession } from '../../../src/engine/model/runtime/session.ts'
import { newTallies } from '../../../src/engine/model/runtime/tallies.ts'

const plain: Dialect = { attention: 'fused', precision: 'float32' }
const byCard: Dialect = { ...plain, products: 'by card' }

const waves = (length: number, step: number): Float32Array<ArrayBuffer> =>
  Float32Array.from({ length }, (_, i) => Math.sin(1 + i * step))

/** Weights of whatever shape a key says: "w-64-32.weight" is [64, 32]. */
function source(key: string): Weight {
  const [scope, name] = key.split('.')
  const sides = scope.split('-').slice(1).map(Number)
  const shape = name === 'bias' ? sides.slice(0, 1) : sides
  return {
    ...{ dataType: 'float32', shape, transposed: false },
    data: new Uint8Array(waves(sizeOf(shape), 0.71).buffer),
  }
}

async function run(graph: Graph): Promise<Float32Array> {
  const tally = newTallies().unet
  const session = await openSession(graph.encode(), {
    ...{ device: 'cpu', folder: graph.folder, frugal: false, tally },
  })
  const inputs = graph.inputs.map(({ name, shape }, input) => {
    const sizes = shape.map(Number)
    return [name, { data: waves(sizeOf(sizes), 0.37 + input), shape: sizes }] as const
  })
  const outputs = await session.run(Object.fromEntries(inputs))
  await session.release()
  return Float32Array.from(Object.values(outputs).flatMap((output) => Array.from(output)))
}

function written(dialect: Dialect, shape: readonly number[], write: (g: Graph, x: Value) => Value[]): Graph {
  const graph = Graph.over(source, dialect)
  write(graph, graph.input('x', shape)).forEach((y, index) => graph.output(`y${index}`, y))
  return graph
}

const operators = (graph: Graph): string[] => operationsOf(graph.written).map(({ operator }) => operator)

describe('the forms of a card', () => {
  it.each<{ shape: number[]; outputs: number; options: ConvOptions; groups: boolean }>([
    { shape: [1, 32, 8, 8], outputs: 16, options: {}, groups: false },
    { shape: [1, 128, 8, 8], outputs: 64, options: {}, groups: true },
    { shape: [1, 96, 6, 10], outputs: 8, options: { bias: false }, groups: true },
    { shape: [1, 64, 8, 12], outputs: 32, options: { stride: 2, pads: [0, 0, 1, 1] }, groups: true },
    { shape: [1, 64, 9, 8], outputs: 32, options: { stride: 2 }, groups: true },
    { shape: [2, 32, 8, 8], outputs: 16, options: {}, groups: false },
    { shape: [2, 96, 8, 10], outputs: 8, options: { stride: 2, pads: [0, 0, 1, 1] }, groups: true },
  ])('convolve as the plain ones: $shape to $outputs', async ({ shape, outputs, options, groups }) => {
    const write = (g: Graph, x: Value): Value[] => [
      conv2d(g.scope(`w-${outputs}-${shape[1]}-3-3`), x, outputs, options),
    ]
    const graph = written(byCard, shape, write)
    expect(operators(graph)).toContain('MatMul')
    expect(operators(graph)).not.toContain('Conv')
    expect(operators(graph).includes('ReduceSum')).toBe(groups)
    expect(relativeDifference(await run(graph), await run(written(plain, shape, write)))).toBeLessThan(1e-6)
  })

  it.each([
    ['places that are no multiple of four', [1, 32, 5, 5], 16],
    ['channels that are no multiple of 32', [1, 4, 8, 8], 16],
    ['pictures of which kernels see too much', [1, 320, 96, 96], 4],
  ])('leave a convolution as it is: %s', (_, shape, outputs) => {
    const write = (g: Graph, x: Value): Value[] => [
      conv2d(g.scope(`w-${outputs}-${shape[1]}-3-3`), x, outputs),
    ]
    expect(operators(written(byCard, shape, write))).toContain('Conv')
  })

  it('multiply tokens as the plain ones, in halves too', async () => {
    const write = (g: Graph, x: Value): Value[] => [
      linear(g.scope('w-24-40'), x, 24),
      linear(g.scope('w-8-40'), x, 8, { bias: false }),
      ...linearHalves(g.scope('w-16-40'), x, 16),
    ]
    const graph = written(byCard, [7, 40], write)
    expect(operators(graph)).not.toContain('Gemm')
    expect(relativeDifference(await run(graph), await run(written(plain, [7, 40], write)))).toBeLessThan(1e-6)
  })

  it('make the same prediction of a U-Net, without a Gemm', async () => {
    const { parts } = await readModel(new URL('../../../resources/models/starter', import.meta.url).pathname)
    const { config, tensors } = parts!.unet
    const graphIn = (dialect: Dialect): Graph => {
      const graph = Graph.over(tensors.source, dialect)
      unet(graph, config, { height: 8, width: 12, contextTokens: 77 })
      return graph
    }
    expect(operators(graphIn(byCard))).not.toContain('Gemm')
    expect(relativeDifference(await run(graphIn(byCard)), await run(graphIn(plain)))).toBeLessThan(1e-5)
  })
})
