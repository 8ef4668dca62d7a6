import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import type { EngineTask } from '../../src/shared/engine/engineContract.ts'
import { generationRequestSchema } from '../../src/shared/request/request.ts'
import { besideEngine } from '../../src/studio/engine/besideEngine.ts'
import { createEngineProcess } from '../../src/studio/engine/engineProcess.ts'
import { builtInModelsFolder, findNodeBinary } from '../../src/studio/paths.ts'
import type { Studio } from '../../src/studio/studio.ts'
import { gradientEngine, openTestStudio, temporaryFolder, untilJob } from './fixtures/testStudio.ts'

/** A studio whose engine is drawing, and what tells the process of an engine that was started last. */
async function drawing(prompt: string): Promise<{ studio: Studio; newestEngine: () => string }> {
  const pidFile = join(temporaryFolder(), 'engine-pid')
  vi.stubEnv('ENGINE_PID_FILE', pidFile)
  onTestFinished(() => void vi.unstubAllEnvs())
  const studio = await openTestStudio()
  const job = await studio.calls.enqueue({ prompt, steps: 5 })
  await untilJob(studio, job.id, ({ progress }) => progress?.step === 1)
  return { studio, newestEngine: () => readFileSync(pidFile, 'utf8') }
}

const asked = { prompt: 'what would it take' }
const answer = { peakBytes: 1e9 }

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

it('what a request would take is asked of the engine that draws, as long as it hears', async () => {
  const drawing = Promise.withResolvers<void>()
  const events = { evaluated() {}, image() {}, preview() {}, warning() {}, progress: () => drawing.resolve() }
  const create = () => {
    const engine = createEngineProcess({ nodePath: findNodeBinary(), enginePath: gradientEngine, events })
    onTestFinished(engine.close)
    return engine
  }
  const [engine, inspector] = [create(), create()]
  const task: EngineTask = {
    ...{ jobId: 'endless', modelPath: `${builtInModelsFolder}/starter`, device: 'cpu', isDraft: false },
    request: {
      ...generationRequestSchema.parse({ prompt: 'endless', steps: 5 }),
      seed: 1,
      width: 64,
      height: 64,
    },
    ...{ firstImage: 0, initImage: null, mask: null, vaePath: null, hiresUpscaler: null, upscaler: null },
    ...{ controls: [], adapters: [], embeddings: [] },
  }
  const run = engine.calls.run(task)
  await Promise.race([drawing.promise, run])
  // A machine that is busy with others may keep even an engine that hears from answering within the usual time.
  expect(await besideEngine(engine, inspector, 60_000).estimate(task)).toMatchObject(answer)
  expect(inspector.isAlive()).toBe(false)
  await engine.calls.cancel(task.jobId)
  await expect(run).rejects.toMatchObject({ code: 'cancelled' })
})
