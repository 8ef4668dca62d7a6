import { closeSync, existsSync, openSync, readSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { StudioError, type ErrorRecord } from '../../../shared/errors.ts'
import type { Opening } from '../../../shared/opening.ts'
import { bringUpDatabasePath } from '../../paths.ts'
import { migrations, type Tell } from './migrations.ts'

/** What the thread says: how far it is, or why it could not go on. */
export type FromThread = { opening: Opening } | { failure: ErrorRecord }

/**
 * Brings a database of an older version up to this one, on a thread of its own: a large history takes half a minute. All of
 * it is one commit, so one that is cut off begins anew. Does nothing where there is no older database. Throws what
 * `openDatabase` throws.
 */
export async function bringUp(file: string, tell: Tell): Promise<void> {
  if (!isOlder(file)) return
  const { promise: ended, resolve, reject } = Promise.withResolvers<void>()
  const thread = new Worker(bringUpDatabasePath, { workerData: file })
  thread.on('message', (told: FromThread) => {
    if ('opening' in told) tell(told.opening)
    else reject(new StudioError(told.failure.code, told.failure.message))
  })
  thread.on('error', reject)
  thread.on('exit', () => resolve())
  await ended
}

/** Where the header of a database has `user_version`: https://sqlite.org/fileformat2.html#user_version_number */
const versionOffset = 60

/** By the file's header; what a log beside it says is found when the database is opened. */
function isOlder(path: string): boolean {
  if (!existsSync(path)) return false
  const file = openSync(path, 'r')
  try {
    const header = Buffer.alloc(versionOffset + 4)
    if (readSync(file, header, 0, header.length, 0) < header.length) return false
    const version = header.readUInt32BE(versionOffset)
    return (
      header.toString('latin1', 0, 15) === 'SQLite format 3' && version > 0 && version < migrations.length
    )
  } finally {
    closeSync(file)
  }
}
