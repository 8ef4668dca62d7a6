import type { EngineEvents } from '../../shared/engine/engineContract.ts'
import type { LiveTrace } from '../../shared/calls/labCalls.ts'
import type { EngineProcess } from '../engine/engineProcess.ts'
import { packedTrace } from './packNumbers.ts'

/** How long after the last question the engine goes on telling, in ms. */
const patienceMs = 15_000

/** The predictions of the picture that is being made, heard from the engine only while somebody asks for them. */
export function createLiveTrace(engine: EngineProcess) {
  let live: LiveTrace | null = null
  let watched: string | null = null
  let askedAt = 0

  function watch(jobId: string | null): void {
    watched = jobId
    void engine.calls.watch(jobId).catch(() => {})
  }

  return {
    engineEvents: {
      predictions({ jobId, image, ...told }) {
        if (jobId !== watched) return
        if (performance.now() - askedAt > patienceMs) {
          live = null
          return watch(null)
        }
        const { steps, ...shape } = packedTrace(told)
        const goesOn =
          live?.jobId === jobId &&
          live.image === image &&
          live.height === shape.height &&
          live.width === shape.width
        live = { ...shape, jobId, image, steps: goesOn ? [...live!.steps, ...steps] : steps }
      },
    } satisfies Pick<EngineEvents, 'predictions'>,
    /** What was heard of a job's picture that is being made, from one prediction on; null: nothing yet. */
    ask(jobId: string, from: number): LiveTrace | null {
      askedAt = performance.now()
      if (watched !== jobId) live = null
      // An engine that was only being started has not heard it.
      if (live === null) watch(jobId)
      return live && { ...live, steps: live.steps.slice(from) }
    },
  }
}
export type LiveTracing = ReturnType<typeof createLiveTrace>
