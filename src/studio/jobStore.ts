import type { Job } from '../shared/contract.ts'
import type { ErrorRecord } from '../shared/errors.ts'
import type { Database } from './database.ts'
import type { Ownership } from './ownership.ts'
import { readRequest } from './storedRequest.ts'

/** A job as the queue keeps it. */
export interface StoredJob extends Job {
  /** Number of images saved, those deleted since included: a run goes on from there. */
  imagesDone: number
  /** How often the studio ended while the job was running. */
  interruptions: number
}

export interface JobStore {
  /** The jobs of this studio and those that ended recently, oldest first. */
  load(): StoredJob[]
  /** Makes jobs whose studio no longer runs this studio's own. */
  adoptOrphans(): void
  /** Writes the job as it is now: a new row at the end, or the row it has. */
  save(job: StoredJob): void
  remove(jobId: string): void
  /** Lets go of what is queued here, for the next studio to adopt. */
  disown(): void
}

/** How many ended jobs stay in the list. */
export const endedJobsKept = 100

export function openJobStore(database: Database, ownership: Ownership): JobStore {
  const select = database.prepare(`
    SELECT jobs.*, (SELECT json_group_array(id) FROM (
      SELECT id FROM images WHERE jobId = jobs.id ORDER BY createdAt, row)) AS imageIds
    FROM jobs WHERE owner = @owner OR state NOT IN ('queued', 'running')
    ORDER BY position`)
  const forget = database.prepare(`
    DELETE FROM jobs WHERE state NOT IN ('queued', 'running') AND position NOT IN (
      SELECT position FROM jobs WHERE state NOT IN ('queued', 'running') ORDER BY position DESC LIMIT ?)`)
  const owners = database
    .prepare("SELECT DISTINCT owner FROM jobs WHERE state IN ('queued', 'running') AND owner IS NOT @owner")
    .pluck()
  const adopt = database.prepare(
    "UPDATE jobs SET owner = @owner WHERE state IN ('queued', 'running') AND owner IS @from",
  )
  const upsert = database.prepare(upsertJob)
  const remove = database.prepare('DELETE FROM jobs WHERE id = ?')
  const owner = ownership.id

  return {
    load() {
      forget.run(endedJobsKept)
      return select.all({ owner }).map((row) => toJob(row as JobRow))
    },
    adoptOrphans: database.transaction(() => {
      for (const from of owners.all({ owner }) as (string | null)[]) {
        if (from === null || !ownership.isAlive(from)) adopt.run({ owner, from })
      }
    }).immediate,
    save: (job) => void upsert.run({ ...toRow(job), owner }),
    remove: (jobId) => void remove.run(jobId),
    disown: () => void adopt.run({ owner: null, from: owner }),
  }
}

const upsertJob = `
  INSERT INTO jobs (
    id, owner, state, request, createdAt, startedAt, finishedAt, imagesDone, interruptions, error
  ) VALUES (
    @id, @owner, @state, @request, @createdAt, @startedAt, @finishedAt, @imagesDone, @interruptions, @error
  )
  ON CONFLICT (id) DO UPDATE SET
    owner = @owner, state = @state, startedAt = @startedAt, finishedAt = @finishedAt,
    imagesDone = @imagesDone, interruptions = @interruptions, error = @error`

interface JobRow extends Omit<StoredJob, 'request' | 'error' | 'imageIds' | 'progress'> {
  request: string
  error: string | null
  imageIds: string
}

const toJob = (row: JobRow): StoredJob => ({
  id: row.id,
  state: row.state,
  request: readRequest(row.request),
  createdAt: row.createdAt,
  startedAt: row.startedAt,
  finishedAt: row.finishedAt,
  imageIds: JSON.parse(row.imageIds) as string[],
  progress: null,
  error: row.error === null ? null : (JSON.parse(row.error) as ErrorRecord),
  imagesDone: row.imagesDone,
  interruptions: row.interruptions,
})

const toRow = ({ imageIds: _images, progress: _progress, request, error, ...same }: StoredJob) => ({
  ...same,
  request: JSON.stringify(request),
  error: error && JSON.stringify(error),
})
