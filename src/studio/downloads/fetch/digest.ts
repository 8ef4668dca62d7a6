import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'

/** What a file's bytes must come to: their sha256, or git's name of them (sha1 over `blob SIZE\0` and the bytes). */
export interface Digest {
  algorithm: 'sha256' | 'gitBlob'
  hex: string
}

/** The digest of a file, in lower-case hexadecimal digits. */
export async function digestOf(
  path: string,
  algorithm: Digest['algorithm'],
  signal?: AbortSignal,
): Promise<string> {
  const hash = createHash(algorithm === 'sha256' ? 'sha256' : 'sha1')
  if (algorithm === 'gitBlob') hash.update(`blob ${(await stat(path)).size}\0`)
  await pipeline(createReadStream(path, { highWaterMark: 2 ** 20 }), hash, { signal })
  return hash.digest('hex')
}
