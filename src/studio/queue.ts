import { randomUUID } from 'node:crypto'
import type { Job, StudioEvents } from '../shared/contract.ts'
import type { EngineEvents } from '../shared/engineContract.ts'
import { StudioError, toErrorRecord } from '../shared/errors.ts'
import type { ResolvedRequest } from '../shared/request.ts'
import type { EngineProcess } from './engineProcess.ts'
import { endedJobsKept, type JobStore, type StoredJob } from './jobStore.ts'
import type { Run, RunListener } from './runJob.ts'

export interface Queue {
  jobs(): Job[]
  enqueue(request: ResolvedRequest): Job
  cancel(jobId: string): void
  /** Cancels without waiting for the running evaluation: ends the engine. */
  stopNow(jobId: string): void
  retry(jobId: string): Job
  dismiss(jobId: string): void
  hasRunningJob(): boolean
  /** What the engine tells, for the job that runs. */
  readonly engineEvents: EngineEvents
  /** Ends the running job, which goes back into the queue, and waits until nothing is being written. */
  close(): Promise<void>
}

export interface QueueOptions {
  store: JobStore
  engine: EngineProcess
  run: (job: StoredJob, listener: RunListener) => Run
  cancelGraceMs: () => number
  emit: Pick<StudioEvents, 'jobChanged' | 'jobDismissed' | 'progress' | 'imageAdded'>
  warn: (message: string) => void
}

/** How often a job may be running when its studio ends before it is given up. */
const interruptionLimit = 2

interface Current {
  job: StoredJob
  run: Run
  isCancelled: boolean
  graceTimer: NodeJS.Timeout | null
}

/** Jobs one after the other. What is in here is true for this studio; the store has it for the next one. */
export function openQueue({ store, engine, run, cancelGraceMs, emit, warn }: QueueOptions): Queue {
  const jobs = new Map(store.load().map((job) => [job.id, job]))
  let current: Current | null = null
  let working: Promise<void> | null = null
  let isClosing = false

  function change(job: StoredJob, changes: Partial<StoredJob>): void {
    Object.assign(job, changes)
    try {
      store.save(job)
    } catch (error) {
      // A full disk must not stop what goes on in memory.
      warn(`The queue could not be written: ${toErrorRecord(error).message}`)
    }
    emit.jobChanged(toJob(job))
  }

  function find(jobId: string): StoredJob {
    const job = jobs.get(jobId)
    if (!job) throw new StudioError('not-found', `There is no job "${jobId}".`)
    return job
  }

  function append(job: StoredJob): Job {
    store.save(job)
    jobs.set(job.id, job)
    emit.jobChanged(toJob(job))
    work()
    return toJob(job)
  }

  function work(): void {
    working ??= runAll().finally(() => {
      working = null
    })
  }

  async function runAll(): Promise<void> {
    // Whoever enqueues hears of the job before it starts.
    await Promise.resolve()
    for (;;) {
      const next = isClosing ? undefined : [...jobs.values()].find(({ state }) => state === 'queued')
      if (!next) return
      await runOne(next)
    }
  }

  async function runOne(job: StoredJob): Promise<void> {
    change(job, { state: 'running', startedAt: Date.now(), finishedAt: null, error: null })
    const listener: RunListener = {
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
    }
    const running: Current = { job, run: run(job, listener), isCancelled: false, graceTimer: null }
    current = running
    let problem: unknown = null
    try {
      await running.run.ended
    } catch (error) {
      problem = error
    }
    if (running.graceTimer) clearTimeout(running.graceTimer)
    current = null
    change(job, { ...outcome(running, problem), progress: null })
    forgetOldest()
  }

  function forgetOldest(): void {
    const ended = [...jobs.values()].filter((job) => !isOpen(job))
    for (const { id } of ended.slice(0, -endedJobsKept)) {
      jobs.delete(id)
      emit.jobDismissed(id)
    }
  }

  function outcome({ isCancelled }: Current, problem: unknown): Partial<StoredJob> {
    const finishedAt = Date.now()
    if (problem === null) return { state: 'done', finishedAt }
    if (isCancelled) return { state: 'cancelled', finishedAt }
    if (isClosing) return { state: 'queued', startedAt: null }
    return { state: 'failed', finishedAt, error: toErrorRecord(problem) }
  }

  function cancel(jobId: string, graceMs: number): void {
    const job = find(jobId)
    if (job.state === 'queued') change(job, { state: 'cancelled', finishedAt: Date.now() })
    if (current?.job !== job) return
    const stopping = current
    if (!stopping.isCancelled) stopping.run.cancel()
    stopping.isCancelled = true
    if (stopping.graceTimer) clearTimeout(stopping.graceTimer)
    if (graceMs <= 0) engine.kill()
    else stopping.graceTimer = setTimeout(() => current === stopping && engine.kill(), graceMs)
  }

  for (const job of jobs.values()) {
    if (job.state === 'running') change(job, afterInterruption(job))
  }
  work()

  return {
    jobs: () =>
      [...jobs.values()].map(toJob).sort((one, other) => Number(isOpen(other)) - Number(isOpen(one))),
    enqueue: (request) => append(newJob(request)),
    cancel: (jobId) => cancel(jobId, cancelGraceMs()),
    stopNow: (jobId) => cancel(jobId, 0),
    retry(jobId) {
      const job = find(jobId)
      if (job.state !== 'failed' && job.state !== 'cancelled') {
        throw new StudioError(
          'bad-request',
          `Only a failed or cancelled job can be tried again; this one is ${job.state}.`,
        )
      }
      store.remove(job.id)
      jobs.delete(job.id)
      const again = {
        state: 'queued',
        startedAt: null,
        finishedAt: null,
        error: null,
        interruptions: 0,
      } as const
      return append({ ...job, ...again })
    },
    dismiss(jobId) {
      const job = find(jobId)
      if (isOpen(job))
        throw new StudioError('bad-request', 'A job that has not ended yet has to be cancelled first.')
      store.remove(jobId)
      jobs.delete(jobId)
      emit.jobDismissed(jobId)
    },
    hasRunningJob: () => current !== null,
    engineEvents: {
      progress: (progress) => current?.run.events.progress(progress),
      preview: (jobId, pixels) => current?.run.events.preview(jobId, pixels),
      image: (image) => current?.run.events.image(image),
    },
    async close() {
      isClosing = true
      current?.run.cancel()
      engine.kill()
      await working
      store.disown()
    },
  }
}

const isOpen = ({ state }: Job): boolean => state === 'queued' || state === 'running'

const toJob = ({ imagesDone: _done, interruptions: _interruptions, ...job }: StoredJob): Job => ({ ...job })

const newJob = (request: ResolvedRequest): StoredJob => ({
  id: randomUUID(),
  state: 'queued',
  request,
  createdAt: Date.now(),
  startedAt: null,
  finishedAt: null,
  imageIds: [],
  progress: null,
  error: null,
  imagesDone: 0,
  interruptions: 0,
})

function afterInterruption({ interruptions }: StoredJob): Partial<StoredJob> {
  if (interruptions + 1 < interruptionLimit) {
    return { state: 'queued', startedAt: null, interruptions: interruptions + 1 }
  }
  const message =
    'Latent Studio ended twice while this job was running, so it was not started again. Try a smaller picture or another device, then try again.'
  return {
    state: 'failed',
    finishedAt: Date.now(),
    interruptions: interruptions + 1,
    error: { code: 'interrupted', message },
  }
}
