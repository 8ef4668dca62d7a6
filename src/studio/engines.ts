import type { EngineEvents } from '../shared/engine/engineContract.ts'
import { besideEngine } from './engine/besideEngine.ts'
import { createEngineProcess } from './engine/engineProcess.ts'
import type { Events } from './events.ts'
import type { Drafts } from './jobs/drafts.ts'
import type { LiveTracing } from './lab/liveTrace.ts'
import type { OwnPainter } from './jobs/run/ownPainter.ts'
import { raceEvents } from './lab/raceCalls.ts'
import { defaultEnginePath, findNodeBinary } from './paths.ts'

/** What the engine tells, to who draws with it and to whoever looks beside it. */
export const heardBy = (
  painter: OwnPainter,
  drafts: Drafts,
  liveTrace: LiveTracing,
  events: Events,
): EngineEvents => ({
  ...painter.engineEvents,
  ...liveTrace.engineEvents,
  ...raceEvents(events),
  progress(progress) {
    painter.engineEvents.progress(progress)
    drafts.engineEvents.progress(progress)
  },
  preview(...preview) {
    painter.engineEvents.preview(...preview)
    drafts.engineEvents.preview(...preview)
  },
  image(image) {
    painter.engineEvents.image(image)
    drafts.engineEvents.image(image)
  },
})

/** Three processes of the engine: the one that draws, one that answers where that one hears nothing, and one that looks at files. */
export function createEngines(
  {
    nodePath,
    enginePath,
    ...told
  }: { nodePath?: string; enginePath?: string; idleMs: () => number; cardMemory: () => number },
  events: () => EngineEvents,
) {
  const create = () =>
    createEngineProcess({
      nodePath: nodePath ?? findNodeBinary(),
      enginePath: enginePath ?? defaultEnginePath,
      events: {
        progress: (...told) => events().progress(...told),
        preview: (...told) => events().preview(...told),
        image: (...told) => events().image(...told),
        evaluated: (...told) => events().evaluated(...told),
        predictions: (...told) => events().predictions?.(...told),
        raceGuess: (...told) => events().raceGuess?.(...told),
        warning: (...told) => events().warning(...told),
      },
      ...told,
    })
  // Headers are read in a process of its own, which ends when there is nothing to read: no run holds it up.
  const [engine, inspector, examiner] = [create(), create(), create()]
  return { engine, inspector, examiner, beside: besideEngine(engine, inspector) }
}
