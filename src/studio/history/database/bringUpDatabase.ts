import { parentPort, workerData } from 'node:worker_threads'
import { toErrorRecord } from '../../../shared/errors.ts'
import type { FromThread } from './bringUp.ts'
import { openDatabase } from './database.ts'
import { whenUnlocked } from './whenUnlocked.ts'

/** A thread that brings a database of an older version up to this one. */
const tell = (told: FromThread): void => parentPort!.postMessage(told)

try {
  const file = workerData as string
  const database = await whenUnlocked(() => openDatabase(file, (opening) => tell({ opening })))
  database.close()
} catch (error) {
  tell({ failure: toErrorRecord(error) })
}
