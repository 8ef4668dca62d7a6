import { setImmediate } from 'node:timers/promises'
import { whenUnlocked } from '../history/database/whenUnlocked.ts'
import type { PictureScan } from './findPictures.ts'
import type { ImportParts } from './importRoom.ts'
import type { ImportTable } from './importTable.ts'
import { saying, type Saying } from '../../shared/notices.ts'

/** Files in one commit. */
const atOnce = 20

/** What the library forgets of files. */
export function createLettingGo(
  { database, imageFiles }: Pick<ImportParts, 'database' | 'imageFiles'>,
  table: ImportTable,
) {
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

  const giveAll = database.transaction((paths: readonly string[], folderOf: ReadonlyMap<string, string>) => {
    for (const path of paths) {
      const folder = folderOf.get(path)
      if (folder !== undefined) table.giveTo(folder, path)
    }
  }).immediate

  return {
    /**
     * Lets go of what is not in a folder any more. Answers why nothing was let go; null: the folder is well. One that is empty
     * at once is most likely a disk that is not connected.
     */
    async letGo(folder: string, { pictures, problem }: PictureScan): Promise<Saying | null> {
      if (problem !== null) return problem
      const known = table.count(folder)
      if (pictures.length === 0 && known > 0) return saying('importsEmpty', { folder, count: known })
      const found = new Set(pictures.map(({ path }) => path))
      let paths = table.pathsAfter(folder, '')
      while (paths.length > 0) {
        await forget(paths.filter((path) => !found.has(path)))
        paths = table.pathsAfter(folder, paths.at(-1)!)
      }
      return null
    },

    /**
     * Of a folder that was taken out of the settings. Files that lie in another one too are of that from now on; what was said of
     * the others comes back with them.
     */
    async letGoOfFolder(folder: string, scans: ReadonlyMap<string, PictureScan>): Promise<void> {
      const folderOf = new Map<string, string>()
      for (const [other, { pictures }] of scans) for (const { path } of pictures) folderOf.set(path, other)
      for (let paths = table.pathsAfter(folder, ''); paths.length > 0; paths = table.pathsAfter(folder, '')) {
        await whenUnlocked(() => giveAll(paths, folderOf))
        await forget(paths.filter((path) => !folderOf.has(path)))
      }
    },
  }
}
