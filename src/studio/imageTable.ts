import { StudioError } from '../shared/errors.ts'
import type { Database } from './database.ts'
import type { ImageRow } from './imageRow.ts'
import { wordQuery } from './searchWords.ts'

export interface HistoryQuery {
  search: string
  cursor: string | null
  limit: number
  trashed: boolean
}

/** A picture deleted for good: its row is gone, its file is still to be removed. */
export interface RemovedImage {
  id: string
  file: string
}

export interface RemovedImages {
  images: RemovedImage[]
  /** Jobs that went with their last image. */
  jobIds: string[]
  /** Starting pictures and masks that the images referred to. */
  inputIds: string[]
}

/** Writes to the table of images and to what goes with a row: its words, its starting pictures. Each is one commit. */
export interface ImageTable {
  put(row: NewRow, words: string, inputIds: readonly string[]): void
  mark(row: ImageRow, problem: string): void
  setTrashed(ids: readonly string[], trashedAt: number | null): void
  removeTrashed(until: number, limit: number): RemovedImages
}

type NewRow = Omit<ImageRow, 'row' | 'problem'>

const wordTables = ['shownWords', 'trashedWords'] as const
type WordTable = (typeof wordTables)[number]

const wordTableOf = (isTrashed: boolean): WordTable => (isTrashed ? 'trashedWords' : 'shownWords')

export function openImageTable(database: Database): ImageTable {
  const words = openWordTables(database)
  const sql = prepareStatements(database)

  function newRow(createdAt: number): number {
    const first = Math.min(Math.max(createdAt, 0), largestTime) * rowsPerMs
    let row = ((sql.newestOf.get(first, first + rowsPerMs) as number | null) ?? first - 1) + 1
    while (sql.isTaken.get(row)) row++
    return row
  }

  function removeRow(row: number, id: string): void {
    words.remove(row)
    sql.removeInputs.run(id)
    sql.remove.run(row)
  }

  return {
    put: database.transaction((image: NewRow, text: string, inputIds: readonly string[]) => {
      const old = sql.rowOf.get(image.id) as number | undefined
      if (old !== undefined) removeRow(old, image.id)
      const row = newRow(image.createdAt)
      sql.insert.run({ ...image, row })
      words.add(wordTableOf(image.trashedAt !== null), row, text)
      for (const inputId of inputIds) sql.addInput.run(inputId, image.id)
    }).immediate,
    mark: database.transaction((row: ImageRow, problem: string) => {
      words.remove(row.row)
      sql.mark.run(problem, row.row)
    }).immediate,
    setTrashed: database.transaction((ids: readonly string[], at: number | null) => {
      for (const id of ids) {
        const moved = sql.trash.get({ id, at }) as { row: number } | undefined
        if (moved) words.move(moved.row, wordTableOf(at !== null))
      }
    }).immediate,
    removeTrashed: database.transaction((until: number, limit: number) => {
      const images = sql.inTrash.all(until, limit) as (RemovedImage & { row: number; jobId: string })[]
      const inputIds = images.flatMap(({ id }) => sql.inputsOf.all(id) as string[])
      for (const { row, id, file } of images) {
        removeRow(row, id)
        sql.rememberFile.run(file, id)
      }
      const jobIds = [...new Set(images.map(({ jobId }) => jobId))]
      return { images, inputIds, jobIds: jobIds.filter((jobId) => sql.removeEmptied.run(jobId).changes > 0) }
    }).immediate,
  }
}

const rowsPerMs = 1000
/** Ms since 1970 up to which a row is a whole number in a double; what says it is of later stands there too. */
const largestTime = Math.floor(Number.MAX_SAFE_INTEGER / rowsPerMs) - 1

const insertImage = `
  INSERT INTO images (
    row, id, jobId, createdAt, trashedAt, file, width, height, request, modelId, modelName, modelHash,
    engineVersion, onnxRuntimeVersion, device, dtype, timings
  ) VALUES (
    @row, @id, @jobId, @createdAt, @trashedAt, @file, @width, @height, @request, @modelId, @modelName, @modelHash,
    @engineVersion, @onnxRuntimeVersion, @device, @dtype, @timings
  )`

