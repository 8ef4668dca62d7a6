import { setImmediate } from 'node:timers/promises'
import type { Marks } from '../../shared/marks.ts'
import type { NewImage } from '../history/imageRow.ts'
import { whenUnlocked } from '../history/whenUnlocked.ts'
import type { PictureOnDisk, PictureScan } from './findPictures.ts'
import type { ImportParts } from './importRoom.ts'
import type { ImportTable } from './importTable.ts'

export interface WaitingPicture extends PictureOnDisk {
  folder: string
}

/** A file with what the history is told of it; null: it is no picture, or one that was made here. */
export interface ReadFile {
  picture: WaitingPicture
  image: NewImage | null
}

/** Files in one commit. */
export const atOnce = 20

type Parts = Pick<ImportParts, 'database' | 'history' | 'imageFiles' | 'journal' | 'marks'>

/** The files that were not read as they are now, each once. */
export async function unknownFiles(
  table: ImportTable,
  scans: ReadonlyMap<string, PictureScan>,
): Promise<WaitingPicture[]> {
  const waiting = new Map<string, WaitingPicture>()
  let seen = 0
  for (const [folder, { pictures }] of scans)
    for (const picture of pictures) {
      if (++seen % 500 === 0) await setImmediate()
      if (waiting.has(picture.path) || table.isKnown(picture.path, picture.stamp)) continue
      waiting.set(picture.path, { ...picture, folder })
    }
  return [...waiting.values()]
}

/** What the library learns of the files that were found. */
export function createImportWriter(parts: Parts, table: ImportTable) {
  const { database, history, imageFiles, journal, marks } = parts

  /** Forgets files; of their pictures, those that have no other file leave the library, and the thumbnail goes with them. */
  async function forget(paths: readonly string[]): Promise<void> {
    const left: string[] = []
    const letGo = database.transaction((some: readonly string[]) => {
      for (const path of some) {
        const id = table.imageOf(path)
        table.forget(path)
        if (id !== null && table.settle(id)) left.push(id)
      }
    }).immediate
    for (let from = 0; from < paths.length; from += atOnce) {
      await whenUnlocked(() => letGo(paths.slice(from, from + atOnce)))
      await setImmediate()
    }
    for (const id of left) await imageFiles.remove(id, `imported/${id}`)
  }

  /** Puts in what was read. A file that was changed keeps what a person said of its picture. */
  const write = database.transaction((batch: readonly ReadFile[], kept: ReadonlyMap<string, Marks>) => {
    for (const { picture, image } of batch) {
      const before = table.imageOf(picture.path)
      const isNew = image !== null && !table.hasImage(image.id)
      if (isNew) history.add({ ...image, marks: kept.get(image.id) })
      const { path, folder, stamp } = picture
      table.put({ path, folder, stamp, imageId: image?.id ?? null })
      if (before === null || before === image?.id) continue
      const said = isNew ? journal.read().get(before) : undefined
      if (said) marks.restore([{ id: image!.id, marks: said }])
      table.settle(before)
    }
  }).immediate

  return {
    write,

    /**
     * Lets go of what is not in a folder any more. Answers why nothing was let go; null: the folder is well. One that is empty
     * at once is most likely a disk that is not connected.
     */
    async letGo(folder: string, { pictures, problem }: PictureScan): Promise<string | null> {
      if (problem !== null) return problem
      const known = table.count(folder)
      if (pictures.length === 0 && known > 0)
        return `${folder} is empty now. Its ${known} pictures stay known; see that its disk is there, or take it out of the folders.`
      const found = new Set(pictures.map(({ path }) => path))
      let paths = table.pathsAfter(folder, '')
      while (paths.length > 0) {
        await forget(paths.filter((path) => !found.has(path)))
        paths = table.pathsAfter(folder, paths.at(-1)!)
      }
      return null
    },

    /** Of a folder that was taken out of the settings. What was said of its pictures comes back with it. */
    async letGoOfFolder(folder: string): Promise<void> {
      for (let paths = table.pathsAfter(folder, ''); paths.length > 0; paths = table.pathsAfter(folder, ''))
        await forget(paths)
    },
  }
}
