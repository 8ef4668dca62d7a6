import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Job } from '../../src/shared/queue/jobs.ts'
import { defaultEnginePath, findNodeBinary } from '../../src/studio/paths.ts'
import type { Studio } from '../../src/studio/studio.ts'
import { hasEnded, openTestStudio, runToEnd, temporaryFolder, untilJob } from './fixtures/testStudio.ts'

const own = { enginePath: defaultEnginePath }
const request = {
  prompt: 'a blue circle',
  steps: 30,
  sampler: 'DPM++ 2M SDE',
  seed: 5,
  device: 'cpu',
  width: 128,
  height: 128,
} as const

const pixelsOf = async (studio: Studio, id: string): Promise<Buffer> =>
  sharp((await studio.calls.image(id)).path)
    .raw()
    .toBuffer()

const isAtStep =
  (step: number) =>
  ({ progress }: Job): boolean =>
    progress?.phase === 'denoising' && progress.step >= step

const isPaused = ({ state }: Job): boolean => state === 'paused'

const unfinished = (folder: string): string[] =>
  existsSync(join(folder, 'unfinished')) ? readdirSync(join(folder, 'unfinished')) : []

async function pausedAt(studio: Studio, step: number): Promise<Job> {
  const { id } = await studio.calls.enqueue(request)
  await untilJob(studio, id, isAtStep(step))
  await studio.calls.pause(id)
  return untilJob(studio, id, (job) => isPaused(job) || hasEnded(job))
}

