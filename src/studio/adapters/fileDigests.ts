import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import type { Database } from '../history/database.ts'
import { whenUnlocked } from '../history/whenUnlocked.ts'

/** Hashes of a file in hexadecimal: of all of it, and of what follows the header of a .safetensors file. */
export interface Digests {
  sha256: string
  headerless: string
}

/**
 * Makes the function that reads a file's hashes; of a folder both are its model hash. They are kept in the database while
 * size and time of modification stand. Throws what the system says of a file that cannot be read.
 */
export function createFileDigests(
  database: Database,
  modelHash: (path: string) => Promise<string>,
): (path: string) => Promise<Digests> {
  const kept = database.prepare(
    'SELECT sha256, headerless FROM fileHashes WHERE path = ? AND stamp = ? AND headerless IS NOT NULL',
  )
  const keep = database.prepare(
    'INSERT OR REPLACE INTO fileHashes (path, stamp, sha256, headerless) VALUES (?, ?, ?, ?)',
  )
  return async (path) => {
    const found = await stat(path, { bigint: true })
    if (found.isDirectory()) {
      const hash = await modelHash(path)
      return { sha256: hash, headerless: hash }
    }
    const stamp = `${found.size} ${found.mtimeNs}`
    const known = kept.get(path, stamp) as Digests | undefined
    if (known) return known
    const digests = await readDigests(path)
    // What cannot be kept now is computed again the next time.
    await whenUnlocked(() => keep.run(path, stamp, digests.sha256, digests.headerless)).catch(() => {})
    return digests
  }
}

async function readDigests(path: string): Promise<Digests> {
  const [whole, tail] = [createHash('sha256'), createHash('sha256')]
  let toSkip = await headerLength(path)
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 }) as AsyncIterable<Buffer>) {
    whole.update(chunk)
    tail.update(chunk.subarray(Math.min(toSkip, chunk.length)))
    toSkip = Math.max(0, toSkip - chunk.length)
  }
  return { sha256: whole.digest('hex'), headerless: tail.digest('hex') }
}

/** Of a .safetensors file: eight bytes with the length of the header, little-endian, and the header. */
async function headerLength(path: string): Promise<number> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(8), position: 0 })
    return bytesRead < 8 ? 0 : 8 + Number(buffer.readBigUInt64LE())
  } finally {
    await file.close()
  }
}
