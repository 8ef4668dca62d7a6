import type { ImageRecord } from '../../../shared/library/history.ts'
import type { EngineImage } from '../../../shared/engine/engineContract.ts'
import type { Database } from '../../history/database/database.ts'
import type { History } from '../../history/history.ts'
import type { NewImage } from '../../history/images/imageRow.ts'
import { imageFileName, imageName, type ImageFiles } from '../../pictures/imageFiles.ts'
import { withImage } from '../queue/imagesDone.ts'
import type { JobStore, StoredJob } from '../queue/jobStore.ts'
import { imageMetadata, type EmbeddedRecord } from '../../metadata/imageMetadata.ts'
import { pngWithText } from '../../metadata/pngText.ts'
import { requestOfImage } from '../request/resolveRequest.ts'
import type { RunFacts } from './runJob.ts'
import { storageError } from '../../history/database/storageErrors.ts'
import { whenUnlocked } from '../../history/database/whenUnlocked.ts'

/**
 * Makes the function that keeps a finished image: first the file, complete and synced, then in one transaction
 * its row and the job's count. When the row cannot be written the file stays: the job's next run, or the next start,
 * gives it one. Throws `disk-full`, `read-only`, `database-locked`.
 */
export function createSaveImage(parts: {
  database: Database
  history: History
  files: ImageFiles
  store: JobStore
}) {
  const { database, history, files, store } = parts
  const commit = database.transaction((job: StoredJob, image: NewImage): ImageRecord => {
    store.save(job)
    return history.add(image)
  }).immediate

  return async (job: StoredJob, image: FinishedImage, facts: RunFacts): Promise<ImageRecord> => {
    const createdAt = Date.now()
    const id = imageName(job, image.index)
    const { width, height, device, dtype, timings } = image
    const request = { ...requestOfImage(job.request, image), model: facts.model.id }
    const record = { id, jobId: job.id, createdAt, width, height, request, ...facts, device, dtype, timings }
    const commitCounted = (row: NewImage): ImageRecord => {
      const done = withImage(job, image.index)
      const committed = commit({ ...job, ...done }, row)
      Object.assign(job, done)
      return committed
    }
    return keepPicture(record, image.png, files, commitCounted).catch((error: unknown) => {
      throw storageError(error, database.name)
    })
  }
}

/** An image of a run as it is kept: a PNG without texts. */
export interface FinishedImage extends Omit<EngineImage, 'pixels'> {
  width: number
  height: number
  png: Buffer
}

/** Writes a picture's file, complete and synced, then has its row written. */
export async function keepPicture(
  record: EmbeddedRecord,
  png: Buffer,
  files: ImageFiles,
  commit: (image: NewImage) => ImageRecord,
): Promise<ImageRecord> {
  const file = imageFileName(record.id)
  await files.write(file, pngWithText(png, imageMetadata(record)))
  const saved = await whenUnlocked(() => commit({ ...record, file }))
  // It is wanted at once by whoever watches; should it fail, it is made when it is asked for.
  files.thumbnail(record.id, saved.path).catch(() => {})
  return saved
}
