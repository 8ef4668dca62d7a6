import Database from 'better-sqlite3'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { migrations } from '../../src/studio/history/database/migrations.ts'

/** What happens to the database of a folder while no studio has it open. */
export type Harm = (dataFolder: string) => void

const fileIn = (dataFolder: string): string => join(dataFolder, 'studio.db')

/** Makes the next start find it damaged, with everything in it still readable. */
export const breakIndex: Harm = (dataFolder) => {
  const file = fileIn(dataFolder)
  // In the middle of a rebuild there may be none.
  if (!existsSync(file)) return
  const database = new Database(file)
  database.pragma('wal_checkpoint(TRUNCATE)')
  const root = database.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'imagesByJob'").pluck()
  const page = root.get() as number | undefined
  const pageSize = database.pragma('page_size', { simple: true }) as number
  database.close()
  if (page === undefined) return
  const bytes = readFileSync(file)
  bytes.fill(0xff, (page - 1) * pageSize, page * pageSize)
  writeFileSync(file, bytes)
}

export const removeDatabase: Harm = (dataFolder) => {
  for (const suffix of ['', '-wal', '-shm']) rmSync(fileIn(dataFolder) + suffix, { force: true })
}

/** Puts the database back into its first shape, as an update finds it. */
export const makeOld: Harm = (dataFolder) => {
  const file = fileIn(dataFolder)
  if (!existsSync(file)) return
  const database = new Database(file)
  // One that was broken before and not rebuilt yet stays as it is.
  const isWhole = database.pragma('quick_check(1)', { simple: true }) === 'ok'
  if (isWhole && database.pragma('user_version', { simple: true }) === migrations.length) {
    rewrite(database, dataFolder)
  }
  database.close()
}

const imageColumns = `id, jobId, createdAt, trashedAt, file, width, height, request, modelId, modelName, modelHash,
  engineVersion, onnxRuntimeVersion, device, dtype, timings`
const jobColumns = `position, id, owner, state, request, createdAt, startedAt, finishedAt, imagesDone, interruptions,
  error`

function rewrite(database: Database.Database, dataFolder: string): void {
  // The first shape knows of no files that are still to be removed; thumbnails without a picture go at a start.
  const removed = database.prepare('SELECT file FROM removedFiles').pluck().all() as string[]
  for (const name of removed) rmSync(join(dataFolder, 'images', name), { force: true })
  const images = database.prepare(`SELECT ${imageColumns} FROM images ORDER BY row`).all() as object[]
  const jobs = database.prepare(`SELECT ${jobColumns} FROM jobs ORDER BY position`).all() as object[]
  const hashes = database.prepare('SELECT path, stamp, sha256 FROM fileHashes').all() as object[]
  database.transaction(() => {
    dropAll(database)
    database.exec(migrations[0] as string)
    insertAll(database, 'images', images)
    insertAll(database, 'jobs', jobs)
    insertAll(database, 'fileHashes', hashes)
    database.pragma('user_version = 1')
  })()
}

/** A virtual table takes those that it is kept in along. */
function dropAll(database: Database.Database): void {
  const tables = (kind: string): string[] =>
    database
      .prepare(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND sql LIKE ?",
      )
      .pluck()
      .all(kind) as string[]
  for (const kind of ['CREATE VIRTUAL%', '%'])
    for (const table of tables(kind)) database.exec(`DROP TABLE "${table}"`)
}

function insertAll(database: Database.Database, table: string, rows: readonly object[]): void {
  if (!rows.length) return
  const names = Object.keys(rows[0])
  const insert = database.prepare(
    `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map((name) => `@${name}`).join(', ')})`,
  )
  for (const row of rows) insert.run(row)
}
