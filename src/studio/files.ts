import { existsSync, mkdirSync } from 'node:fs'
import { open, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { StudioError } from '../shared/errors.ts'
import { storageError } from './history/database/storageErrors.ts'

/**
 * Writes a file so that under its name there is either nothing, the old content, or all of the new: to a
 * temporary name in the same folder, which tells whose it is (the id of the studio that writes), synced, renamed,
 * the folder synced. Throws `disk-full` or `read-only`.
 */
export async function writeFileDurably(
  path: string,
  content: Uint8Array | string,
  writer: string,
): Promise<void> {
  const folder = dirname(path)
  const temporary = join(folder, `.${basename(path)}.${writer}.part`)
  try {
    makeFolder(folder)
    const file = await open(temporary, 'w')
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
    await syncFolder(folder)
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {})
    throw storageError(error, path)
  }
}

/** Removes the temporary files below a folder whose writers ended in the middle of writing. */
export async function removeUnfinishedFiles(
  folder: string,
  isAlive: (writer: string) => boolean,
): Promise<void> {
  for (const file of await readdir(folder, { recursive: true })) {
    const [, writer] = /^\..*\.([0-9a-f-]{36})\.part$/.exec(basename(file)) ?? []
    if (writer && !isAlive(writer)) await rm(join(folder, file), { force: true })
  }
}

/**
 * Makes a folder and those above it. Node's own recursive way reports a read-only disk as a missing folder. Throws
 * `read-only` where a link leads nowhere, or the file system makes no folders.
 */
export function makeFolder(folder: string): void {
  if (existsSync(folder)) return
  makeFolder(dirname(folder))
  try {
    mkdirSync(folder)
  } catch (error) {
    const { code } = error as { code?: string }
    // Another process was faster.
    if (code === 'EEXIST' && existsSync(folder)) return
    if (code !== 'EEXIST' && code !== 'ENOENT' && code !== 'ELOOP') throw error
    const message = `${folder} cannot be made: it is a link that leads nowhere (to a disk that is not connected?), or this place takes no folders (${code}). Mend it, or choose another folder.`
    throw new StudioError('read-only', message, { cause: error })
  }
}

/** Makes what was renamed in a folder survive a power cut. */
export async function syncFolder(folder: string): Promise<void> {
  // Windows opens no folders; NTFS journals the rename itself.
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
