import { writeFileSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import type { Adoption } from './adoptPictures.ts'
import { isLarge, type Database } from './database/database.ts'
import type { Events } from '../events.ts'
import { removeUnfinishedFiles } from '../files.ts'
import { usedInputs, type Inputs } from '../pictures/inputs.ts'
import type { Ownership } from '../ownership.ts'
import { checkDatabasePath } from '../paths.ts'
import { damageNote } from './database/recoverDatabase.ts'
import { saying } from '../../shared/notices.ts'

/**
 * What is put in order after a start, beside the work: remains of unfinished writing, pictures without a row, starting
 * pictures nobody uses, and a look through a database too large to be looked through before. What fails of it is done at
 * the next start. Answers what ends it.
 */
export function startHousekeeping(parts: {
  dataFolder: string
  database: Database
  events: Events
  adoption: Adoption
  inputs: Inputs
  ownership: Ownership
}): () => void {
  const { dataFolder, database, events, adoption, inputs, ownership } = parts
  let worker: Worker | null = null

  async function keepHouse(): Promise<void> {
    await removeUnfinishedFiles(dataFolder, ownership.isAlive)
    await adoptAll(adoption, events)
    await inputs.removeUnused(usedInputs(database))
  }
  void keepHouse().catch(() => {})

  if (isLarge(database.name)) {
    worker = new Worker(checkDatabasePath, { workerData: database.name })
    worker.unref()
    worker.on('error', () => {})
    worker.on('message', (problem: string | null) => {
      if (problem === null) return
      writeFileSync(damageNote(dataFolder), `${problem}\n`)
      events.notify('error', saying('databaseDamaged', { reason: problem }))
    })
  }
  return () => void worker?.terminate()
}

/** Gives pictures without a row theirs, and says so. */
async function adoptAll(adoption: Adoption, { notify, emit }: Events): Promise<void> {
  const count = await adoption.all()
  if (count === 0) return
  notify('info', saying('entriesMade', { count }))
  emit.historyChanged()
}
