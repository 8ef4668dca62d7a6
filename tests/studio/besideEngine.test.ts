import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import type { Studio } from '../../src/studio/studio.ts'
import { openTestStudio, temporaryFolder, untilJob } from './fixtures/testStudio.ts'

/** A studio whose engine is drawing, and what tells the process of an engine that was started last. */
async function drawing(prompt: string): Promise<{ studio: Studio; newestEngine: () => string }> {
  const pidFile = join(temporaryFolder(), 'engine-pid')
  vi.stubEnv('ENGINE_PID_FILE', pidFile)
  const studio = await openTestStudio()
  const job = await studio.calls.enqueue({ prompt, steps: 5 })
  await untilJob(studio, job.id, ({ progress }) => progress?.step === 1)
  return { studio, newestEngine: () => readFileSync(pidFile, 'utf8') }
}

const asked = { prompt: 'what would it take' }
const answer = { peakBytes: 1e9 }

it('what a request would take is asked of the engine that draws, as long as it hears', async () => {
  const { studio, newestEngine } = await drawing('endless')
  const engine = newestEngine()
  expect(await studio.calls.estimate(asked)).toMatchObject(answer)
  expect(newestEngine()).toBe(engine)
})

it('where the engine hears nothing another one answers, and goes on to', async () => {
  const { studio, newestEngine } = await drawing('hang')
  const engine = newestEngine()
  expect(await studio.calls.estimate(asked)).toMatchObject(answer)
  const inspector = newestEngine()
  expect(inspector).not.toBe(engine)
  expect(await studio.calls.estimate(asked)).toMatchObject(answer)
  expect(newestEngine()).toBe(inspector)
})

it('is answered although the engine is ended meanwhile', async () => {
  const { studio, newestEngine } = await drawing('hang')
  const engine = newestEngine()
  const answered = studio.calls.estimate(asked)
  const [job] = await studio.calls.jobs()
  await studio.calls.stopNow(job.id)
  expect(await answered).toMatchObject(answer)
  expect(newestEngine()).not.toBe(engine)
})
