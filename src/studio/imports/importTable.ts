import type { Database } from '../history/database/database.ts'

/** Which files of the folders were read, and which picture each is. */
export interface ImportTable {
  /** Whether a file was read as it is now, and its picture has an entry that can be read or is not wanted. */
  isKnown(path: string, stamp: string): boolean
  /** The picture that a file was when it was read last; null: none, or it was not read. */
  imageOf(path: string): string | null
  put(file: { path: string; folder: string; stamp: string; imageId: string | null }): void
  /** Paths of a folder behind one, in their order. */
  pathsAfter(folder: string, path: string): string[]
  forget(path: string): void
  /** Says that a file is of another folder of the settings. */
  giveTo(folder: string, path: string): void
  /** Whether a picture has an entry that can be read. */
  hasImage(imageId: string): boolean
  /** Of a picture one of whose files is gone: it is where another one lies, or leaves the library. Answers whether it left. */
  settle(imageId: string): boolean
  /** The folders that files are known of. */
  folders(): string[]
  /** How many files of a folder are pictures in the library or its trash. */
  count(folder: string): number
}

const atOnce = 500

export function openImportTable(database: Database): ImportTable {
  const known = database
    .prepare(
      `SELECT 1 FROM importedFiles WHERE path = ? AND stamp = ? AND (
        imageId IS NULL OR EXISTS (SELECT 1 FROM images WHERE id = imageId AND problem IS NULL))`,
    )
    .pluck()
  const imageOf = database.prepare('SELECT imageId FROM importedFiles WHERE path = ?').pluck()
  const put = database.prepare(
    'INSERT OR REPLACE INTO importedFiles (path, folder, stamp, imageId) VALUES (@path, @folder, @stamp, @imageId)',
  )
  const after = database
    .prepare(`SELECT path FROM importedFiles WHERE folder = ? AND path > ? ORDER BY path LIMIT ${atOnce}`)
    .pluck()
  const forget = database.prepare('DELETE FROM importedFiles WHERE path = ?')
  const giveTo = database.prepare('UPDATE importedFiles SET folder = ? WHERE path = ?')
  const hasImage = database.prepare('SELECT 1 FROM images WHERE id = ? AND problem IS NULL').pluck()
  const moved = database.prepare("UPDATE images SET imported = json_set(imported, '$.path', ?) WHERE id = ?")
  const remove = database.prepare('DELETE FROM images WHERE id = ? AND imported IS NOT NULL')
  const fileOf = database.prepare('SELECT path FROM importedFiles WHERE imageId = ? LIMIT 1').pluck()
  const folders = database.prepare('SELECT DISTINCT folder FROM importedFiles').pluck()
  const count = database
    .prepare('SELECT count(*) FROM importedFiles WHERE folder = ? AND imageId IS NOT NULL')
    .pluck()
  return {
    isKnown: (path, stamp) => known.get(path, stamp) !== undefined,
    imageOf: (path) => (imageOf.get(path) as string | null | undefined) ?? null,
    put: (file) => void put.run(file),
    pathsAfter: (folder, path) => after.all(folder, path) as string[],
    forget: (path) => void forget.run(path),
    giveTo: (folder, path) => void giveTo.run(folder, path),
    hasImage: (imageId) => hasImage.get(imageId) !== undefined,
    settle(imageId) {
      const path = fileOf.get(imageId) as string | undefined
      if (path === undefined) return remove.run(imageId).changes > 0
      moved.run(path, imageId)
      return false
    },
    folders: () => folders.all() as string[],
    count: (folder) => count.get(folder) as number,
  }
}
