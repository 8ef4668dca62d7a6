import Database from 'better-sqlite3'
import { statSync } from 'node:fs'
import { StudioError } from '../../../shared/errors.ts'
import { migrations, type Tell } from './migrations.ts'
import { storageError } from './storageErrors.ts'

export type { Database } from 'better-sqlite3'

/** How long a call of SQLite waits for a lock, in ms. Nothing else happens meanwhile: see `whenUnlocked` for more. */
const lockWait = 20

/** better-sqlite3's own 16 MiB fill up over ten thousand jobs, and look like a leak until then. */
const cacheKibibytes = 4096

/**
 * Opens a database of the studio, making and bringing it up to this version, of which `tell` hears where it takes long:
 * see `bringUp`, which does that beside everything else. Throws `corrupt-database`, `database-locked`, `read-only`,
 * `disk-full`, or `bad-request` for one of a newer version.
 */
export function openDatabase(file: string, tell: Tell = () => {}): Database.Database {
  try {
    const database = new Database(file, { timeout: lockWait })
    try {
      database.pragma('journal_mode = WAL')
      // Once a commit has returned, it survives a power cut: history rows are not to be lost.
      database.pragma('synchronous = FULL')
      // Pages are kept in memory up to here; the system keeps the rest of the file.
      database.pragma(`cache_size = ${-cacheKibibytes}`)
      // What is deleted is overwritten.
      database.pragma('secure_delete = ON')
      const problem = isLarge(file) ? outlineProblem(database, file) : damage(database)
      if (problem) throw new StudioError('corrupt-database', `${file} is damaged: ${problem}.`)
      migrate(database, file, tell)
      return database
    } catch (error) {
      database.close()
      throw error
    }
  } catch (error) {
    throw storageError(error, file)
  }
}

/** Bytes up to which a database is checked as a whole before it is used: less than 0.1 s. */
const checkedAtOnce = 2 ** 24

/** Whether checking a database takes so long that it is done beside the work. */
export const isLarge = (file: string): boolean => statSync(file).size > checkedAtOnce

/** What is wrong with a database, all of it read; null: nothing. */
export function damage(database: Database.Database): string | null {
  const problem = database.pragma('quick_check(1)', { simple: true })
  if (problem === 'ok') return null
  return String(problem)
    .replace(/^\*\*\*.*\*\*\*/, '')
    .replace(/\s+/g, ' ')
    .trim()
}

/** What can be found wrong with a database without reading it: pages that are missing, tables without a beginning. */
function outlineProblem(database: Database.Database, file: string): string | null {
  const pages = database.pragma('page_count', { simple: true }) as number
  const pageSize = database.pragma('page_size', { simple: true }) as number
  const written = statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0
  if (written === 0 && pages * pageSize > statSync(file).size) return 'its end is missing'
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0")
  for (const name of tables.pluck().all()) database.prepare(`SELECT 1 FROM "${String(name)}" LIMIT 1`).get()
  return null
}

function migrate(database: Database.Database, file: string, tell: Tell): void {
  const version = Number(database.pragma('user_version', { simple: true }))
  if (version > migrations.length) {
    const message = `${file} was written by a newer Latent Studio (version ${version} of the database, this one knows ${migrations.length}). Update Latent Studio, or choose another data folder.`
    throw new StudioError('bad-request', message)
  }
  if (version === migrations.length) return
  const bringUp = database.transaction(() => {
    // Another process may have been faster.
    const now = Number(database.pragma('user_version', { simple: true }))
    for (const step of migrations.slice(now)) {
      if (typeof step === 'string') database.exec(step)
      else step(database, tell)
    }
    database.pragma(`user_version = ${migrations.length}`)
  })
  bringUp.immediate()
  // Up to the second version, what was deleted could still be read in the free pages.
  if (version === 1) {
    if (isLarge(file)) tell({ code: 'overwritten', values: {} })
    vacuum(database)
  }
}

function vacuum(database: Database.Database): void {
  try {
    database.exec('VACUUM')
  } catch {
    // It needs as much room again; without it the free pages are overwritten when they are used.
  }
}

const watchInterval = 1000

/** Tells when another process has written to the database: a command line beside the window. Answers what ends it. */
export function watchOthers(database: Database.Database, onChange: () => void): () => void {
  const readVersion = (): unknown => database.pragma('data_version', { simple: true })
  let version = readVersion()
  const look = (): void => {
    try {
      const found = readVersion()
      if (found !== version) onChange()
      version = found
    } catch {
      // A disk that fails is told of by the call that needs it.
    }
  }
  const timer = setInterval(look, watchInterval)
  timer.unref()
  return () => clearInterval(timer)
}
