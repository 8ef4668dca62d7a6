import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { expect, it, onTestFinished, vi } from 'vitest'
import { defaultEnginePath } from '../../src/studio/paths.ts'
import type { Studio } from '../../src/studio/studio.ts'
import { hasEnded, openTestStudio, runToEnd, temporaryFolder, untilJob } from './fixtures/testStudio.ts'

/** The only picture of a job that was asked for, or of one run again. */
async function pictureOf(studio: Studio, job: { id: string }) {
  const { imageIds } = await untilJob(studio, job.id, hasEnded)
  return studio.calls.image(imageIds[0])
}

it(
  'automatic is exact until Turbo was tested, which is done at rest; what it took stays with the picture',
  { timeout: 240_000 },
  async () => {
    const tested = join(temporaryFolder(), 'tested')
    vi.stubEnv('ENGINE_TURBO_FILE', tested)
    onTestFinished(() => void vi.unstubAllEnvs())
    const studio = await openTestStudio()
    const request = { prompt: 'a hill', seed: 1, turbo: 'auto' } as const

    const first = await pictureOf(studio, await runToEnd(studio, request))
    expect(first.request).toMatchObject({ turbo: false, turboBecause: 'untested' })
    await vi.waitUntil(() => existsSync(tested), { timeout: 120_000 })
    expect(await studio.calls.notes(request)).toEqual([{ kind: 'turboFaster', list: [] }])
    const second = await pictureOf(studio, await runToEnd(studio, request))
    expect(second.request).toMatchObject({ turbo: true, turboBecause: 'faster' })

    const again = async (id: string) => (await pictureOf(studio, await studio.calls.rerun(id))).request
    expect(await again(first.id)).toMatchObject({ turbo: false, turboBecause: 'untested' })
    rmSync(tested)
    expect(await again(second.id)).toMatchObject({ turbo: true, turboBecause: 'faster' })
    const chosen = await pictureOf(studio, await runToEnd(studio, { ...request, turbo: true }))
    expect(chosen.request).toMatchObject({ turbo: true, turboBecause: null })
  },
)

it('R19: a picture drawn in 8 bits is drawn again to the same pixels', { timeout: 240_000 }, async () => {
  const studio = await openTestStudio(temporaryFolder(), { enginePath: defaultEnginePath })
  const request = { prompt: 'a hill', seed: 1, steps: 2, device: 'cpu', width: 128, height: 128 } as const
  const pixelsOf = async (job: { id: string }): Promise<Buffer> =>
    sharp((await pictureOf(studio, job)).path)
      .raw()
      .toBuffer()
  const job = await runToEnd(studio, { ...request, turbo: true })
  const pixels = await pixelsOf(job)
  expect(await pixelsOf(await studio.calls.rerun(job.imageIds[0]))).toEqual(pixels)
  expect(await pixelsOf(await runToEnd(studio, request))).not.toEqual(pixels)
})
