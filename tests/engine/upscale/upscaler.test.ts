import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encodeModel, type OnnxModel } from '../../../src/engine/graph/writing/onnx.ts'
import type { Target } from '../../../src/engine/model/networks/networks.ts'
import { newTallies } from '../../../src/engine/model/runtime/tallies.ts'
import { checkUpscaler, openUpscaler } from '../../../src/engine/upscale/upscaler.ts'
import { writeSafetensors, type TestTensor } from '../model/safetensorsFile.ts'
import { compactByHand, rrdbByHand, type Channels, type Naming } from './upscalersByHand.ts'

const target: Target = {
  device: 'cpu',
  dialect: { attention: 'fused', precision: 'float32' },
  tallies: newTallies(),
}
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'upscalers-'))
})
afterAll(() => rm(folder, { recursive: true }))

const colours = (height: number, width: number): Channels =>
  Array.from({ length: 3 }, (_, c) =>
    Array.from({ length: height }, (_, y) =>
      Array.from({ length: width }, (_, x) => 0.5 + 0.5 * Math.sin(c * 1.3 + y * 0.9 + x * x * 0.4)),
    ),
  )

async function run(path: string, picture: Channels): Promise<{ scale: number; values: Float32Array }> {
  const upscaler = await openUpscaler(path, target)
  const input = Float32Array.from(picture.flat(2))
  const values = await upscaler.run(input, picture[0].length, picture[0][0].length)
  await upscaler.release()
  return { scale: upscaler.scale, values }
}

async function expectSame(path: string, expected: Channels, picture: Channels, scale: number): Promise<void> {
  await checkUpscaler(path)
  const found = await run(path, picture)
  expect(found.scale).toBe(scale)
  const flat = expected.flat(2)
  expect(found.values.length).toBe(flat.length)
  flat.forEach((value, i) => expect(found.values[i]).toBeCloseTo(value, 4))
}

const written = async (name: string, tensors: Record<string, TestTensor>): Promise<string> => {
  const path = join(folder, `${name}.safetensors`)
  await writeSafetensors(path, tensors)
  return path
}

describe('ESRGAN', () => {
  const forms: [Naming, number, number, string][] = [
    ['sequential', 1, 0, ''],
    ['sequential', 1, 1, ''],
    ['sequential', 1, 2, ''],
    ['sequential', 1, 3, ''],
    ['trunk', 1, 2, ''],
    ['basicsr', 1, 2, ''],
    ['basicsr', 2, 2, ''],
    ['basicsr', 4, 2, ''],
    ['basicsr', 1, 2, 'params_ema.'],
    ['trunk', 1, 2, 'module.'],
  ]
  it.each(forms)(
    'in the naming %s, folded by %d, doubled %d times, behind "%s"',
    async (naming, unshuffle, doublings, wrapper) => {
      const { tensors, run } = rrdbByHand({ naming, unshuffle, doublings, wrapper })
      const picture = colours(8, 4)
      const path = await written(`${naming}-${unshuffle}-${doublings}${wrapper}`, tensors)
      await expectSame(path, run(picture), picture, 2 ** doublings / unshuffle)
    },
  )
})

describe('compact networks', () => {
  it.each([1, 2, 4])('of scale %d are computed as written out', async (scale) => {
    const { tensors, run } = compactByHand(scale)
    const picture = colours(5, 6)
    await expectSame(await written(`compact-${scale}`, tensors), run(picture), picture, scale)
  })
})

describe('the upscaler that ships', () => {
  it('gives the numbers that TensorFlow.js gives of the package it came from', async () => {
    const path = fileURLToPath(
      new URL('../../../resources/upscalers/RDN-2x/model.safetensors', import.meta.url),
    )
    const reference = JSON.parse(await readFile(new URL('rdn-2x.json', import.meta.url), 'utf8')) as {
      height: number
      width: number
      values: number[]
    }
    const { height, width, values } = reference
    const wave = (i: number): number => Math.round(127.5 + 127.5 * Math.sin(i * i * 0.37 + i)) / 255
    const picture = Array.from({ length: 3 }, (_, c) =>
      Array.from({ length: height }, (_, y) =>
        Array.from({ length: width }, (_, x) => wave((y * width + x) * 3 + c)),
      ),
    )
    const found = await run(path, picture)
    expect(found.scale).toBe(2)
    const area = 4 * height * width
    // Half precision keeps three digits of every weight.
    values.forEach((value, i) =>
      expect(Math.abs(found.values[(i % 3) * area + Math.floor(i / 3)] - value)).toBeLessThan(2e-3),
    )
  })
})

