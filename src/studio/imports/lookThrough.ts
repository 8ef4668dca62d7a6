import type { ImportState } from '../../shared/imports.ts'
import { whenUnlocked } from '../history/whenUnlocked.ts'
import type { FolderWatch } from '../models/watchFolders.ts'
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
import { readImport } from './readImport.ts'

interface Listener {
  /** Ends the look before its next file. */
  isOver: () => boolean
  setProgress: (progress: Partial<Omit<ImportState, 'folders'>>) => void
  setProblem: (folder: string, problem: string | null) => void
  /** The library has other pictures now. */
  changed: () => void
  watch: FolderWatch['set']
}

/** Makes the function that looks once through all folders: new files are read, and what is gone is let go. */
export function createLook(parts: ImportParts, table: ImportTable, listener: Listener): () => Promise<void> {
  const { history, folders, leftOut, journal, warn } = parts
  const { isOver, setProgress, setProblem, changed, watch } = listener
  const writer = createImportWriter(parts, table)

  async function readAll(waiting: readonly WaitingPicture[]): Promise<void> {
    setProgress({ phase: 'reading', of: waiting.length })
    const kept = journal.read()
    let batch: ReadFile[] = []
    async function write(): Promise<void> {
      const written = batch
      batch = []
      if (written.length === 0) return
      await whenUnlocked(() => writer.write(written, kept))
      changed()
    }
    for (const [done, picture] of waiting.entries()) {
      if (isOver()) break
      // One that cannot be read now is tried again when the folder is looked through the next time.
      const image = await readImport(picture, (id) => history.knows(id, '')).catch(() => undefined)
      if (image !== undefined) batch.push({ picture, image })
      if (batch.length >= atOnce) await write()
      setProgress({ done: done + 1 })
    }
    await write()
  }

  return async () => {
    setProgress({ phase: 'looking', done: 0, of: 0 })
    const wanted = folders()
    const scans = new Map<string, PictureScan>()
    for (const folder of wanted) scans.set(folder, await findPictures(folder, leftOut, isOver))
    if (isOver()) return
    watch({ roots: wanted, all: [...scans.values()].flatMap((scan) => scan.folders) })
    // A file that was moved is known under its new name before the old one is let go.
    await readAll(await unknownFiles(table, scans))
    for (const [folder, scan] of scans) {
      if (isOver()) return
      const problem = await writer.letGo(folder, scan)
      setProblem(folder, problem)
      if (problem !== null) warn(problem)
    }
    for (const folder of table.folders()) if (!wanted.includes(folder)) await writer.letGoOfFolder(folder)
  }
}
