import type { EngineCalls } from '../shared/engine/engineContract.ts'
import { createEngineProcess } from '../studio/engine/engineProcess.ts'
import { defaultEnginePath, findNodeBinary } from '../studio/paths.ts'

/** Asks an engine of this command's own, without a studio around it. */
export async function askEngine<Answer>(question: (engine: EngineCalls) => Promise<Answer>): Promise<Answer> {
  const silent = { progress() {}, evaluated() {}, preview() {}, image() {}, warning() {} }
  const engine = createEngineProcess({
    nodePath: findNodeBinary(),
    enginePath: defaultEnginePath,
    events: silent,
  })
  try {
    return await question(engine.calls)
  } finally {
    engine.kill()
  }
}
