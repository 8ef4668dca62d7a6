import Database from 'better-sqlite3'
import { renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { StudioError } from '../shared/errors.ts'
import { makeFolder } from './files.ts'
import { migrations } from './migrations.ts'
import { storageError } from './storageErrors.ts'

export type { Database } from 'better-sqlite3'

const databaseFile = 'studio.db'

/**
 * Opens the studio's database in a data folder, making both where they are missing. A database that is damaged
 * is set aside under a dated name and replaced by an empty one; `keptAside` then names it, and whoever called
 * fills the new one from the images. Throws `read-only`, `disk-full`, or `bad-request` for a folder of a newer
 * version.
 */
export function openDatabase(dataFolder: string): { database: Database.Database; keptAside: string | null } {
  const file = join(dataFolder, databaseFile)
  try {
    makeFolder(dataFolder)
    try {
      return { database: openChecked(file), keptAside: null }
    } catch (error) {
      if ((storageError(error, file) as { code?: string }).code !== 'corrupt-database') throw error
      const keptAside = setAside(file)
      return { database: openChecked(file), keptAside }
    }
  } catch (error) {
    throw storageError(error, file)
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

function openChecked(file: string): Database.Database {
  const database = new Database(file)
  try {
    database.pragma('busy_timeout = 5000')
    database.pragma('journal_mode = WAL')
    // Once a commit has returned, it survives a power cut: history rows are not to be lost.
    database.pragma('synchronous = FULL')
    const problem = database.pragma('quick_check(1)', { simple: true })
    if (problem !== 'ok') {
      throw new StudioError('corrupt-database', `${file} is damaged: ${String(problem)}.`)
    }
    migrate(database, file)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

function migrate(database: Database.Database, file: string): void {
  const bringUp = database.transaction(() => {
    const version = Number(database.pragma('user_version', { simple: true }))
    if (version > migrations.length) {
      const message = `${file} was written by a newer Latent Studio (version ${version} of the database, this one knows ${migrations.length}). Update Latent Studio, or choose another data folder.`
      throw new StudioError('bad-request', message)
    }
    for (const step of migrations.slice(version)) database.exec(step)
    database.pragma(`user_version = ${migrations.length}`)
  })
  bringUp.immediate()
}

function setAside(file: string): string {
  const date = new Date().toISOString().replaceAll(':', '-').slice(0, 19)
  const keptAside = file.replace(/\.db$/, `-damaged-${date}.db`)
  renameSync(file, keptAside)
  for (const suffix of ['-wal', '-shm']) {
    try {
      renameSync(file + suffix, keptAside + suffix)
    } catch {
      rmSync(file + suffix, { force: true })
    }
  }
  return keptAside
}
