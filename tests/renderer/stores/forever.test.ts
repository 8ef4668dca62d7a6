import { expect, it } from 'vitest'
import { useForever } from '../../../src/renderer/stores/forever.ts'
import { useForm } from '../../../src/renderer/stores/form.ts'
import { useJobs } from '../../../src/renderer/stores/jobs.ts'
import { useMask } from '../../../src/renderer/stores/mask.ts'
import { useModels } from '../../../src/renderer/stores/models.ts'
import { openStores, until } from './window.ts'

async function openForever(prompt: string) {
  const window = await openStores()
  const models = useModels()
  const form = useForm()
  await until(() => models.usable.length > 0)
  form.chooseModel(models.usable[0].id)
  form.request = { ...form.request, prompt, steps: 3 }
  useMask()
  return { window, calls: window.studio.calls, form, jobs: useJobs(), forever: useForever() }
}

it('goes on as the form stands when each begins, each time with a seed of its own, and stops at a failure', async () => {
  const { form, jobs, forever } = await openForever('first')
  form.lockSeed(7)
  forever.toggle()
  await until(() => jobs.jobs.length > 0)
  form.request = { ...form.request, prompt: 'second' }
  const done = (prompt: string) =>
    jobs.jobs.filter(({ state, request }) => state === 'done' && request.prompt === prompt)
  await until(() => done('second').length > 1)
  expect(forever.on).toBe(true)
  form.request = { ...form.request, prompt: 'nan' }
  await until(() => !forever.on)
  expect(jobs.failed.map(({ request }) => request.prompt)).toEqual(['nan'])
  expect(jobs.current).toBeNull()
  const seeds = jobs.jobs.map(({ request }) => request.seed)
  expect(seeds[0]).toBe(7)
  expect(new Set(seeds).size).toBe(seeds.length)
})

it('stops where its picture is cancelled', async () => {
  const { calls, jobs, forever } = await openForever('endless')
  forever.toggle()
  await until(() => jobs.running)
  await calls.cancel(jobs.running!.id)
  await until(() => !forever.on)
  await until(() => !jobs.current)
  expect(jobs.jobs).toHaveLength(1)
})

it('cancels the picture that was being asked for when it was turned off', async () => {
  const { window, jobs, forever } = await openForever('endless')
  window.hold()
  forever.toggle()
  await window.untilAnswered()
  forever.toggle()
  window.letGoBackwards()
  await until(() => jobs.cancelled.length === 1)
  expect([jobs.current, forever.on]).toEqual([null, false])
})
