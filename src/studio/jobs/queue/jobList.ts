import type { StudioEvents } from '../../../shared/calls/contract.ts'
import type { Job } from '../../../shared/queue/jobs.ts'
import { StudioError, toErrorRecord } from '../../../shared/errors.ts'
import { placeInTurn } from './askersInTurn.ts'
import { endedJobsKept, type JobStore, type StoredJob } from './jobStore.ts'
import { storageError } from '../../history/database/storageErrors.ts'
import { isLocked, whenUnlocked } from '../../history/database/whenUnlocked.ts'
import { saying, type Warn } from '../../../shared/notices.ts'

/**
 * The jobs of this studio in memory, in the order of the queue. What is in here is true; the store follows, and tries
 * again while it cannot be written.
 */
export interface JobList {
  all(): StoredJob[]
  /** Throws `not-found`. */
  find(jobId: string): StoredJob
  /**
   * Puts a job behind all others of its asker, so that askers take turns, in the order of the calls; one that is there already
   * is moved. It is made when its turn has come.
   * Rejects when it cannot be made or written.
   */
  append(make: () => StoredJob): Promise<Job>
  /** Puts a job before another one, or at the end (null), in the order of the calls to this and `append`. */
  move(job: StoredJob, before: StoredJob | null): Promise<void>
  /** @param soon it need not be written at once: should the studio end before, what it says is found out again */
  change(job: StoredJob, changes: Partial<StoredJob>, soon?: boolean): void
  remove(jobs: readonly StoredJob[]): Promise<void>
  /** Puts jobs that were removed behind all others. */
  restore(jobs: readonly StoredJob[]): Promise<void>
  /** Lets go of jobs that are no longer in the store. */
  drop(jobIds: readonly string[]): void
  /** Takes the oldest jobs that are done or cancelled out when there are more than are kept. */
  forgetOldest(): void
  /** Writes what could not be written before, as far as it can be now, and tries no more. */
  close(): void
}

export interface JobListOptions {
  store: JobStore
  emit: Pick<StudioEvents, 'jobChanged' | 'jobDismissed' | 'jobMoved'>
  warn: Warn
}

/** Ms between tries to write what could not be written. */
const retryPause = 500
/** How long what need not be written at once may wait for more of its kind, in ms. */
const soonMs = 100

export function openJobList({ store, emit, warn }: JobListOptions): JobList {
  const jobs = new Map(store.load().map((job) => [job.id, job]))
  const writer = createWriter(store, warn)
  const inTurn = createTurns()

  function drop(jobIds: readonly string[]): void {
    for (const id of jobIds) {
      const job = jobs.get(id)
      if (!job) continue
      jobs.delete(id)
      writer.forget(job)
      emit.jobDismissed(id)
    }
  }

  async function appendNow(make: () => StoredJob): Promise<Job> {
    const job = make()
    const next = await whenUnlocked(() => {
      const found = placeInTurn([...jobs.values()], job.asker)
      store.requeue(job, found?.id ?? null)
      return found
    })
    if (jobs.delete(job.id)) emit.jobDismissed(job.id)
    jobs.set(job.id, job)
    emit.jobChanged(toJob(job))
    if (next) moveIn(jobs, job.id, next)
    if (next) emit.jobMoved(job.id, next.id)
    return toJob(job)
  }

  async function moveNow({ id }: StoredJob, before: StoredJob | null): Promise<void> {
    await whenUnlocked(() => store.move(id, before?.id ?? null))
    moveIn(jobs, id, before)
    emit.jobMoved(id, before?.id ?? null)
  }

  return {
    all: () => [...jobs.values()],
    find(jobId) {
      const job = jobs.get(jobId)
      if (!job) throw new StudioError('not-found', `There is no job "${jobId}".`)
      return job
    },
    append: (make) => inTurn(() => appendNow(make)),
    move: (job, before) => inTurn(() => moveNow(job, before)),
    change(job, changes, soon = false) {
      Object.assign(job, changes)
      writer.write(job, soon)
      emit.jobChanged(toJob(job))
    },
    async remove(gone) {
      await whenUnlocked(() => store.saveAll([], idsOf(gone)))
      drop(idsOf(gone))
    },
    restore: (back) => restore(back, jobs, { store, emit }),
    drop,
    forgetOldest() {
      const oldest = oldestOf([...jobs.values()])
      drop(oldest)
      writer.remove(oldest)
    },
    close: writer.close,
  }
}

async function restore(
  back: readonly StoredJob[],
  jobs: Map<string, StoredJob>,
  { store, emit }: Pick<JobListOptions, 'store' | 'emit'>,
): Promise<void> {
  await whenUnlocked(() => store.saveAll(back, []))
  for (const job of back) {
    jobs.set(job.id, job)
    emit.jobChanged(toJob(job))
  }
}

/** Makes the function that begins what is to be done when all before it has ended. */
function createTurns() {
  let last: Promise<unknown> = Promise.resolve()
  return <Result>(change: () => Promise<Result>): Promise<Result> => {
    const changed = last.then(change)
    last = changed.catch(() => {})
    return changed
  }
}

const idsOf = (jobs: readonly StoredJob[]): string[] => jobs.map(({ id }) => id)

/** Of the jobs that are done or cancelled those beyond what is kept. */
function oldestOf(jobs: readonly StoredJob[]): string[] {
  const ended = jobs.filter(({ state }) => state === 'done' || state === 'cancelled')
  return idsOf(ended.slice(0, -endedJobsKept))
}

/** Puts one of the jobs before another, or at the end. */
function moveIn(jobs: Map<string, StoredJob>, id: string, before: StoredJob | null): void {
  const job = jobs.get(id)
  const others = [...jobs.values()].filter((other) => other !== job)
  const at = before === null ? -1 : others.indexOf(before)
  jobs.clear()
  for (const other of job ? others.toSpliced(at === -1 ? others.length : at, 0, job) : others)
    jobs.set(other.id, other)
}

/** Writes jobs as they are; what cannot be written now is written later, so nothing in memory has to wait for it. */
function createWriter(store: JobStore, warn: Warn) {
  const unwritten = new Set<StoredJob>()
  const unremoved = new Set<string>()
  let timer: NodeJS.Timeout | undefined

  function writeAll(): void {
    clearTimeout(timer)
    timer = undefined
    try {
      store.saveAll([...unwritten], [...unremoved])
      unwritten.clear()
      unremoved.clear()
    } catch (error) {
      const problem = storageError(error, 'The queue')
      if (!isLocked(error)) warn(saying('queueUnwritten', { reason: toErrorRecord(problem) }))
      timer = setTimeout(writeAll, retryPause).unref()
    }
  }

  const writeSoon = (): void => void (timer ??= setTimeout(writeAll, soonMs).unref())

  return {
    write(job: StoredJob, soon: boolean): void {
      unwritten.add(job)
      if (soon) writeSoon()
      else writeAll()
    },
    remove(jobIds: readonly string[]): void {
      for (const id of jobIds) unremoved.add(id)
      if (jobIds.length > 0) writeSoon()
    },
    forget: (job: StoredJob): void => void unwritten.delete(job),
    close(): void {
      writeAll()
      clearTimeout(timer)
    },
  }
}

/** Whether a job is still to be run, or runs. */
export const isOpen = ({ state }: Job): boolean => ['queued', 'running', 'paused'].includes(state)

/** A job as clients see it. */
export const toJob = ({
  imagesDone: _done,
  imagesAhead: _ahead,
  interruptions: _interruptions,
  ...job
}: StoredJob): Job => job
