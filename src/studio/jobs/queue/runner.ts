import type { StudioEvents } from '../../../shared/calls/contract.ts'
import { toErrorRecord, type ErrorRecord } from '../../../shared/errors.ts'
import type { Progress } from '../../../shared/queue/jobs.ts'
import { storageError } from '../../history/database/storageErrors.ts'
import { toJob, type JobList } from './jobList.ts'
import { unstarted, type StoredJob } from './jobStore.ts'
import type { Painter, Run, RunListener } from '../run/painter.ts'

/** Begins what is queued as soon as who draws it has room, and ends what runs. */
export interface Runner {
  /** Takes up what is queued, as far as there is room. */
  work(): void
  isRunning(): boolean
  pause(job: StoredJob): void
  cancel(job: StoredJob, graceMs: number): void
  /** Ends what runs, which goes back into the queue, and waits for that. */
  close(): Promise<void>
}

export interface RunnerOptions {
  /** Who draws a job. */
  painterOf: (job: StoredJob) => Painter
  /** Lets go of what is kept of a job's unfinished picture. */
  forget: (jobId: string) => void
  emit: Pick<StudioEvents, 'jobChanged' | 'progress' | 'imageAdded'>
}

interface Current {
  job: StoredJob
  painter: Painter
  run: Run
  ended: Promise<void>
  isCancelled: boolean
  isPaused: boolean
  graceTimer?: NodeJS.Timeout
}

export function createRunner(jobs: JobList, { painterOf, forget, emit }: RunnerOptions): Runner {
  const running = new Map<string, Current>()
  let isClosing = false

  function begin(job: StoredJob, painter: Painter): Current {
    const started = { state: 'running', startedAt: Date.now(), finishedAt: null, error: null } as const
    // What may bring down the studio is known to have been running.
    jobs.change(job, started, !painter.drawsHere)
    const run = painter.run(job, listen(job, emit))
    const current = { job, painter, run, ended: Promise.resolve(), isCancelled: false, isPaused: false }
    running.set(job.id, current)
    current.ended = ending(current)
    return current
  }

  async function ending(current: Current): Promise<void> {
    const problem = await problemOf(current.run)
    clearTimeout(current.graceTimer)
    running.delete(current.job.id)
    const end = isClosing ? endAtClosing(current, problem) : endOf(current, problem)
    // Its pictures tell that it is done; of one that was known to be running the end is written at once.
    jobs.change(current.job, end, end.state === 'done' && !current.painter.drawsHere)
    jobs.forgetOldest()
  }

  const takeTurns = createTurns({
    queued: () => (isClosing ? [] : jobs.all().filter(({ state }) => state === 'queued')),
    painterOf,
    run: (job, painter) => begin(job, painter).ended,
  })

  function pause(job: StoredJob): void {
    if (job.state === 'queued') jobs.change(job, { state: 'paused' })
    const current = running.get(job.id)
    if (!current || current.isCancelled) return
    current.isPaused = true
    current.run.pause()
  }

  function cancel(job: StoredJob, graceMs: number): void {
    if (job.state === 'queued' || job.state === 'paused') {
      jobs.change(job, { state: 'cancelled', finishedAt: Date.now(), progress: null })
      forget(job.id)
    }
    const current = running.get(job.id)
    if (current) stop(current, graceMs)
  }

  return {
    // Whoever enqueues hears of the job before it starts.
    work: () => queueMicrotask(takeTurns),
    isRunning: () => running.size > 0,
    pause,
    cancel,
    async close() {
      isClosing = true
      const last = [...running.values()]
      for (const { run } of last) {
        run.pause()
        run.kill()
      }
      await Promise.all(last.map(({ ended }) => ended))
    },
  }
}

/** Makes the function that runs what is queued, as many at a time as who draws it has room for. */
function createTurns({
  queued,
  painterOf,
  run,
}: {
  queued: () => StoredJob[]
  painterOf: (job: StoredJob) => Painter
  run: (job: StoredJob, painter: Painter) => Promise<void>
}): () => void {
  /** Of each painter the turns that are waited for, and those that are used. */
  const asked = new Map<Painter, number>()
  const used = new Map<Painter, number>()
  const add = (count: Map<Painter, number>, painter: Painter, change: number): unknown =>
    count.set(painter, (count.get(painter) ?? 0) + change)
  const queuedFor = (painter: Painter): StoredJob[] => queued().filter((job) => painterOf(job) === painter)

  function takeTurns(): void {
    for (const painter of new Set(queued().map(painterOf))) {
      const waiting = queuedFor(painter).length - (asked.get(painter) ?? 0)
      const room = painter.atOnce() - (asked.get(painter) ?? 0) - (used.get(painter) ?? 0)
      for (let left = Math.min(waiting, room); left > 0; left--) void takeTurn(painter)
    }
  }

  async function takeTurn(painter: Painter): Promise<void> {
    add(asked, painter, 1)
    const endTurn = await painter.turn()
    add(asked, painter, -1)
    // While it was waited for, another job may have become the next, or none be left.
    const job = queuedFor(painter).at(0)
    if (!job) return endTurn()
    add(used, painter, 1)
    await run(job, painter)
    add(used, painter, -1)
    endTurn()
    takeTurns()
  }

  return takeTurns
}

/** Asks a run for its end, and sees to it after a while. */
function stop(current: Current, graceMs: number): void {
  if (!current.isCancelled) current.run.cancel()
  current.isCancelled = true
  clearTimeout(current.graceTimer)
  if (graceMs <= 0) current.run.kill()
  else current.graceTimer = setTimeout(current.run.kill, graceMs)
}

/** Why a run failed; null: it did not. */
const problemOf = ({ ended }: Run): Promise<ErrorRecord | null> =>
  ended.then(
    () => null,
    (error: unknown) => toErrorRecord(storageError(error, 'The data folder')),
  )

const listen = (job: StoredJob, emit: RunnerOptions['emit']): RunListener => ({
  progress(progress) {
    if (job.state !== 'running') return
    job.progress = progress
    emit.progress(job.id, progress)
  },
  saved(image) {
    job.imageIds = [...job.imageIds, image.id]
    emit.imageAdded(image)
    emit.jobChanged(toJob(job))
  },
})

function endOf({ job, isCancelled, isPaused }: Current, problem: ErrorRecord | null): Partial<StoredJob> {
  const ended = { finishedAt: Date.now(), progress: null }
  if (problem === null) return { ...ended, state: 'done' }
  if (isCancelled) return { ...ended, state: 'cancelled' }
  if (isPaused) return { state: 'paused', progress: halted(job.progress) }
  return { ...ended, state: 'failed', error: problem }
}

/** What the end of the studio cut off is queued again. */
const endAtClosing = (current: Current, problem: ErrorRecord | null): Partial<StoredJob> =>
  problem === null || current.isCancelled || current.isPaused
    ? endOf(current, problem)
    : { ...unstarted, progress: null }

/** Where a paused job stands. */
const halted = (progress: Progress | null): Progress | null =>
  progress && { ...progress, stopping: false, etaMs: null }