function prepareStatements(database: Database) {
  return {
    insert: database.prepare(insertImage),
    rowOf: database.prepare('SELECT row FROM images WHERE id = ?').pluck(),
    isTaken: database.prepare('SELECT 1 FROM images WHERE row = ?'),
    newestOf: database.prepare('SELECT max(row) FROM images WHERE row >= ? AND row < ?').pluck(),
    remove: database.prepare('DELETE FROM images WHERE row = ?'),
    mark: database.prepare('UPDATE images SET problem = ? WHERE row = ?'),
    trash: database.prepare(
      `UPDATE images SET trashedAt = @at
    WHERE id = @id AND (trashedAt IS NULL) <> (@at IS NULL) AND problem IS NULL RETURNING row`,
    ),
    inTrash: database.prepare(
      'SELECT row, id, jobId, file FROM images WHERE trashedAt IS NOT NULL AND trashedAt <= ? ORDER BY row LIMIT ?',
    ),
    addInput: database.prepare('INSERT OR IGNORE INTO imageInputs (inputId, imageId) VALUES (?, ?)'),
    inputsOf: database.prepare('SELECT inputId FROM imageInputs WHERE imageId = ?').pluck(),
    removeInputs: database.prepare('DELETE FROM imageInputs WHERE imageId = ?'),
    rememberFile: database.prepare('INSERT OR REPLACE INTO removedFiles (file, imageId) VALUES (?, ?)'),
    removeEmptied: database.prepare(
      `DELETE FROM jobs WHERE id = ? AND state IN ('done', 'cancelled')
    AND NOT EXISTS (SELECT 1 FROM images WHERE jobId = jobs.id)`,
    ),
  }
}

function openWordTables(database: Database) {
  const statements = Object.fromEntries(
    wordTables.map((table) => [
      table,
      {
        add: database.prepare(`INSERT INTO ${table} (rowid, words) VALUES (?, ?)`),
        get: database.prepare(`SELECT words FROM ${table} WHERE rowid = ?`).pluck(),
        remove: database.prepare(`DELETE FROM ${table} WHERE rowid = ?`),
      },
    ]),
  )
  const remove = (row: number): void => wordTables.forEach((table) => statements[table].remove.run(row))
  return {
    remove,
    add: (table: WordTable, row: number, words: string): void => void statements[table].add.run(row, words),
    /** Moves the words of a row to a table from wherever they are. */
    move(row: number, to: WordTable): void {
      const words = wordTables
        .map((table) => statements[table].get.get(row))
        .find((found) => found !== undefined)
      remove(row)
      statements[to].add.run(row, words ?? '')
    },
  }
}

/**
 * Doclist entries of the search that are read to count what matches: about 60 ms. A search with more is counted up to
 * there.
 */
const countedEntries = 500_000

/** The rows of one page, newest first, and how many match in all. Throws `bad-request` for a cursor no page gave. */
export function findRows(database: Database, query: HistoryQuery) {
  const { search, trashed, limit } = query
  const state = trashed
    ? 'trashedAt IS NOT NULL AND problem IS NULL'
    : 'trashedAt IS NULL AND problem IS NULL'
  const before = readCursor(query.cursor)
  const found = search.trim() ? wordQuery(search) : undefined
  if (found === null) return { rows: [], isLast: true, total: 0, isTotalExact: true }
  const words = wordTableOf(trashed)
  const from = found
    ? `row IN (SELECT rowid FROM ${words} WHERE ${words} MATCH @match AND rowid < @before ORDER BY rowid DESC LIMIT @limit)`
    : 'row < @before'
  const rows = database
    .prepare(`SELECT * FROM images WHERE ${state} AND ${from} ORDER BY row DESC LIMIT @limit`)
    .all({ match: found?.match, before, limit: limit + 1 }) as ImageRow[]
  const most = found ? Math.ceil(countedEntries / found.terms) : Number.MAX_SAFE_INTEGER
  const counted = found
    ? `SELECT 1 FROM ${words} WHERE ${words} MATCH @match LIMIT @most`
    : `SELECT 1 FROM images WHERE ${state}`
  const total = database
    .prepare(`SELECT count(*) FROM (${counted})`)
    .pluck()
    .get({ match: found?.match, most }) as number
  return {
    rows: rows.slice(0, limit),
    isLast: rows.length <= limit,
    total,
    isTotalExact: total < most,
  }
}

function readCursor(cursor: string | null): number {
  if (cursor === null) return Number.MAX_SAFE_INTEGER
  const [, row] = /^r(\d{1,16})$/.exec(cursor) ?? []
  if (!row) throw new StudioError('bad-request', 'The cursor is not one that a page of the history gave.')
  return Number(row)
}
