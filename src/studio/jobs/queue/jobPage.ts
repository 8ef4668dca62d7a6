import type { Job } from '../../../shared/queue/jobs.ts'
import { isOpen, toJob, type JobList } from './jobList.ts'

/** Characters of prompts above which a page is full: a message of a few MB at most. */
const pageCharacters = 500_000

/** A page of the jobs: first those that are not over, then the others; see the contract. */
export function pageOf(jobs: JobList, page: { after?: string | null; limit?: number } = {}): Job[] {
  const { after = null, limit = 200 } = page
  const all = jobs.all()
  const ordered = [...all.filter(isOpen), ...all.filter((job) => !isOpen(job))]
  const start = after === null ? 0 : ordered.indexOf(jobs.find(after)) + 1
  const items: Job[] = []
  let characters = 0
  for (const job of ordered.slice(start, start + limit)) {
    items.push(toJob(job))
    characters += JSON.stringify(job.request).length
    if (characters > pageCharacters) break
  }
  return items
}
