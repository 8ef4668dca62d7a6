import type { EngineEvents } from '../../../shared/engine/engineContract.ts'
import type { Painter } from './painter.ts'
import { runJob, type EngineRun, type RunParts } from './runJob.ts'
import type { Turn } from '../queue/turn.ts'

/** The studio's own engine as who draws: one job at a time. */
export interface OwnPainter extends Painter {
  isAtWork(): boolean
  /** What the engine tells, for the job that runs. */
  readonly engineEvents: Omit<EngineEvents, 'predictions' | 'raceGuess'>
}

export function createOwnPainter(parts: RunParts, turn: Turn): OwnPainter {
  let current: EngineRun | null = null
  return {
    atOnce: () => 1,
    turn,
    drawsHere: true,
    run(job, listener) {
      const run = runJob(job, parts, listener)
      current = run
      const ended = run.ended.finally(() => {
        if (current === run) current = null
      })
      return { ...run, ended, kill: parts.engine.kill }
    },
    isAtWork: () => current !== null,
    engineEvents: {
      progress: (progress) => current?.events.progress(progress),
      preview: (jobId, pixels) => current?.events.preview(jobId, pixels),
      image: (image) => current?.events.image(image),
      evaluated: (...told) => current?.events.evaluated(...told),
      warning: (said) => current?.events.warning(said),
    },
  }
}
