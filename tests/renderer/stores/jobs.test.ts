import { expect, it } from 'vitest'
import { useJobs } from '../../../src/renderer/stores/jobs.ts'
import { openStores, until } from './window.ts'

/** A queue in which the first job runs until it is cancelled. */
async function openQueue(waiting: number) {
  const window = await openStores()
  const { calls } = window.studio
  const prompts = ['endless', ...Array.from({ length: waiting }, (_, i) => `job ${i}`)]
  for (const prompt of prompts) await calls.enqueue({ prompt, steps: 3 })
  const jobs = useJobs()
  await until(() => jobs.running && jobs.queued.length === waiting)
  const ids = jobs.queued.map(({ id }) => id)
  return { window, calls, jobs, ids, queued: () => jobs.queued.map(({ id }) => id) }
}

it('what happened while nothing was heard is there after the next connection, in the studio’s order', async () => {
  const { window, calls, jobs, ids, queued } = await openQueue(3)
  await window.cut()
  await calls.cancel(ids[0])
  await calls.dismissJobs([ids[0]])
  await calls.moveJob(ids[2], ids[1])
  const added = await calls.enqueue({ prompt: 'later', steps: 3 })
  expect(queued()).toEqual(ids)
  await window.comeBack()
  await until(() => queued().includes(added.id))
  expect(queued()).toEqual([ids[2], ids[1], added.id])
  expect(jobs.byId(ids[0])).toBeNull()
})

it('a list that was answered before a change and comes after it takes nothing back', async () => {
  const { window, calls, jobs, ids, queued } = await openQueue(3)
  window.hold()
  const reading = jobs.refresh()
  await window.untilAnswered()
  await calls.pause(ids[0])
  await calls.cancel(ids[1])
  await calls.dismissJobs([ids[1]])
  const added = await calls.enqueue({ prompt: 'later', steps: 3 })
  await window.untilTold('jobChanged', 3)
  await window.untilTold('jobDismissed')
  window.letGoBackwards()
  await reading
  expect(queued()).toEqual([ids[2], added.id])
  expect(jobs.byId(ids[0])?.state).toBe('paused')
  expect(jobs.byId(ids[1])).toBeNull()
})

it('a job that was moved while the list was read stands where it was put', async () => {
  const { window, calls, jobs, ids, queued } = await openQueue(3)
  window.hold()
  const reading = jobs.refresh()
  await window.untilAnswered()
  await calls.moveJob(ids[2], ids[0])
  await window.untilTold('jobMoved')
  window.letGoBackwards()
  await reading
  expect(queued()).toEqual([ids[2], ids[0], ids[1]])
})

it('the answer to a call knows less than an event that was faster', async () => {
  const { calls, jobs, ids } = await openQueue(1)
  const answered = jobs.byId(ids[0])!
  await calls.cancel(ids[0])
  await until(() => jobs.byId(ids[0])?.state === 'cancelled')
  jobs.add(answered)
  expect(jobs.byId(ids[0])?.state).toBe('cancelled')
})
