import { cp, mkdir, mkdtemp, readFile, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { examineModel } from '../../../src/engine/model/doctor.ts'
import { describeModel, openModel } from '../../../src/engine/model/openModel.ts'
import { parseHeader } from '../../../src/engine/model/files/safetensors.ts'
import { writeSafetensors, type TestTensor } from './safetensorsFile.ts'

const starter = fileURLToPath(new URL('../../../resources/models/starter', import.meta.url))
const unetFile = 'unet/diffusion_pytorch_model.safetensors'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'model-'))
  await cp(starter, folder, { recursive: true })
})
afterEach(() => rm(folder, { recursive: true }))

async function change(path: string, changes: Record<string, unknown>): Promise<void> {
  const file = join(folder, path)
  await writeFile(file, JSON.stringify({ ...JSON.parse(await readFile(file, 'utf8')), ...changes }))
}

const wave = (length: number): Float32Array =>
  Float32Array.from({ length }, (_, index) => Math.sin(index * 1.3))

describe('a model in diffusers layout', () => {
  it('is described from headers and configuration', async () => {
    expect(await describeModel(folder)).toMatchObject({
      family: 'sd1',
      layout: 'diffusers',
      network: 'unet',
      predictionType: 'epsilon',
      defaultWidth: 256,
      sizeMultiple: 8,
      hasTextEncoder: true,
      canEncodeImages: true,
      readsReferences: false,
      dtype: 'float16',
    })
  })

  it('encodes text, predicts, decodes and encodes pictures on the CPU, counting runs', async () => {
    const model = await openModel(folder, 'cpu')
    const { maxTokens, width } = model.textEncoders[0]
    const { hidden } = await model.encodeText(0, [1693, ...Array<number>(76).fill(1694)], 1)
    expect(hidden.length).toBe(maxTokens * width)
    const unet = await model.openUnet({ height: 9, width: 7, contextTokens: maxTokens })
    const input = wave(4 * 9 * 7)
    const once = await unet.run(input, 500, hidden)
    expect(once.length).toBe(input.length)
    expect(await unet.run(input, 500, hidden)).toEqual(once)
    expect(await unet.run(input, 20, hidden)).not.toEqual(once)
    const rgb = await model.decode({ data: input, channels: 4, height: 9, width: 7 })
    expect(rgb.length).toBe(3 * 72 * 56)
    const { mean, logvar } = await model.encode(rgb, 72, 56)
    expect([mean.channels, mean.height, mean.width, logvar.data.length]).toEqual([4, 9, 7, 252])
    expect(model.tallies.unet).toMatchObject({ runs: 3 })
    expect(model.tallies.unet.runMs).toBeGreaterThan(0)
    await model.release()
  })

  it('opens through symbolic links, as download caches store files', async () => {
    await rename(join(folder, unetFile), join(folder, 'blob'))
    await symlink(join(folder, 'blob'), join(folder, unetFile))
    const model = await openModel(folder, 'cpu')
    const unet = await model.openUnet({ height: 8, width: 8, contextTokens: 77 })
    expect((await unet.run(wave(256), 1, wave(77 * model.textEncoders[0].width))).length).toBe(256)
    await model.release()
  })

  it('takes what studio.json says over what the model says', async () => {
    await writeFile(
      join(folder, 'studio.json'),
      JSON.stringify({
        predictionType: 'v_prediction',
        clipSkip: 2,
        zeroTerminalSnr: true,
        examplePrompts: ['a cat'],
      }),
    )
    const model = await openModel(folder, 'cpu')
    expect(model).toMatchObject({ predictionType: 'v_prediction', clipSkip: 2 })
    expect(model.noiseSchedule.rescaleZeroTerminalSnr).toBe(true)
    expect(model.info.examplePrompts).toEqual(['a cat'])
  })

  it.each<[string, () => Promise<unknown>, string, RegExp]>([
    [
      'no folder at all',
      () => rm(folder, { recursive: true }).then(() => cp(starter + '/vae', folder, { recursive: true })),
      'missing-part',
      /model_index\.json/,
    ],
    ['no U-Net', () => rm(join(folder, 'unet'), { recursive: true }), 'missing-part', /unet/],
    ['no weights', () => rm(join(folder, unetFile)), 'missing-part', /unet.*\.safetensors/],
    ['no vae', () => rm(join(folder, 'vae'), { recursive: true }), 'missing-part', /vae/],
    ['no tokenizer', () => rm(join(folder, 'tokenizer'), { recursive: true }), 'missing-part', /tokenizer/],
    [
      'a truncated file',
      () => truncate(join(folder, unetFile), 1_000_000),
      'bad-checkpoint',
      /download broke off/,
    ],
    [
      'a pickle only',
      () => rename(join(folder, unetFile), join(folder, 'unet/diffusion_pytorch_model.bin')),
      'pickle-refused',
      /\.safetensors version/,
    ],
    ['broken JSON', () => writeFile(join(folder, 'unet/config.json'), '{'), 'bad-checkpoint', /config\.json/],
    [
      'a list as configuration',
      () => writeFile(join(folder, 'unet/config.json'), '[]'),
      'bad-checkpoint',
      /config\.json/,
    ],
    [
      'an unknown block',
      () => change('unet/config.json', { down_block_types: ['KDownBlock2D', 'DownBlock2D', 'DownBlock2D'] }),
      'unsupported-model',
      /KDownBlock2D/,
    ],
    [
      'absurd numbers',
      () => change('unet/config.json', { block_out_channels: [1e300] }),
      'unsupported-model',
      /block_out_channels/,
    ],
    [
      'an unknown schedule',
      () => change('scheduler/scheduler_config.json', { beta_schedule: 'sigmoid' }),
      'unsupported-model',
      /sigmoid/,
    ],
    [
      'a wrong studio.json',
      () => writeFile(join(folder, 'studio.json'), '{"clipSkip": 99}'),
      'bad-checkpoint',
      /clipSkip/,
    ],
  ])('says what is wrong with %s', async (_, breakIt, code, message) => {
    await breakIt()
    await expect(describeModel(folder)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message) as string,
    })
  })

  it('names the tensor that does not fit its configuration', async () => {
    await change('unet/config.json', { cross_attention_dim: 100 })
    const model = await openModel(folder, 'cpu')
    await expect(model.openUnet({ height: 8, width: 8, contextTokens: 77 })).rejects.toMatchObject({
      code: 'mis-shaped-weight',
      message: expect.stringMatching(
        /^Tensor "down_blocks\.1\.attentions\.0\.transformer_blocks\.0\.attn2\.to_k\.weight" of .*unet.diffusion_pytorch_model\.safetensors should be \[192, 100\] but is \[192, 256\]\./,
      ) as string,
    })
  })

  it('refuses a device that is not there', async () => {
    const absent = process.platform === 'linux' ? 'dml' : 'cuda'
    await expect(openModel(folder, absent)).rejects.toMatchObject({ code: 'device-unavailable' })
  })
})

