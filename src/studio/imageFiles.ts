import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { writeFileDurably } from './files.ts'
import { encodeThumbnail } from './images.ts'

/** Where finished pictures and their thumbnails lie below a data folder. */
export interface ImageFiles {
  readonly folder: string
  pathOf(file: string): string
  write(file: string, png: Uint8Array): Promise<void>
  /** Path of an image's thumbnail, made where it is missing. */
  thumbnail(id: string, imagePath: string): Promise<string>
  remove(id: string, imagePath: string): Promise<void>
}

/**
 * Name of image `index` of a job: date and time of the job, the beginning of its id, and which image it is. Made
 * again after an interruption it has the same name, so a file whose row was never written is not left behind.
 */
export function imageName({ id, createdAt }: { id: string; createdAt: number }, index: number): string {
  const [date, time] = new Date(createdAt).toISOString().split(/[T.]/)
  const number = String(index + 1).padStart(2, '0')
  return `${date.replaceAll('-', '')}-${time.replaceAll(':', '')}-${id.slice(0, 8)}-${number}`
}

/** File of an image below the folder of images: a folder for every month. */
export const imageFileName = (id: string): string => `${id.slice(0, 4)}-${id.slice(4, 6)}/${id}.png`

export function openImageFiles(dataFolder: string, writer: string): ImageFiles {
  const folder = join(dataFolder, 'images')
  const pathOf = (file: string): string => join(folder, ...file.split('/'))
  const thumbnailPath = (id: string): string => join(dataFolder, 'thumbnails', `${id}.webp`)
  const making = new Map<string, Promise<string>>()

  async function makeThumbnail(id: string, imagePath: string): Promise<string> {
    await writeFileDurably(thumbnailPath(id), await encodeThumbnail(imagePath), writer)
    return thumbnailPath(id)
  }

  return {
    folder,
    pathOf,
    write: (file, png) => writeFileDurably(pathOf(file), png, writer),
    async thumbnail(id, imagePath) {
      if (existsSync(thumbnailPath(id))) return thumbnailPath(id)
      const made = making.get(id) ?? makeThumbnail(id, imagePath).finally(() => making.delete(id))
      making.set(id, made)
      return made
    },
    async remove(id, imagePath) {
      // A thumbnail that is just being made would be left behind.
      await making.get(id)?.catch(() => {})
      await rm(thumbnailPath(id), { force: true })
      await rm(imagePath, { force: true })
    },
  }
}