/** A convolution that triples its input and adds a tenth for each further channel, then four channels to one place. */
function onnxModel(shape: (number | string)[], outputShape: (number | string)[], last = false): OnnxModel {
  const weight = new Float32Array(12 * 3)
  for (let output = 0; output < 12; output++) weight[output * 3 + Math.floor(output / 4)] = 3
  const bias = Float32Array.from({ length: 12 }, (_, output) => (output % 4) / 10)
  const stored = (name: string, shape: number[], data: Float32Array) =>
    ({ name, dataType: 'float32', shape, data: new Uint8Array(data.buffer) }) as const
  const node = (operator: string, inputs: string[], output: string, attributes = {}) =>
    ({ operator, domain: '', name: output, inputs, output, attributes }) as const
  const [first, end] = last ? ['turned', 'planes'] : ['picture', 'large']
  return {
    nodes: [
      ...(last ? [node('Transpose', ['picture'], 'turned', { perm: { ints: [0, 3, 1, 2] } })] : []),
      node('Conv', [first, 'weight', 'bias'], 'channels'),
      node('DepthToSpace', ['channels'], end, { blocksize: { int: 2 }, mode: { string: 'CRD' } }),
      ...(last ? [node('Transpose', ['planes'], 'large', { perm: { ints: [0, 2, 3, 1] } })] : []),
    ],
    initializers: [stored('weight', [12, 3, 1, 1], weight), stored('bias', [12], bias)],
    inputs: [{ name: 'picture', dataType: 'float32', shape }],
    outputs: [{ name: 'large', dataType: 'float32', shape: outputShape }],
  }
}

const tripled = (picture: Channels): Channels =>
  picture.map((rows) =>
    Array.from({ length: 2 * rows.length }, (_, y) =>
      Array.from(
        { length: 2 * rows[0].length },
        (_, x) => 3 * rows[y >> 1][x >> 1] + (2 * (y % 2) + (x % 2)) / 10,
      ),
    ),
  )

describe('ONNX models', () => {
  it.each([
    ['of any size', onnxModel([1, 3, 'h', 'w'], [1, 3, 'h2', 'w2']), null],
    ['of one size', onnxModel([1, 3, 8, 8], [1, 3, 16, 16]), 8],
    ['with colours last', onnxModel(['n', 'h', 'w', 3], ['n', 'h2', 'w2', 3], true), null],
  ])('%s are asked for their size and scale', async (name, model, tile) => {
    const path = join(folder, `${name}.onnx`)
    await writeFile(path, encodeModel(model))
    const upscaler = await openUpscaler(path, target)
    expect(upscaler).toMatchObject({ scale: 2, tile })
    await upscaler.release()
    const picture = colours(8, 8)
    await expectSame(path, tripled(picture), picture, 2)
  })

  it('that make something else than a picture are refused', async () => {
    const path = join(folder, 'no-upscaler.onnx')
    const { initializers, inputs, nodes } = onnxModel([1, 3, 'h', 'w'], [1, 12, 'h', 'w'])
    const outputs = [{ name: 'channels', dataType: 'float32', shape: [1, 12, 'h', 'w'] } as const]
    await writeFile(path, encodeModel({ initializers, inputs, outputs, nodes: nodes.slice(0, 1) }))
    await expect(openUpscaler(path, target)).rejects.toMatchObject({ code: 'unsupported-model' })
  })
})

describe('files that are no upscalers', () => {
  const tensor = (...shape: number[]): TestTensor => ({ dtype: 'F32', shape })

  it.each([
    ['a pickle', 'esrgan.pth', {}, 'pickle-refused', /\.safetensors/],
    [
      'a LoRA',
      'lora.safetensors',
      { 'lora_unet_a.lora_down.weight': tensor(4, 4) },
      'not-a-checkpoint',
      /is a LoRA/,
    ],
    [
      'anything else',
      'other.safetensors',
      { 'some.weight': tensor(4, 4) },
      'not-a-checkpoint',
      /no upscaler/,
    ],
    [
      'another architecture',
      'swin.safetensors',
      { 'layers.0.residual_group.blocks.0.attn.qkv.weight': tensor(4, 4) },
      'unsupported-model',
      /SwinIR/,
    ],
  ] as const)('%s: named and refused', async (_, name, tensors, code, message) => {
    await writeSafetensors(join(folder, name), tensors)
    for (const attempt of [checkUpscaler, (path: string) => openUpscaler(path, target)])
      await expect(attempt(join(folder, name))).rejects.toMatchObject({
        code,
        message: expect.stringMatching(message) as string,
      })
  })

  it('a missing tensor is named as the file would call it', async () => {
    const { tensors } = rrdbByHand({ naming: 'sequential', unshuffle: 1, doublings: 2 })
    const { ['model.1.sub.1.RDB2.conv3.0.bias']: _, ...rest } = tensors
    await expect(checkUpscaler(await written('missing', rest))).rejects.toMatchObject({
      code: 'missing-weight',
      message: expect.stringContaining('model.1.sub.1.RDB2.conv3.0.bias') as string,
    })
  })
})
