import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { Job, Progress } from '../../shared/queue/jobs.ts'
import { studio } from '../studio.ts'

const countAskers = (jobs: readonly Job[]): number => new Set(jobs.map(({ asker }) => asker?.id)).size

/** By when they ended: one that was dismissed and put back has its place again. */
const byEnd = (one: Job, other: Job): number => (one.finishedAt ?? 0) - (other.finishedAt ?? 0)

/** The queue as the studio tells it: what waits, runs, and ended not long ago. */
export const useJobs = defineStore('jobs', () => {
  const jobs = shallowRef<Job[]>([])

  const running = computed(() => jobs.value.find(({ state }) => state === 'running') ?? null)
  const queued = computed(() => jobs.value.filter(({ state }) => state === 'queued'))
  const paused = computed(() => jobs.value.filter(({ state }) => state === 'paused'))
  const failed = computed(() => jobs.value.filter(({ state }) => state === 'failed').sort(byEnd))
  const cancelled = computed(() => jobs.value.filter(({ state }) => state === 'cancelled').sort(byEnd))
  /** The job a person waits for now: the running one, else the first in line. */
  const current = computed(() => running.value ?? queued.value[0] ?? null)

  const hasSeveralAskers = computed(() => countAskers(jobs.value) > 1)
  const byId = (id: string): Job | null => jobs.value.find((job) => job.id === id) ?? null

  /** What was heard of jobs while their list was being read, a page at a time: that knows more than the pages. */
  let heard: Map<string, Job | null> | null = null
  /** Whether a job took another place meanwhile: the pages may have it in either. */
  let wasMoved = false

  async function refresh(): Promise<void> {
    const listened = new Map<string, Job | null>()
    heard = listened
    wasMoved = false
    const list = new Map<string, Job>()
    let page = await studio.jobs()
    while (page.length > 0) {
      for (const job of page) list.set(job.id, job)
      // The last job may be dismissed while the next page is asked for; the rest is then read from the beginning.
      page = await studio.jobs({ after: page.at(-1)!.id }).catch((error: unknown) => {
        if ((error as { code?: string }).code !== 'not-found') throw error
        return studio.jobs()
      })
    }
    if (heard !== listened) return
    heard = null
    for (const [id, job] of listened) {
      if (job) list.set(id, job)
      else list.delete(id)
    }
    jobs.value = [...list.values()]
    if (wasMoved) await refresh()
  }

  function put(job: Job): void {
    heard?.set(job.id, job)
    const known = jobs.value.some(({ id }) => id === job.id)
    jobs.value = known ? jobs.value.map((old) => (old.id === job.id ? job : old)) : [...jobs.value, job]
  }

  /** Puts a job that a call answered, unless an event was faster: that one knows more. */
  const add = (job: Job): void => void (byId(job.id) ?? put(job))

  function setProgress(jobId: string, progress: Progress): void {
    jobs.value = jobs.value.map((job) => (job.id === jobId ? { ...job, progress } : job))
  }

  function remove(jobId: string): void {
    heard?.set(jobId, null)
    jobs.value = jobs.value.filter(({ id }) => id !== jobId)
  }

  function move(jobId: string, before: string | null): void {
    wasMoved = true
    const job = byId(jobId)
    const others = jobs.value.filter(({ id }) => id !== jobId)
    const at = others.findIndex(({ id }) => id === before)
    if (job) jobs.value = others.toSpliced(at === -1 ? others.length : at, 0, job)
  }

  return {
    ...{ jobs, running, queued, paused, failed, cancelled, current, hasSeveralAskers },
    ...{ byId, refresh, put, add, remove, move, setProgress },
  }
})
