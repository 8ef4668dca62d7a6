import Database from 'better-sqlite3'
import { existsSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Job } from '../../src/shared/queue/jobs.ts'
import type { Settings } from '../../src/shared/settings.ts'
import { openStudio, type Studio } from '../../src/studio/studio.ts'

/** What was told to a person up to now. */
export interface Ledger {
  accepted: Set<string>
  /** Pictures that were shown, with the job of each. */
  shown: Map<string, string>
  /** Pictures that a person began to delete for good. */
  deleting: Set<string>
  /** What the setting may be: the last one that was answered, and those asked for since. */
  settings: number[]
}

/** What is wrong, a sentence each. */
export interface Findings {
  lost: string[]
  doubled: string[]
  orphans: string[]
}

/** Time in which a studio has put itself in order, in ms; it is looked at again until then. */
const settlingMs = 60_000

/**
 * Opens a studio that nobody kills, lets every job come to its end, and holds what is there against what was told. The
 * jobs that ended are then dismissed and forgotten.
 */
export async function verify(dataFolder: string, ledger: Ledger): Promise<Findings> {
  const studio = await openStudio({
    dataFolder,
    enginePath: fileURLToPath(new URL('../../tests/studio/fixtures/engine.ts', import.meta.url)),
  })
  try {
    const jobs = await untilAllEnded(studio)
    const end = performance.now() + settlingMs
    for (;;) {
      const findings = compare(dataFolder, ledger, jobs)
      findings.lost.push(...lostSetting(await studio.calls.settings(), ledger))
      const count = Object.values(findings).flat().length
      if (count > 0 && performance.now() < end) {
        await wait(200)
        continue
      }
      await studio.calls.dismissJobs(jobs.map(({ id }) => id))
      ledger.accepted.clear()
      return findings
    }
  } finally {
    await studio.close()
  }
}

/** Resumes what is paused and tries again what was given up for the kills, until all is done. */
async function untilAllEnded({ calls }: Studio): Promise<Job[]> {
  for (;;) {
    const jobs = await calls.jobs()
    for (const { id, state, error } of jobs) {
      if (error?.code === 'interrupted') await calls.retry(id)
      if (state === 'paused') await calls.resume(id)
    }
    if (jobs.every(({ state, error }) => hasEnded(state) && error?.code !== 'interrupted')) return jobs
    await wait(100)
  }
}

const hasEnded = (state: Job['state']): boolean => !['queued', 'running', 'paused'].includes(state)

const lostSetting = ({ cancelGraceMs }: Settings, { settings }: Ledger): string[] =>
  settings.length === 0 || settings.includes(cancelGraceMs)
    ? []
    : [`a setting is ${cancelGraceMs}, and was changed to ${settings.join(' or ')}`]

interface Row {
  id: string
  jobId: string
  file: string
}

function compare(dataFolder: string, ledger: Ledger, jobs: readonly Job[]): Findings {
  const database = new Database(join(dataFolder, 'studio.db'), { readonly: true })
  const rows = database.prepare('SELECT id, jobId, file FROM images').all() as Row[]
  const count = (table: string): number =>
    database.prepare(`SELECT count(*) FROM ${table}`).pluck().get() as number
  const findings: Findings = {
    lost: [...lostPictures(rows, ledger), ...lostJobs(rows, ledger, jobs), ...unfinished(rows, ledger, jobs)],
    doubled: doubled(rows),
    orphans: orphans(dataFolder, rows),
  }
  if (count('removedFiles') > 0) findings.orphans.push('files still to be removed')
  const unused =
    'prompts WHERE id NOT IN (SELECT prompt FROM imageFacts UNION SELECT negative FROM imageFacts)'
  if (count('imageFacts') !== rows.length || count(unused) > 0) findings.orphans.push('words without a row')
  const state = database.pragma('quick_check(1)', { simple: true })
  if (state !== 'ok') findings.lost.push(`the database is damaged: ${String(state)}`)
  database.close()
  return findings
}

function lostPictures(rows: readonly Row[], { shown, deleting }: Ledger): string[] {
  const present = new Set(rows.map(({ id }) => id))
  return [...shown.keys()]
    .filter((id) => !present.has(id) && !deleting.has(id))
    .map((id) => `picture ${id} was shown and is gone`)
}

function lostJobs(rows: readonly Row[], { accepted, deleting }: Ledger, jobs: readonly Job[]): string[] {
  const listed = new Set(jobs.map(({ id }) => id))
  // A job goes with the last of its pictures.
  const wentWithPictures = (jobId: string): boolean =>
    [...deleting].some((id) => id.includes(`-${jobId.slice(0, 8)}-`)) &&
    rows.every((row) => row.jobId !== jobId)
  return [...accepted]
    .filter((id) => !listed.has(id) && !wentWithPictures(id))
    .map((id) => `job ${id} was accepted and is gone`)
}

function unfinished(rows: readonly Row[], { deleting }: Ledger, jobs: readonly Job[]): string[] {
  return jobs.flatMap(({ id, state, request }) => {
    if (state === 'failed') return [`job ${id} failed`]
    if (state !== 'done') return []
    const there = rows.filter(({ jobId }) => jobId === id).length
    const gone = [...deleting].filter((image) => image.includes(`-${id.slice(0, 8)}-`)).length
    if (there + gone >= request.batchSize) return []
    return [`job ${id} is done with ${there} of ${request.batchSize} pictures`]
  })
}

function doubled(rows: readonly Row[]): string[] {
  const repeated = (values: readonly string[]): string[] =>
    values.filter((value, index) => values.indexOf(value) < index)
  return [
    ...repeated(rows.map(({ file }) => file)).map((file) => `two rows have the file ${file}`),
    ...repeated(rows.map(({ id, jobId }) => `${jobId} ${id.split('-').at(-1)}`)).map(
      (image) => `image ${image} was drawn twice`,
    ),
  ]
}

function orphans(dataFolder: string, rows: readonly Row[]): string[] {
  const files = listFiles(join(dataFolder, 'images'))
  const named = new Set(rows.map(({ file }) => file))
  const ids = new Set(rows.map(({ id }) => id))
  const thumbnails = listFiles(join(dataFolder, 'thumbnails'))
  return [
    ...files.filter((file) => !named.has(file)).map((file) => `file ${file} has no row`),
    ...[...named].filter((file) => !files.includes(file)).map((file) => `row of ${file} has no file`),
    ...listFiles(join(dataFolder, 'unfinished')).map((file) => `${file} is of no job that goes on`),
    ...thumbnails
      .filter((file) => !ids.has(basename(file, '.webp')))
      .map((file) => `thumbnail ${file} is of no picture`),
  ]
}

const listFiles = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    : []
