import { open, stat, type FileHandle } from 'node:fs/promises'
import { basename } from 'node:path'
import { StudioError } from '../../shared/errors.ts'
import type { Generation } from '../../shared/library/generation.ts'
import { inspectPicture } from './readGeneration.ts'

/** What a file on disk tells of its making; null when it tells nothing. */
export interface Inspection {
  file: string
  generation: Generation | null
}

const mostBytes = 256 * 1024 * 1024

/**
 * Reads the generation data of a file that was dropped on the window or named on the command line. Throws
 * `not-found` and `bad-metadata`.
 */
export async function inspectFile(path: string): Promise<Inspection> {
  const file = await openFile(path)
  try {
    const { size } = await file.stat()
    if (size > mostBytes) {
      throw new StudioError('bad-metadata', `${path} has ${size} bytes; pictures of up to 256 MiB are read.`)
    }
    return await inspectBytes(basename(path), await file.readFile())
  } finally {
    await file.close()
  }
}

/** The same of bytes that lie in no file; `file` is what they are called. */
export const inspectBytes = async (file: string, bytes: Buffer): Promise<Inspection> => ({
  file,
  generation: await inspectPicture(bytes),
})

async function openFile(path: string): Promise<FileHandle> {
  try {
    // Opening a pipe waits for who writes into it.
    if ((await stat(path)).isFile()) return await open(path)
  } catch (error) {
    throw new StudioError('not-found', `${path} cannot be opened: ${(error as Error).message}`, {
      cause: error,
    })
  }
  throw new StudioError('not-found', `${path} is not a file.`)
}
