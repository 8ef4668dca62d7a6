import { randomUUID } from 'node:crypto'
import type { StudioEvents } from '../../shared/contract.ts'
import type { Job, JobState, Progress } from '../../shared/jobs.ts'
import type { EngineEvents } from '../../shared/engineContract.ts'
import { StudioError, toErrorRecord, type ErrorRecord } from '../../shared/errors.ts'
import type { ResolvedRequest } from '../../shared/request.ts'
import type { EngineProcess } from '../engine/engineProcess.ts'
import { isOpen, openJobList, toJob, type JobList, type JobListOptions } from './jobList.ts'
import { pageOf } from './jobPage.ts'
import type { StoredJob } from './jobStore.ts'
import type { Turn } from './turn.ts'
import type { Run, RunListener } from './runJob.ts'
import { storageError } from '../history/storageErrors.ts'
import { withinTime } from '../models/timeLimit.ts'

export interface Queue {
  /** What is queued or running, then what ended, oldest first: a page of it; see the contract. */
  jobs(page?: { after?: string | null; limit?: number }): Job[]
  /**
   * Puts a job at the end once its request is ready, in the order of the calls; but one that takes long to get ready is not
   * waited for. Rejects as the request does.
   */
  enqueue(request: Promise<ResolvedRequest>): Promise<Job>
  /** Holds a job; see the contract. */
  pause(jobId: string): void
  resume(jobId: string): void
  cancel(jobId: string): void
  /** Cancels without waiting for the running evaluation: ends the engine. */
  stopNow(jobId: string): void
  /** What runs and what waits; see the contract. */
  cancelAll(): string[]
  move(jobId: string, before: string | null): Promise<void>
  retry(jobId: string): Promise<Job>
  dismiss(jobId: string): Promise<void>
  /** Lets go of jobs that were deleted with their last image. */
  drop(jobIds: readonly string[]): void
  /** What waits, in order. */
  waiting(): readonly Job[]
  hasRunningJob(): boolean
  /** What the engine tells, for the job that runs. */
  readonly engineEvents: Omit<EngineEvents, 'predictions' | 'raceGuess'>
  /** Ends the running job, which goes back into the queue, and waits until nothing is being written. */
  close(): Promise<void>
}

export interface QueueOptions extends JobListOptions {
  engine: EngineProcess
  run: (job: StoredJob, listener: RunListener) => Run
  /** Lets go of what is kept of a job's unfinished picture. */
  forget: (jobId: string) => void
  cancelGraceMs: () => number
  turn: Turn
  emit: Pick<StudioEvents, 'jobChanged' | 'jobDismissed' | 'jobMoved' | 'progress' | 'imageAdded'>
}

/** How long a job that is ready waits for the one before it, in ms: any model that answers does so well within it. */
const longestWaitMs = 5000

/** Jobs one after the other, in the order they came. */
export function openQueue(options: QueueOptions): Queue {
  const jobs = openJobList(options)
  for (const job of jobs.all()) {
    if (job.state === 'running') jobs.change(job, afterInterruption(job))
  }
  const worker = createWorker(jobs, options)
  const append = createAppender(jobs, worker)
  worker.work()

  return {
    jobs: (page) => pageOf(jobs, page),
    enqueue: (request) => append(request.then((ready) => () => newJob(ready))),
    pause(jobId) {
      const job = jobs.find(jobId)
      checkState(job, ['queued', 'running', 'paused'], 'paused')
      worker.pause(job)
    },
    resume(jobId) {
      const job = jobs.find(jobId)
      checkState(job, ['paused'], 'resumed')
      jobs.change(job, { state: 'queued', progress: null })
      worker.work()
    },
    cancel: (jobId) => worker.cancel(jobs.find(jobId), options.cancelGraceMs()),
    stopNow: (jobId) => worker.cancel(jobs.find(jobId), 0),
    cancelAll: () => cancelAll(jobs, worker, options.cancelGraceMs()),
    async move(jobId, before) {
      const job = jobs.find(jobId)
      checkState(job, ['queued'], 'moved')
      if (before === jobId) return
      const next = before === null ? null : jobs.find(before)
      const isWaiting = next === null || next.state === 'queued'
      await jobs.move(job, isWaiting ? next : (waiting(jobs).find((other) => other !== job) ?? null))
    },
    retry: (jobId) => append(Promise.resolve(() => again(jobs.find(jobId)))),
    async dismiss(jobId) {
      const job = jobs.find(jobId)
      if (isOpen(job))
        throw new StudioError('bad-request', 'A job that has not ended has to be cancelled first.')
      await jobs.remove(job)
    },
    drop: jobs.drop,
    waiting: () => waiting(jobs),
    hasRunningJob: () => worker.current() !== null,
    engineEvents: {
      progress: (progress) => worker.current()?.events.progress(progress),
      preview: (jobId, pixels) => worker.current()?.events.preview(jobId, pixels),
      image: (image) => worker.current()?.events.image(image),
      evaluated: (...told) => worker.current()?.events.evaluated(...told),
      warning: (message) => worker.current()?.events.warning(message),
    },
    async close() {
      await worker.close()
      jobs.close()
      try {
        options.store.disown()
      } catch {
        // Not disowned, the jobs are adopted all the same once this studio's lock is gone.
      }
    },
  }
}

