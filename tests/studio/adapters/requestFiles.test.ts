import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import type { ImageRecord } from '../../../src/shared/library/history.ts'
import type { GenerationRequestInput } from '../../../src/shared/request/request.ts'
import { readGeneration } from '../../../src/studio/metadata/readGeneration.ts'
import { defaultEnginePath } from '../../../src/studio/paths.ts'
import type { Studio } from '../../../src/studio/studio.ts'
import { writeEmbedding, writeLora, writeVae } from '../fixtures/adapterFiles.ts'
import { hasEnded, openTestStudio, runToEnd, temporaryFolder, untilJob } from '../fixtures/testStudio.ts'

/** A studio with a folder of a LoRA (ink), an embedding (moody) and a VAE (pale). */
async function studioWithFiles(): Promise<{ studio: Studio; folder: string }> {
  const folder = temporaryFolder()
  writeLora(join(folder, 'ink.safetensors'), 1.3, {
    'modelspec.title': 'Ink, the second',
    ss_output_name: 'ink-v2',
  })
  writeEmbedding(join(folder, 'moody.safetensors'))
  writeVae(join(folder, 'pale.safetensors'))
  const studio = await openTestStudio(temporaryFolder(), { enginePath: defaultEnginePath })
  await studio.calls.changeSettings({ modelFolders: [folder] })
  return { studio, folder }
}

const small = { prompt: 'a red house', seed: 3, steps: 2, width: 64, height: 64, device: 'cpu' } as const

async function make(studio: Studio, request: GenerationRequestInput): Promise<ImageRecord> {
  const { imageIds, error } = await runToEnd(studio, { ...small, ...request })
  expect(error).toBeNull()
  return studio.calls.image(imageIds[0])
}

async function again(studio: Studio, { id }: ImageRecord): Promise<ImageRecord> {
  const job = await studio.calls.rerun(id)
  const { imageIds, error } = await untilJob(studio, job.id, hasEnded)
  expect(error).toBeNull()
  return studio.calls.image(imageIds[0])
}

const pixelsOf = async ({ path }: ImageRecord): Promise<string> =>
  createHash('sha256')
    .update(await sharp(path).raw().toBuffer())
    .digest('hex')

const sha256 = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex')
const headerless = (path: string): string => {
  const file = readFileSync(path)
  return createHash('sha256')
    .update(file.subarray(8 + Number(file.readBigUInt64LE())))
    .digest('hex')
}
const saidOf = async (studio: Studio): Promise<string> =>
  (await studio.calls.status()).notices.map(({ message }) => message).join('\n')

