import { describe, expect, it } from 'vitest'
import type { Job } from '../../src/shared/queue/jobs.ts'
import { studioAs } from '../../src/studio/jobs/queue/asking.ts'
import { openTestStudio, runToEnd, temporaryFolder, untilJob } from './fixtures/testStudio.ts'

type TestStudio = Awaited<ReturnType<typeof openTestStudio>>

const prompts = (jobs: readonly Job[]): string[] => jobs.map(({ request }) => request.prompt)
const waiting = async (studio: TestStudio): Promise<string[]> =>
  prompts((await studio.calls.jobs()).filter(({ state }) => state === 'queued'))

/** A studio with a job that hangs, and those that wait behind it. */
async function withWaiting(words: readonly string[], dataFolder = temporaryFolder()) {
  const studio = await openTestStudio(dataFolder)
  const hanging = await studio.calls.enqueue({ prompt: 'hang' })
  await untilJob(studio, hanging.id, ({ state }) => state === 'running')
  const jobs: Job[] = []
  for (const prompt of words) jobs.push(await studio.calls.enqueue({ prompt, steps: 1 }))
  return { studio, hanging, jobs }
}

describe('the order of the queue', () => {
  it('is changed by moving a job before another or to the end, and every client hears it', async () => {
    const { studio, hanging, jobs } = await withWaiting(['a', 'b', 'c', 'd'])
    const moves: unknown[] = []
    studio.subscribe({ jobMoved: (...told) => void moves.push(told) })
    const [a, , c, d] = jobs
    await studio.calls.moveJob(d.id, a.id)
    expect(await waiting(studio)).toEqual(['d', 'a', 'b', 'c'])
    await studio.calls.moveJob(a.id, null)
    expect(await waiting(studio)).toEqual(['d', 'b', 'c', 'a'])
    await studio.calls.moveJob(c.id, c.id)
    expect(await waiting(studio)).toEqual(['d', 'b', 'c', 'a'])
    expect(moves).toEqual([
      [d.id, a.id],
      [a.id, null],
    ])
    const started: string[] = []
    studio.subscribe({ jobChanged: ({ state, id }) => void (state === 'running' && started.push(id)) })
    await studio.calls.stopNow(hanging.id)
    await untilJob(studio, a.id, ({ state }) => state === 'done')
    expect([...new Set(started)]).toEqual([d.id, jobs[1].id, c.id, a.id])
  })

  it('R1: stays as it was made when the studio is opened again', async () => {
    const dataFolder = temporaryFolder()
    const { studio, jobs } = await withWaiting(['a', 'b', 'c'], dataFolder)
    await studio.calls.moveJob(jobs[2].id, jobs[0].id)
    await studio.close()
    const again = await openTestStudio(dataFolder)
    expect(prompts((await again.calls.jobs()).slice(0, 4))).toEqual(['hang', 'c', 'a', 'b'])
  })

  it('R38: lets askers take turns, keeps what was moved, and knows after a restart who asked', async () => {
    const dataFolder = temporaryFolder()
    const { studio, hanging, jobs } = await withWaiting(['a', 'b', 'c', 'd'], dataFolder)
    const ada = studioAs(studio, { id: 'person:1', name: 'Ada' })
    const key = studioAs(studio, { id: 'key:2', name: 'Krita' })
    await ada.calls.enqueue({ prompt: 'Ada 1' })
    // Who sits at the machine has one that runs.
    expect(await waiting(studio)).toEqual(['Ada 1', 'a', 'b', 'c', 'd'])
    await ada.calls.enqueue({ prompt: 'Ada 2' })
    await key.calls.enqueue({ prompt: 'key 1' })
    expect(await waiting(studio)).toEqual(['Ada 1', 'key 1', 'a', 'Ada 2', 'b', 'c', 'd'])
    await studio.calls.moveJob(jobs[3].id, jobs[0].id)
    await key.calls.enqueue({ prompt: 'key 2' })
    await studio.calls.enqueue({ prompt: 'e' })
    const order = ['Ada 1', 'key 1', 'd', 'key 2', 'a', 'Ada 2', 'b', 'c', 'e']
    expect(await waiting(studio)).toEqual(order)
    await studio.close()

    const again = await openTestStudio(dataFolder)
    const kept = await again.calls.jobs()
    expect(prompts(kept)).toEqual([hanging.request.prompt, ...order])
    expect(kept.slice(0, 3).map(({ asker }) => asker?.name ?? null)).toEqual([null, 'Ada', 'Krita'])
  })

  it('has a job at the front that was moved before one that began meanwhile', async () => {
    const { studio, hanging, jobs } = await withWaiting(['a', 'b', 'c'])
    await studio.calls.moveJob(jobs[2].id, hanging.id)
    expect(await waiting(studio)).toEqual(['c', 'a', 'b'])
  })

  it('is not changed by moving what does not wait, or before what is not there', async () => {
    const { studio, hanging, jobs } = await withWaiting(['a', 'b'])
    await expect(studio.calls.moveJob(hanging.id, null)).rejects.toMatchObject({ code: 'bad-request' })
    await expect(studio.calls.moveJob(jobs[0].id, 'gone')).rejects.toMatchObject({ code: 'not-found' })
    expect(await waiting(studio)).toEqual(['a', 'b'])
  })
})

