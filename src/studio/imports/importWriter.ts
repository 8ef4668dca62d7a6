import { setImmediate } from 'node:timers/promises'
import type { Marks } from '../../shared/library/marks.ts'
import type { NewImage } from '../history/images/imageRow.ts'
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

type Parts = Pick<ImportParts, 'database' | 'history' | 'marks'>

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

/** Makes the function that puts in what was read. A file that was changed keeps what a person said of its picture. */
export function createImportWriter({ database, history, marks }: Parts, table: ImportTable) {
  /** null: nothing, or its entry cannot be read. */
  function marksOf(imageId: string): Marks | null {
    try {
      const said = history.image(imageId).marks
      return said.rating > 0 || said.isRejected || said.tags.length + said.albums.length > 0 ? said : null
    } catch {
      return null
    }
  }

  return database.transaction((batch: readonly ReadFile[], kept: ReadonlyMap<string, Marks>) => {
    for (const { picture, image } of batch) {
      const before = table.imageOf(picture.path)
      const isNew = image !== null && !table.hasImage(image.id)
      if (isNew) history.add({ ...image, marks: kept.get(image.id) })
      const { path, folder, stamp } = picture
      table.put({ path, folder, stamp, imageId: image?.id ?? null })
      if (before === null || before === image?.id) continue
      const said = isNew ? marksOf(before) : null
      if (said) marks.restore([{ id: image!.id, marks: said }])
      table.settle(before)
    }
  }).immediate
}
