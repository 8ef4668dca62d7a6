import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { lstat, readdir, readFile, rm, stat, utimes } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { assetPaths } from '../../shared/assetPaths.ts'
import type { InputImage } from '../../shared/library/history.ts'
import type { Pixels } from '../../shared/engine/engineContract.ts'
import type { Database } from '../history/database/database.ts'
import { StudioError } from '../../shared/errors.ts'
import type { ResizeMode } from '../../shared/request/request.ts'
import { writeFileDurably } from '../files.ts'
import { checkPicture, pictureHeader, readPicture, withoutBmp } from './images.ts'

/** The pictures that runs start from, kept as they came under the sha256 of their bytes. */
export interface Inputs {
  /** Takes a picture in; the same bytes are kept once. Throws `bad-init-image`, `disk-full`, `read-only`. */
  add(bytes: Uint8Array, name?: string): Promise<InputImage>
  addFile(path: string): Promise<InputImage>
  /** Throws `not-found`. */
  describe(id: string): Promise<InputImage>
  /** Path and format of the kept file; throws `not-found`. */
  original(id: string): Promise<{ path: string; format: string }>
  pixels(id: string, width: number, height: number, mode: ResizeMode): Promise<Pixels>
  /** Removes those that are not used: of the ones named, or else of all that were taken in more than a day ago. */
  removeUnused(used: ReadonlySet<string>, among?: ReadonlySet<string>): Promise<void>
}

/** The starting pictures and masks that jobs, grids and images refer to. */
export function usedInputs(database: Database): Set<string> {
  const used = new Set(database.prepare('SELECT DISTINCT inputId FROM imageInputs').pluck().all() as string[])
  const requests = database.prepare('SELECT request FROM jobs UNION ALL SELECT definition FROM grids').pluck()
  for (const request of requests.all() as string[]) {
    // Hashes of other files are called so too; they are none of the inputs.
    for (const [, id] of request.matchAll(/([0-9a-f]{64})"/g)) used.add(id)
  }
  return used
}

/** What a picture of these bytes is called among the inputs. */
export const inputId = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

const oneDay = 86_400_000

const isInputId = (id: string): boolean => /^[0-9a-f]{64}$/.test(id)

/** Bytes that a picture's file may have. */
export const largestInput = 100 * 2 ** 20

function checkBytes(bytes: number, name: string): void {
  if (bytes <= largestInput) return
  throw new StudioError('bad-init-image', `${name} is larger than 100 MiB. Save it smaller and try again.`)
}

/** Whether a file holds these bytes: a disk may have spoilt it, and who is told so chooses the picture again. */
async function isWhole(path: string, bytes: Uint8Array): Promise<boolean> {
  const found = await lstat(path).catch(() => null)
  if (!found?.isFile() || found.size !== bytes.length) return false
  return (await readFile(path).catch(() => null))?.equals(bytes) ?? false
}

/** Says in what is wrong with a picture which part of a request names it. */
export const namedBy = <Read>(field: string, reading: Promise<Read>): Promise<Read> =>
  reading.catch((error: unknown) => {
    if (!(error instanceof StudioError)) throw error
    throw new StudioError(error.code, `${field}: ${error.message}`, { cause: error })
  })

export function openInputs(dataFolder: string, writer: string): Inputs {
  const pathOf = (id: string): string => join(dataFolder, 'inputs', id)

  function existing(id: string): string {
    if (isInputId(id) && existsSync(pathOf(id))) return pathOf(id)
    const message = `The picture ${id.slice(0, 12)}… is not among the inputs of this data folder. Choose it again.`
    throw new StudioError('not-found', message)
  }

  async function add(given: Uint8Array, name = 'The picture'): Promise<InputImage> {
    checkBytes(given.length, name)
    const bytes = await withoutBmp(given, name)
    const { width, height } = await checkPicture(bytes, name)
    const id = inputId(bytes)
    if (await isWhole(pathOf(id), bytes)) await utimes(pathOf(id), new Date(), new Date()).catch(() => {})
    else await writeFileDurably(pathOf(id), bytes, writer)
    return { id, width, height, url: assetPaths.input(id) }
  }

  return {
    add,
    async addFile(path) {
      const cannotBeRead = (why: string, cause?: Error): StudioError =>
        new StudioError('bad-init-image', `${path} cannot be read: ${why}. Choose another picture.`, {
          cause,
        })
      const orThrow = (error: Error): never => {
        throw cannotBeRead(error.message, error)
      }
      const status = await stat(path).catch(orThrow)
      // A pipe or a device has no end.
      if (!status.isFile()) throw cannotBeRead('it is not a file')
      checkBytes(status.size, basename(path))
      return add(await readFile(path).catch(orThrow), basename(path))
    },
    async describe(id) {
      const { width, height } = await pictureHeader(existing(id))
      return { id, width, height, url: assetPaths.input(id) }
    },
    async original(id) {
      const path = existing(id)
      return { path, format: (await pictureHeader(path)).format }
    },
    pixels: async (id, width, height, mode) => readPicture(existing(id), width, height, mode),
    async removeUnused(used, among) {
      const names = among ?? (await readdir(join(dataFolder, 'inputs')).catch(() => []))
      for (const id of names) {
        if (!isInputId(id) || used.has(id)) continue
        const takenIn = await stat(pathOf(id)).then(
          ({ mtimeMs }) => mtimeMs,
          () => Infinity,
        )
        if (among || Date.now() - takenIn > oneDay) await rm(pathOf(id), { force: true })
      }
    },
  }
}
