import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { examineModel } from '../../../src/engine/model/doctor.ts'
import type { ModelExamination } from '../../../src/shared/engine/examination.ts'
import { safetensorsBytes, withLength } from './safetensorsFile.ts'
import { startCpuTime } from '../../cpuTime.ts'

type Shapes = Record<string, [shape: number[], dtype: string]>
type Metadata = Record<string, string>

const lists = fileURLToPath(new URL('../../golden/keys', import.meta.url))
const elementSize: Record<string, number> = { F32: 4, F16: 2, BF16: 2, F8_E4M3: 1, I64: 8, I32: 4 }

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'doctor-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** A full-size file with a true header and no data: the file system keeps only the header. */
async function headerOnly(name: string, shapes: Shapes, metadata?: Metadata): Promise<string> {
  const header: Record<string, unknown> = metadata ? { __metadata__: metadata } : {}
  let end = 0
  for (const [key, [shape, dtype]] of Object.entries(shapes)) {
    const begin = end
    end += shape.reduce((product, size) => product * size, elementSize[dtype])
    header[key] = { dtype, shape, data_offsets: [begin, end] }
  }
  const path = join(folder, name)
  const bytes = withLength(JSON.stringify(header))
  await writeFile(path, bytes)
  await truncate(path, bytes.length + end)
  return path
}

interface KeyList {
  single_file: { tensors: Shapes; optional_groups: Record<string, { tensors: Shapes }> }
  diffusers: Record<string, { tensors: Shapes }>
  original: Record<string, Shapes>
  layouts: Record<string, { tensors: Shapes }>
}

const list = async (name: string): Promise<KeyList> =>
  JSON.parse(await readFile(join(lists, `${name}.json`), 'utf8')) as KeyList

async function checkpoint(name: string, groups = false): Promise<Shapes> {
  const { tensors, optional_groups: optional } = (await list(name)).single_file
  return Object.assign(
    {},
    tensors,
    ...(groups ? Object.values(optional).map((group) => group.tensors) : []),
  ) as Shapes
}

const without = (shapes: Shapes, prefix: string): Shapes =>
  Object.fromEntries(Object.entries(shapes).filter(([key]) => !key.startsWith(prefix)))

const stored = (shapes: Shapes, dtype: string): Shapes =>
  Object.fromEntries(
    Object.entries(shapes).map(([key, [shape, old]]) => [key, [shape, old.startsWith('I') ? old : dtype]]),
  )

const unetInput = 'model.diffusion_model.input_blocks.0.0.weight'
const half = (shape: number[]): [number[], string] => [shape, 'F16']

type Row = [
  what: string,
  () => Promise<Shapes> | Shapes,
  expected: Partial<ModelExamination>,
  metadata?: Metadata,
]