describe('a model folder that names a base', () => {
  const changed = ['conv_in.weight', 'up_blocks.2.resnets.0.conv1.weight', 'conv_norm_out.bias']
  let fast: string
  /** The base's tensors of these names, the last bits of the weights cut off; and a whole model with these. */
  async function slightlyLess(names: readonly string[]): Promise<void> {
    const bytes = await readFile(join(folder, unetFile))
    const length = Number(bytes.readBigUInt64LE())
    const { tensors } = parseHeader(unetFile, bytes.subarray(8, 8 + length), bytes.length)
    const entries = names.map((name) => {
      const { dtype, shape, offset, length } = tensors.get(name)!
      const own = bytes.subarray(offset, offset + length).map((byte, i) => (i % 2 ? byte : byte & 0xf0))
      bytes.set(own, offset)
      return [name, { dtype, shape: [...shape], bytes: own }] satisfies [string, TestTensor]
    })
    await mkdir(join(fast, 'unet'), { recursive: true })
    await writeSafetensors(join(fast, unetFile), Object.fromEntries(entries))
    const whole = `${folder}-whole`
    await cp(folder, whole, { recursive: true })
    await writeFile(join(whole, unetFile), bytes)
  }
  const say = (studio: object): Promise<void> =>
    writeFile(join(fast, 'studio.json'), JSON.stringify({ base: basename(folder), ...studio }))
  async function prediction(path: string): Promise<Float32Array> {
    const model = await openModel(path, 'cpu')
    const unet = await model.openUnet({ height: 8, width: 8, contextTokens: 77 })
    const answer = await unet.run(wave(256), 500, wave(77 * model.textEncoders[0].width))
    await model.release()
    return answer
  }

  beforeEach(async () => {
    fast = `${folder}-fast`
    await mkdir(fast)
    await writeFile(join(fast, 'model_index.json'), '{}')
    await say({})
  })
  afterEach(() =>
    Promise.all([fast, `${folder}-whole`].map((path) => rm(path, { recursive: true, force: true }))),
  )

  it('lays its own tensors over the base, and takes all else from it', async () => {
    await slightlyLess(changed)
    const answer = await prediction(fast)
    expect(answer).toEqual(await prediction(`${folder}-whole`))
    expect(answer).not.toEqual(await prediction(folder))
    const [own, base] = await Promise.all([describeModel(fast), describeModel(folder)])
    expect(own).toEqual({ ...base, title: null })
    expect(own.examplePrompts.length).toBeGreaterThan(0)
  })

  it('has a title of its own, and shows the parts of both', async () => {
    await slightlyLess(changed)
    await say({ title: 'In a few steps' })
    expect((await describeModel(fast)).title).toBe('In a few steps')
    expect((await examineModel(fast, { hash: false })).parts).toEqual([
      ...['unet', 'vae', 'text_encoder', 'tokenizer', 'scheduler', 'preview_vae'],
    ])
  })

  it('may have defaults of its own, in any spelling that a request may have', async () => {
    await slightlyLess(changed)
    await say({ defaults: { steps: 4, guidanceScale: 1, sampler: 'euler', schedule: 'sgm uniform' } })
    expect((await describeModel(fast)).defaults).toEqual({
      ...{ steps: 4, guidanceScale: 1, sampler: 'Euler', schedule: 'SGM Uniform' },
    })
    expect((await describeModel(folder)).defaults).toEqual({})
  })

  it('says what is wrong with it', async () => {
    await slightlyLess(changed)
    await say({ defaults: { steps: 0 } })
    await expect(describeModel(fast)).rejects.toMatchObject({ code: 'bad-checkpoint' })
    await say({ defaults: { step: 4 } })
    await expect(describeModel(fast)).rejects.toMatchObject({
      message: expect.stringMatching(
        /no setting "step"; did you mean "steps"\?.*below defaults are/,
      ) as string,
    })
    for (const base of ['../elsewhere', '..', 'a/b', '']) {
      await say({ base })
      await expect(describeModel(fast), base).rejects.toMatchObject({ code: 'bad-checkpoint' })
    }
    await say({ base: 'nowhere' })
    await expect(describeModel(fast)).rejects.toMatchObject({
      code: 'missing-part',
      message: expect.stringContaining('nowhere') as string,
    })
    await say({})
    await writeSafetensors(join(fast, unetFile), { 'conv_inn.weight': { dtype: 'F16', shape: [2] } })
    await expect(describeModel(fast)).rejects.toMatchObject({
      code: 'bad-checkpoint',
      message: expect.stringContaining('conv_inn.weight') as string,
    })
  })
})
