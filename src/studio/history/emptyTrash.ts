import type { Database } from './database/database.ts'
import type { History } from './history.ts'
import type { ImageFiles } from '../pictures/imageFiles.ts'
import { usedInputs, type Inputs } from '../pictures/inputs.ts'
import type { MarkChanges } from './marks/changeMarks.ts'
import type { Queue } from '../jobs/queue/queue.ts'
import { whenUnlocked } from './database/whenUnlocked.ts'

/** Rows deleted in one commit. */
const atOnce = 100

/**
 * Deletes what lies in the trash for good, and what of it is left elsewhere: words, marks, thumbnails, jobs without an image,
 * starting pictures and copies of it nothing refers to. Rows go first, with a note of their files: cut off in between, the files are
 * removed at the next start. Answers how many images went.
 */
export async function emptyTrash(parts: {
  database: Database
  history: History
  imageFiles: ImageFiles
  inputs: Inputs
  marks: Pick<MarkChanges, 'forget'>
  queue: Pick<Queue, 'drop'>
}): Promise<number> {
  const { database, history, imageFiles, inputs, marks, queue } = parts
  // What others put into the trash meanwhile stays.
  const until = history.lastTrashed()
  const unwanted = new Set<string>()
  let count = 0
  while (until !== null) {
    const { images, jobIds, inputIds } = await whenUnlocked(() => history.removeTrashed(until, atOnce))
    queue.drop(jobIds)
    inputIds.forEach((id) => unwanted.add(id))
    if (!images.length) break
    count += images.length
    await whenUnlocked(() => marks.forget(new Set(images.map(({ id }) => id))))
    for (const { id, file } of images) {
      const copy = await imageFiles.remove(id, file)
      if (copy) unwanted.add(copy)
      await whenUnlocked(() => history.fileRemoved(id))
    }
  }
  if (unwanted.size > 0) await inputs.removeUnused(usedInputs(database), unwanted)
  // The log of changes still holds what was deleted.
  database.pragma('wal_checkpoint(TRUNCATE)')
  return count
}