const opens: Partial<ModelExamination> = {
  kind: 'checkpoint',
  layout: 'single-file',
  missing: [],
  problems: [],
}
const rows: Row[] = [
  [
    'SD 1.5',
    () => checkpoint('sd15'),
    { ...opens, family: 'sd1', dtype: 'float32', predictionType: 'epsilon' },
  ],
  ['SD 1.5 with EMA, position ids and buffers', () => checkpoint('sd15', true), { ...opens, family: 'sd1' }],
  [
    'SD 1.5 in half precision',
    async () => stored(await checkpoint('sd15'), 'F16'),
    { ...opens, dtype: 'float16' },
  ],
  [
    'SD 1.5 in bfloat16',
    async () => stored(await checkpoint('sd15'), 'BF16'),
    { ...opens, dtype: 'bfloat16' },
  ],
  [
    'SDXL in 8 bits',
    async () => stored(await checkpoint('sdxl_base'), 'F8_E4M3'),
    { ...opens, dtype: 'float8e4m3' },
  ],
  [
    'SD 1.5 inpainting',
    async () => ({ ...(await checkpoint('sd15')), [unetInput]: half([320, 9, 3, 3]) }),
    { ...opens, family: 'sd1-inpaint' },
  ],
  [
    'SD 1.5 without a VAE',
    async () => without(await checkpoint('sd15'), 'first_stage_model.'),
    {
      kind: 'checkpoint',
      family: 'sd1',
      parts: ['unet', 'text_encoder'],
      missing: ['vae'],
      predictionType: 'epsilon',
    },
  ],
  [
    'SD 1.5 without a text encoder',
    async () => without(await checkpoint('sd15'), 'cond_stage_model.'),
    { kind: 'checkpoint', family: 'sd1', missing: ['text_encoder'] },
  ],
  [
    'SD 1.5 of the time of NovelAI',
    async () =>
      Object.fromEntries(
        Object.entries(await checkpoint('sd15')).map(([key, value]) => [
          key.replace('transformer.text_model.', 'transformer.'),
          value,
        ]),
      ),
    { ...opens, family: 'sd1' },
  ],
  [
    'SD 2.1',
    () => checkpoint('sd21_768v', true),
    { ...opens, family: 'sd2', predictionType: 'v_prediction' },
  ],
  [
    'SD 2 base by its metadata',
    () => checkpoint('sd21_768v'),
    { ...opens, predictionType: 'epsilon' },
    { 'modelspec.architecture': 'stable-diffusion-v2-512' },
  ],
  [
    'SD 2 without text encoder',
    async () => without(await checkpoint('sd21_768v'), 'cond_stage'),
    { family: 'sd2', missing: ['text_encoder'] },
  ],
  [
    'SDXL',
    () => checkpoint('sdxl_base', true),
    { ...opens, family: 'sdxl', dtype: 'float16', predictionType: 'epsilon' },
  ],
  [
    'SDXL with v-prediction by its metadata',
    () => checkpoint('sdxl_base'),
    { ...opens, predictionType: 'v_prediction' },
    { 'modelspec.prediction_type': 'v' },
  ],
  [
    'SDXL with v-prediction by a marker',
    async () => ({ ...(await checkpoint('sdxl_base')), v_pred: half([0]), ztsnr: half([0]) }),
    { ...opens, predictionType: 'v_prediction' },
  ],
  [
    'SDXL without its second text encoder',
    async () => without(await checkpoint('sdxl_base'), 'conditioner.embedders.1.'),
    { family: 'sdxl', missing: ['text_encoder_2'] },
  ],
  [
    'a checkpoint of Flux',
    () => ({ 'model.diffusion_model.double_blocks.0.img_attn.qkv.weight': half([9, 3]) }),
    { kind: 'checkpoint', family: 'flux' },
  ],
  [
    'a checkpoint of SD 3',
    () => ({ 'model.diffusion_model.joint_blocks.0.x_block.attn.qkv.weight': half([9, 3]) }),
    { kind: 'checkpoint', family: 'sd3' },
  ],
  ['a VAE of SD', async () => (await list('vae_sd15')).single_file.tensors, { kind: 'vae' }],
  [
    'a VAE with its prefix',
    async () =>
      Object.fromEntries(
        Object.entries((await list('vae_sdxl')).single_file.tensors).map(([key, value]) => [
          `first_stage_model.${key}`,
          value,
        ]),
      ),
    { kind: 'vae' },
  ],
  [
    'a VAE under diffusers names',
    async () => (await list('vae_sd15')).diffusers['vae'].tensors,
    { kind: 'vae' },
  ],
  ['a TAESD decoder', async () => (await list('taesd')).original['taesd_decoder'], { kind: 'tiny-vae' }],
  ['a TAESD encoder', async () => (await list('taesd')).original['taesd_encoder'], { kind: 'tiny-vae' }],
  [
    'a TAESD under diffusers names',
    async () => (await list('taesd')).diffusers['tensors'] as unknown as Shapes,
    { kind: 'tiny-vae' },
  ],
  ['an ESRGAN of old', async () => (await list('rrdbnet_x4')).layouts['old'].tensors, { kind: 'upscaler' }],
  ['an ESRGAN', async () => (await list('rrdbnet_x4')).layouts['new'].tensors, { kind: 'upscaler' }],
  [
    'a Real-ESRGAN',
    async () => (await list('rrdbnet_x4')).layouts['realesrgan'].tensors,
    { kind: 'upscaler' },
  ],
  ['a U-Net alone', async () => (await list('sd15')).diffusers['unet'].tensors, { kind: 'unet' }],
  [
    'a text encoder',
    async () => (await list('sd15')).diffusers['text_encoder'].tensors,
    { kind: 'text-encoder' },
  ],
  [
    'a ControlNet',
    () => ({
      'control_model.input_blocks.0.0.weight': half([320, 4, 3, 3]),
      'control_model.zero_convs.0.0.weight': half([320, 320, 1, 1]),
    }),
    { kind: 'controlnet' },
  ],
  [
    'a ControlNet under diffusers names',
    () => ({
      'controlnet_cond_embedding.conv_in.weight': half([16, 3, 3, 3]),
      'down_blocks.0.resnets.0.conv1.weight': half([320, 320, 3, 3]),
      'down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k.weight': half([320, 768]),
    }),
    { kind: 'controlnet', family: 'sd1' },
  ],
  [
    'a kohya LoRA of SD 1',
    () => ({
      'lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k.lora_down.weight': half([4, 768]),
      'lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k.lora_up.weight': half([320, 4]),
    }),
    { kind: 'lora', family: 'sd1' },
  ],
  [
    'a kohya LoRA of SD 2',
    () => ({
      'lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k.lora_down.weight': half([
        4, 1024,
      ]),
    }),
    { kind: 'lora', family: 'sd2' },
  ],
  [
    'a kohya LoRA of SDXL',
    () => ({ 'lora_te2_text_model_encoder_layers_0_mlp_fc1.lora_down.weight': half([4, 1280]) }),
    { kind: 'lora', family: 'sdxl' },
  ],
  [
    'a PEFT LoRA',
    () => ({
      'unet.down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k.lora_A.weight': half([4, 2048]),
    }),
    { kind: 'lora', family: 'sdxl' },
  ],
  [
    'a LoRA of attention processors',
    () => ({
      'unet.mid_block.attentions.0.transformer_blocks.0.attn1.processor.to_k_lora.down.weight': half([4, 8]),
    }),
    { kind: 'lora' },
  ],
  [
    'a LoHa',
    () => ({ 'lora_unet_mid_block_attentions_0_proj_in.hada_w1_a': half([8, 4]) }),
    { kind: 'lora' },
  ],
  ['a LoKr', () => ({ 'lora_unet_mid_block_attentions_0_proj_in.lokr_w1': half([8, 4]) }), { kind: 'lora' }],
  [
    'a LoRA by its metadata',
    () => ({ 'lora_te_text_model_encoder_layers_0_mlp_fc1.lora_down.weight': half([4, 8]) }),
    { kind: 'lora', family: 'sd1' },
    { ss_base_model_version: 'sd_v1' },
  ],
  ['an embedding of SD 1', () => ({ emb_params: half([4, 768]) }), { kind: 'embedding', family: 'sd1' }],
  [
    'an embedding of SDXL',
    () => ({ clip_l: half([4, 768]), clip_g: half([4, 1280]) }),
    { kind: 'embedding', family: 'sdxl' },
  ],
  ['an embedding of diffusers', () => ({ '<cat-toy>': half([768]) }), { kind: 'embedding' }],
  ['something else', () => ({ 'bert.weight': half([3]) }), { kind: 'unknown' }],
]