/** A studio of its own process pauses the request in its middle and is killed. Answers the job. */
async function pausedAndKilled(folder: string): Promise<string> {
  const program = fileURLToPath(new URL('fixtures/pausingProcess.ts', import.meta.url))
  const args = [program, folder, JSON.stringify(request)]
  const child = spawn(findNodeBinary(), args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [id] = (await once(child, 'message')) as [string]
  const closed = once(child, 'close')
  child.kill('SIGKILL')
  await closed
  return id
}

describe('a paused job', () => {
  it('R32: goes on inside its picture after a restart, to the same pixels', async () => {
    const folder = temporaryFolder()
    const first = await openTestStudio(folder, own)
    const paused = await pausedAt(first, 10)
    expect(paused).toMatchObject({ state: 'paused', imageIds: [], progress: { stopping: false } })
    await first.close()
    expect(unfinished(folder)).toEqual([`${paused.id}.evaluations`])

    const studio = await openTestStudio(folder, own)
    expect(await studio.calls.jobs()).toMatchObject([{ id: paused.id, state: 'paused' }])
    await studio.calls.resume(paused.id)
    const done = await untilJob(studio, paused.id, hasEnded)
    expect(done).toMatchObject({ state: 'done', error: null })
    const image = await studio.calls.image(done.imageIds[0])
    // Two evaluations a step under guidance: those of ten steps were known.
    expect(image.timings.unetRuns).toBeLessThanOrEqual(20)
    expect(unfinished(folder)).toEqual([])

    const whole = await runToEnd(studio, request)
    expect((await pixelsOf(studio, whole.imageIds[0])).equals(await pixelsOf(studio, image.id))).toBe(true)
  })

  it('R32: of a studio that is killed goes on inside its picture, to the same pixels', async () => {
    const folder = temporaryFolder()
    const id = await pausedAndKilled(folder)
    const studio = await openTestStudio(folder, own)
    expect(await studio.calls.jobs()).toMatchObject([{ id, state: 'paused', imageIds: [] }])
    await studio.calls.resume(id)
    const done = await untilJob(studio, id, hasEnded)
    expect(done).toMatchObject({ state: 'done', error: null })
    const image = await studio.calls.image(done.imageIds[0])
    expect(image.timings.unetRuns).toBeGreaterThan(0)
    expect(image.timings.unetRuns).toBeLessThanOrEqual(15)
    expect(unfinished(folder)).toEqual([])

    const whole = await runToEnd(studio, request)
    expect((await pixelsOf(studio, whole.imageIds[0])).equals(await pixelsOf(studio, image.id))).toBe(true)
  })

  it('R32: goes on inside the later part of a branch, which another model draws, to the same pixels', async () => {
    const folder = temporaryFolder()
    const first = await openTestStudio(folder, own)
    const { imageIds } = await runToEnd(first, request)
    const change = { prompt: 'a red square', model: 'starter-fast' } as const
    const { id } = await first.calls.branch({ imageId: imageIds[0], at: 10, change })
    await untilJob(first, id, isAtStep(20))
    await first.calls.pause(id)
    expect(await untilJob(first, id, (job) => isPaused(job) || hasEnded(job))).toMatchObject({
      state: 'paused',
    })
    await first.close()

    const studio = await openTestStudio(folder, own)
    await studio.calls.resume(id)
    const done = await untilJob(studio, id, hasEnded)
    expect(done).toMatchObject({ state: 'done', error: null })
    const branch = await studio.calls.image(done.imageIds[0])
    expect(branch.model.name).toBe('starter-fast')
    // Nothing of the first part, and of the later one what was left.
    expect(branch.timings.unetRuns).toBeGreaterThan(0)
    expect(branch.timings.unetRuns).toBeLessThanOrEqual(10)
    expect(unfinished(folder)).toEqual([])

    const whole = await untilJob(studio, (await studio.calls.rerun(branch.id)).id, hasEnded)
    expect((await pixelsOf(studio, whole.imageIds[0])).equals(await pixelsOf(studio, branch.id))).toBe(true)
    // What both models did counts.
    expect((await studio.calls.image(whole.imageIds[0])).timings.unetRuns).toBeGreaterThan(20)
  })

  it('R32: lets the next one run, and keeps its place', async () => {
    const studio = await openTestStudio()
    const first = await studio.calls.enqueue({ prompt: 'slow', steps: 50 })
    const second = await studio.calls.enqueue({ prompt: 'slow', steps: 3 })
    const third = await studio.calls.enqueue({ prompt: 'slow', steps: 3 })
    await untilJob(studio, first.id, ({ state }) => state === 'running')
    await studio.calls.pause(third.id)
    await studio.calls.pause(first.id)
    await untilJob(studio, second.id, hasEnded)
    expect((await studio.calls.jobs()).map(({ state }) => state)).toEqual(['paused', 'paused', 'done'])
    await studio.calls.resume(third.id)
    await studio.calls.resume(first.id)
    await untilJob(studio, first.id, hasEnded)
    await untilJob(studio, third.id, hasEnded)
    expect((await studio.calls.jobs()).map(({ state }) => state)).toEqual(['done', 'done', 'done'])
  })

  it('can be cancelled, and nothing of it stays', async () => {
    const folder = temporaryFolder()
    const studio = await openTestStudio(folder, own)
    const { id } = await pausedAt(studio, 3)
    await studio.calls.cancel(id)
    expect(await untilJob(studio, id, hasEnded)).toMatchObject({ state: 'cancelled' })
    await expect.poll(() => unfinished(folder)).toEqual([])
    await expect(studio.calls.resume(id)).rejects.toMatchObject({ code: 'bad-request' })
    await expect(studio.calls.pause(id)).rejects.toMatchObject({ code: 'bad-request' })
  })

  it('R3: that ran when its studio was closed goes on inside its picture', async () => {
    const folder = temporaryFolder()
    const first = await openTestStudio(folder, own)
    const { id } = await first.calls.enqueue(request)
    await untilJob(first, id, isAtStep(10))
    await first.close()
    const studio = await openTestStudio(folder, own)
    const done = await untilJob(studio, id, hasEnded)
    expect(done).toMatchObject({ state: 'done' })
    expect((await studio.calls.image(done.imageIds[0])).timings.unetRuns).toBeLessThanOrEqual(20)
  })
})
