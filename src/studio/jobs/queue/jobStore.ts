import type { Asker, Job } from '../../../shared/queue/jobs.ts'
import { errorCodes, type ErrorCode, type ErrorRecord } from '../../../shared/errors.ts'
import type { Database } from '../../history/database/database.ts'
import { imageIndex } from '../../pictures/imageFiles.ts'
import type { Ownership } from '../../ownership.ts'
import { withImage } from './imagesDone.ts'
import { readRequest } from '../../history/images/storedRequest.ts'

/** A job as the queue keeps it. */
export interface StoredJob extends Job {
  /** Number of images saved, those deleted since included: a run goes on from there. */
  imagesDone: number
  /** Those saved beyond them, where images are drawn side by side; null: they are drawn in order. */
  imagesAhead: number[] | null
  /** How often the studio ended while the job was running. */
  interruptions: number
}

/** What a job has of a run before its first, or before it is run anew. */
export const unstarted = {
  state: 'queued',
  startedAt: null,
  finishedAt: null,
  error: null,
  interruptions: 0,
} as const

/** Each call but `load` is one commit. */
export interface JobStore {
  /** The jobs of this studio and those that ended recently, oldest first. What cannot be read is marked and left out. */
  load(): StoredJob[]
  /** This studio's jobs that were running when their studio ended. */
  interrupted(): StoredJob[]
  /** Makes jobs whose studio no longer runs this studio's own. */
  adoptOrphans(): void
  /** Writes the job as it is now: a new row at the end, or the row it has. */
  save(job: StoredJob): void
  /** Writes jobs as they are now, and removes others. */
  saveAll(jobs: readonly StoredJob[], removed: readonly string[]): void
  /** Writes the job as it is now in a row before another job's, or at the end, in the place of the one it has. */
  requeue(job: StoredJob, before: string | null): void
  /** Puts a job before another one, or at the end. */
  move(jobId: string, before: string | null): void
  /** Whether a job of any studio is still to be run, or runs. */
  isOpen(jobId: string): boolean
  /** Lets go of what is queued here, for the next studio to adopt. */
  disown(): void
}

/** How many jobs that are done or cancelled stay in the list. */
export const endedJobsKept = 100

/** @param onUnreadable is told of a job that is left out from now on, and why. */
export function openJobStore(
  database: Database,
  ownership: Ownership,
  onUnreadable: (jobId: string, reason: string) => void = () => {},
): JobStore {
  const { select, forget, owners, adopt, upsert, remove, mark, open } = prepareStatements(database)
  const move = createMover(database)
  const owner = ownership.id
  const save = (job: StoredJob): void => void upsert.run({ ...toRow(job), owner })

  function read(row: JobRow): StoredJob[] {
    try {
      return [toJob(row)]
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      onUnreadable(row.id, reason)
      mark.run(reason, row.id)
      return []
    }
  }

  return {
    load() {
      forget.run(endedJobsKept)
      return (select.all({ owner }) as JobRow[]).flatMap(read)
    },
    interrupted: () =>
      (select.all({ owner }) as JobRow[]).filter(({ state }) => state === 'running').flatMap(read),
    adoptOrphans: database.transaction(() => {
      for (const from of owners.all({ owner }) as (string | null)[]) {
        if (from === null || !ownership.isAlive(from)) adopt.run({ owner, from })
      }
    }).immediate,
    save,
    saveAll: database.transaction((jobs: readonly StoredJob[], removed: readonly string[]) => {
      jobs.forEach(save)
      for (const id of removed) remove.run(id)
    }).immediate,
    requeue: database.transaction((job: StoredJob, before: string | null) => {
      remove.run(job.id)
      save(job)
      move(job.id, before)
    }).immediate,
    move: database.transaction(move).immediate,
    isOpen: (jobId) => open.get(jobId) !== undefined,
    disown: () => void adopt.run({ owner: null, from: owner }),
  }
}

function prepareStatements(database: Database) {
  return {
    select: database.prepare(`
    SELECT jobs.*, (SELECT json_group_array(id) FROM (
      SELECT id FROM images WHERE jobId = jobs.id AND problem IS NULL ORDER BY row)) AS imageIds
    FROM jobs WHERE problem IS NULL AND (owner = @owner OR state NOT IN ('queued', 'running'))
    ORDER BY position`),
    forget: database.prepare(`
    DELETE FROM jobs WHERE state IN ('done', 'cancelled') AND position NOT IN (
      SELECT position FROM jobs WHERE state IN ('done', 'cancelled') ORDER BY position DESC LIMIT ?)`),
    owners: database
      .prepare("SELECT DISTINCT owner FROM jobs WHERE state IN ('queued', 'running') AND owner IS NOT @owner")
      .pluck(),
    adopt: database.prepare(
      "UPDATE jobs SET owner = @owner WHERE state IN ('queued', 'running') AND owner IS @from",
    ),
    upsert: database.prepare(upsertJob),
    remove: database.prepare('DELETE FROM jobs WHERE id = ?'),
    mark: database.prepare('UPDATE jobs SET problem = ? WHERE id = ?'),
    open: database.prepare("SELECT 1 FROM jobs WHERE id = ? AND state IN ('queued', 'running')"),
  }
}

