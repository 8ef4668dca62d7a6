import type { Job } from '../../../shared/queue/jobs.ts'

/**
 * The job that a new one is put before, so that askers take turns: it comes after as many jobs of each other asker that run
 * or wait as its own has, itself included, and after all of those. null: at the end. What was moved by hand stays where it was put.
 * @param jobs all, in the order of the queue
 */
export function placeInTurn<Placed extends Pick<Job, 'state' | 'asker'>>(
  jobs: readonly Placed[],
  asker: Job['asker'],
): Placed | null {
  const open = jobs.filter(({ state }) => state === 'running' || state === 'queued')
  const isOwn = (job: Placed): boolean => job.asker?.id === asker?.id
  const own = open.filter(isOwn).length
  const lastOwn = open.findLastIndex(isOwn)
  const counts = new Map<string | undefined, number>()
  for (const [index, job] of open.entries()) {
    const before = counts.get(job.asker?.id) ?? 0
    counts.set(job.asker?.id, before + 1)
    if (before > own && index > lastOwn && job.state === 'queued') return job
  }
  return null
}
