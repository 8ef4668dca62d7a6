import { expect, test } from '@playwright/test'
import type { Job } from '../../src/shared/contract.ts'
import { startApp, type RunningApp } from './app.ts'

let app: RunningApp

test.beforeEach(async () => {
  app = await startApp()
})

test.afterEach(() => app.stop())

test('with nothing to do it quits without asking', async () => {
  app.say('quit')
  expect(await app.ended).toBe(0)
})

test('while a picture is being made it asks before it quits', async () => {
  const { id } = await app.call<Job>('enqueue', {
    prompt: 'a red house',
    steps: 200,
    device: 'cpu',
    batchSize: 8,
  })
  const job = async (): Promise<Job | undefined> =>
    (await app.call<Job[]>('jobs')).find((listed) => listed.id === id)
  await expect.poll(async () => (await job())?.state).toBe('running')

  app.say('quit')
  expect(await app.told('question')).toMatchObject({ buttons: ['Keep working', 'Quit'] })
  app.say('question:answer', 0)
  expect((await job())?.state).toBe('running')

  app.say('quit')
  await app.told('question')
  app.say('question:answer', 1)
  expect(await app.ended).toBe(0)
})
