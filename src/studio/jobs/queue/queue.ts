import { randomUUID } from 'node:crypto'
import type { Asker, Job, JobState } from '../../../shared/queue/jobs.ts'
import { StudioError } from '../../../shared/errors.ts'
import type { ResolvedRequest } from '../../../shared/request/request.ts'
import { currentAsker } from './asking.ts'
import { isOpen, openJobList, type JobList, type JobListOptions } from './jobList.ts'
import { pageOf } from './jobPage.ts'
import { unstarted, type StoredJob } from './jobStore.ts'
import { createRunner, type Runner, type RunnerOptions } from './runner.ts'
import { withinTime } from '../../models/folders/timeLimit.ts'

export interface Queue {
  /** What is queued or running, then what ended, oldest first: a page of it; see the contract. */
  jobs(page?: { after?: string | null; limit?: number }): Job[]
  /**
   * Puts a job behind all others of who asks once its request is ready, in the order of the calls; but one that takes long to
   * get ready is not waited for. Rejects as the request does.
   */
  enqueue(request: Promise<ResolvedRequest>): Promise<Job>
  /** Holds a job; see the contract. */
  pause(jobId: string): void
  resume(jobId: string): void
  /** What runs and what waits; see the contract. */
  pauseAll(): void
  /** What is paused; see the contract. */
  resumeAll(): void
  cancel(jobId: string): void
  /** Cancels without waiting for the running evaluation. */
  stopNow(jobId: string): void
  /** What runs and what waits; see the contract. */
  cancelAll(): string[]
  move(jobId: string, before: string | null): Promise<void>
  retry(jobId: string): Promise<Job>
  /** Takes jobs that ended out of the list; see the contract. */
  dismiss(jobIds: readonly string[]): Promise<void>
  /** Puts them back; see the contract. */
  bringBack(jobIds: readonly string[]): Promise<void>
  /** Lets go of jobs that were deleted with their last image. */
  drop(jobIds: readonly string[]): void
  /** What waits, in order. */
  waiting(): readonly Job[]
  hasRunningJob(): boolean
  /** Looks whether who draws has room for what waits. */
  look(): void
  /** Ends what runs, which goes back into the queue, and waits until nothing is being written. */
  close(): Promise<void>
}

export interface QueueOptions extends JobListOptions, Omit<RunnerOptions, 'emit'> {
  cancelGraceMs: () => number
  emit: JobListOptions['emit'] & RunnerOptions['emit']
}

/** How long a job that is ready waits for the one before it, in ms: any model that answers does so well within it. */
const longestWaitMs = 5000

