import type { StudioEvents } from '../../shared/contract.ts'
import type { Job } from '../../shared/jobs.ts'
import { StudioError, toErrorRecord } from '../../shared/errors.ts'
import { endedJobsKept, type JobStore, type StoredJob } from './jobStore.ts'
import { storageError } from '../history/storageErrors.ts'
import { isLocked, whenUnlocked } from '../history/whenUnlocked.ts'

/**
 * The jobs of this studio in memory, in the order of the queue. What is in here is true; the store follows, and tries
 * again while it cannot be written.
 */
export interface JobList {
  all(): StoredJob[]
  /** Throws `not-found`. */
  find(jobId: string): StoredJob
  /**
   * Puts a job at the end, in the order of the calls; one that is there already is moved. It is made when its turn has come.
   * Rejects when it cannot be made or written.
   */
  append(make: () => StoredJob): Promise<Job>
  /** Puts a job before another one, or at the end (null), in the order of the calls to this and `append`. */
  move(job: StoredJob, before: StoredJob | null): Promise<void>
  change(job: StoredJob, changes: Partial<StoredJob>): void
  remove(job: StoredJob): Promise<void>
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
  warn: (message: string) => void
}

/** Ms between tries to write what could not be written. */
const retryPause = 500

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

  async function remove({ id }: StoredJob): Promise<void> {
    await whenUnlocked(() => store.remove(id))
    drop([id])
  }

  async function appendNow(make: () => StoredJob): Promise<Job> {
    const job = make()
    await whenUnlocked(() => store.requeue(job))
    if (jobs.delete(job.id)) emit.jobDismissed(job.id)
    jobs.set(job.id, job)
    emit.jobChanged(toJob(job))
    return toJob(job)
  }

  async function moveNow({ id }: StoredJob, before: StoredJob | null): Promise<void> {
    const old = [...jobs.keys()]
    const moved = movedBefore(old, id, before?.id)
    await whenUnlocked(() => store.arrange(moved.filter((other, place) => other !== old[place])))
    const ordered = movedBefore([...jobs.keys()], id, before?.id).flatMap((other) => jobs.get(other) ?? [])
    jobs.clear()
    for (const job of ordered) jobs.set(job.id, job)
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
    change(job, changes) {
      Object.assign(job, changes)
      writer.write(job)
      emit.jobChanged(toJob(job))
    },
    remove,
    drop,
    forgetOldest() {
      const ended = [...jobs.values()].filter(({ state }) => state === 'done' || state === 'cancelled')
      // What cannot be forgotten now is forgotten the next time.
      for (const job of ended.slice(0, -endedJobsKept)) void remove(job).catch(() => {})
    },
    close: writer.close,
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

/** Ids with one of them before another, or at the end. */
function movedBefore(ids: readonly string[], id: string, before: string | undefined): string[] {
  const others = ids.filter((other) => other !== id)
  const at = others.findIndex((other) => other === before)
  return others.toSpliced(at === -1 ? others.length : at, 0, id)
}

/** Writes jobs as they are; what cannot be written now is written later, so nothing in memory has to wait for it. */
function createWriter(store: JobStore, warn: (message: string) => void) {
  const unwritten = new Set<StoredJob>()
  let timer: NodeJS.Timeout | undefined

  function writeAll(): void {
    clearTimeout(timer)
    try {
      for (const job of unwritten) {
        store.save(job)
        unwritten.delete(job)
      }
    } catch (error) {
      const problem = storageError(error, 'The queue')
      if (!isLocked(error)) warn(`The queue could not be written: ${toErrorRecord(problem).message}`)
      timer = setTimeout(writeAll, retryPause).unref()
    }
  }

  return {
    write(job: StoredJob): void {
      unwritten.add(job)
      writeAll()
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
