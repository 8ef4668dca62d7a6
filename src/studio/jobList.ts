import type { Job, StudioEvents } from '../shared/contract.ts'
import { StudioError, toErrorRecord } from '../shared/errors.ts'
import { endedJobsKept, type JobStore, type StoredJob } from './jobStore.ts'

/** The jobs of this studio in memory, in the order of the queue. What is in here is true; the store follows. */
export interface JobList {
  all(): StoredJob[]
  /** Throws `not-found`. */
  find(jobId: string): StoredJob
  /** Puts a job at the end; throws when it cannot be written. */
  append(job: StoredJob): Job
  change(job: StoredJob, changes: Partial<StoredJob>): void
  remove(job: StoredJob): void
  /** Takes the oldest ended jobs out when there are more than are kept. */
  forgetOldest(): void
}

export interface JobListOptions {
  store: JobStore
  emit: Pick<StudioEvents, 'jobChanged' | 'jobDismissed'>
  warn: (message: string) => void
}

export function openJobList({ store, emit, warn }: JobListOptions): JobList {
  const jobs = new Map(store.load().map((job) => [job.id, job]))

  function remove({ id }: StoredJob): void {
    store.remove(id)
    jobs.delete(id)
    emit.jobDismissed(id)
  }

  return {
    all: () => [...jobs.values()],
    find(jobId) {
      const job = jobs.get(jobId)
      if (!job) throw new StudioError('not-found', `There is no job "${jobId}".`)
      return job
    },
    append(job) {
      store.save(job)
      jobs.set(job.id, job)
      emit.jobChanged(toJob(job))
      return toJob(job)
    },
    change(job, changes) {
      Object.assign(job, changes)
      try {
        store.save(job)
      } catch (error) {
        // A full disk must not stop what goes on in memory.
        warn(`The queue could not be written: ${toErrorRecord(error).message}`)
      }
      emit.jobChanged(toJob(job))
    },
    remove,
    forgetOldest() {
      const ended = [...jobs.values()].filter((job) => !isOpen(job))
      ended.slice(0, -endedJobsKept).forEach(remove)
    },
  }
}

/** Whether a job is still to be run, or runs. */
export const isOpen = ({ state }: Job): boolean => state === 'queued' || state === 'running'

/** A job as clients see it. */
export const toJob = ({ imagesDone: _done, interruptions: _interruptions, ...job }: StoredJob): Job => job
