import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { largestDifference } from '../../../scripts/golden/numbers.ts'
import { encodeModel, type OnnxModel } from '../../../src/engine/graph/writing/onnx.ts'
import {
  bytes,
  fieldsOf,
  integer,
  integers,
  joined,
  text,
} from '../../../src/engine/graph/writing/protobuf.ts'
import { onnxInFloat32 } from '../../../src/engine/model/networks/onnxInFloat32.ts'
import { openSession, type Session } from '../../../src/engine/model/runtime/session.ts'
import { newTallies } from '../../../src/engine/model/runtime/tallies.ts'

/** An export whose networks are in half precision. */
const exported = fileURLToPath(new URL('../../golden/onnx/sdxl_fp16', import.meta.url))

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'float32-'))
})
afterEach(() => rm(folder, { recursive: true }))

const open = (model: Uint8Array | string): Promise<Session> =>
  openSession(model, { device: 'cpu', folder, frugal: false, tally: newTallies().unet })

const wave = (length: number): Float32Array =>
  Float32Array.from({ length }, (_, index) => Math.sin(index * 1.3))

/** What a network without open sizes but one and without whole numbers going in answers to a wave. */
async function answerOf(model: Uint8Array | string): Promise<Record<string, Float32Array>> {
  const session = await open(model)
  const inputs = session.inputs.map((input) => {
    if (!input.isTensor) throw new Error('no tensor')
    const shape = input.shape.map((size, axis) => (typeof size === 'number' ? size : axis === 0 ? 1 : 8))
    const length = shape.reduce((product, size) => product * size, 1)
    return [input.name, { data: wave(length), shape }]
  })
  const outputs = await session.run(Object.fromEntries(inputs) as never)
  await session.release()
  return outputs
}

describe('an ONNX model in float32', () => {
  it.each(['vae_decoder', 'vae_encoder'])(
    'answers what it answers in half precision: %s of an export',
    async (part) => {
      const path = join(exported, part, 'model.onnx')
      const single = onnxInFloat32(await readFile(path), join(exported, part))
      const session = await open(single)
      const ports = [...session.inputs, ...session.outputs]
      expect(ports.map((port) => port.isTensor && port.type)).toEqual(['float32', 'float32'])
      const [half, full] = [await answerOf(path), await answerOf(single)]
      for (const [name, numbers] of Object.entries(half))
        expect(largestDifference(numbers, full[name])).toBeLessThan(1e-2)
      expect(half).not.toEqual(full)
    },
  )

  const scaledTwice = (weight: OnnxModel['initializers'][number]): OnnxModel => ({
    nodes: [
      { operator: 'Mul', domain: '', name: 'a', inputs: ['x', 'w'], output: 'y', attributes: {} },
      // Out of half precision and back: what is too large for it ends here.
      {
        operator: 'Cast',
        domain: '',
        name: 'b',
        inputs: ['y'],
        output: 'z',
        attributes: { to: { int: 10 } },
      },
      { operator: 'Mul', domain: '', name: 'c', inputs: ['z', 'w'], output: 'o', attributes: {} },
    ],
    initializers: [weight],
    inputs: [{ name: 'x', dataType: 'float16', shape: [2] }],
    outputs: [{ name: 'o', dataType: 'float16', shape: [2] }],
  })
  const run = async (model: Uint8Array): Promise<number[]> => {
    const session = await open(model)
    const { o } = await session.run({ x: { data: Float32Array.of(300, 0.5), shape: [2] } })
    await session.release()
    return [...o]
  }

  it('has weights that lie beside it, and casts that went to half precision', async () => {
    await writeFile(join(folder, 'weights'), new Uint8Array(Float16Array.of(7, 512, -2).buffer))
    const data = { folder, location: 'weights', offset: 2, length: 4 }
    const model = encodeModel(scaledTwice({ name: 'w', dataType: 'float16', shape: [2], data }))
    expect(await run(model)).toEqual([Infinity, 2])
    expect(await run(onnxInFloat32(model, folder))).toEqual([300 * 512 * 512, 2])
  })

  it('has weights that are written as whole numbers', async () => {
    const bits = [...new Uint16Array(Float16Array.of(512, -2).buffer)]
    const weight = joined([...integers(1, [2]), ...integer(2, 10), ...integers(5, bits), ...text(8, 'w')])
    const data = new Uint8Array(4)
    const inBytes = encodeModel(scaledTwice({ name: 'w', dataType: 'float16', shape: [2], data }))
    const model = withFields(inBytes, 7, (graph) => withFields(graph, 5, () => weight))
    expect(await run(onnxInFloat32(model, folder))).toEqual([300 * 512 * 512, 2])
  })
})

/** A message with every field of one number made anew. */
const withFields = (
  message: Uint8Array,
  wanted: number,
  change: (content: Uint8Array) => Uint8Array,
): Uint8Array =>
  joined(
    fieldsOf(message).flatMap(({ number, content, whole }) =>
      number === wanted ? bytes(number, [change(content)]) : [whole],
    ),
  )
