import { describe, expect, it } from 'vitest'
import { openTestFarm, hasRedis, startRedis } from '../fixtures/farmParts.ts'
import { hasEnded, runToEnd, untilJob } from '../fixtures/testStudio.ts'

describe.skipIf(!hasRedis)('a farm', () => {
  it('draws a batch image by image, each once, and records who drew it', async () => {
    const redis = await startRedis()
    const { studio, addWorker } = await openTestFarm(redis)
    await Promise.all(['one', 'two'].map((name) => addWorker(name)))
    const job = await runToEnd(studio, { prompt: 'a slow batch', batchSize: 6 })
    expect(job).toMatchObject({ state: 'done', error: null })
    const images = await Promise.all(job.imageIds.map((id) => studio.calls.image(id)))
    expect(new Set(images.map(({ id }) => id)).size).toBe(6)
    expect(new Set(images.map(({ worker }) => worker))).toEqual(new Set(['one', 'two']))
    expect(images.map(({ request }) => request.seed).toSorted()).toEqual(
      Array.from({ length: 6 }, (_, i) => Number(job.request.seed) + i),
    )
  })

  it('an image whose worker is killed in the middle goes to another one', async () => {
    const redis = await startRedis()
    const { studio, addWorker } = await openTestFarm(redis)
    const first = await addWorker('first')
    const job = await studio.calls.enqueue({ prompt: 'slow', steps: 30 })
    await untilJob(studio, job.id, ({ progress }) => (progress?.step ?? 0) > 2)
    first.kill('SIGKILL')
    await addWorker('second')
    const done = await untilJob(studio, job.id, hasEnded)
    expect(done).toMatchObject({ state: 'done' })
    const { items } = await studio.calls.history({})
    expect(items.map(({ worker }) => worker)).toEqual(['second'])
  })
})
