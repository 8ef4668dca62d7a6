import { open, readFile, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import { makeFolder, writeFileDurably } from '../../files.ts'
import { missingPieces, sizeOf, withRange, type Range } from './ranges.ts'

/** A file in the making. Beside it lies which of its bytes are on the disk. */
export interface PartFile {
  doneBytes(): number
  pieces(largest: number): Range[]
  write(position: number, bytes: Uint8Array): Promise<void>
  /** Forgets all bytes. */
  clear(): Promise<void>
  /** Makes what was written survive a power cut, and notes it. */
  keep(): Promise<void>
  close(): Promise<void>
}

const notes = z.object({
  size: z.number(),
  digest: z.string(),
  done: z.array(z.tuple([z.number().int().min(0), z.number().int().min(0)])),
})

/** How much, and for how long, is written before it is noted: what a kill costs. */
const notedEvery = { bytes: 64 * 2 ** 20, ms: 1000 }

export const partPath = (path: string): string => `${path}.part`
const notesPath = (path: string): string => `${path}.part.json`

/**
 * Opens the beginnings of the file at `path`, to be `size` bytes with this digest, or makes them; those of a file
 * that was another are thrown away. `writer` is the id of this studio.
 */
export async function openPartFile(
  path: string,
  wanted: { size: number; digest: string },
  writer: string,
): Promise<PartFile> {
  makeFolder(dirname(path))
  let done = await readNotes(path, wanted)
  const file = await open(partPath(path), done.length > 0 ? 'r+' : 'w')
  let unnoted = { bytes: 0, since: Date.now() }
  let noting: Promise<void> = Promise.resolve()

  async function note(): Promise<void> {
    unnoted = { bytes: 0, since: Date.now() }
    const kept = done
    // In this order: no byte is noted that may not be there.
    await file.sync()
    await writeFileDurably(notesPath(path), JSON.stringify({ ...wanted, done: kept }), writer)
  }

  const keep = (): Promise<void> => (noting = noting.catch(() => {}).then(note))

  return {
    doneBytes: () => sizeOf(done),
    pieces: (largest) => missingPieces(done, wanted.size, largest),
    async write(position, bytes) {
      for (let written = 0; written < bytes.length;)
        written += (await file.write(bytes, written, bytes.length - written, position + written)).bytesWritten
      done = withRange(done, [position, position + bytes.length])
      unnoted.bytes += bytes.length
      if (unnoted.bytes >= notedEvery.bytes || Date.now() - unnoted.since >= notedEvery.ms) await keep()
    },
    async clear() {
      done = []
      await keep()
    },
    keep,
    async close() {
      await noting.catch(() => {})
      await file.close()
    },
  }
}

async function readNotes(path: string, { size, digest }: { size: number; digest: string }): Promise<Range[]> {
  try {
    const found = notes.parse(JSON.parse(await readFile(notesPath(path), 'utf8')))
    const written = (await stat(partPath(path))).size
    if (found.size !== size || found.digest !== digest) return []
    return found.done.reduce<Range[]>(withRange, []).every(([, to]) => to <= written) ? found.done : []
  } catch {
    return []
  }
}

/** Removes the beginnings of a file and what was noted of them. */
export async function removePartFile(path: string): Promise<void> {
  await rm(partPath(path), { force: true })
  await rm(notesPath(path), { force: true })
}
