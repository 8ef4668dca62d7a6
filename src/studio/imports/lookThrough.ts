import type { ImportState } from '../../shared/library/imports.ts'
import { whenUnlocked } from '../history/database/whenUnlocked.ts'
import type { FolderWatch } from '../models/folders/watchFolders.ts'
import { findPictures, type PictureScan } from './findPictures.ts'
import type { ImportParts } from './importRoom.ts'
import type { ImportTable } from './importTable.ts'
import {
  atOnce,
  createImportWriter,
  unknownFiles,
  type ReadFile,
  type WaitingPicture,
} from './importWriter.ts'
import { createLettingGo } from './letGo.ts'
import { readImport } from './readImport.ts'
import { saying, type Saying } from '../../shared/notices.ts'

interface Listener {
  /** Ends the look before its next file. */
  isOver: () => boolean
  setProgress: (progress: Partial<Omit<ImportState, 'folders'>>) => void
  setProblem: (folder: string, problem: Saying | null) => void
  /** The library has other pictures now. */
  changed: () => void
  watch: FolderWatch['set']
}

/** Makes the function that looks once through all folders: new files are read, and what is gone is let go. */
export function createLook(parts: ImportParts, table: ImportTable, listener: Listener): () => Promise<void> {
  const { history, folders, leftOut, journal, warn } = parts
  const { isOver, setProgress, setProblem, changed, watch } = listener
  const writeRead = createImportWriter(parts, table)
  const { letGo, letGoOfFolder } = createLettingGo(parts, table)

  /** Answers the files that could not be read, by their folders. */
  async function readAll(waiting: readonly WaitingPicture[]): Promise<Map<string, Unread[]>> {
    setProgress({ phase: 'reading', of: waiting.length })
    const unread = new Map<string, Unread[]>()
    const kept = journal.read()
    let batch: ReadFile[] = []
    async function write(): Promise<void> {
      const written = batch
      batch = []
      if (written.length === 0) return
      await whenUnlocked(() => writeRead(written, kept))
      changed()
    }
    for (const [done, picture] of waiting.entries()) {
      if (isOver()) break
      // A folder that was taken out meanwhile.
      if (!folders().includes(picture.folder)) continue
      try {
        batch.push({ picture, image: await readImport(picture, (id) => history.knows(id, '')) })
      } catch (error) {
        // It is tried again when the folder is looked through the next time.
        const of = unread.get(picture.folder) ?? []
        unread.set(picture.folder, [...of, { path: picture.path, reason: (error as Error).message }])
      }
      if (batch.length >= atOnce) await write()
      setProgress({ done: done + 1 })
    }
    await write()
    return unread
  }

  return async () => {
    setProgress({ phase: 'looking', done: 0, of: 0 })
    const wanted = folders()
    const scans = new Map<string, PictureScan>()
    for (const folder of wanted) scans.set(folder, await findPictures(folder, leftOut, isOver))
    if (isOver()) return
    watch({ roots: wanted, all: [...scans.values()].flatMap((scan) => scan.folders) })
    // A file that was moved is known under its new name before the old one is let go.
    const unread = await readAll(await unknownFiles(table, scans))
    for (const [folder, scan] of scans) {
      if (isOver()) return
      const problem = (await letGo(folder, scan)) ?? sayUnread(unread.get(folder))
      setProblem(folder, problem)
      if (problem !== null) warn(problem)
    }
    for (const folder of table.folders()) if (!wanted.includes(folder)) await letGoOfFolder(folder, scans)
  }
}

interface Unread {
  path: string
  reason: string
}

function sayUnread(files: readonly Unread[] = []): Saying | null {
  if (files.length === 0) return null
  const [{ path, reason }] = files
  const values = { file: path, reason }
  return files.length === 1
    ? saying('importUnread', values)
    : saying('importsUnread', { ...values, count: files.length - 1 })
}
