import { readFile } from 'node:fs/promises'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { builtInUpscaler } from '../../src/shared/models/upscalers.ts'
import { inspectFile } from '../../src/studio/metadata/inspectFile.ts'
import { pngWithText, readTextChunks } from '../../src/studio/metadata/pngText.ts'
import { defaultEnginePath } from '../../src/studio/paths.ts'
import type { Studio } from '../../src/studio/studio.ts'
import { hasEnded, openTestStudio, runToEnd, temporaryFolder, untilJob } from './fixtures/testStudio.ts'

const request = { prompt: 'a red circle', steps: 2, seed: 5, device: 'cpu', width: 64, height: 64 } as const

const pixelsOf = async (path: string): Promise<Buffer> => sharp(path).raw().toBuffer()

async function imageOf(studio: Studio, jobId: string) {
  const job = await untilJob(studio, jobId, hasEnded)
  expect(job.error).toBeNull()
  return studio.calls.image(job.imageIds[0])
}

describe('enlarging with the studio’s own engine', () => {
  it('a picture of the history: one of its own, with its origin, again the same', async () => {
    const studio = await openTestStudio(temporaryFolder(), { enginePath: defaultEnginePath })
    const { imageIds } = await runToEnd(studio, request)
    const from = await studio.calls.image(imageIds[0])
    const { id } = await studio.calls.upscale({ imageId: from.id, upscaler: builtInUpscaler, scale: 2 })
    const larger = await imageOf(studio, id)
    expect([larger.width, larger.height]).toEqual([128, 128])
    expect(larger).toMatchObject({
      model: from.model,
      request: { prompt: 'a red circle', upscaleOf: { imageId: from.id }, upscale: { scale: 2 } },
    })
    expect(larger.request.files).toMatchObject([{ kind: 'upscaler', name: builtInUpscaler }])
    const png = await readFile(larger.path)
    const texts = new Map(readTextChunks(png).map(({ keyword, text }) => [keyword, text]))
    expect(texts.get('extras')).toBe(`Postprocess upscale by: 2, Postprocess upscaler: ${builtInUpscaler}`)
    expect(texts.get('parameters')).toContain('a red circle\nSteps: 2')
    expect(texts.get('parameters')).toContain(texts.get('extras')!)
    const again = await imageOf(studio, (await studio.calls.rerun(larger.id)).id)
    expect(await pixelsOf(again.path)).toEqual(await pixelsOf(larger.path))
    // Its own file, come from a disk or a pipe, is that picture still.
    const { id: inputId } = await studio.inputs.addFile(from.path)
    const fromFile = await imageOf(studio, (await studio.calls.upscale({ inputId, upscaler: 'Lanczos' })).id)
    expect(fromFile).toMatchObject({
      model: from.model,
      request: { prompt: 'a red circle', upscaleOf: { imageId: from.id } },
    })
  })

  it('a file of another program: with all that it tells of how it was made', async () => {
    const studio = await openTestStudio()
    const plain = await sharp({ create: { width: 32, height: 24, channels: 3, background: '#c04020' } })
      .png()
      .toBuffer()
    const text = 'a house\nSteps: 9, Sampler: Euler, CFG scale: 5, Seed: 7, Size: 32x24, Model: houses'
    const { id: inputId } = await studio.inputs.add(pngWithText(plain, [{ keyword: 'parameters', text }]))
    const larger = await imageOf(studio, (await studio.calls.upscale({ inputId, upscaler: 'Lanczos' })).id)
    expect(larger).toMatchObject({
      model: { name: 'houses' },
      request: { prompt: 'a house', steps: 9, seed: 7, upscaleOf: { imageId: null } },
    })
    expect(await studio.calls.imageText(larger.id)).toMatch(/^a house\nSteps: 9, .*Postprocess upscale by: 2/)
  })

  it('after drawing, and with a second pass, recorded and run again to the same pixels', async () => {
    const studio = await openTestStudio(temporaryFolder(), { enginePath: defaultEnginePath })
    const hires = { scale: 2, upscaler: 'Lanczos', steps: 2, denoiseStrength: 0.5 }
    const upscale = { upscaler: builtInUpscaler, scale: 1.5 }
    const passes = new Set<string>()
    studio.subscribe({
      progress: (_jobId, { phase, pass }) => phase === 'denoising' && passes.add(`pass ${pass}`),
    })
    const { imageIds } = await runToEnd(studio, { ...request, hires, upscale })
    expect([...passes]).toEqual(['pass 1', 'pass 2'])
    const made = await studio.calls.image(imageIds[0])
    expect([made.width, made.height]).toEqual([192, 192])
    const again = await imageOf(studio, (await studio.calls.rerun(made.id)).id)
    expect(await pixelsOf(again.path)).toEqual(await pixelsOf(made.path))
    const { generation } = await inspectFile(made.path)
    expect(generation?.request).toMatchObject({ hires, upscale })
  })
})

describe('the time that enlarging takes', () => {
  it('is said before it is asked for, and of what waits, and learnt from what it took', async () => {
    const studio = await openTestStudio(temporaryFolder(), { enginePath: defaultEnginePath })
    const { imageIds } = await runToEnd(studio, request)
    const asked = { upscaler: builtInUpscaler, scale: 2 }
    const ofSize = { ...asked, width: 64, height: 64 }
    const guessed = await studio.calls.upscaleTime(ofSize)
    expect(guessed).toBeGreaterThan(0)
    expect(await studio.calls.upscaleTime({ ...ofSize, upscaler: 'Lanczos' })).toBe(0)
    const larger = await imageOf(studio, (await studio.calls.upscale({ imageId: imageIds[0], ...asked })).id)
    expect(await studio.calls.upscaleTime(ofSize)).toBeCloseTo(larger.timings.decode)
    expect(await studio.calls.upscaleTime({ ...ofSize, width: 128 })).toBeCloseTo(2 * larger.timings.decode)

    await studio.calls.enqueue({ ...request, steps: 150 })
    const waiting = await studio.calls.upscale({ imageId: imageIds[0], ...asked })
    const { jobs } = await studio.calls.queueTimes()
    expect(jobs).toEqual([{ id: waiting.id, timeMs: expect.closeTo(larger.timings.decode) as number }])
    await studio.calls.cancelAll()
  })
})

describe('what cannot be enlarged', () => {
  it('is refused before it is queued, and named', async () => {
    const studio = await openTestStudio()
    const { imageIds } = await runToEnd(studio, { prompt: 'gradient' })
    const [imageId] = imageIds
    const refusals = [
      [{ imageId, upscaler: 'no such network' }, 'not-found'],
      [{ imageId, upscaler: 'Latent' }, 'bad-request'],
      [{ imageId: 'gone', upscaler: 'Lanczos' }, 'not-found'],
      [{ upscaler: 'Lanczos' }, 'bad-request'],
      [{ imageId, upscaler: 'Lanczos', scale: 9 }, 'bad-request'],
    ] as const
    for (const [asked, code] of refusals)
      await expect(studio.calls.upscale(asked)).rejects.toMatchObject({ code })
    await expect(
      studio.calls.enqueue({ hires: { scale: 8 }, width: 1024, height: 1024 }),
    ).rejects.toMatchObject({
      code: 'bad-request',
    })
  })
})
