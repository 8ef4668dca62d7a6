import type { ModelHashes } from '../../shared/engineContract.ts'
import type { Database } from '../history/database.ts'
import { whenUnlocked } from '../history/whenUnlocked.ts'
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
  /** Reads a file. Throws what the system says of one that cannot be read. */
  read(file: FoundFile): Promise<KnownHashes>
}

/** The hashes of files, kept in the database while size and time of modification stand. */
export function openFileHashes(
  database: Database,
  hashFile: (path: string) => Promise<ModelHashes>,
): FileHashes {
  const select = database.prepare('SELECT sha256, headerless FROM fileHashes WHERE path = ? AND stamp = ?')
  const insert = database.prepare(
    'INSERT OR REPLACE INTO fileHashes (path, stamp, sha256, headerless) VALUES (?, ?, ?, ?)',
  )
  return {
    known: ({ path, seen }) =>
      seen ? ((select.get(path, seen.stamp) as KnownHashes | undefined) ?? null) : null,
    async read({ path, seen }) {
      const { sha256, headerless } = await hashFile(path)
      // What cannot be kept now is computed again the next time.
      await whenUnlocked(() => insert.run(path, seen?.stamp ?? '', sha256, headerless)).catch(() => {})
      return { sha256, headerless }
    },
  }
}
