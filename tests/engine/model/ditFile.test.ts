import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { examineModel } from '../../../src/engine/model/doctor.ts'
import { describeModel, readModel } from '../../../src/engine/model/openModel.ts'
import { openTokenizers } from '../../../src/engine/text/textEmbeddings.ts'
import {
  asComfyKeeps,
  copyGolden,
  golden,
  writeHeaderOnly,
  writeVaeConfig,
  type Shapes,
} from './comfyFolder.ts'
import { painted } from './paintedBy.ts'
import { writeGgufEncoder } from './ggufFile.ts'
import { tensorsIn, withLength, writeSafetensors, type TestTensor } from './safetensorsFile.ts'

/** Transformers in files of their own, beside their parts as ComfyUI keeps them. */

let models: string
beforeEach(async () => {
  models = await mkdtemp(join(tmpdir(), 'comfy-'))
  for (const name of ['diffusion_models', 'text_encoders', 'vae']) await mkdir(join(models, name))
})
afterEach(() => rm(models, { recursive: true }))

const copy = (from: string, ...to: string[]): Promise<string> => copyGolden(from, join(models, ...to))

const factsOf = async (path: string) => (await readModel(path)).facts

describe.each(['zimage', 'flux2klein'])('%s in a single file', (family) => {
  it('draws the same pixels as the diffusers folder of the same weights', async () => {
    const file = await asComfyKeeps(models, family, `${family}_bf16.safetensors`)
    expect(await painted(file)).toEqual(await painted(join(golden, family)))
  })

  it('with its text encoder and autoencoder in the same file draws the same pixels', async () => {
    const parts = [
      ['model.diffusion_model.', `single_files/${family}_bf16.safetensors`],
      ['text_encoders.qwen3_4b.transformer.', `${family}/text_encoder/model.safetensors`],
      ['vae.', `single_files/${family}_vae.safetensors`],
    ] as const
    const tensors: Record<string, TestTensor> = {}
    for (const [prefix, from] of parts)
      for (const [key, tensor] of Object.entries(await tensorsIn(join(golden, from))))
        tensors[`${prefix}${key.replace('model.diffusion_model.', '')}`] = tensor
    await mkdir(join(models, 'checkpoints'))
    const file = join(models, 'checkpoints', 'whole.safetensors')
    await writeSafetensors(file, tensors)
    await copy(`${family}/tokenizer/tokenizer.json`, 'checkpoints', 'tokenizer.json')
    await writeVaeConfig(file, family)
    const { parts: found, problems } = await examineModel(file, { hash: false })
    expect([found.toSorted(), problems]).toEqual([['text_encoder', 'transformer', 'vae'], []])
    expect(await painted(file)).toEqual(await painted(join(golden, family)))
  })

  it('reads words by the vocabulary in its text encoder’s GGUF where no tokenizer.json lies beside', async () => {
    const file = await asComfyKeeps(models, family, `${family}_bf16.safetensors`)
    const reference = await openTokenizers(await factsOf(file))
    await rm(join(models, 'text_encoders'), { recursive: true })
    await mkdir(join(models, 'text_encoders'))
    await writeGgufEncoder(join(models, 'text_encoders', 'qwen.gguf'), join(golden, family))
    const own = await openTokenizers(await factsOf(file))
    const { cases } = JSON.parse(
      await readFile(join(golden, 'networks', `${family}_tokenizer.json`), 'utf8'),
    ) as { cases: { text: string; ids: number[] }[] }
    expect(cases.map(({ text }) => own[0].encode(text))).toEqual(cases.map(({ ids }) => ids))
    expect(own[0].pad).toBe(reference[0].pad)
    expect(await painted(file)).toEqual(await painted(join(golden, family)))
  })

  it('is drawn with out of GGUF', async () => {
    const file = await asComfyKeeps(models, family, `${family}_Q8_0.gguf`)
    expect((await painted(file)).length).toBe(3 * 64 * 64)
  })

  it('has nothing wrong with it, and says what it is', async () => {
    const file = await asComfyKeeps(models, family, `${family}_fp8_scaled.safetensors`)
    const { kind, problems, parts, missing } = await examineModel(file, { hash: false })
    expect({ kind, problems, parts, missing }).toEqual({
      ...{ kind: 'checkpoint', problems: [], parts: ['transformer'], missing: [] },
    })
  })

  it('names all that is missing, where it was looked for and where it comes from', async () => {
    const file = await copy(
      `single_files/${family}_bf16.safetensors`,
      'diffusion_models',
      'alone.safetensors',
    )
    const { problems } = await examineModel(file, { hash: false })
    expect(problems).toMatchObject([{ code: 'missing-part' }])
    expect(problems[0].message).toMatch(/has no text_encoder, no vae, no tokenizer beside it/)
    expect(problems[0].message).toContain(join(models, 'text_encoders'))
    expect(problems[0].message).toContain('https://huggingface.co/')
  })

  it('is refused beside parts of another size, by their names', async () => {
    const file = await asComfyKeeps(models, family, `${family}_bf16.safetensors`)
    const other = family === 'zimage' ? 'flux2klein' : 'zimage'
    await copy(`single_files/${other}_vae.safetensors`, 'vae', 'vae.safetensors')
    await rm(file.replace(/\.\w+$/, '.studio.json'))
    await expect(describeModel(file)).rejects.toMatchObject({
      ...{
        code: 'does-not-fit',
        message: expect.stringMatching(/vae\.safetensors has latents of \d+ channels/),
      },
    })
  })
})

