import { z } from 'zod'
import { StudioError } from '../../shared/errors.ts'
import type { GridRecord } from '../../shared/grids/gridCalls.ts'
import { gridParameterNames } from '../../shared/grids/gridParameters.ts'
import { openRequestSchema } from '../../shared/request/request.ts'
import { gridCellSchema, type GridCell } from '../../shared/request/gridCell.ts'
import type { Database } from '../history/database/database.ts'

/** The grids of a data folder, and what is there of their cells. Each call is one commit. */
export interface GridStore {
  add(grid: GridRecord): void
  /** Throws `not-found`. */
  find(id: string): GridRecord
  /** Newest first; one that cannot be read is left out. */
  newest(limit: number): GridRecord[]
  remove(id: string): void
  /** The images of a grid that are shown, oldest first, each with a name of its cell. */
  images(id: string): { id: string; cell: string }[]
  /** What of a grid any studio on the folder has still to run. */
  openJobs(id: string): { jobId: string; cell: GridCell }[]
}

const axisSchema = z
  .object({ parameter: z.enum(gridParameterNames), values: z.array(z.string()).min(1) })
  .nullable()
const definitionSchema = z.object({
  request: openRequestSchema,
  axes: z.object({ x: axisSchema, y: axisSchema, z: axisSchema }),
  trialSteps: z.number().int().nullable(),
})

export function openGridStore(database: Database): GridStore {
  const insert = database.prepare('INSERT INTO grids (id, createdAt, definition) VALUES (?, ?, ?)')
  const byId = database.prepare('SELECT * FROM grids WHERE id = ?')
  const newest = database.prepare('SELECT * FROM grids ORDER BY createdAt DESC LIMIT ?')
  const remove = database.prepare('DELETE FROM grids WHERE id = ?')
  const images = database.prepare(
    `SELECT images.id, cell FROM gridImages JOIN images ON images.id = imageId
     WHERE gridId = ? AND trashedAt IS NULL AND problem IS NULL ORDER BY row`,
  )
  const jobs = database.prepare(
    `SELECT id AS jobId, json_extract(request, '$.grid') AS cell FROM jobs
     WHERE state IN ('queued', 'running') AND problem IS NULL AND json_extract(request, '$.grid.id') = ?`,
  )
  return {
    add: ({ id, createdAt, ...definition }) => void insert.run(id, createdAt, JSON.stringify(definition)),
    find(id) {
      const row = byId.get(id) as GridRow | undefined
      if (row) return read(row)
      throw new StudioError(
        'not-found',
        `There is no grid "${id}": it was removed, or its database was lost. Plan it anew.`,
      )
    },
    newest: (limit) => (newest.all(limit) as GridRow[]).flatMap(readable),
    remove: (id) => void remove.run(id),
    images: (id) => images.all(id) as { id: string; cell: string }[],
    openJobs: (id) =>
      (jobs.all(id) as { jobId: string; cell: string }[]).map(({ jobId, cell }) => ({
        jobId,
        cell: gridCellSchema.parse(JSON.parse(cell)),
      })),
  }
}

interface GridRow {
  id: string
  createdAt: number
  definition: string
}

const read = ({ id, createdAt, definition }: GridRow): GridRecord => ({
  id,
  createdAt,
  ...definitionSchema.parse(JSON.parse(definition)),
})

function readable(row: GridRow): GridRecord[] {
  try {
    return [read(row)]
  } catch {
    return []
  }
}
