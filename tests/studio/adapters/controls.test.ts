import { createHash } from 'node:crypto'
import { cpSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import type { ImageRecord } from '../../../src/shared/library/history.ts'
import type { GenerationRequestInput } from '../../../src/shared/request/request.ts'
import { defaultEnginePath } from '../../../src/studio/paths.ts'
import type { Studio } from '../../../src/studio/studio.ts'
import { writeLora, writeT2iAdapter } from '../fixtures/adapterFiles.ts'
import { hasEnded, openTestStudio, runToEnd, temporaryFolder, untilJob } from '../fixtures/testStudio.ts'

const small = { prompt: 'a red house', seed: 3, steps: 2, width: 64, height: 64, device: 'cpu' } as const

/** A studio with a folder of a T2I-Adapter (edges) and a LoRA (ink), and a picture among its inputs. */
async function studioWithControl(): Promise<{
  studio: Studio
  data: string
  folder: string
  image: { id: string }
}> {
  const folder = temporaryFolder()
  writeT2iAdapter(join(folder, 'edges.safetensors'), 1.1)
  writeLora(join(folder, 'ink.safetensors'), 1.3)
  const picture = join(folder, 'photo.png')
  const data = Buffer.from(Array.from({ length: 3 * 48 * 64 }, (_, i) => (i * i) % 251))
  await sharp(data, { raw: { width: 48, height: 64, channels: 3 } })
    .png()
    .toFile(picture)
  const dataFolder = temporaryFolder()
  const studio = await openTestStudio(dataFolder, { enginePath: defaultEnginePath })
  await studio.calls.changeSettings({ modelFolders: [folder] })
  const { id } = await studio.inputs.addFile(picture)
  return { studio, data: dataFolder, folder, image: { id } }
}

async function make(studio: Studio, request: GenerationRequestInput): Promise<ImageRecord> {
  const { imageIds, error } = await runToEnd(studio, { ...small, ...request })
  expect(error).toBeNull()
  return studio.calls.image(imageIds[0])
}

const pixelsOf = async ({ path }: ImageRecord): Promise<string> =>
  createHash('sha256')
    .update(await sharp(path).raw().toBuffer())
    .digest('hex')

describe('a control picture', () => {
  it('steers, is recorded with its file, and is there again when the picture is rerun', async () => {
    const { studio, folder, image } = await studioWithControl()
    const plain = await pixelsOf(await make(studio, {}))
    const control = { model: 'Edges', image, preprocessor: 'canny', settings: { low: 20 } } as const
    const steered = await make(studio, { controls: [control] })
    expect(await pixelsOf(steered)).not.toBe(plain)
    expect(
      await pixelsOf(await make(studio, { controls: [{ ...control, preprocessor: 'none', settings: {} }] })),
    ).not.toBe(await pixelsOf(steered))
    const path = join(folder, 'edges.safetensors')
    const hash = createHash('sha256').update(readFileSync(path)).digest('hex')
    expect(steered.request.files).toEqual([{ kind: 'controlnet', name: 'Edges', hash, autoV3: null }])
    expect(readFileSync(steered.path, 'latin1')).toContain(
      `ControlNet 0: "Module: canny, Model: Edges [${hash.slice(0, 8)}], Weight: 1, Resize Mode: Crop and Resize, Threshold A: 20, Threshold B: 200, Guidance Start: 0, Guidance End: 1, Pixel Perfect: True, Control Mode: Balanced"`,
    )

    renameSync(path, join(folder, 'lines.safetensors'))
    await studio.calls.rescanModels()
    const job = await studio.calls.rerun(steered.id)
    const { imageIds, error } = await untilJob(studio, job.id, hasEnded)
    expect(error).toBeNull()
    expect(await pixelsOf(await studio.calls.image(imageIds[0]))).toBe(await pixelsOf(steered))
  })

  it('is kept as long as a picture refers to it', async () => {
    const { studio, image } = await studioWithControl()
    const { id } = await make(studio, { controls: [{ model: 'edges', image }] })
    await expect(studio.calls.inputImage(image.id)).resolves.toMatchObject({ width: 48 })
    await studio.calls.trash([id])
    await studio.calls.emptyTrash()
    await expect(studio.calls.inputImage(image.id)).rejects.toMatchObject({ code: 'not-found' })
  })

  it('that is missing or cannot be read is refused by its place, and in the middle of a job too', async () => {
    const { studio, data, image } = await studioWithControl()
    const controls = (...images: ({ id: string } | null)[]) => ({
      ...small,
      controls: images.map((one) => ({ model: 'edges', image: one })),
    })
    const missing = {
      code: 'bad-request',
      message: 'controls.1.image: control picture 2 is missing. Choose it, or take this control away.',
    }
    await expect(studio.calls.enqueue(controls(image, null))).rejects.toMatchObject(missing)
    await expect(studio.calls.draft(controls(image, null))).rejects.toMatchObject(missing)
    await expect(studio.calls.estimate(controls(image, null))).resolves.toMatchObject({ timeMs: null })
    await expect(studio.calls.enqueue(controls(image, { id: 'a'.repeat(64) }))).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringMatching(/^controls\.1\.image: The picture a{12}… is not among/) as string,
    })

    const kept = join(data, 'inputs', image.id)
    const whole = readFileSync(kept)
    writeFileSync(kept, whole.subarray(0, whole.length - 200))
    const { state, error } = await runToEnd(studio, controls(image))
    expect([state, error?.code]).toEqual(['failed', 'bad-init-image'])
    expect(error!.message).toMatch(/^controls\.0\.image: /)
    writeFileSync(kept, 'no picture')
    await expect(studio.calls.enqueue(controls(image))).rejects.toMatchObject({
      code: 'bad-init-image',
      message: expect.stringMatching(/^controls\.0\.image: /) as string,
    })
  })

  it('names a network that is not here, is none, or a picture that is gone, before the run', async () => {
    const { studio, image } = await studioWithControl()
    const asked = (control: { model: string; image: { id: string } }) =>
      expect(studio.calls.enqueue({ ...small, controls: [control] })).rejects
    await asked({ model: 'depth', image }).toMatchObject({ code: 'not-found' })
    await asked({ model: 'ink', image }).toMatchObject({ code: 'not-found' })
    await asked({ model: 'edges', image: { id: 'a'.repeat(64) } }).toMatchObject({ code: 'not-found' })
  })

  it('fails with words on a size that its network does not take', async () => {
    const { studio, image } = await studioWithControl()
    const { error } = await runToEnd(studio, { ...small, width: 72, controls: [{ model: 'edges', image }] })
    expect(error).toMatchObject({ code: 'bad-request' })
    expect(error?.message).toContain('multiples of 16, not on 72 × 64')
  })
})

it('models of exported networks refuse what would steer or change them before anything is queued', async () => {
  const { studio, folder, image } = await studioWithControl()
  cpSync(join(import.meta.dirname, '../../golden/onnx/sd15'), join(folder, 'exported'), { recursive: true })
  const models = await studio.calls.rescanModels()
  const model = models.find(({ name }) => name === 'exported')!.id
  const refusal = { code: 'unsupported-model', message: expect.stringContaining('exported ONNX networks') }
  for (const asked of [{ controls: [{ model: 'edges', image }] }, { prompt: '<lora:ink:1>' }])
    await expect(studio.calls.enqueue({ ...small, model, ...asked })).rejects.toMatchObject(refusal)
  expect(await studio.calls.jobs()).toEqual([])
})
