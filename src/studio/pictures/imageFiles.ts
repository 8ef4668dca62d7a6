import { existsSync } from 'node:fs'
import { lstat, readdir, readFile, rm, stat } from 'node:fs/promises'
import { basename, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { StudioError } from '../../shared/errors.ts'
import { writeFileDurably } from '../files.ts'
import { encodeThumbnail } from './images.ts'
import { inputId } from './inputs.ts'
import { stepsFileOf } from './keptSteps.ts'
import { localTime } from './localTime.ts'

/** Where finished pictures and their thumbnails lie below a data folder. */
export interface ImageFiles {
  readonly folder: string
  /** Absolute path of a file named in a row; throws for one that does not lie among the images. */
  pathOf(file: string): string
  /**
   * The bytes of a picture, below the folder or, of an imported one, below a folder of the settings; throws `not-found`, also
   * where among our own a symbolic link leads away.
   */
  read(imagePath: string): Promise<Buffer>
  write(file: string, png: Uint8Array): Promise<void>
  /** Path of an image's thumbnail, made where it is missing. */
  thumbnail(id: string, imagePath: string): Promise<string>
  /** Ids of the images that have a thumbnail. */
  thumbnailIds(): Promise<string[]>
  /**
   * Removes thumbnail, file and the steps beside it; what lies elsewhere, or behind a symbolic link, is left alone. Answers
   * what a copy of the file is called among the inputs; null: there was none.
   */
  remove(id: string, file: string): Promise<string | null>
  /** Removes one file, likewise. */
  removeFile(file: string): Promise<void>
}

/**
 * Name of image `index` of a job: local date and time of the job, the beginning of its id, and which image it is. Made
 * again after an interruption it has the same name, so a file whose row was never written is not left behind.
 */
export function imageName({ id, createdAt }: { id: string; createdAt: number }, index: number): string {
  const stamp = localTime(createdAt).replaceAll(/[-:]/g, '').replace('T', '-')
  return `${stamp}-${id.slice(0, 8)}-${String(index + 1).padStart(2, '0')}`
}

/** File of an image below the folder of images: a folder for every month. */
export const imageFileName = (id: string): string => `${id.slice(0, 4)}-${id.slice(4, 6)}/${id}.png`

/** Whether a file or a folder has a name of the kind we give. */
export const isImageName = (name: string): boolean => /^\d{8}-\d{6}-[\da-f]{8}-\d+\.png$/.test(name)
export const isMonth = (name: string): boolean => /^\d{4}-\d{2}$/.test(name)

/** Whether an id can be part of a file's name without leading elsewhere. */
export const isImageId = (id: string): boolean => /^[\w-]{1,100}$/.test(id)

/** Which image of its job an id names, from 0; -1 for the id of another job. The time in it may be of another zone. */
export function imageIndex(imageId: string, jobId: string): number {
  const [, job, number] = /-([\da-f]{8})-(\d+)$/.exec(imageId) ?? []
  return job === jobId.slice(0, 8) ? Number(number) - 1 : -1
}

/** Throws for a file that does not lie below the folder. */
function pathBelow(folder: string, file: string): string {
  const path = resolve(folder, ...file.split('/'))
  const below = relative(folder, path).split(sep)
  if (below[0] !== '..' && !isAbsolute(below[0]) && file !== '' && below.join('/') === file) return path
  throw new Error(`its file (${file}) does not lie among the images`)
}

const isBelow = (root: string, path: string): boolean => {
  const below = relative(root, path)
  return below !== '' && below.split(sep)[0] !== '..' && !isAbsolute(below)
}

/** The path of a picture that is no file of ours: to open a pipe would never end. */
async function checkedElsewhere(path: string): Promise<string> {
  const found = await stat(path).catch((error: Error) => {
    const message = `${path} is not there: ${error.message}. See that its disk is there, or take its folder out of the library.`
    throw new StudioError('not-found', message, { cause: error })
  })
  if (found.isFile()) return path
  throw new StudioError(
    'not-found',
    `${path} is no file any more. Put the picture there again, or take its folder out of the library.`,
  )
}

/** Answers a path, unless it is no file or leads over a symbolic link, which may lead anywhere. */
function createCheck(
  folder: string,
  importFolders: () => readonly string[],
): (path: string) => Promise<string> {
  return async (path) => {
    if (importFolders().some((root) => isBelow(root, path))) return checkedElsewhere(path)
    const parts = relative(folder, path).split(sep)
    for (const [index] of parts.entries()) {
      const entry = await lstat(join(folder, ...parts.slice(0, index + 1))).catch((error: Error) => {
        throw new StudioError(
          'not-found',
          `The picture's file is gone: ${path}. Put it back, or move the picture to the trash.`,
          { cause: error },
        )
      })
      const isRight = index < parts.length - 1 ? entry.isDirectory() : entry.isFile()
      if (isRight) continue
      const message = `${path} is not the picture's own file but a link or something else, which is not followed. Put the file itself there.`
      throw new StudioError('not-found', message)
    }
    return path
  }
}

/** @param importFolders those whose files an imported picture's entry may name. */
export function openImageFiles(
  dataFolder: string,
  writer: string,
  importFolders: () => readonly string[] = () => [],
): ImageFiles {
  const folder = join(dataFolder, 'images')
  const thumbnailPath = (id: string): string => {
    if (!isImageId(id)) throw new StudioError('not-found', `"${id}" is not the id of an image.`)
    return join(dataFolder, 'thumbnails', `${id}.webp`)
  }
  const making = new Map<string, Promise<string>>()

  const pathOf = (file: string): string => pathBelow(folder, file)

  const checked = createCheck(folder, importFolders)

  async function makeThumbnail(id: string, imagePath: string): Promise<string> {
    await writeFileDurably(thumbnailPath(id), await encodeThumbnail(await checked(imagePath)), writer)
    return thumbnailPath(id)
  }

  /** The path of a file that lies here and is its own; else null. */
  const own = (file: string): Promise<string | null> =>
    Promise.resolve(file)
      .then((name) => checked(pathOf(name)))
      .catch(() => null)

  async function removeFile(file: string): Promise<void> {
    const path = await own(file)
    if (path) await rm(path, { force: true })
  }

  return {
    folder,
    pathOf,
    read: async (imagePath) => readFile(await checked(imagePath)),
    write: (file, png) => writeFileDurably(pathOf(file), png, writer),
    async thumbnail(id, imagePath) {
      if (existsSync(thumbnailPath(id))) return thumbnailPath(id)
      const made = making.get(id) ?? makeThumbnail(id, imagePath).finally(() => making.delete(id))
      making.set(id, made)
      return made
    },
    async thumbnailIds() {
      const names = await readdir(join(dataFolder, 'thumbnails')).catch(() => [])
      return names.filter((name) => name.endsWith('.webp')).map((name) => basename(name, '.webp'))
    },
    async remove(id, file) {
      // A thumbnail that is just being made would be left behind.
      await making.get(id)?.catch(() => {})
      if (isImageId(id)) await rm(thumbnailPath(id), { force: true })
      await removeFile(stepsFileOf(file))
      const path = await own(file)
      const copy = path && (await readFile(path).then(inputId, () => null))
      await removeFile(file)
      return copy
    },
    removeFile,
  }
}