describe('the doctor', () => {
  it.each(rows)('recognises %s', async (what, shapes, expected, metadata) => {
    const path = await headerOnly(`${what.replaceAll(' ', '_')}.safetensors`, await shapes(), metadata)
    const examination = await examineModel(path, { hash: false })
    expect(examination).toMatchObject(expected)
    if (expected.problems === undefined) expect(examination.problems.length).toBe(1)
    await rm(path)
  })

  it('answers about a file of 7 GB from its header', async () => {
    const path = await headerOnly('xl.safetensors', await checkpoint('sdxl_base'))
    await examineModel(path, { hash: false })
    const cpuTime = startCpuTime()
    await examineModel(path, { hash: false })
    expect(cpuTime()).toBeLessThan(500)
    await rm(path)
  })

  it('lists the tensors that no network uses', async () => {
    const shapes = { ...(await checkpoint('sd15')), stranger: half([1]) }
    const { unused } = await examineModel(await headerOnly('extra.safetensors', shapes), { hash: false })
    expect(unused).toEqual(['stranger'])
  })

  it.each([
    [
      'a missing tensor',
      'missing-weight',
      (shapes: Shapes) => without(shapes, 'model.diffusion_model.out.2.weight'),
    ],
    [
      'a tensor of another shape',
      'mis-shaped-weight',
      (shapes: Shapes) => ({ ...shapes, 'model.diffusion_model.time_embed.2.weight': half([1280, 640]) }),
    ],
  ])('names %s with both shapes', async (_, code, damage) => {
    const path = await headerOnly('damaged.safetensors', damage(await checkpoint('sd15')))
    const { problems } = await examineModel(path, { hash: false })
    expect(problems).toMatchObject([{ code, message: expect.stringMatching(/\[\d+, \d+/) as string }])
  })

  /** Tensors by which the layers of a network are counted, or which there are once only. */
  it.each([
    ['sd15', 'model.diffusion_model.input_blocks.0.0.weight'],
    ['sd15', 'model.diffusion_model.input_blocks.8.0.in_layers.2.weight'],
    ['sd15', 'model.diffusion_model.input_blocks.4.1.transformer_blocks.0.norm1.weight'],
    ['sd15', 'model.diffusion_model.output_blocks.8.2.conv.bias'],
    ['sd15', 'model.diffusion_model.middle_block.0.in_layers.2.weight'],
    ['sd15', 'first_stage_model.decoder.up.3.block.1.conv1.weight'],
    ['sd15', 'first_stage_model.decoder.mid.attn_1.q.weight'],
    ['sd15', 'first_stage_model.quant_conv.weight'],
    ['sd15', 'cond_stage_model.transformer.text_model.encoder.layers.4.layer_norm1.weight'],
    ['sd15', 'cond_stage_model.transformer.text_model.embeddings.position_embedding.weight'],
    ['sd21_768v', 'model.diffusion_model.input_blocks.1.0.in_layers.2.weight'],
    ['sd21_768v', 'cond_stage_model.model.token_embedding.weight'],
    ['sdxl_base', 'model.diffusion_model.label_emb.0.0.weight'],
    ['sdxl_base', 'model.diffusion_model.middle_block.1.transformer_blocks.3.norm1.weight'],
    ['sdxl_base', 'conditioner.embedders.1.model.text_projection'],
    ['sdxl_base', 'conditioner.embedders.1.model.transformer.resblocks.7.attn.in_proj_weight'],
  ])('%s without %s: names that tensor, and takes no smaller network instead', async (list, key) => {
    const path = await headerOnly('incomplete.safetensors', without(await checkpoint(list), key))
    const { problems } = await examineModel(path, { hash: false })
    expect(problems).toMatchObject([
      { code: 'missing-weight', message: expect.stringContaining(`Tensor "${key}`) as string },
    ])
  })

  it('refuses pickles by name and hostile headers with a code', async () => {
    const pickle = join(folder, 'model.ckpt')
    await writeFile(pickle, 'anything')
    expect(await examineModel(pickle, { hash: false })).toMatchObject({
      kind: 'pickle',
      problems: [{ code: 'pickle-refused' }],
    })
    const hostile = join(folder, 'hostile.safetensors')
    await writeFile(hostile, Buffer.alloc(64, 0x7f))
    expect(await examineModel(hostile, { hash: false })).toMatchObject({
      kind: 'unknown',
      problems: [{ code: 'bad-checkpoint' }],
    })
    await expect(examineModel(join(folder, 'nowhere'), { hash: false })).rejects.toMatchObject({
      code: 'not-found',
    })
  })

  it('is not led into huge allocations by absurd shapes', async () => {
    const key = 'cond_stage_model.transformer.text_model.embeddings.position_embedding.weight'
    const path = await headerOnly('absurd.safetensors', {
      ...(await checkpoint('sd15')),
      [key]: half([2 ** 20, 768]),
    })
    const cpuTime = startCpuTime()
    const { problems } = await examineModel(path, { hash: false })
    expect(problems).toMatchObject([{ code: 'unsupported-model' }])
    expect(cpuTime()).toBeLessThan(2000)
  })

  it('knows folders, and hashes files three ways', async () => {
    const starter = fileURLToPath(new URL('../../../resources/models/starter', import.meta.url))
    expect(await examineModel(starter, { hash: false })).toMatchObject({
      ...opens,
      layout: 'diffusers',
      family: 'sd1',
    })
    const path = join(folder, 'hashed.safetensors')
    const data = Uint8Array.from({ length: 2_000_000 }, (_, index) => index % 251)
    const bytes = safetensorsBytes({ a: { dtype: 'U8', shape: [data.length], bytes: data } })
    await writeFile(path, bytes)
    const sha256 = (part: Uint8Array): string => createHash('sha256').update(part).digest('hex')
    expect((await examineModel(path, { hash: true })).hashes).toEqual({
      sha256: sha256(bytes),
      autoV2: sha256(bytes).slice(0, 10),
      legacy: sha256(bytes.subarray(0x100000, 0x110000)).slice(0, 8),
      headerless: sha256(data),
    })
  })
})
