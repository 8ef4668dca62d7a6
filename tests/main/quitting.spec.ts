import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import Database from 'better-sqlite3'
import type { Job } from '../../src/shared/queue/jobs.ts'
import { startApp, type RunningApp } from './app.ts'

let app: RunningApp
let folder: string

test.beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'latent-studio-quitting-'))
  app = await startApp(folder)
})

test.afterEach(async () => {
  await app.stop()
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

const longJob = { prompt: 'a red house', steps: 200, device: 'cpu', batchSize: 8 }

const isRunning = async (): Promise<boolean> =>
  (await app.call<Job[]>('jobs')).some(({ state }) => state === 'running')

test('with nothing to do it quits without asking', async () => {
  app.say('quit')
  expect(await app.ended).toBe(0)
})

test('while a picture is being made it asks before it quits', async () => {
  await app.call<Job>('enqueue', longJob)
  await expect.poll(isRunning).toBe(true)

  app.say('quit')
  expect(await app.told('question')).toMatchObject({ buttons: ['Keep working', 'Quit'] })
  app.say('question:answer', 0)
  expect(await isRunning()).toBe(true)

  app.say('quit')
  await app.told('question')
  app.say('question:answer', 1)
  expect(await app.ended).toBe(0)
})

test('R21: it quits although another program has locked the database, and the job goes on the next time', async () => {
  const { id } = await app.call<Job>('enqueue', longJob)
  await expect.poll(isRunning).toBe(true)
  const other = new Database(path.join(folder, 'studio.db'))
  other.exec('BEGIN EXCLUSIVE')

  app.say('quit')
  await app.told('question')
  app.say('question:answer', 1)
  expect(await app.ended).toBe(0)
  other.close()

  app = await startApp(folder)
  const taken = (await app.call<Job[]>('jobs')).find((job) => job.id === id)
  expect(taken).toMatchObject({ error: null })
  await expect.poll(isRunning).toBe(true)
})
