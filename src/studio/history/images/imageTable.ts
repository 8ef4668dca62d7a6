import type { Marks } from '../../../shared/library/marks.ts'
import type { GridCell } from '../../../shared/request/gridCell.ts'
import type { Database } from '../database/database.ts'
import { openFacts } from '../facts/factsTable.ts'
import { openOwnFacts } from '../facts/ownFacts.ts'
import type { ImageRow, NewImage } from './imageRow.ts'
import { openMarkTable } from '../marks/markTable.ts'

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

/** Writes to the table of images and to what goes with a row: its facts, its starting pictures. Each is one commit. */
export interface ImageTable {
  put(row: NewRow, beside: BesideRow): void
  mark(row: ImageRow, problem: string): void
  setTrashed(ids: readonly string[], trashedAt: number | null): void
  removeTrashed(until: number, limit: number): RemovedImages
}

type NewRow = Omit<ImageRow, 'row' | 'problem'>

/** What an image refers to. */
export interface Related {
  inputIds: readonly string[]
  /** The image that it branched from. */
  parentId: string | null
  cell: GridCell | null
}

/** What goes with a row into other tables. */
export interface BesideRow extends Related {
  image: NewImage
  /** Those of a new row; one that takes the place of another keeps what was there. */
  marks: Marks
}

export function openImageTable(database: Database): ImageTable {
  const sql = prepareStatements(database)
  const facts = openFacts(database)
  const ownFacts = openOwnFacts(database)
  const marks = openMarkTable(database)

  function newRow(createdAt: number): number {
    const first = Math.min(Math.max(createdAt, 0), largestTime) * rowsPerMs
    // Files that were unpacked together may all be of one moment: then those of the next ones share their room.
    for (let room = rowsPerMs; ; room *= 2) {
      const newest = (sql.newestOf.get(first, first + room) as number | null) ?? first - 1
      if (newest < first + room - 1) return newest + 1
    }
  }

  return {
    put: database.transaction((image: NewRow, beside: BesideRow) => {
      const before = sql.rowOf.get(image.id) as number | undefined
      const kept = before === undefined ? beside.marks : marks.of(before)
      sql.removeById.run(image.id)
      const row = newRow(image.createdAt)
      sql.insert.run({ ...image, row })
      for (const inputId of beside.inputIds) sql.addInput.run(inputId, image.id)
      const { parentId, cell } = beside
      if (parentId !== null) sql.addBranch.run(image.id, parentId)
      if (cell) sql.addToGrid.run(image.id, cell.id, `${cell.x},${cell.y},${cell.z}`)
      facts.put({ row, trashedAt: image.trashedAt, problem: null }, beside.image)
      ownFacts.put(row, beside.image.request)
      marks.write(row, kept)
    }).immediate,
    mark: ({ row }, problem) => void sql.mark.run(problem, row),
    setTrashed: database.transaction((ids: readonly string[], at: number | null) => {
      for (const id of ids) sql.trash.run({ id, at })
    }).immediate,
    removeTrashed: database.transaction((until: number, limit: number) => {
      const images = sql.inTrash.all(until, limit) as (RemovedImage & { jobId: string })[]
      const inputIds = images.flatMap(({ id }) => sql.inputsOf.all(id) as string[])
      const gridIds = new Set(images.flatMap(({ id }) => sql.gridOf.all(id) as string[]))
      for (const { id, file } of images) {
        sql.removeById.run(id)
        sql.rememberFile.run(file, id)
      }
      for (const gridId of gridIds) sql.removeEmptiedGrid.run({ gridId })
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
    engineVersion, onnxRuntimeVersion, device, dtype, timings, worker, imported
  ) VALUES (
    @row, @id, @jobId, @createdAt, @trashedAt, @file, @width, @height, @request, @modelId, @modelName, @modelHash,
    @engineVersion, @onnxRuntimeVersion, @device, @dtype, @timings, @worker, @imported
  )`

function prepareStatements(database: Database) {
  return {
    insert: database.prepare(insertImage),
    rowOf: database.prepare('SELECT row FROM images WHERE id = ?').pluck(),
    newestOf: database.prepare('SELECT max(row) FROM images WHERE row >= ? AND row < ?').pluck(),
    removeById: database.prepare('DELETE FROM images WHERE id = ?'),
    mark: database.prepare('UPDATE images SET problem = ? WHERE row = ?'),
    trash: database.prepare(
      `UPDATE images SET trashedAt = @at
    WHERE id = @id AND (trashedAt IS NULL) <> (@at IS NULL) AND problem IS NULL`,
    ),
    inTrash: database.prepare(
      'SELECT id, jobId, file FROM images WHERE trashedAt IS NOT NULL AND trashedAt <= ? ORDER BY row LIMIT ?',
    ),
    addInput: database.prepare('INSERT OR IGNORE INTO imageInputs (inputId, imageId) VALUES (?, ?)'),
    addBranch: database.prepare('INSERT INTO imageBranches (imageId, parentId) VALUES (?, ?)'),
    addToGrid: database.prepare('INSERT INTO gridImages (imageId, gridId, cell) VALUES (?, ?, ?)'),
    gridOf: database.prepare('SELECT gridId FROM gridImages WHERE imageId = ?').pluck(),
    removeEmptiedGrid: database.prepare(
      `DELETE FROM grids WHERE id = @gridId AND NOT EXISTS (SELECT 1 FROM gridImages WHERE gridId = @gridId)
    AND NOT EXISTS (
      SELECT 1 FROM jobs WHERE state IN ('queued', 'running') AND json_extract(request, '$.grid.id') = @gridId)`,
    ),
    inputsOf: database.prepare('SELECT inputId FROM imageInputs WHERE imageId = ?').pluck(),
    rememberFile: database.prepare('INSERT OR REPLACE INTO removedFiles (file, imageId) VALUES (?, ?)'),
    removeEmptied: database.prepare(
      `DELETE FROM jobs WHERE id = ? AND state IN ('done', 'cancelled')
    AND NOT EXISTS (SELECT 1 FROM images WHERE jobId = jobs.id)`,
    ),
  }
}

/** Images of one family, up to this many. */
const mostRelatives = 500

/**
 * Makes the function that finds the rows of an image's family: up to the first one, then down to all that branched from it,
 * oldest first. Of parents that are deleted their other branches are found.
 */
export function createFamilyFinder(database: Database): (id: string) => ImageRow[] {
  const family = database.prepare(`
    WITH RECURSIVE
      up (id) AS (SELECT ? UNION SELECT parentId FROM imageBranches JOIN up ON imageId = up.id),
      down (id) AS (
        SELECT id FROM up WHERE id NOT IN (SELECT imageId FROM imageBranches)
        UNION SELECT imageId FROM imageBranches JOIN down ON parentId = down.id
      )
    SELECT images.* FROM images JOIN down ON images.id = down.id
    WHERE problem IS NULL ORDER BY row LIMIT ${mostRelatives}`)
  return (id) => family.all(id) as ImageRow[]
}
