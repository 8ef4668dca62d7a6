import type { Database } from '../history/database.ts'
import type { FoundFile } from './folderScan.ts'

/** The hashes files are known by, each 64 hexadecimal digits. */
interface KnownHashes {
  sha256: string
  /** Of what follows the header; null where only the whole was read. */
  headerless: string | null
}

export interface FileHashes {
  /** Those of a file that has not changed since it was read; null: it has to be read. */
  known(file: FoundFile): KnownHashes | null
}

/** The hashes of files, kept in the database while size and time of modification stand. */
export function openFileHashes(database: Database): FileHashes {
  const select = database.prepare('SELECT sha256, headerless FROM fileHashes WHERE path = ? AND stamp = ?')
  return {
    known: ({ path, seen }) =>
      seen ? ((select.get(path, seen.stamp) as KnownHashes | undefined) ?? null) : null,
  }
}
