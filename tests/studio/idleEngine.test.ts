import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { EngineEvents, EngineTask } from '../../src/shared/engine/engineContract.ts'
import { generationRequestSchema } from '../../src/shared/request/request.ts'
import { createEngineProcess } from '../../src/studio/engine/engineProcess.ts'
import { builtInModelsFolder, defaultEnginePath, findNodeBinary } from '../../src/studio/paths.ts'

const task: EngineTask = {
  jobId: 'idle',
  modelPath: `${builtInModelsFolder}/starter`,
  device: 'cpu',
  request: {
    ...generationRequestSchema.parse({ prompt: 'a red fox', steps: 1, guidanceScale: 1 }),
    ...{ seed: 1, width: 64, height: 64 },
  },
  ...{ firstImage: 0, initImage: null, mask: null, isDraft: false },
  ...{ controls: [], adapters: [], embeddings: [], vaePath: null, hiresUpscaler: null, upscaler: null },
}

describe('an engine that has nothing to do', () => {
  it(
    'is ended after the time set, with all its memory, and the next run has a fresh one',
    { timeout: 180_000 },
    async () => {
      let images = 0
      const events: EngineEvents = {
        progress() {},
        evaluated() {},
        preview() {},
        warning() {},
        image: () => void images++,
      }
      let idleMs = 0
      const engine = createEngineProcess({
        ...{ nodePath: findNodeBinary(), enginePath: defaultEnginePath, events },
        idleMs: () => idleMs,
      })
      onTestFinished(engine.close)
      await engine.calls.run(task)
      expect(engine.isAlive()).toBe(true)
      idleMs = 1
      await vi.waitUntil(() => !engine.isAlive(), { timeout: 120_000 })
      idleMs = 0
      await engine.calls.run(task)
      expect(images).toBe(2)
      expect(engine.isAlive()).toBe(true)
    },
  )
})