/** Jobs in the order they came, as many at a time as who draws them has room for. */
export function openQueue(options: QueueOptions): Queue {
  const jobs = openJobList(options)
  for (const job of jobs.all()) {
    if (job.state !== 'running') continue
    const { drawsHere } = options.painterOf(job)
    jobs.change(job, drawsHere ? afterInterruption(job) : { ...unstarted, interruptions: job.interruptions })
  }
  const runner = createRunner(jobs, options)
  const append = createAppender(jobs, runner)
  runner.work()

  return {
    jobs: (page) => pageOf(jobs, page),
    enqueue(request) {
      const asker = currentAsker()
      return append(request.then((ready) => () => newJob(ready, asker)))
    },
    pause(jobId) {
      const job = jobs.find(jobId)
      checkState(job, ['queued', 'running', 'paused'], 'paused')
      runner.pause(job)
    },
    resume(jobId) {
      const job = jobs.find(jobId)
      checkState(job, ['paused'], 'resumed')
      goOn([job], jobs, runner)
    },
    pauseAll: () => pauseAll(jobs, runner),
    resumeAll: () => goOn(inState('paused', jobs), jobs, runner),
    cancel: (jobId) => runner.cancel(jobs.find(jobId), options.cancelGraceMs()),
    stopNow: (jobId) => runner.cancel(jobs.find(jobId), 0),
    cancelAll: () => cancelAll(jobs, runner, options.cancelGraceMs()),
    async move(jobId, before) {
      const job = jobs.find(jobId)
      checkState(job, ['queued'], 'moved')
      if (before === jobId) return
      const next = before === null ? null : jobs.find(before)
      const isWaiting = next === null || next.state === 'queued'
      await jobs.move(job, isWaiting ? next : (waiting(jobs).find((other) => other !== job) ?? null))
    },
    retry: (jobId) => append(Promise.resolve(() => again(jobs.find(jobId)))),
    ...dismissing(jobs),
    drop: jobs.drop,
    waiting: () => waiting(jobs),
    hasRunningJob: runner.isRunning,
    look: runner.work,
    async close() {
      await runner.close()
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
function createAppender(jobs: JobList, runner: Runner): (ready: Promise<() => StoredJob>) => Promise<Job> {
  let lastAsked: Promise<unknown> = Promise.resolve()
  return (ready) => {
    const before = lastAsked
    const asked = ready.then(async (make) => {
      await withinTime(before, longestWaitMs, null)
      const appended = await jobs.append(make)
      runner.work()
      return appended
    })
    lastAsked = asked.catch(() => {})
    return asked
  }
}

/** How often ended jobs may be taken out of the list before the first of them cannot be put back any more. */
const dismissalsKept = 10

/** Taking what ended out of the list, and putting it back while this studio runs. */
function dismissing(jobs: JobList): Pick<Queue, 'dismiss' | 'bringBack'> {
  let dismissed: StoredJob[][] = []
  return {
    async dismiss(jobIds) {
      const chosen = jobIds.map(jobs.find)
      if (chosen.some(isOpen))
        throw new StudioError('bad-request', 'A job that has not ended has to be cancelled first.')
      await jobs.remove(chosen)
      dismissed = [...dismissed, chosen].slice(-dismissalsKept)
    },
    async bringBack(jobIds) {
      const gone = dismissed.flat().filter(({ id }) => jobIds.includes(id))
      if (gone.length < jobIds.length)
        throw new StudioError('not-found', 'Jobs that left the list that long ago cannot be put back.')
      await jobs.restore(gone)
      dismissed = dismissed.map((some) => some.filter((job) => !gone.includes(job)))
    },
  }
}

const inState = (wanted: JobState, jobs: JobList): StoredJob[] =>
  jobs.all().filter(({ state }) => state === wanted)
const waiting = (jobs: JobList): StoredJob[] => inState('queued', jobs)
const running = (jobs: JobList): StoredJob[] => inState('running', jobs)

/** What waits is held first, or it would begin. */
function pauseAll(jobs: JobList, runner: Runner): void {
  for (const job of [...waiting(jobs), ...running(jobs)]) runner.pause(job)
}

/** Paused jobs take their places in the queue again. */
function goOn(paused: readonly StoredJob[], jobs: JobList, runner: Runner): void {
  for (const job of paused) jobs.change(job, { state: 'queued', progress: null })
  runner.work()
}

/** What waits is cancelled first, or it would begin. */
function cancelAll(jobs: JobList, runner: Runner, graceMs: number): string[] {
  const [begun, queued] = [running(jobs), waiting(jobs)]
  for (const job of [...queued, ...begun]) runner.cancel(job, graceMs)
  return [...begun, ...queued].map(({ id }) => id)
}

/** Throws `bad-request` for a job of another state. */
function checkState({ state }: Job, allowed: readonly JobState[], what: string): void {
  if (allowed.includes(state)) return
  const message = `Only a ${allowed.join(' or ')} job can be ${what}; this one is ${state}.`
  throw new StudioError('bad-request', message)
}

/** An ended job as it is queued once more. */
function again(job: StoredJob): StoredJob {
  checkState(job, ['failed', 'cancelled'], 'tried again')
  return { ...job, ...unstarted }
}

const newJob = (request: ResolvedRequest, asker: Asker | null): StoredJob => ({
  ...unstarted,
  id: randomUUID(),
  request,
  asker,
  createdAt: Date.now(),
  imageIds: [],
  progress: null,
  imagesDone: 0,
  imagesAhead: null,
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
