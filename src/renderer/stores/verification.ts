import { defineStore } from 'pinia'
import { shallowRef, watch } from 'vue'
import type { Comparison } from '../../shared/library/comparison.ts'
import { toErrorRecord, type ErrorRecord } from '../../shared/errors.ts'
import type { Job } from '../../shared/queue/jobs.ts'
import { studio } from '../studio.ts'
import { useJobs } from './jobs.ts'

/** How far the check of a picture is: drawn again, and held against what is there. */
export type Verification =
  /** null until the job is queued. */
  | { state: 'running'; jobId: string | null }
  | { state: 'done'; again: string; comparison: Comparison }
  | { state: 'failed'; error: ErrorRecord }

/** What ends without a picture and without an error was cancelled. */
const cancelled: ErrorRecord = { code: 'cancelled', message: 'The job was cancelled.' }

/**
 * Pictures that are run again to see whether they become the same. A picture that came out identical goes to the trash: there
 * is one like it. One that did not stays, to be looked at.
 */
export const useVerification = defineStore('verification', () => {
  const jobs = useJobs()
  const checks = shallowRef<ReadonlyMap<string, Verification>>(new Map())

  const set = (imageId: string, check: Verification): void => {
    checks.value = new Map(checks.value).set(imageId, check)
  }

  const fail = (imageId: string, error: unknown): void =>
    set(imageId, { state: 'failed', error: toErrorRecord(error) })

  /** Queues the picture again; how it went is known once its job has ended. */
  async function verify(imageId: string): Promise<void> {
    set(imageId, { state: 'running', jobId: null })
    try {
      const job = await studio.rerun(imageId)
      set(imageId, { state: 'running', jobId: job.id })
      jobs.add(job)
    } catch (error) {
      fail(imageId, error)
    }
  }

  async function compare(imageId: string, { imageIds: [again], error }: Job): Promise<void> {
    if (again === undefined) return set(imageId, { state: 'failed', error: error ?? cancelled })
    try {
      const comparison = await studio.compareImages(imageId, again)
      if (comparison.pixels?.max === 0) await studio.trash([again])
      set(imageId, { state: 'done', again, comparison })
    } catch (failure) {
      fail(imageId, failure)
    }
  }

  const comparing = new Set<string>()
  watch([() => jobs.jobs, checks], () => {
    for (const [imageId, check] of checks.value) {
      if (check.state !== 'running' || check.jobId === null || comparing.has(check.jobId)) continue
      const job = jobs.byId(check.jobId)
      if (!job || job.finishedAt === null) continue
      comparing.add(check.jobId)
      void compare(imageId, job)
    }
  })

  return { checks, verify }
})
