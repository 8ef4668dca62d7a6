import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { ImageRecord } from '../../shared/library/history.ts'
import type { History } from './history.ts'
import { imageFileName, imageIndex, imageName, isImageId, type ImageFiles } from '../pictures/imageFiles.ts'
import type { MarkChanges } from './marks/changeMarks.ts'
import type { MarkJournal } from './marks/markJournal.ts'
import { withImage } from '../jobs/queue/imagesDone.ts'
import type { StoredJob } from '../jobs/queue/jobStore.ts'
import { readOwnMetadata } from '../metadata/imageMetadata.ts'
import { ownPictures, readOwnPicture } from './ownPictures.ts'
import { whenUnlocked } from './database/whenUnlocked.ts'

/**
 * Gives rows to pictures that have none: the studio ended between file and row, the row could not be written, or a
 * person put the file there.
 */
export interface Adoption {
  /** The pictures of one job. What the job has done is set from those that are there; the new rows are answered. */
  ofJob(job: StoredJob): Promise<ImageRecord[]>
  /** All pictures in the folder; what is left of deleted ones goes. Answers how many rows were made. */
  all(): Promise<number>
}

interface Parts {
  history: History
  files: ImageFiles
  journal: Pick<MarkJournal, 'read'>
  marks: Pick<MarkChanges, 'forget' | 'tidy'>
  /** Removes a picture among the inputs that nothing refers to. */
  removeInput: (id: string) => Promise<void>
}

export function createAdoption(parts: Parts): Adoption {
  const { history, files, journal } = parts
  /** A database that was lost knew what was deleted for good; its thumbnails are left then. */
  async function removeLeftThumbnails(): Promise<void> {
    for (const [index, id] of (await files.thumbnailIds()).entries()) {
      if (index % 200 === 0) await setImmediate()
      if (!history.knows(id, '')) await files.remove(id, '')
    }
  }

  /** Makes the rows that cannot be read again from their pictures. */
  async function remakeRows(): Promise<number> {
    let count = 0
    for (const { id, file, trashedAt } of history.unreadable()) {
      const record = await Promise.resolve(file)
        .then((name) => files.read(files.pathOf(name)))
        .then(readOwnMetadata)
        .catch(() => null)
      if (record?.id !== id) continue
      await whenUnlocked(() => history.add({ ...record, file, trashedAt }))
      count++
    }
    return count
  }

  return {
    async ofJob(job) {
      const adopted: ImageRecord[] = []
      for (const file of await filesOfJob(job, files.folder)) {
        const record = await readOwnPicture(join(files.folder, file))
        if (record?.jobId !== job.id) continue
        if (!history.knows(record.id, file)) {
          adopted.push(await whenUnlocked(() => history.add({ ...record, file })))
        }
        Object.assign(job, withImage(job, imageIndex(record.id, job.id)))
      }
      return adopted
    },
    async all() {
      await finishRemoving(parts)
      let count = await remakeRows()
      const kept = journal.read()
      const isKnown = (file: string): boolean => history.knows(basename(file, '.png'), file)
      for await (const { file, record } of ownPictures(files.folder, isKnown)) {
        if (!isImageId(record.id) || history.knows(record.id, file)) continue
        await whenUnlocked(() => history.add({ ...record, file, marks: kept.get(record.id) }))
        count++
      }
      await removeLeftThumbnails()
      await whenUnlocked(parts.marks.tidy)
      return count
    },
  }
}

/** What the end of a studio cut off while the trash was emptied. */
async function finishRemoving({ history, files, marks, removeInput }: Parts): Promise<void> {
  const removed = history.removedFiles()
  if (removed.length > 0) await whenUnlocked(() => marks.forget(new Set(removed.map(({ id }) => id))))
  for (const { id, file } of removed) {
    const copy = await files.remove(id, file)
    if (copy) await removeInput(copy)
    await whenUnlocked(() => history.fileRemoved(id))
  }
}

const oneDay = 86_400_000

/** Files that may be a job's pictures, in the order of the batch: their names may be of another time zone. */
async function filesOfJob(job: StoredJob, folder: string): Promise<string[]> {
  const months = [-oneDay, 0, oneDay].map((shift) =>
    imageFileName(imageName({ id: job.id, createdAt: job.createdAt + shift }, 0)).slice(0, 7),
  )
  const found: { file: string; index: number }[] = []
  for (const month of new Set(months)) {
    for (const name of await readdir(join(folder, month)).catch(() => [])) {
      const index = name.endsWith('.png') ? imageIndex(basename(name, '.png'), job.id) : -1
      if (index >= 0) found.push({ file: `${month}/${name}`, index })
    }
  }
  return found.sort((one, other) => one.index - other.index).map(({ file }) => file)
}
