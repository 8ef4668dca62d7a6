import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { describeModel, openModel } from '../../../src/engine/model/openModel.ts'
import { paint } from '../../../src/engine/pipeline.ts'
import { openTokenizers } from '../../../src/engine/text/textEmbeddings.ts'
import { generationRequestSchema } from '../../../src/shared/request/request.ts'
import { asComfyKeeps, copyGolden, golden, writeVaeConfig } from './comfyFolder.ts'
import { writeGgufEncoder } from './ggufFile.ts'
import { tensorsIn, writeSafetensors, type TestTensor } from './safetensorsFile.ts'

/** What is wrong with a model of a transformer is named before any of its weights is read. */

let models: string
beforeEach(async () => {
  models = await mkdtemp(join(tmpdir(), 'bad-'))
})
afterEach(() => rm(models, { recursive: true }))

const refusal = (code: string, ...parts: RegExp[]) => ({
  code,
  message: expect.stringMatching(new RegExp(parts.map(({ source }) => source).join('.*'))) as string,
})

/** Gives a tensor another number of `ggml_type`. */
async function retype(path: string, name: string, type: number): Promise<void> {
  const bytes = await readFile(path)
  const after = bytes.indexOf(name) + name.length
  bytes.writeUInt32LE(type, after + 4 + 8 * bytes.readUInt32LE(after))
  await writeFile(path, bytes)
}

const [iq4xs, unheardOf] = [23, 99]

const families = [
  ['zimage', 'flux2klein', /gives rows of \d+ numbers, and the transformer reads \d+/],
  ['flux2klein', 'zimage', /has only \d layers/],
] as const

describe.each(families)('%s', (family, other, misfit) => {
  it('is refused with the text encoder of another model, in a folder and beside a file', async () => {
    const file = await asComfyKeeps(models, family, `${family}_bf16.safetensors`)
    await copyGolden(
      `${other}/text_encoder/model.safetensors`,
      join(models, 'text_encoders/qwen.safetensors'),
    )
    await expect(describeModel(file)).rejects.toMatchObject(
      refusal('does-not-fit', /qwen\.safetensors/, misfit),
    )
    const folder = await copyGolden(family, join(models, 'folder'))
    await copyGolden(`${other}/text_encoder`, join(folder, 'text_encoder'))
    await expect(describeModel(folder)).rejects.toMatchObject(
      refusal('does-not-fit', /its text encoder/, /\d/),
    )
  })

  it.each(['text_encoder', 'transformer', 'vae'])('is refused as a folder without %s', async (part) => {
    const folder = await copyGolden(family, join(models, 'folder'))
    await rm(join(folder, part), { recursive: true })
    await expect(describeModel(folder)).rejects.toMatchObject(refusal('missing-part', new RegExp(part)))
  })

  it('with all in one file and no vocabulary says which file is to be put where', async () => {
    const parts = [
      ['model.diffusion_model.', `single_files/${family}_bf16.safetensors`],
      ['text_encoders.qwen3_4b.transformer.', `${family}/text_encoder/model.safetensors`],
      ['vae.', `single_files/${family}_vae.safetensors`],
    ] as const
    const tensors: Record<string, TestTensor> = {}
    for (const [prefix, from] of parts)
      for (const [key, tensor] of Object.entries(await tensorsIn(join(golden, from))))
        tensors[`${prefix}${key.replace('model.diffusion_model.', '')}`] = tensor
    const file = join(models, 'whole.safetensors')
    await writeSafetensors(file, tensors)
    await writeVaeConfig(file, family)
    await expect(describeModel(file)).rejects.toMatchObject(
      refusal(
        'missing-part',
        /has no tokenizer beside it/,
        /Put https:\/\/huggingface\.co\/\S+\/tokenizer\/tokenizer\.json into/,
        new RegExp(models),
      ),
    )
  })

  it('in GGUF names a tensor of a type that is not read, and an encoder that was passed over for one', async () => {
    const file = await asComfyKeeps(models, family, `${family}_Q8_0.gguf`)
    const encoder = join(models, 'text_encoders', 'qwen.gguf')
    await rm(join(models, 'text_encoders/qwen.safetensors'))
    await writeGgufEncoder(encoder, join(golden, family))
    await retype(encoder, 'blk.0.attn_q.weight', iq4xs)
    await expect(describeModel(file)).rejects.toMatchObject(
      refusal(
        'missing-part',
        /no text_encoder/,
        /qwen\.gguf/,
        /"blk\.0\.attn_q\.weight" is stored as IQ4_XS/,
      ),
    )
    const blocks =
      family === 'zimage' ? 'layers.0.attention.out.weight' : 'double_blocks.0.img_attn.proj.weight'
    await retype(file, blocks, unheardOf)
    await expect(describeModel(file)).rejects.toMatchObject(
      refusal('unsupported-model', /_Q8_0\.gguf/, new RegExp(`"${blocks}" is stored as type 99`)),
    )
  })

  it('in 8 bits names a tensor whose factors are neither one nor one a row', async () => {
    const file = await asComfyKeeps(models, family, `${family}_fp8_scaled.safetensors`)
    const tensors = await tensorsIn(file)
    const key = Object.keys(tensors).find((name) => /scale_weight$|weight_scale$/.test(name))!
    const wrong = { ...tensors[key], shape: [3], bytes: new Uint8Array(12) }
    await writeSafetensors(file, { ...tensors, [key]: wrong })
    await expect(describeModel(file)).rejects.toMatchObject(
      refusal('unsupported-model', new RegExp(key), /shape \[3\], not one for all or one a row/),
    )
  })

  it('refuses a prompt of more tokens than it reads before the text encoder is opened', async () => {
    const model = await openModel(join(golden, family), 'cpu')
    const words = { prompt: 'a cat on a hill '.repeat(300), steps: 2, width: 64, height: 64, seed: 1 }
    const subject = {
      ...{ request: { ...generationRequestSchema.parse(words), width: 64, height: 64, seed: 1 } },
      ...{ index: 0, initImage: null, mask: null },
    }
    const painting = paint(model, await openTokenizers(model), subject, () => {})
    expect((await painting.next()).value).toMatchObject({ phase: 'encoding' })
    await expect(painting.next()).rejects.toMatchObject(
      refusal('bad-request', /prompt: has \d{4} tokens, and this model reads \d{3}/),
    )
    expect(model.tallies.textEncoder.loadMs).toBe(0)
    await model.release()
  })
})
