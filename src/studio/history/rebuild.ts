import DatabaseFile from 'better-sqlite3'
import { closeSync, fsyncSync, openSync, rmSync } from 'node:fs'
import type { Database } from './database/database.ts'
import { openDatabase } from './database/database.ts'
import { openHistory } from './history.ts'
import { isImageId } from '../pictures/imageFiles.ts'
import { toRecord, type ImageRow, type NewImage } from './images/imageRow.ts'
import { noMarks, type Marks } from '../../shared/library/marks.ts'
import { openMarkJournal } from './marks/markJournal.ts'
import { salvageMarks } from './marks/salvageMarks.ts'
import { ownPictures } from './ownPictures.ts'

/**
 * Makes a database out of the pictures' own metadata, and of whatever can be read of an old one's jobs, trash and
 * deleted files. It is complete and on disk when this returns; until then it must not lie where it would be used.
 */
export async function rebuildDatabase(target: string, old: string, imagesFolder: string): Promise<void> {
  for (const suffix of databaseSuffixes) rmSync(target + suffix, { force: true })
  const database = openDatabase(target)
  try {
    // Synced as a whole at the end.
    database.pragma('synchronous = OFF')
    const { jobs, trashed, removed, kept, grids, marks, imported, importedFiles } = salvage(old)
    restoreJobs(database, jobs)
    for (const row of kept) restore(() => rememberKept(database).run(row))
    for (const row of grids) restore(() => rememberGrid(database).run(row))
    for (const row of removed) restore(() => rememberFile(database).run(row))
    // What the journal says is newer than what was read of the database, or the same.
    for (const [id, marked] of openMarkJournal(imagesFolder).read()) marks.set(id, marked)
    await fill(database, imagesFolder, { trashed, marks })
    restoreImported(database, { imported, importedFiles, marks })
  } finally {
    database.close()
  }
  const file = openSync(target, 'r+')
  fsyncSync(file)
  closeSync(file)
}

/** The files that make up one database of SQLite. */
export const databaseSuffixes = ['-wal', '-shm', ''] as const

/** Pictures whose rows are written in one commit. */
const atOnce = 500

async function fill(
  database: Database,
  folder: string,
  { trashed, marks }: Pick<Salvaged, 'trashed' | 'marks'>,
): Promise<void> {
  const history = openHistory(database, (file) => file)
  const batch = new Map<string, NewImage>()
  const write = database.transaction(() => {
    for (const image of batch.values()) restore(() => history.add(image))
  })
  for await (const { file, record } of ownPictures(folder)) {
    if (!isImageId(record.id) || history.knows(record.id, file) || batch.has(record.id)) continue
    const { id } = record
    batch.set(id, { ...record, file, trashedAt: trashed.get(id) ?? null, marks: marks.get(id) })
    if (batch.size < atOnce) continue
    write()
    batch.clear()
  }
  write()
}

/** Those that cannot be read of the old database come back from their folders. */
function restoreImported(
  database: Database,
  { imported, importedFiles, marks }: Pick<Salvaged, 'imported' | 'importedFiles' | 'marks'>,
): void {
  const history = openHistory(database, (file) => file)
  const addFile = database.prepare(
    'INSERT INTO importedFiles (path, folder, stamp, imageId) VALUES (@path, @folder, @stamp, @imageId)',
  )
  database.transaction(() => {
    for (const row of imported) {
      const image = readImported(row, marks)
      if (image) restore(() => history.add(image))
    }
    for (const file of importedFiles) restore(() => addFile.run(file))
  })()
}

/** null: it cannot be read. */
function readImported(row: ImageRow, marks: ReadonlyMap<string, Marks>): NewImage | null {
  try {
    const { imported, path, ...record } = toRecord(row, noMarks, (file) => file)
    return {
      ...record,
      file: row.file,
      imported: imported && { ...imported, path },
      marks: marks.get(row.id),
    }
  } catch {
    return null
  }
}

/** What an old database holds may be anything: an entry that does not fit is left out. */
function restore(write: () => void): void {
  try {
    write()
  } catch (error) {
    if (!/^SQLITE_(CONSTRAINT|MISMATCH)|^ERR_/.test(String((error as { code?: string }).code))) throw error
  }
}

function restoreJobs(database: Database, jobs: readonly object[]): void {
  const insert = database.prepare(`
    INSERT INTO jobs (
      id, owner, state, paused, request, createdAt, startedAt, finishedAt, imagesDone, imagesAhead,
      interruptions, error, asker
    ) VALUES (
      @id, @owner, @state, @paused, @request, @createdAt, @startedAt, @finishedAt, @imagesDone, @imagesAhead,
      @interruptions, @error, @asker
    )`)
  // An older database knows of no pause, of no images drawn side by side, and of nobody who asks.
  const later = { paused: 0, imagesAhead: null, asker: null }
  database.transaction(() => jobs.forEach((job) => restore(() => insert.run({ ...later, ...job }))))()
}

const rememberFile = (database: Database) =>
  database.prepare('INSERT INTO removedFiles (file, imageId) VALUES (@file, @imageId)')

const rememberKept = (database: Database) =>
  database.prepare(
    `INSERT INTO keptFiles (path, size, hash, favourite, notes, defaults)
     VALUES (@path, @size, @hash, @favourite, @notes, @defaults)`,
  )

const rememberGrid = (database: Database) =>
  database.prepare('INSERT INTO grids (id, createdAt, definition) VALUES (@id, @createdAt, @definition)')

interface Salvaged {
  jobs: object[]
  trashed: Map<string, number>
  removed: object[]
  kept: object[]
  grids: object[]
  marks: Map<string, Marks>
  imported: ImageRow[]
  importedFiles: object[]
  /** Whether all of the jobs, and of the marks of the trash, could be read. */
  whole: { jobs: boolean; trash: boolean }
}

/** What can be read of a database that is damaged, or that is not there. */
export function salvage(file: string): Salvaged {
  const whole = { jobs: false, trash: false }
  const salvaged: Salvaged = {
    ...{ jobs: [], trashed: new Map(), removed: [], kept: [], grids: [] },
    ...{ marks: new Map(), imported: [], importedFiles: [], whole },
  }
  try {
    const old = new DatabaseFile(file, { readonly: true, fileMustExist: true })
    try {
      const readAll = (query: string, take: (row: object) => void): boolean => {
        try {
          for (const row of old.prepare(query).iterate()) take(row as object)
          return true
        } catch {
          // What was read up to here is what can be read.
          return false
        }
      }
      whole.jobs = readAll('SELECT * FROM jobs ORDER BY position', (row) => salvaged.jobs.push(row))
      readAll('SELECT file, imageId FROM removedFiles', (row) => salvaged.removed.push(row))
      readAll('SELECT * FROM grids', (row) => salvaged.grids.push(row))
      readAll('SELECT * FROM keptFiles', (row) => salvaged.kept.push(row))
      salvageMarks(readAll, salvaged.marks)
      readAll('SELECT * FROM images WHERE imported IS NOT NULL', (row) =>
        salvaged.imported.push(row as ImageRow),
      )
      readAll('SELECT * FROM importedFiles', (row) => salvaged.importedFiles.push(row))
      whole.trash = readAll('SELECT id, trashedAt FROM images WHERE trashedAt IS NOT NULL', (row) => {
        const { id, trashedAt } = row as { id: string; trashedAt: number }
        salvaged.trashed.set(id, trashedAt)
      })
    } finally {
      old.close()
    }
  } catch {
    // There is none, or it cannot even be opened.
  }
  return salvaged
}
