import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { floats, largestDifference } from '../../../scripts/golden/numbers.ts'
import { encodeModel } from '../../../src/engine/graph/writing/onnx.ts'
import { examineModel } from '../../../src/engine/model/doctor.ts'
import { describeModel, openModel } from '../../../src/engine/model/openModel.ts'

const exported = fileURLToPath(new URL('../../golden/onnx', import.meta.url))

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onnx-'))
  await cp(join(exported, 'sd15'), folder, { recursive: true })
})
afterEach(() => rm(folder, { recursive: true }))

interface Stored {
  shape: number[]
  base64: string
  values: number[]
}

/** The first run of a network's reference. */
async function reference(
  part: string,
): Promise<{ inputs: Record<string, Stored>; expected: Record<string, Stored> }> {
  const file = await readFile(join(exported, 'sd15_reference.json'), 'utf8')
  const { components } = JSON.parse(file) as { components: Record<string, { cases: [never] }> }
  return components[part].cases[0]
}

/** Opens the folder and compares the first of every batch. */
async function compareFirst(): Promise<number> {
  const model = await openModel(folder, 'cpu')
  const text = await reference('text_encoder')
  const { hidden } = await model.encodeText(0, text.inputs['input_ids'].values.slice(0, 77), 1)
  const states = floats(text.expected['last_hidden_state'].base64)
  const { inputs, expected } = await reference('unet')
  const [, channels, height, width] = inputs['sample'].shape
  const [, tokens, contextWidth] = inputs['encoder_hidden_states'].shape
  const unet = await model.openUnet({ height, width, contextTokens: tokens })
  const size = channels * height * width
  const context = floats(inputs['encoder_hidden_states'].base64).subarray(0, tokens * contextWidth)
  const timestep = inputs['timestep'].values?.[0] ?? floats(inputs['timestep'].base64)[0]
  const prediction = await unet.run(floats(inputs['sample'].base64).subarray(0, size), timestep, context)
  await model.release()
  return Math.max(
    largestDifference(hidden, states.subarray(0, hidden.length)),
    largestDifference(prediction, floats(expected['out_sample'].base64).subarray(0, size)),
  )
}

describe('a folder of exported ONNX models', () => {
  it('is described without being opened', async () => {
    expect(await describeModel(folder)).toMatchObject({
      family: 'sd1',
      layout: 'onnx',
      network: 'exported',
      dtype: 'float32',
      sizeMultiple: 64,
      canEncodeImages: true,
      readsReferences: false,
    })
  })

  it('gives the numbers of the reference', async () => {
    expect(await compareFirst()).toBeLessThan(1e-4)
  })

  it('gives them too without the configuration that older exports lack', async () => {
    for (const part of ['unet', 'text_encoder', 'vae_decoder', 'vae_encoder'])
      await rm(join(folder, part, 'config.json'))
    expect(await compareFirst()).toBeLessThan(1e-4)
  })

  it('works without a VAE encoder, until a picture comes in', async () => {
    await rm(join(folder, 'vae_encoder'), { recursive: true })
    expect((await describeModel(folder)).canEncodeImages).toBe(false)
    const model = await openModel(folder, 'cpu')
    await expect(model.encode(new Float32Array(3 * 64), 8, 8)).rejects.toMatchObject({ code: 'missing-part' })
  })

  it('says that skipping layers is not in the export', async () => {
    const model = await openModel(folder, 'cpu')
    await expect(model.encodeText(0, Array<number>(77).fill(1), 2)).rejects.toMatchObject({
      code: 'unsupported-model',
    })
  })

  const cutOff = (bytes: Buffer): Buffer => bytes.subarray(0, Math.floor(bytes.length / 2))
  const pointer = Buffer.from(
    'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 3438167540\n',
  )
  const damages: [what: string, damage: (bytes: Buffer) => Buffer, words: RegExp][] = [
    ['cut off', cutOff, /should go on to byte \d+ but ends at \d+: the download broke off/],
    ['one byte short', (bytes) => bytes.subarray(0, -1), /download broke off|no ONNX model/],
    ['empty', () => Buffer.alloc(0), /is empty/],
    ['a Git LFS pointer', () => pointer, /Git LFS pointer.*git lfs pull/],
    ['a web page', () => Buffer.from('<!doctype html><title>Sign in</title>'), /web page/],
    ['something else', () => Buffer.alloc(100, 0x41), /no ONNX model|download broke off/],
  ]
  const parts = ['unet', 'vae_decoder', 'vae_encoder', 'text_encoder']
  const cases = damages.flatMap(([what, damage, words], index) =>
    // Every damage in the U-Net, and each other part once.
    ['unet', parts[1 + (index % 3)]].map((part) => [part, what, damage, words] as const),
  )
  it.each(cases)(
    'whose %s is %s is refused when it is looked at, and by the doctor',
    async (part, _, damage, words) => {
      const path = join(folder, part, 'model.onnx')
      await writeFile(path, damage(await readFile(path)))
      const problem = { code: 'bad-checkpoint', message: expect.stringMatching(words) as string }
      await expect(describeModel(folder)).rejects.toMatchObject(problem)
      const { problems } = await examineModel(folder, { hash: false })
      expect(problems).toMatchObject([problem])
      expect(problems[0].message).toContain(path)
    },
  )

  it('whose weights beside the model are missing or cut off is refused with their name', async () => {
    const graph = encodeModel({
      nodes: [],
      initializers: [
        {
          name: 'weight',
          dataType: 'float16',
          shape: [8],
          data: { folder, location: 'model.onnx_data', offset: 16, length: 16 },
        },
      ],
      inputs: [],
      outputs: [],
    })
    await writeFile(join(folder, 'unet', 'model.onnx'), graph)
    const data = join(folder, 'unet', 'model.onnx_data')
    await expect(describeModel(folder)).rejects.toThrow(/model\.onnx_data, which is not there/)
    await writeFile(data, Buffer.alloc(31))
    await expect(describeModel(folder)).rejects.toThrow(/byte 32 but end at 31/)
    await writeFile(data, Buffer.alloc(32))
    expect((await describeModel(folder)).dtype).toBe('float16')
  })
})