it('pausing all holds what runs and what waits, also over a restart, and all of it goes on in its order', async () => {
  const dataFolder = temporaryFolder()
  const studio = await openTestStudio(dataFolder)
  const first = await studio.calls.enqueue({ prompt: 'slow', steps: 50 })
  await untilJob(studio, first.id, ({ state }) => state === 'running')
  for (const prompt of ['a', 'b']) await studio.calls.enqueue({ prompt, steps: 1 })
  await studio.calls.pauseAll()
  await untilJob(studio, first.id, ({ state }) => state === 'paused')
  const states = async (of: TestStudio) => (await of.calls.jobs()).map(({ state }) => state)
  expect(await states(studio)).toEqual(['paused', 'paused', 'paused'])
  await studio.close()

  const again = await openTestStudio(dataFolder)
  expect(await states(again)).toEqual(['paused', 'paused', 'paused'])
  const begun: string[] = []
  again.subscribe({
    jobChanged: ({ state, request }) => void (state === 'running' && begun.push(request.prompt)),
  })
  await again.calls.resumeAll()
  const last = (await again.calls.jobs()).at(-1)!
  await untilJob(again, last.id, ({ state }) => state === 'done')
  expect([...new Set(begun)]).toEqual(['slow', 'a', 'b'])
})

it('cancelling all stops what runs and what waits, and leaves what is paused', async () => {
  const { studio, hanging, jobs } = await withWaiting(['a', 'b', 'held'])
  await studio.calls.pause(jobs[2].id)
  await studio.calls.changeSettings({ cancelGraceMs: 0 })
  expect(await studio.calls.cancelAll()).toEqual([hanging.id, jobs[0].id, jobs[1].id])
  const { state } = await untilJob(studio, hanging.id, (job) => job.state !== 'running')
  expect(state).toBe('cancelled')
  const states = (await studio.calls.jobs()).map((job) => [job.request.prompt, job.state])
  expect(states).toEqual([
    ['held', 'paused'],
    ['hang', 'cancelled'],
    ['a', 'cancelled'],
    ['b', 'cancelled'],
  ])
})

it('the time of what waits is learnt from pictures that were made', async () => {
  const { studio, hanging } = await withWaiting(['a', 'b'])
  expect(await studio.calls.queueTimes()).toMatchObject({ waitingMs: 0, unknown: 2 })
  await studio.calls.cancelAll()
  await studio.calls.stopNow(hanging.id)
  const { id } = await runToEnd(studio, { prompt: 'slow', steps: 10 })
  const [{ timings }] = (await studio.calls.history({})).items
  expect(id).toBeDefined()
  const blocking = await studio.calls.enqueue({ prompt: 'hang' })
  await untilJob(studio, blocking.id, ({ state }) => state === 'running')
  const next = await studio.calls.enqueue({ prompt: 'slow', steps: 20, batchSize: 2 })
  const times = await studio.calls.queueTimes()
  const expected = 2 * (2 * timings.denoise + timings.decode + timings.textEncode)
  expect(times).toEqual({ jobs: [{ id: next.id, timeMs: expected }], waitingMs: expected, unknown: 0 })
})
