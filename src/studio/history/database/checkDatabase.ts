import Database from 'better-sqlite3'
import { parentPort, workerData } from 'node:worker_threads'
import { damage } from './database.ts'
import { storageError } from './storageErrors.ts'

/** A thread that reads a whole database and tells what is wrong with it, or null. */
function problem(file: string): string | null {
  try {
    const database = new Database(file, { readonly: true, timeout: 60_000 })
    try {
      return damage(database)
    } finally {
      database.close()
    }
  } catch (error) {
    const known = storageError(error, file) as { code?: string; message?: string }
    return known.code === 'corrupt-database' ? (known.message ?? null) : null
  }
}

parentPort!.postMessage(problem(workerData as string))