/** Between two positions, so that a job put between seldom moves others. */
const gap = 1024

/** Makes the function that puts a job before another one, or at the end. */
function createMover(database: Database): JobStore['move'] {
  const placeOf = database.prepare('SELECT position FROM jobs WHERE id = ?').pluck()
  const lastBelow = database.prepare('SELECT max(position) FROM jobs WHERE position < ? AND id <> ?').pluck()
  const last = database.prepare('SELECT max(position) FROM jobs WHERE id <> ?').pluck()
  const put = database.prepare('UPDATE jobs SET position = ? WHERE id = ?')
  // No two rows may have one position, not even for a moment.
  const lift = database.prepare('UPDATE jobs SET position = -position - @gap WHERE position >= @from')
  const turn = database.prepare('UPDATE jobs SET position = -position WHERE position < 0')

  return (jobId, before) => {
    const next = before === null ? undefined : (placeOf.get(before) as number | undefined)
    if (next === undefined) return void put.run(((last.get(jobId) as number | null) ?? 0) + gap, jobId)
    const below = (lastBelow.get(next, jobId) as number | null) ?? 0
    if (next - below < 2) {
      lift.run({ gap, from: next })
      turn.run()
    }
    const above = placeOf.get(before) as number
    put.run(Math.floor((below + above) / 2), jobId)
  }
}

const upsertJob = `
  INSERT INTO jobs (
    id, owner, state, paused, request, createdAt, startedAt, finishedAt, imagesDone, imagesAhead, interruptions, error,
    asker
  ) VALUES (
    @id, @owner, @state, @paused, @request, @createdAt, @startedAt, @finishedAt, @imagesDone, @imagesAhead, @interruptions, @error,
    @asker
  )
  ON CONFLICT (id) DO UPDATE SET
    owner = @owner, state = @state, paused = @paused, startedAt = @startedAt, finishedAt = @finishedAt,
    imagesDone = @imagesDone, imagesAhead = @imagesAhead, interruptions = @interruptions, error = @error`

interface JobRow extends Omit<
  StoredJob,
  'request' | 'asker' | 'error' | 'imageIds' | 'imagesAhead' | 'progress'
> {
  /** 1: queued, and held. */
  paused: number
  request: string
  error: string | null
  asker: string | null
  imageIds: string
  imagesAhead: string | null
}

/** Throws what is wrong with a row that cannot be read. */
function toJob(row: JobRow): StoredJob {
  const imageIds = JSON.parse(row.imageIds) as string[]
  // The pictures found say more than the count, which may be of an older copy of the database.
  const done = imageIds
    .map((id) => imageIndex(id, row.id))
    .reduce(withImage, { imagesDone: row.imagesDone, imagesAhead: readAhead(row.imagesAhead) })
  return {
    id: row.id,
    state: row.paused ? 'paused' : row.state,
    request: readRequest(row.request),
    asker: row.asker === null ? null : (JSON.parse(row.asker) as Asker),
    createdAt: row.createdAt,
    startedAt: row.startedAt,
    finishedAt: row.finishedAt,
    imageIds,
    progress: null,
    error: row.error === null ? null : readError(row.error),
    ...done,
    interruptions: row.interruptions,
  }
}

const readAhead = (text: string | null): number[] | null =>
  text === null ? null : (JSON.parse(text) as number[])

function readError(text: string): ErrorRecord {
  try {
    const { code, message } = JSON.parse(text) as Record<string, unknown>
    if (errorCodes.includes(code as ErrorCode) && typeof message === 'string') {
      return { code: code as ErrorCode, message }
    }
  } catch {
    // The same as one that says something else.
  }
  return { code: 'internal', message: 'Why this job failed cannot be read any more. Try it again.' }
}

const toRow = ({
  imageIds: _images,
  progress: _progress,
  state,
  request,
  imagesAhead,
  error,
  asker,
  ...same
}: StoredJob) => ({
  ...same,
  state: state === 'paused' ? 'queued' : state,
  paused: Number(state === 'paused'),
  request: JSON.stringify(request),
  imagesAhead: imagesAhead && JSON.stringify(imagesAhead),
  error: error && JSON.stringify(error),
  asker: asker && JSON.stringify(asker),
})
