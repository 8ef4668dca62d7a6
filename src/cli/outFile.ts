import { open, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, extname, resolve } from 'node:path'
import type { ImageRecord } from '../shared/library/history.ts'
import { StudioError } from '../shared/errors.ts'
import { exportFormatOf, exportPicture } from '../studio/pictures/exportPicture.ts'
import { makeFolder } from '../studio/files.ts'
import { convert } from '../studio/pictures/images.ts'
import { pipe } from './program/standardInput.ts'
import { storageError } from '../studio/history/database/storageErrors.ts'

/** Says what is wrong with the file of --out before any work is done: its ending, its folder, whether it can be written. */
export async function checkOut(out: string): Promise<void> {
  if (out === pipe) return
  const target = resolve(out)
  const bad = (why: string): StudioError => new StudioError('bad-request', `--out: ${why}`)
  if (out.trim() === '') throw bad('must name a file, found nothing.')
  if ((await stat(target).catch(() => null))?.isDirectory() || /[/\\]$/.test(out))
    throw bad(`${target} is a folder. Name a file in it.`)
  try {
    exportFormatOf(extname(target))
  } catch (error) {
    throw bad((error as Error).message)
  }
  const trial = `${target}.${process.pid}.part`
  try {
    makeFolder(dirname(target))
    await (await open(trial, 'w')).close()
    await rm(trial, { force: true })
  } catch (error) {
    throw cannotWrite(target, error)
  }
}

/**
 * Writes a picture to FILE, and the further ones of a batch to FILE-2, FILE-3… before the ending; answers where. A
 * picture whose generation data finds no room in the format is written without, which is told.
 */
export async function writeOut(
  image: ImageRecord,
  out: string,
  index: number,
  warn: (message: string) => void,
): Promise<string> {
  if (out === pipe) return toStandardOutput(await readFile(image.path))
  const ending = extname(out)
  const numbered = index === 0 ? out : `${out.slice(0, out.length - ending.length)}-${index + 1}${ending}`
  const target = resolve(numbered)
  const png = await readFile(image.path)
  const format = exportFormatOf(ending)
  const bytes = await exportPicture(png, image, format).catch(async (error: unknown) => {
    if (!(error instanceof StudioError && error.code === 'bad-metadata' && format === 'jpeg')) throw error
    warn(`${target} says nothing of how it was made: ${error.message} The history's own file says it.`)
    return convert(png, format)
  })
  try {
    await writeFile(target, bytes)
  } catch (error) {
    throw cannotWrite(target, error)
  }
  return target
}

async function toStandardOutput(bytes: Uint8Array): Promise<string> {
  const written = Promise.withResolvers<void>()
  process.stdout.write(bytes, (error) => (error ? written.reject(error) : written.resolve()))
  await written.promise.catch((error: unknown) => {
    throw cannotWrite('The standard output', error)
  })
  return pipe
}

function cannotWrite(target: string, error: unknown): unknown {
  const known = storageError(error, target)
  if (known instanceof StudioError) return known
  const { message } = error as Error
  return new StudioError(
    'read-only',
    `--out: ${target} cannot be written (${message}). Choose another folder or name.`,
    { cause: error },
  )
}