describe('a LoRA', () => {
  it('is applied by a tag or beside the prompt, the same, recorded with its hashes, and again when it is rerun', async () => {
    const { studio, folder } = await studioWithFiles()
    const plain = await make(studio, {})
    const tagged = await make(studio, { prompt: 'a red house <lora:INK:0.8>' })
    const beside = await make(studio, { adapters: [{ name: 'ink', unet: 0.8, text: 0.8 }] })
    const off = await make(studio, { prompt: 'a red house <lora:ink:0>' })
    const byAuthor = await make(studio, { prompt: 'a red house <lora:ink-v2:0.8>' })
    const [none, tag, panel, zero, author] = await Promise.all(
      [plain, tagged, beside, off, byAuthor].map(pixelsOf),
    )
    expect(tag).not.toBe(none)
    expect([panel, author]).toEqual([tag, tag])
    expect(zero).toBe(none)

    const path = join(folder, 'ink.safetensors')
    const autoV3 = headerless(path).slice(0, 12)
    expect(tagged.request.files).toEqual([{ kind: 'lora', name: 'INK', hash: sha256(path), autoV3 }])
    const read = readGeneration(readFileSync(beside.path))!
    expect(read.request.files).toEqual(beside.request.files)
    expect(readFileSync(beside.path, 'latin1')).toContain(`a red house <lora:ink:0.8>`)
    expect(readFileSync(beside.path, 'latin1')).toContain(`Lora hashes: "ink: ${autoV3}"`)
    expect(await pixelsOf(await again(studio, tagged))).toBe(tag)
  })

  it('is found by its hash under another name, and said; gone, it is an error that names it', async () => {
    const { studio, folder } = await studioWithFiles()
    const made = await make(studio, { prompt: 'a red house <lora:ink:0.8>' })
    renameSync(join(folder, 'ink.safetensors'), join(folder, 'pen.safetensors'))
    await studio.calls.rescanModels()
    expect(await pixelsOf(await again(studio, made))).toBe(await pixelsOf(made))
    expect(await saidOf(studio)).toMatch(/LoRA ink .* it is called pen here/)
    rmSync(join(folder, 'pen.safetensors'))
    await studio.calls.rescanModels()
    const gone = { code: 'not-found', message: expect.stringContaining('LoRA ink') as string }
    await expect(studio.calls.rerun(made.id)).rejects.toMatchObject(gone)
    writeLora(join(folder, 'ink.safetensors'), 0.4)
    await studio.calls.rescanModels()
    await again(studio, made)
    expect(await saidOf(studio)).toMatch(/LoRA ink .* another file here/)
  })

  it('that a choice brings in is that of its own image alone', async () => {
    const { studio, folder } = await studioWithFiles()
    writeLora(join(folder, 'chalk.safetensors'), 2.2)
    await studio.calls.rescanModels()
    const prompt = 'a {red|blue|green|black} house <lora:{ink|chalk}:1>'
    const { imageIds } = await runToEnd(studio, { ...small, prompt, batchSize: 5 })
    const images = await Promise.all(imageIds.map((id) => studio.calls.image(id)))
    const named = images.map(({ request }) => /<lora:(\w+):1>/.exec(request.prompt)![1])
    expect(new Set(named)).toEqual(new Set(['ink', 'chalk']))
    expect(images.map(({ request }) => request.files.map(({ name }) => name))).toEqual(
      named.map((name) => [name]),
    )
    const last = images[named.lastIndexOf(named.find((name) => name !== named[0])!)]
    expect(await pixelsOf(await again(studio, last))).toBe(await pixelsOf(last))
  })

  it('that cannot be used is refused with what is wrong, and nothing is queued', async () => {
    const { studio, folder } = await studioWithFiles()
    writeLora(join(folder, 'large.safetensors'), 1, { ss_base_model_version: 'sdxl_base_v1-0' })
    for (const place of ['one', 'two']) {
      mkdirSync(join(folder, place))
      writeLora(join(folder, place, 'double.safetensors'), place.length)
    }
    writeFileSync(join(folder, 'two', 'double.safetensors'), 'x', { flag: 'a' })
    await studio.calls.rescanModels()
    const refusal = (request: object) =>
      studio.calls.enqueue({ ...small, ...request }).then(
        () => null,
        ({ code, message }: { code: string; message: string }) => `${code}: ${message}`,
      )
    expect(await refusal({ adapters: [{ name: 'inc' }] })).toMatch(/not-found: .*"inc".* nearest are ink/)
    expect(await refusal({ adapters: [{ name: 'ink', unet: NaN }] })).toMatch(/bad-request: adapters/)
    expect(await refusal({ adapters: [{ name: 'ink', unet: 11 }] })).toMatch(/bad-request: adapters/)
    expect(await refusal({ prompt: '<lora:ink:much>' })).toMatch(/bad-request: .*<lora:ink:much>.*"much"/)
    expect(await refusal({ prompt: '<lora:large:1>' })).toMatch(/bad-request: large is made for SDXL/)
    const whole = readFileSync(join(folder, 'ink.safetensors'))
    writeFileSync(join(folder, 'cut.safetensors'), whole.subarray(0, whole.length - 9))
    writeFileSync(join(folder, 'headless.safetensors'), whole.subarray(0, 40))
    await studio.calls.rescanModels()
    expect(await refusal({ adapters: [{ name: 'cut' }] })).toMatch(/bad-checkpoint: .*cut\.safetensors/)
    expect(await refusal({ prompt: '<lora:headless:1>' })).toMatch(/bad-checkpoint: .*headless\.safetensors/)
    const notes = await studio.calls.notes({ ...small, prompt: '<lora:headless:1> <lora:gone:1>' })
    expect(notes.filter(({ kind }) => kind === 'lora')).toEqual([{ kind: 'lora', list: ['<lora:gone:1>'] }])
    expect(await refusal({ vae: 'pal' })).toMatch(/not-found: .*"pal".* pale/)
    expect(await studio.calls.jobs()).toEqual([])
  })
})

it('embeddings in both prompts and another VAE are used, recorded and read again', async () => {
  const { studio } = await studioWithFiles()
  const plain = await make(studio, {})
  const moody = await make(studio, { negativePrompt: '(Moody:1.2), blurry' })
  const inSecondPass = { negativePrompt: '(Moody:1.2), blurry', upscaler: 'Lanczos', scale: 1 }
  const second = await studio.calls.enqueue({ ...small, hires: inSecondPass })
  expect(second.request.files).toEqual(moody.request.files)
  await studio.calls.cancel(second.id)
  const pale = await make(studio, { vae: 'pale' })
  const pixels = await Promise.all([plain, moody, pale].map(pixelsOf))
  expect(new Set(pixels).size).toBe(3)
  expect(moody.request.files).toMatchObject([{ kind: 'embedding', name: 'moody', autoV3: null }])
  expect(pale.request.files).toMatchObject([{ kind: 'vae', name: 'pale' }])
  expect(readFileSync(moody.path, 'latin1')).toContain('TI hashes: "moody: ')
  expect(readFileSync(pale.path, 'latin1')).toContain('VAE: pale.safetensors')
})

it('what is not here is said before a run and after it, what is here is not', async () => {
  const { studio } = await studioWithFiles()
  const prompt = 'a house <lora:ink:0.5> <lora:gone:1>, easynegative, moody'
  const notes = await studio.calls.notes({ ...small, prompt })
  expect(notes).toEqual([
    { kind: 'lora', list: ['<lora:gone:1>'] },
    { kind: 'embedding', list: ['easynegative'] },
  ])
  const { request } = await make(studio, { prompt })
  expect(request.files.map(({ name }) => name)).toEqual(['ink', 'moody'])
})
