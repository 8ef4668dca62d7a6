import { describe, expect, it } from 'vitest'
import { Graph } from '../../../src/engine/graph/writing/graph.ts'
import { linear } from '../../../src/engine/graph/layers/layers.ts'
import type { Weight } from '../../../src/engine/graph/weights/weight.ts'
import { cpuDialect } from '../../../src/engine/model/networks/networks.ts'
import { roundOnThreads } from '../../../src/engine/model/runtime/roundOnThreads.ts'

/** Three layers of so many numbers that threads round them. */
const shape = [4096, 8192]
const layers = ['one', 'other', 'third']

function written(data: Weight['data']): Graph {
  const source = (): Weight => ({ dataType: 'float16', shape, transposed: false, data })
  const graph = Graph.over(source, { ...cpuDialect, turbo: true })
  const x = graph.input('x', [2, shape[1]])
  for (const name of layers) graph.output(name, linear(graph.scope(name), x, shape[0], { bias: false }))
  return graph
}

describe('weights in 8 bits, rounded on threads', () => {
  it('are the same', async () => {
    const block = Float16Array.from({ length: 2 ** 16 }, (_, i) => Math.sin(i * i) * 0.1)
    const numbers = new Float16Array(shape[0] * shape[1])
    for (let at = 0; at < numbers.length; at += block.length) numbers.set(block, at)
    const data = new Uint8Array(numbers.buffer)
    const [here, onThreads] = [written(data), written(data)]
    expect(onThreads.roundings).toHaveLength(layers.length)
    await roundOnThreads(onThreads)
    expect(onThreads.roundings).toEqual([])
    expect(Buffer.compare(onThreads.encode(), here.encode())).toBe(0)
  })

  it('are left to the graph where threads fail, which says why', async () => {
    const length = 2 * shape[0] * shape[1]
    const gone = written({ folder: '/no/such', location: 'folder/model.safetensors', offset: 0, length })
    await roundOnThreads(gone)
    expect(gone.roundings).toHaveLength(layers.length)
    expect(() => gone.encode('/no/such')).toThrow('ENOENT')
  })
})