describe('full-size files, of which only headers are there', () => {
  interface KeyList {
    diffusers: Record<string, { tensors: Shapes }>
    single_file: { tensors: Shapes }
  }
  const keys = async (name: string): Promise<KeyList> =>
    JSON.parse(await readFile(join(golden, 'keys', `${name}.json`), 'utf8')) as KeyList

  const headerOnly = (tensors: Shapes, ...to: string[]): Promise<string> =>
    writeHeaderOnly(join(models, ...to), tensors)

  it.each([
    ['zimage_turbo_transformer', 'vae_flux1', 'z-image', 1024, 16],
    ['flux2_klein_4b_transformer', 'vae_flux2', 'flux2-klein', 1024, 16],
  ])('%s is known whole, every tensor of it', async (transformer, vae, family, side, unit) => {
    const text = (await keys('qwen3_4b_text_encoder')).diffusers['text_encoder'].tensors
    await headerOnly(text, 'text_encoders', 'qwen_3_4b.safetensors')
    await headerOnly((await keys(vae)).single_file.tensors, 'vae', 'ae.safetensors')
    await copy('zimage/tokenizer/tokenizer.json', 'text_encoders', 'tokenizer.json')
    const file = await headerOnly(
      (await keys(transformer)).single_file.tensors,
      'diffusion_models',
      'whole.safetensors',
    )
    expect(await examineModel(file, { hash: false })).toMatchObject({ family, problems: [] })
    expect(await describeModel(file)).toMatchObject({
      ...{ family, defaultWidth: side, sizeMultiple: unit, network: 'transformer', layout: 'single-file' },
    })
  })
})

describe('families that are not opened', () => {
  it.each([
    ['double_blocks.0.img_attn.norm.key_norm.scale', 'Flux'],
    ['model.diffusion_model.joint_blocks.0.context_block.attn.qkv.weight', 'SD 3'],
    ['distilled_guidance_layer.in_proj.bias', 'Chroma'],
    ['net.llm_adapter.blocks.0.weight', 'Anima'],
    ['head.modulation', 'Wan (video)'],
    ['txtfusion.projector.weight', 'Krea 2'],
    ['single_transformer_blocks.0.proj_mlp.weight', 'Flux'],
    ['txt_in.individual_token_refiner.blocks.0.norm1.weight', 'HunyuanVideo'],
    ['patchify_proj.weight', 'LTX-Video'],
  ])('%s is called a model of %s', async (key, family) => {
    const header = withLength(JSON.stringify({ [key]: { dtype: 'F16', shape: [1], data_offsets: [0, 2] } }))
    const path = join(models, 'diffusion_models', 'other.safetensors')
    await writeFile(path, Buffer.concat([header, Buffer.alloc(2)]))
    const { problems } = await examineModel(path, { hash: false })
    expect(problems).toMatchObject([{ code: 'unsupported-model', message: expect.stringContaining(family) }])
  })
})
