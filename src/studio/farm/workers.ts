import { StudioError } from '../../shared/errors.ts'
import type { FarmWorker, WorkerReport } from '../../shared/queue/farm.ts'
import type { Candidate } from './mayDraw.ts'
import type { PausedWorkers } from './pausedWorkers.ts'

/** The workers that a studio has heard of. */
export interface Workers {
  heard(report: WorkerReport): void
  /** It has brought a picture, which took `ms` for `work` steps of 512 by 512. */
  brought(name: string, ms: number, work: number): void
  isPaused(name: string): boolean
  /** Throws `not-found`; `disk-full` and `read-only` where it cannot be kept. */
  pause(name: string, isPaused: boolean): Promise<void>
  /** Those that are there and not paused. */
  candidates(): Candidate[]
  /** @param drawing what a worker has now. */
  list(drawing: (name: string) => FarmWorker['drawing']): FarmWorker[]
}

/** After this silence a worker counts as away, and after a day it is forgotten; in ms. */
const awayMs = 15_000
const forgottenMs = 86_400_000

/** How much of the last pictures' speed the newest one counts for. */
const newest = 0.3

interface Known extends WorkerReport {
  drawn: number
  stepMs: number | null
  lastHeard: number
}

/** @param changed hears that one came, or came back. */
export function createWorkers(paused: PausedWorkers, changed: () => void): Workers {
  const known = new Map<string, Known>()
  const isThere = ({ lastHeard }: Known): boolean => Date.now() - lastHeard < awayMs

  return {
    heard(report) {
      const before = known.get(report.name)
      const { drawn = 0, stepMs = null } = before ?? {}
      known.set(report.name, { ...report, drawn, stepMs, lastHeard: Date.now() })
      for (const [name, { lastHeard }] of known) if (Date.now() - lastHeard > forgottenMs) known.delete(name)
      if (!before || !isThere(before)) changed()
    },
    brought(name, ms, work) {
      const worker = known.get(name)
      if (!worker) return
      worker.drawn++
      const stepMs = ms / work
      worker.stepMs = worker.stepMs === null ? stepMs : worker.stepMs * (1 - newest) + stepMs * newest
    },
    isPaused: (name) => paused.has(name),
    async pause(name, isPaused) {
      if (!known.has(name) && !paused.has(name)) {
        const names = [...known.keys()].join(', ') || 'none'
        throw new StudioError('not-found', `There is no worker "${name}". The workers are: ${names}.`)
      }
      await paused.set(name, isPaused)
      changed()
    },
    candidates: () => [...known.values()].filter((one) => isThere(one) && !paused.has(one.name)),
    list: (drawing) =>
      [...known.values()].map(({ models, ...worker }) => ({
        ...worker,
        models: models.length,
        drawing: drawing(worker.name),
        state: stateOf({ ...worker, models }, drawing(worker.name).length > 0),
        isPaused: paused.has(worker.name),
      })),
  }

  function stateOf(worker: Known, isDrawing: boolean): FarmWorker['state'] {
    if (!isThere(worker)) return 'away'
    if (isDrawing) return 'drawing'
    return paused.has(worker.name) ? 'paused' : 'waiting'
  }
}
