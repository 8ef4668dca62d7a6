import DatabaseFile from 'better-sqlite3'
import { open, readdir } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import type { Database } from './database.ts'
import type { History } from './history.ts'
import { readOwnMetadata } from './metadata/imageMetadata.ts'

/**
 * Fills an empty database after the old one was damaged: rows from the metadata embedded in the images, and from
 * the old file whatever of its queue and its trash can still be read. Answers how many images came back.
 */
export async function rebuildDatabase(
  database: Database,
  history: History,
  imagesFolder: string,
  damagedFile: string,
): Promise<number> {
  const { jobs, trashed } = salvage(damagedFile)
  const restoreJob = database.prepare(`
    INSERT INTO jobs (id, owner, state, request, createdAt, imagesDone, interruptions)
    VALUES (@id, @owner, @state, @request, @createdAt, @imagesDone, @interruptions)`)
  database.transaction(() => jobs.forEach((job) => restoreJob.run(job)))()
  let count = 0
  for (const file of await pngFiles(imagesFolder)) {
    const record = await readRecord(join(imagesFolder, file)).catch(() => null)
    if (!record) continue
    try {
      history.add({ ...record, file: file.split(sep).join('/'), trashedAt: trashed.get(record.id) ?? null })
      count++
    } catch {
      // A copy of an image that is there already.
    }
  }
  return count
}

async function pngFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const files = entries.filter((entry) => entry.isFile() && /^[^.].*\.png$/i.test(entry.name))
  return files.map((entry) => relative(folder, join(entry.parentPath, entry.name))).sort()
}

/** The texts stand before the pixels, so the beginning of the file is enough. */
const metadataBytes = 2 ** 20

async function readRecord(path: string) {
  const file = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(metadataBytes), position: 0 })
    return readOwnMetadata(buffer.subarray(0, bytesRead))
  } finally {
    await file.close()
  }
}

function salvage(damagedFile: string): { jobs: unknown[]; trashed: Map<string, number> } {
  const jobs: unknown[] = []
  const trashed = new Map<string, number>()
  try {
    const damaged = new DatabaseFile(damagedFile, { readonly: true })
    try {
      const queued = "SELECT * FROM jobs WHERE state IN ('queued', 'running') ORDER BY position"
      for (const row of damaged.prepare(queued).iterate()) jobs.push(row)
      const marks = 'SELECT id, trashedAt FROM images WHERE trashedAt IS NOT NULL'
      for (const row of damaged.prepare(marks).iterate()) {
        const { id, trashedAt } = row as { id: string; trashedAt: number }
        trashed.set(id, trashedAt)
      }
    } finally {
      damaged.close()
    }
  } catch {
    // What was read up to here is what can be read.
  }
  return { jobs, trashed }
}
