import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { Graph } from '../../../src/engine/graph/writing/graph.ts'
import type { Dialect } from '../../../src/engine/graph/writing/value.ts'
import type { Weight } from '../../../src/engine/graph/weights/weight.ts'
import { attention } from '../../../src/engine/graph/layers/attention.ts'
import { linear } from '../../../src/engine/graph/layers/layers.ts'
import { float, integer, integers, joined, text } from '../../../src/engine/graph/writing/protobuf.ts'

const fused: Dialect = { attention: 'fused', precision: 'float32' }
const weight = (shape: readonly number[], over: Partial<Weight> = {}): Weight => ({
  dataType: 'float32',
  shape,
  transposed: false,
  data: {
    folder: '.',
    location: 'weights.bin',
    offset: 0,
    length: 4 * shape.reduce((product, size) => product * size, 1),
  },
  ...over,
})

async function run(graph: Graph, feeds: Record<string, Tensor>): Promise<Record<string, Tensor>> {
  const session = await InferenceSession.create(graph.encode())
  const outputs = await session.run(feeds)
  await session.release()
  return outputs
}

describe('the protobuf writer', () => {
  it('spells the examples of the format documentation', () => {
    expect([...joined(integer(1, 150))]).toEqual([0x08, 0x96, 0x01])
    expect([...joined(text(2, 'testing'))]).toEqual([0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6e, 0x67])
    expect([...joined(integers(6, [3, 270, 86942]))]).toEqual([
      0x32, 0x06, 0x03, 0x8e, 0x02, 0x9e, 0xa7, 0x05,
    ])
    expect([...joined(integer(1, -1))]).toEqual([0x08, ...Array<number>(9).fill(0xff), 0x01])
    expect([...joined(float(2, 1))]).toEqual([0x15, 0, 0, 0x80, 0x3f])
  })

  it('writes offsets beyond 4 GiB', () => {
    expect([...joined(integer(1, 2 ** 40))]).toEqual([0x08, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20])
  })
})

describe('a graph', () => {
  it('names the key and the expected shape of a missing weight', () => {
    const graph = Graph.over(() => undefined, fused).scope('down_blocks.0')
    const x = { name: 'x', shape: [1, 4] }
    expect(() => linear(graph.scope('proj'), x, 8)).toThrow(
      expect.objectContaining({
        code: 'missing-weight',
        message: expect.stringContaining('down_blocks.0.proj.weight') as string,
      }),
    )
    expect(() => linear(graph.scope('proj'), x, 8)).toThrow('[8, 4]')
  })

  it('names both shapes of a mis-shaped weight', () => {
    const graph = Graph.over(() => weight([8, 5]), fused)
    expect(() => linear(graph, { name: 'x', shape: [1, 4] }, 8)).toThrow(
      expect.objectContaining({
        code: 'mis-shaped-weight',
        message: expect.stringMatching(/\[8, 4\].*\[8, 5\]/) as string,
      }),
    )
  })

  it.each([
    { stride: 1, pads: [1, 1, 1, 1] },
    { stride: 2, pads: [1, 1, 1, 1] },
    { stride: 2, pads: [0, 0, 1, 1] },
  ])(
    'knows the shape ONNX Runtime gives a convolution of stride $stride padded by $pads',
    async ({ stride, pads }) => {
      const graph = Graph.over(() => undefined, fused)
      const kernel = graph.constant(Array<number>(2 * 3 * 9).fill(1), [2, 3, 3, 3])
      const y = graph.conv(graph.input('x', [1, 3, 7, 4]), kernel, null, stride, pads)
      graph.output('y', y)
      const outputs = await run(graph, { x: new Tensor('float32', new Float32Array(84), [1, 3, 7, 4]) })
      expect(outputs['y'].dims).toEqual(y.shape)
    },
  )

  it('repeats pixels as torch does when sizes do not double', async () => {
    const plain = Graph.over(() => undefined, fused)
    plain.output('y', plain.resize(plain.input('x', [1, 1, 1, 2]), 1, 3))
    const { y } = await run(plain, { x: new Tensor('float32', [1, 2], [1, 1, 1, 2]) })
    expect([...(y.data as Float32Array)]).toEqual([1, 1, 2])
  })

  it.each([
    ['without a mask', false],
    ['with a mask', true],
  ])('computes the same attention fused and in slices, %s', async (_, masked) => {
    const [queries, keys, width, heads] = [2, 3, 8, 2]
    const random = (length: number, salt: number): Float32Array =>
      Float32Array.from({ length }, (_, index) => Math.sin(index * 12.9898 + salt))
    const outputs: number[][] = []
    for (const form of ['fused', 'sliced'] as const) {
      const graph = Graph.over(() => undefined, { attention: form, precision: 'float32' })
      const [q, k, v] = [
        graph.input('q', [queries, width]),
        graph.input('k', [keys, width]),
        graph.input('v', [keys, width]),
      ]
      const bias = masked ? graph.constant([0, -10_000, 0, 0, 0, -10_000], [1, 1, queries, keys]) : null
      graph.output('out', attention(graph, q, k, v, heads, { bias }))
      const tensor = (length: number, salt: number): Tensor =>
        new Tensor('float32', random(length * width, salt), [length, width])
      const { out } = await run(graph, { q: tensor(queries, 1), k: tensor(keys, 2), v: tensor(keys, 3) })
      outputs.push([...(out.data as Float32Array)])
    }
    outputs[0].forEach((value, index) => expect(value).toBeCloseTo(outputs[1][index], 6))
  })
})
