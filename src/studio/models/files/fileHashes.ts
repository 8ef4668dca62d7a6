import { stat } from 'node:fs/promises'
import type { ModelHashes } from '../../../shared/engine/examination.ts'
import type { Database } from '../../history/database/database.ts'
import { whenUnlocked } from '../../history/database/whenUnlocked.ts'
import type { FoundFile } from '../folders/folderScan.ts'

/** The hashes files are known by, in hexadecimal. */
export interface Digests {
  sha256: string
  /** Of what follows the header of a .safetensors file. */
  headerless: string
}

/** headerless: null where only the whole was read. */
type KnownHashes = Pick<Digests, 'sha256'> & { headerless: string | null }

export interface FileHashes {
  /** Those of a file that has not changed since it was read; null: it has to be read. */
  known(file: FoundFile): KnownHashes | null
  /** Reads a file. Throws what the system says of one that cannot be read. */
  read(file: FoundFile): Promise<Digests>
  /** Those of a path, which is read where they are not known; of a folder both are its model hash. Throws as `read` does. */
  ofPath(path: string): Promise<Digests>
}

/** What a damaged database says of a file may be anything; then it is read again. */
export const isSha256 = (text: string): boolean => /^[0-9a-f]{64}$/.test(text)

/** The hashes of files, kept in the database while size and time of modification stand. */
export function openFileHashes(
  database: Database,
  hashFile: (path: string) => Promise<ModelHashes>,
  modelHash: (path: string) => Promise<string>,
): FileHashes {
  const select = database.prepare('SELECT sha256, headerless FROM fileHashes WHERE path = ? AND stamp = ?')
  const insert = database.prepare(
    'INSERT OR REPLACE INTO fileHashes (path, stamp, sha256, headerless) VALUES (?, ?, ?, ?)',
  )
  function kept(path: string, stamp: string): KnownHashes | null {
    const known = select.get(path, stamp) as KnownHashes | undefined
    return known && isSha256(known.sha256) && isSha256(known.headerless ?? known.sha256) ? known : null
  }

  async function read(path: string, stamp: string): Promise<Digests> {
    const { sha256, headerless } = await hashFile(path)
    // What cannot be kept now is computed again the next time.
    await whenUnlocked(() => insert.run(path, stamp, sha256, headerless)).catch(() => {})
    return { sha256, headerless }
  }

  return {
    known: ({ path, seen }) => (seen ? kept(path, seen.stamp) : null),
    read: ({ path, seen }) => read(path, seen?.stamp ?? ''),
    async ofPath(path) {
      const found = await stat(path, { bigint: true })
      if (found.isDirectory()) {
        const hash = await modelHash(path)
        return { sha256: hash, headerless: hash }
      }
      const stamp = `${found.size} ${found.mtimeNs}`
      const known = kept(path, stamp)
      return known?.headerless ? { ...known, headerless: known.headerless } : read(path, stamp)
    },
  }
}
