import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readSafetensors } from '../../../src/engine/model/files/safetensors.ts'
import { joinTensors, requireReadable } from '../../../src/engine/model/files/weights.ts'
import { graphOver } from '../../../src/engine/model/networks/graphOver.ts'
import { cpuDialect } from '../../../src/engine/model/networks/networks.ts'
import { openSession } from '../../../src/engine/model/runtime/session.ts'
import { newTallies } from '../../../src/engine/model/runtime/tallies.ts'
import { writeSafetensors, type TestTensor } from './safetensorsFile.ts'

/** Weights in 8 bits with a factor for every row, as ComfyUI writes them. */

let path: string
beforeEach(async () => {
  path = join(await mkdtemp(join(tmpdir(), 'int8-')), 'weights.safetensors')
})
afterEach(() => rm(join(path, '..'), { recursive: true }))

const [rows, width] = [3, 32]
const values = Int8Array.from({ length: rows * width }, (_, i) => ((i * 37) % 255) - 127)
const factors = Float32Array.of(0.5, 0.25, 0.01)

const stored = (said?: object, scaleShape: number[] = [rows, 1]): Record<string, TestTensor> => {
  const text = Buffer.from(JSON.stringify(said ?? {}))
  return {
    'a.weight': { dtype: 'I8', shape: [rows, width], bytes: new Uint8Array(values.buffer) },
    'a.weight_scale': { dtype: 'F32', shape: scaleShape, bytes: new Uint8Array(factors.buffer) },
    ...(said && { 'a.comfy_quant': { dtype: 'U8', shape: [text.length], bytes: Uint8Array.from(text) } }),
  }
}

async function read(
  tensors: Record<string, TestTensor>,
  metadata?: Record<string, string>,
): Promise<number[]> {
  await writeSafetensors(path, tensors, metadata)
  const joined = joinTensors([await readSafetensors(path)])
  requireReadable(joined)
  const graph = graphOver(joined, cpuDialect)
  graph.output('weight', graph.weight('a.weight', [rows, width]))
  const tally = newTallies().unet
  const session = await openSession(graph.encode(), {
    device: 'cpu',
    folder: graph.folder,
    frugal: false,
    tally,
  })
  const { weight } = await session.run({})
  await session.release()
  return [...weight]
}

const plain = [...values].map((value, i) => Math.fround(value * factors[Math.floor(i / width)]))

const h4 = [
  [1, 1, 1, -1],
  [1, 1, -1, 1],
  [1, -1, 1, 1],
  [-1, 1, 1, 1],
].map((row) => row.map((value) => value / 2))

const kronecker = (a: number[][], b: number[][]): number[][] =>
  a.flatMap((rowA) => b.map((rowB) => rowA.flatMap((x) => rowB.map((y) => x * y))))

/** Every group of a row times the rotation. */
function turned(rotation: number[][]): number[] {
  const size = rotation.length
  return plain.map((_, i) => {
    const [start, column] = [i - (i % size), i % size]
    return rotation.reduce((sum, row, k) => sum + plain[start + k] * row[column], 0)
  })
}

describe('int8 weights', () => {
  it('are multiplied with the factors of their rows', async () => {
    expect(await read(stored())).toEqual(plain)
    expect(await read(stored({ format: 'int8_tensorwise' }, [rows]))).toEqual(plain)
  })

  it.each([
    [4, h4],
    [16, kronecker(h4, h4)],
  ])('that were turned in groups of %i are turned back', async (size, rotation) => {
    const said = { format: 'int8_tensorwise', convrot: true, convrot_groupsize: size }
    const found = await read(stored(said))
    turned(rotation).forEach((value, i) => expect(found[i]).toBeCloseTo(value, 4))
  })

  it('may say so in the header of the file', async () => {
    const layers = { a: { format: 'int8_tensorwise', convrot: true, convrot_groupsize: 16 } }
    const found = await read(stored(), { _quantization_metadata: JSON.stringify({ layers }) })
    turned(kronecker(h4, h4)).forEach((value, i) => expect(found[i]).toBeCloseTo(value, 4))
  })

  it.each([
    ['another form', stored({ format: 'int8_blockwise' }), /int8_blockwise/],
    [
      'groups that rows are not made of',
      stored({ format: 'int8_tensorwise', convrot: true }),
      /groups of 256/,
    ],
    [
      'factors of a wrong shape',
      { ...stored(), 'a.weight_scale': { dtype: 'F32', shape: [2] } },
      /shape \[2\]/,
    ],
  ])('of %s are refused, by the name of the tensor', async (_, tensors, message) => {
    const refusal = read(tensors)
    await expect(refusal).rejects.toMatchObject({
      code: 'unsupported-model',
      message: expect.stringMatching(message),
    })
    await expect(refusal).rejects.toMatchObject({ message: expect.stringContaining('"a.weight"') })
  })
})