/** Puts jobs at the end once they are ready, in the order in which they were asked for. */
function createAppender(jobs: JobList, worker: Worker): (ready: Promise<() => StoredJob>) => Promise<Job> {
  let lastAsked: Promise<unknown> = Promise.resolve()
  return (ready) => {
    const before = lastAsked
    const asked = ready.then(async (make) => {
      await withinTime(before, longestWaitMs, null)
      const appended = await jobs.append(make)
      worker.work()
      return appended
    })
    lastAsked = asked.catch(() => {})
    return asked
  }
}

const waiting = (jobs: JobList): StoredJob[] => jobs.all().filter(({ state }) => state === 'queued')

const firstQueued = (jobs: JobList): StoredJob | undefined =>
  jobs.all().find(({ state }) => state === 'queued')

/** What waits is cancelled first, or it would begin. */
function cancelAll(jobs: JobList, worker: Worker, graceMs: number): string[] {
  const running = jobs.all().filter(({ state }) => state === 'running')
  const queued = waiting(jobs)
  for (const job of [...queued, ...running]) worker.cancel(job, graceMs)
  return [...running, ...queued].map(({ id }) => id)
}

/** Throws `bad-request` for a job of another state. */
function checkState({ state }: Job, allowed: readonly JobState[], what: string): void {
  if (allowed.includes(state)) return
  const message = `Only a ${allowed.join(' or ')} job can be ${what}; this one is ${state}.`
  throw new StudioError('bad-request', message)
}

interface Worker {
  /** Takes up what is queued, unless it is at it. */
  work(): void
  current(): Run | null
  pause(job: StoredJob): void
  cancel(job: StoredJob, graceMs: number): void
  close(): Promise<void>
}

interface Current {
  job: StoredJob
  run: Run
  isCancelled: boolean
  isPaused: boolean
  graceTimer?: NodeJS.Timeout
}

function createWorker(jobs: JobList, { engine, run, forget, turn, emit }: QueueOptions): Worker {
  let current: Current | null = null
  let working: Promise<void> | null = null
  let isClosing = false

  async function runAll(): Promise<void> {
    // Whoever enqueues hears of the job before it starts.
    await Promise.resolve()
    while (!isClosing && firstQueued(jobs)) {
      const endTurn = await turn()
      // While it was waited for, another job may have become the next, or none be left.
      const job = isClosing ? undefined : firstQueued(jobs)
      if (job) await runOne(job)
      endTurn()
    }
  }

  async function runOne(job: StoredJob): Promise<void> {
    jobs.change(job, { state: 'running', startedAt: Date.now(), finishedAt: null, error: null })
    const running: Current = { job, run: run(job, listen(job, emit)), isCancelled: false, isPaused: false }
    current = running
    const problem = await running.run.ended.then(
      () => null,
      (error: unknown) => toErrorRecord(storageError(error, 'The data folder')),
    )
    clearTimeout(running.graceTimer)
    current = null
    if (problem !== null && isClosing && !running.isCancelled && !running.isPaused)
      jobs.change(job, { ...unstarted, progress: null })
    else jobs.change(job, endOf(running, problem))
    jobs.forgetOldest()
  }

  return {
    work() {
      working ??= runAll().finally(() => (working = null))
    },
    current: () => current?.run ?? null,
    pause(job) {
      if (job.state === 'queued') jobs.change(job, { state: 'paused' })
      if (current?.job !== job || current.isCancelled) return
      current.isPaused = true
      current.run.pause()
    },
    cancel(job, graceMs) {
      if (job.state === 'queued' || job.state === 'paused') {
        jobs.change(job, { state: 'cancelled', finishedAt: Date.now(), progress: null })
        forget(job.id)
      }
      if (current?.job !== job) return
      const stopping = current
      if (!stopping.isCancelled) stopping.run.cancel()
      stopping.isCancelled = true
      clearTimeout(stopping.graceTimer)
      if (graceMs <= 0) engine.kill()
      else stopping.graceTimer = setTimeout(() => engine.kill(), graceMs)
    },
    async close() {
      isClosing = true
      current?.run.pause()
      engine.kill()
      await working
    },
  }
}

const listen = (job: StoredJob, emit: QueueOptions['emit']): RunListener => ({
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

/** Where a paused job stands. */
const halted = (progress: Progress | null): Progress | null =>
  progress && { ...progress, stopping: false, etaMs: null }

const unstarted = {
  state: 'queued',
  startedAt: null,
  finishedAt: null,
  error: null,
  interruptions: 0,
} as const

/** An ended job as it is queued once more. */
function again(job: StoredJob): StoredJob {
  checkState(job, ['failed', 'cancelled'], 'tried again')
  return { ...job, ...unstarted }
}

const newJob = (request: ResolvedRequest): StoredJob => ({
  ...unstarted,
  id: randomUUID(),
  request,
  createdAt: Date.now(),
  imageIds: [],
  progress: null,
  imagesDone: 0,
})

/** How often a job may be running when its studio ends before it is given up. */
const interruptionLimit = 2

function afterInterruption(job: StoredJob): Partial<StoredJob> {
  const interruptions = job.interruptions + 1
  if (interruptions < interruptionLimit) return { ...unstarted, interruptions }
  const message =
    'Latent Studio ended twice while this job was running, so it was not started again. Try a smaller picture or another device, then try again.'
  return { state: 'failed', finishedAt: Date.now(), interruptions, error: { code: 'interrupted', message } }
}
