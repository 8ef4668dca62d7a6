import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Job, Progress } from '../../src/shared/queue/jobs.ts'
import { hasEnded, openTestStudio, runToEnd, temporaryFolder, untilJob } from './fixtures/testStudio.ts'

const isRunning = ({ state, progress }: Job): boolean => state === 'running' && (progress?.step ?? 0) > 0

/** Ms of the quickest of ten: other processes may hold up some, a busy engine would hold up all. */
async function quickest(call: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let trial = 0; trial < 10; trial++) {
    const asked = performance.now()
    await call()
    times.push(performance.now() - asked)
  }
  return Math.min(...times)
}

describe('the queue', () => {
  it('runs a job to its images and tells of every state', async () => {
    const studio = await openTestStudio()
    const states: string[] = []
    const added: string[] = []
    studio.subscribe({
      jobChanged: ({ state }) => void states.push(state),
      imageAdded: ({ id }) => void added.push(id),
    })
    const job = await runToEnd(studio, { prompt: 'two', batchSize: 2 })
    expect(job).toMatchObject({ state: 'done', error: null, progress: null, imageIds: added })
    expect(added).toHaveLength(2)
    expect([...new Set(states)]).toEqual(['queued', 'running', 'done'])
  })

  it('tells progress with steps, an estimate and a preview that can be fetched', async () => {
    const studio = await openTestStudio()
    const told: Progress[] = []
    const previews: Promise<Response>[] = []
    studio.subscribe({
      progress(_jobId, progress) {
        told.push(progress)
        if (progress.previewUrl) previews.push(studio.assets(new Request(`http://x${progress.previewUrl}`)))
      },
    })
    await runToEnd(studio, { prompt: 'slow', steps: 20 })
    const steps = told.filter(({ phase }) => phase === 'denoising').map(({ step }) => step)
    expect(steps).toEqual([...steps].sort((one, other) => one - other))
    expect(new Set(steps)).toEqual(new Set(Array.from({ length: 21 }, (_, step) => step)))
    expect(told.find(({ step }) => step === 3)?.etaMs).toBeGreaterThan(0)
    expect(new Set(told.map(({ previewUrl }) => previewUrl)).size).toBeGreaterThan(3)
    for (const preview of await Promise.all(previews)) {
      expect(preview.status).toBe(200)
      expect(preview.headers.get('content-type')).toBe('image/jpeg')
    }
  })

  it('decides seed, size and device when a job is queued', async () => {
    const studio = await openTestStudio()
    const { request } = await studio.calls.enqueue({ prompt: 'x', variationStrength: 0.5 })
    expect(request).toMatchObject({ width: 128, height: 128, model: 'starter' })
    expect(Number.isInteger(request.seed)).toBe(true)
    expect(Number.isInteger(request.variationSeed)).toBe(true)
    const other = await studio.calls.enqueue({ prompt: 'x' })
    expect(other.request.seed).not.toBe(request.seed)
    expect(other.request.variationSeed).toBeNull()
  })

  it('R1: has jobs of every kind in the order in which they were asked for', async () => {
    const studio = await openTestStudio()
    const { imageIds } = await runToEnd(studio, { prompt: 'x', steps: 1, width: 64, height: 64 })
    const hangs = await studio.calls.enqueue({ prompt: 'hang' })
    const stopped = await studio.calls.enqueue({ prompt: 'stopped' })
    await studio.calls.cancel(stopped.id)
    const asked = await Promise.all([
      studio.calls.enqueue({ prompt: 'first' }),
      studio.calls.rerun(imageIds[0]),
      studio.calls.enqueue({ prompt: 'third' }),
      studio.calls.upscale({ imageId: imageIds[0], upscaler: 'Lanczos' }),
      studio.calls.enqueue({ prompt: 'fifth' }),
      studio.calls.retry(stopped.id),
      studio.calls.enqueue({ prompt: 'last' }),
    ])
    const open = (await studio.calls.jobs()).filter(({ state }) => state === 'queued')
    expect(open.map(({ id }) => id)).toEqual(asked.map(({ id }) => id))
    await studio.calls.stopNow(hangs.id)
  })

  it('R2: queues a job that is tried again twice at once only once', async () => {
    const studio = await openTestStudio()
    const { id } = await runToEnd(studio, { prompt: 'nan' })
    const twice = await Promise.allSettled([studio.calls.retry(id), studio.calls.retry(id)])
    expect(twice.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
    expect((await untilJob(studio, id, hasEnded)).state).toBe('failed')
  })

  it('runs jobs one at a time in their order', async () => {
    const studio = await openTestStudio()
    const running: string[] = []
    studio.subscribe({ jobChanged: ({ id, state }) => void (state === 'running' && running.push(id)) })
    const jobs = await Promise.all(
      ['a', 'b', 'c'].map((prompt) => studio.calls.enqueue({ prompt, steps: 3 })),
    )
    await untilJob(studio, jobs[2].id, hasEnded)
    expect([...new Set(running)]).toEqual(jobs.map(({ id }) => id))
    expect((await studio.calls.jobs()).map(({ state }) => state)).toEqual(['done', 'done', 'done'])
  })

  it('cancels a running job softly, and a queued one without starting it', async () => {
    const studio = await openTestStudio()
    const first = await studio.calls.enqueue({ prompt: 'slow', steps: 100 })
    const second = await studio.calls.enqueue({ prompt: 'slow' })
    await untilJob(studio, first.id, isRunning)
    await studio.calls.cancel(second.id)
    await studio.calls.cancel(first.id)
    expect(await untilJob(studio, first.id, hasEnded)).toMatchObject({ state: 'cancelled', error: null })
    expect(await untilJob(studio, second.id, hasEnded)).toMatchObject({ state: 'cancelled', startedAt: null })
    expect((await studio.calls.status()).engine).toBe('idle')
    expect(await runToEnd(studio, { prompt: 'x' })).toMatchObject({ state: 'done' })
  })

  it('ends an engine that does not hear the cancel after the grace period', async () => {
    const studio = await openTestStudio()
    await studio.calls.changeSettings({ cancelGraceMs: 300 })
    const job = await studio.calls.enqueue({ prompt: 'hang', steps: 5 })
    await untilJob(studio, job.id, isRunning)
    const asked = performance.now()
    await studio.calls.cancel(job.id)
    const stopping = (await studio.calls.jobs())[0]
    expect(stopping).toMatchObject({ state: 'running', progress: { stopping: true } })
    expect(await untilJob(studio, job.id, hasEnded)).toMatchObject({ state: 'cancelled' })
    expect(performance.now() - asked).toBeGreaterThan(250)
    expect(await runToEnd(studio, { prompt: 'x' })).toMatchObject({ state: 'done' })
  })

  it('stops a hanging engine at once when told to', async () => {
    const studio = await openTestStudio()
    const job = await studio.calls.enqueue({ prompt: 'hang', steps: 5 })
    await untilJob(studio, job.id, isRunning)
    await studio.calls.stopNow(job.id)
    expect(await untilJob(studio, job.id, hasEnded)).toMatchObject({ state: 'cancelled' })
  })

  it('keeps answering within 100 ms while the engine hears nothing', async () => {
    const studio = await openTestStudio()
    const job = await studio.calls.enqueue({ prompt: 'hang', steps: 5 })
    await untilJob(studio, job.id, isRunning)
    // The process that answers beside a busy engine takes a moment to start, once.
    await studio.calls.rescanModels()
    for (const call of ['status', 'jobs', 'settings', 'models', 'rescanModels'] as const) {
      expect(await quickest(() => studio.calls[call]()), call).toBeLessThan(100)
    }
    expect(await quickest(() => studio.calls.enqueue({ prompt: 'later' }))).toBeLessThan(100)
    expect(await quickest(() => studio.calls.history({}))).toBeLessThan(100)
  })

  it('retries a failed job and keeps the images it had finished', async () => {
    const studio = await openTestStudio()
    const job = await studio.calls.enqueue({ prompt: 'slow', steps: 3, batchSize: 3, seed: 10 })
    await untilJob(studio, job.id, ({ imageIds }) => imageIds.length === 1)
    await studio.calls.stopNow(job.id)
    const stopped = await untilJob(studio, job.id, hasEnded)
    expect(stopped).toMatchObject({ state: 'cancelled' })
    await studio.calls.retry(job.id)
    const done = await untilJob(studio, job.id, hasEnded)
    expect(done.state).toBe('done')
    expect(done.imageIds.slice(0, stopped.imageIds.length)).toEqual(stopped.imageIds)
    const seeds = await Promise.all(
      done.imageIds.map(async (id) => (await studio.calls.image(id)).request.seed),
    )
    expect(seeds).toEqual([10, 11, 12])
  })

  it('refuses to retry what runs or to dismiss what has not ended', async () => {
    const studio = await openTestStudio()
    const job = await studio.calls.enqueue({ prompt: 'slow', steps: 50 })
    await expect(studio.calls.retry(job.id)).rejects.toMatchObject({ code: 'bad-request' })
    await expect(studio.calls.dismissJobs([job.id])).rejects.toMatchObject({ code: 'bad-request' })
    await expect(studio.calls.cancel('nobody')).rejects.toMatchObject({ code: 'not-found' })
    await studio.calls.stopNow(job.id)
    await untilJob(studio, job.id, hasEnded)
    await studio.calls.dismissJobs([job.id])
    expect(await studio.calls.jobs()).toEqual([])
  })

  it('puts dismissed jobs back as they were, in their order, also for the next start', async () => {
    const folder = temporaryFolder()
    const studio = await openTestStudio(folder)
    const failed = [await runToEnd(studio, { prompt: 'nan 1' }), await runToEnd(studio, { prompt: 'nan 2' })]
    const hanging = await studio.calls.enqueue({ prompt: 'hang' })
    const ids = failed.map(({ id }) => id)
    await expect(studio.calls.dismissJobs([...ids, hanging.id])).rejects.toMatchObject({
      code: 'bad-request',
    })
    expect(await studio.calls.jobs()).toHaveLength(3)
    await studio.calls.dismissJobs(ids)
    expect(await studio.calls.jobs()).toMatchObject([{ id: hanging.id }])
    const told: Job[] = []
    studio.subscribe({ jobChanged: (job) => void (job.id !== hanging.id && told.push(job)) })
    await studio.calls.bringJobsBack(ids)
    expect(told).toEqual(failed)
    expect((await studio.calls.jobs()).slice(1)).toEqual(failed)
    await expect(studio.calls.bringJobsBack(ids)).rejects.toMatchObject({ code: 'not-found' })
    await studio.close()
    const again = await openTestStudio(folder)
    expect((await again.calls.jobs()).slice(1)).toEqual(failed)
    await again.calls.retry(ids[0])
  })

  it('R19: reruns an image alone with the seed it had in its batch, guided as it was', async () => {
    const studio = await openTestStudio()
    const job = await runToEnd(studio, { prompt: 'guided', batchSize: 2, seed: 41 })
    const again = await studio.calls.rerun(job.imageIds[1])
    const done = await untilJob(studio, again.id, hasEnded)
    const [image, rerun] = await Promise.all(
      [job.imageIds[1], done.imageIds[0]].map((id) => studio.calls.image(id)),
    )
    expect(rerun.request).toEqual(image.request)
    expect(rerun.request).toMatchObject({ seed: 42, batchSize: 1, device: 'cpu', guidanceTogether: true })
    expect(existsSync(rerun.path)).toBe(true)
  })

  it('R19: reruns and branches from a picture that does not tell how it was guided as older versions did', async () => {
    const studio = await openTestStudio()
    const { imageIds } = await runToEnd(studio, { prompt: 'a gradient' })
    expect((await studio.calls.image(imageIds[0])).request.guidanceTogether).toBeNull()
    const again = await studio.calls.rerun(imageIds[0])
    const branch = await studio.calls.branch({ imageId: imageIds[0], at: 1, change: {} })
    expect([again.request.guidanceTogether, branch.request.guidanceTogether]).toEqual([false, false])
  })
})

describe('R9: the list of jobs', () => {
  it('comes in pages, in its order, each job once', async () => {
    const studio = await openTestStudio()
    await runToEnd(studio, { prompt: 'done' })
    const queued = await Promise.all(
      Array.from({ length: 12 }, (_, index) => studio.calls.enqueue({ prompt: `slow ${index}`, steps: 100 })),
    )
    const all = await studio.calls.jobs()
    expect(all.map(({ request }) => request.prompt)).toEqual([
      ...queued.map(({ request }) => request.prompt),
      'done',
    ])
    for (const limit of [1, 5, 13]) {
      const seen: string[] = []
      let page = await studio.calls.jobs({ limit })
      while (page.length > 0) {
        expect(page.length).toBeLessThanOrEqual(limit)
        seen.push(...page.map(({ id }) => id))
        page = await studio.calls.jobs({ limit, after: seen.at(-1) })
      }
      expect(seen).toEqual(all.map(({ id }) => id))
    }
    await expect(studio.calls.jobs({ after: 'nobody' })).rejects.toMatchObject({ code: 'not-found' })
  })

  it('has pages of bounded size, however long the prompts are', async () => {
    const studio = await openTestStudio()
    for (let count = 0; count < 40; count++) {
      await studio.calls.enqueue({ prompt: `slow ${'x'.repeat(19_000)}`, negativePrompt: 'y'.repeat(19_000) })
    }
    const page = await studio.calls.jobs()
    expect(page.length).toBeLessThan(40)
    expect(JSON.stringify(page).length).toBeLessThan(2 ** 20)
    expect((await studio.calls.jobs({ after: page.at(-1)!.id })).length).toBeGreaterThan(0)
  })
})

describe('a studio that was closed', () => {
  it('goes on with the running and the queued jobs when it opens again', async () => {
    const folder = temporaryFolder()
    const before = await openTestStudio(folder)
    const first = await before.calls.enqueue({ prompt: 'slow first', steps: 4, batchSize: 2 })
    const second = await before.calls.enqueue({ prompt: 'second', steps: 3 })
    const { imageIds } = await untilJob(before, first.id, ({ imageIds }) => imageIds.length === 1)
    await before.close()
    const after = await openTestStudio(folder)
    const finished = await untilJob(after, first.id, hasEnded)
    expect(finished).toMatchObject({ state: 'done', request: first.request })
    expect(finished.imageIds).toHaveLength(2)
    expect(finished.imageIds[0]).toBe(imageIds[0])
    expect(await untilJob(after, second.id, hasEnded)).toMatchObject({ state: 'done' })
  })
})

describe('two studios on one folder', () => {
  it('leave each other their jobs, and share the history', async () => {
    const folder = temporaryFolder()
    const window = await openTestStudio(folder)
    const job = await window.calls.enqueue({ prompt: 'slow mine', steps: 8 })
    await untilJob(window, job.id, isRunning)
    const other = await openTestStudio(folder)
    expect(await other.calls.jobs()).toEqual([])
    const heard = Promise.withResolvers<void>()
    window.subscribe({ historyChanged: heard.resolve })
    await runToEnd(other, { prompt: 'theirs' })
    await heard.promise
    expect(await untilJob(window, job.id, hasEnded)).toMatchObject({ state: 'done' })
    const { items } = await window.calls.history({})
    expect(items.map(({ request }) => request.prompt).sort()).toEqual(['slow mine', 'theirs'])
  })

  it('R24: keep what each other changed in the settings', async () => {
    const folder = temporaryFolder()
    const window = await openTestStudio(folder)
    const other = await openTestStudio(folder)
    await other.calls.changeSettings({ cancelGraceMs: 1234 })
    await window.calls.changeSettings({ theme: 'dark' })
    const both = { cancelGraceMs: 1234, theme: 'dark' }
    for (const studio of [window, other, await openTestStudio(folder)])
      expect(await studio.calls.settings()).toMatchObject(both)
  })

  it('let one that adopts no jobs leave what a closed one had queued', async () => {
    const folder = temporaryFolder()
    const window = await openTestStudio(folder)
    const job = await window.calls.enqueue({ prompt: 'slow', steps: 30 })
    await untilJob(window, job.id, isRunning)
    await window.close()
    const commandLine = await openTestStudio(folder, { adoptJobs: false })
    expect(await commandLine.calls.jobs()).toEqual([])
  })
})
