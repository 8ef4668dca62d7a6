import type { EngineCalls } from '../../shared/engine/engineContract.ts'
import type { EngineProcess } from './engineProcess.ts'

/** How long an engine without work is kept, in ms. */
const restMs = 5_000

/**
 * The calls of an engine that draws nothing, and only looks at files and tests Turbo: its process ends a moment after the last of them.
 */
export function restingEngine(
  engine: EngineProcess,
): Pick<EngineCalls, 'examineFiles' | 'examineModel' | 'hashFile' | 'headerThumbnail' | 'testTurbo'> {
  let pending = 0
  let timer: NodeJS.Timeout | undefined

  async function whileAwake<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    clearTimeout(timer)
    pending++
    try {
      return await work()
    } finally {
      if (--pending === 0) timer = setTimeout(engine.kill, restMs).unref()
    }
  }

  const { calls } = engine
  return {
    examineFiles: (paths) => whileAwake(() => calls.examineFiles(paths)),
    examineModel: (path, options) => whileAwake(() => calls.examineModel(path, options)),
    hashFile: (path) => whileAwake(() => calls.hashFile(path)),
    headerThumbnail: (path) => whileAwake(() => calls.headerThumbnail(path)),
    testTurbo: (path) => whileAwake(() => calls.testTurbo(path)),
  }
}
