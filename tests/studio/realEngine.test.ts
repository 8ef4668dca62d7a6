import { readdirSync, readFileSync } from 'node:fs'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { defaultEnginePath } from '../../src/studio/paths.ts'
import type { Studio } from '../../src/studio/studio.ts'
import { hasEnded, openTestStudio, runToEnd, temporaryFolder, untilJob } from './fixtures/testStudio.ts'

const openRealStudio = (): Promise<Studio> =>
  openTestStudio(temporaryFolder(), { enginePath: defaultEnginePath })

async function pixelsOf(studio: Studio, id: string): Promise<Buffer> {
  return sharp((await studio.calls.image(id)).path)
    .raw()
    .toBuffer()
}

/** Process ids of the engines that this process started, as Linux lists them. */
function enginePids(): number[] {
  const threads = readdirSync('/proc/self/task')
  const children = threads.flatMap((thread) =>
    readFileSync(`/proc/self/task/${thread}/children`, 'utf8').split(' '),
  )
  const isEngine = (pid: string): boolean =>
    readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(defaultEnginePath)
  return children.filter((pid) => pid && isEngine(pid)).map(Number)
}

describe('the studio with its own engine', () => {
  it('makes an image of a batch again alone, to the same pixels', async () => {
    const studio = await openRealStudio()
    const request = {
      prompt: 'a {red|blue|green|yellow} {circle|square}',
      steps: 4,
      sampler: 'Euler a',
      batchSize: 3,
      seed: 11,
      device: 'cpu',
      width: 128,
      height: 128,
    } as const
    const { imageIds, error } = await runToEnd(studio, request)
    expect(error).toBeNull()
    const prompts = await Promise.all(
      imageIds.map(async (id) => (await studio.calls.image(id)).request.prompt),
    )
    expect(new Set(prompts).size).toBeGreaterThan(1)
    for (const id of imageIds.slice(1)) {
      const again = await studio.calls.rerun(id)
      const done = await untilJob(studio, again.id, hasEnded)
      expect((await pixelsOf(studio, done.imageIds[0])).equals(await pixelsOf(studio, id))).toBe(true)
    }
    expect((await pixelsOf(studio, imageIds[0])).equals(await pixelsOf(studio, imageIds[1]))).toBe(false)
  })

  it('draws pixels without the words it was given, says so, and makes them again', async () => {
    const studio = await openRealStudio()
    const request = { model: 'starter-pixels', prompt: 'a cat', steps: 4, seed: 3, device: 'cpu' } as const
    expect(await studio.calls.notes(request)).toEqual([{ kind: 'noText', list: ['prompt'] }])
    const [id] = (await runToEnd(studio, request)).imageIds
    expect((await studio.calls.image(id)).request).toMatchObject({
      ...{ prompt: '', guidanceScale: 1, sampler: 'Model default', width: 32, height: 32 },
    })
    const again = await untilJob(studio, (await studio.calls.rerun(id)).id, hasEnded)
    expect((await pixelsOf(studio, again.imageIds[0])).equals(await pixelsOf(studio, id))).toBe(true)
  })

  it.skipIf(process.platform !== 'linux')(
    'that is killed in a run fails that job, and the next works',
    async () => {
      const studio = await openRealStudio()
      const job = await studio.calls.enqueue({
        prompt: 'x',
        steps: 30,
        batchSize: 20,
        device: 'cpu',
        width: 128,
        height: 128,
      })
      const next = await studio.calls.enqueue({
        prompt: 'x',
        steps: 2,
        device: 'cpu',
        width: 128,
        height: 128,
      })
      await untilJob(studio, job.id, ({ imageIds }) => imageIds.length > 0)
      for (const pid of enginePids()) process.kill(pid, 'SIGKILL')
      const failed = await untilJob(studio, job.id, hasEnded)
      expect(failed).toMatchObject({ state: 'failed', error: { code: 'engine-crashed' } })
      expect(await untilJob(studio, next.id, hasEnded)).toMatchObject({ state: 'done' })
      expect(await pixelsOf(studio, failed.imageIds[0])).toHaveLength(128 * 128 * 3)
    },
  )

  it('hears a cancel between two evaluations, and answers calls meanwhile', async () => {
    const studio = await openRealStudio()
    const job = await studio.calls.enqueue({
      prompt: 'x',
      steps: 30,
      batchSize: 20,
      device: 'cpu',
      width: 128,
      height: 128,
    })
    await untilJob(studio, job.id, ({ progress }) => (progress?.step ?? 0) > 0)
    expect(await studio.calls.models()).not.toHaveLength(0)
    await studio.calls.cancel(job.id)
    expect(await untilJob(studio, job.id, hasEnded)).toMatchObject({ state: 'cancelled', error: null })
    expect((await studio.calls.status()).engine).toBe('idle')
  })
})
