import type { Database } from '../database/database.ts'
import { firstFrom } from './factColumns.ts'
import { followTable } from './followTable.ts'

/** Which tags and albums all images have, in the order of the images' rows: an entry for each label of each image. */
export interface LabelColumns {
  rows: Float64Array
  /** Ids of the labels. */
  labels: Uint32Array
}

/** Makes the function that answers the columns: see `followTable`. */
export function createLabelColumns(database: Database): () => LabelColumns {
  // A value each is read faster than a row of two.
  const all = (column: string): number[] =>
    database.prepare(`SELECT ${column} FROM imageLabels ORDER BY row, label`).pluck().all() as number[]
  const ofRow = database.prepare('SELECT label FROM imageLabels WHERE row = ? ORDER BY label').pluck()
  return followTable<LabelColumns>(database, 'imageLabels', {
    all: () => ({ rows: new Float64Array(all('row')), labels: new Uint32Array(all('label')) }),
    withChanges: (columns, changed) =>
      changed.length === 0
        ? columns
        : replaced(
            columns,
            changed.map((row) => ({ row, labels: ofRow.all(row) as number[] })),
          ),
  })
}

/** The columns with what rows, in their order, have now in the place of what they had. */
function replaced(
  { rows, labels }: LabelColumns,
  changes: readonly { row: number; labels: readonly number[] }[],
): LabelColumns {
  const parts: LabelColumns[] = []
  const part = (from: number, to?: number): LabelColumns => ({
    rows: rows.subarray(from, to),
    labels: labels.subarray(from, to),
  })
  let from = 0
  for (const { row, labels: now } of changes) {
    parts.push(part(from, firstFrom(row, rows)))
    parts.push({ rows: new Float64Array(now.length).fill(row), labels: new Uint32Array(now) })
    from = firstFrom(row + 1, rows)
  }
  parts.push(part(from))
  const length = parts.reduce((sum, { rows }) => sum + rows.length, 0)
  const into = { rows: new Float64Array(length), labels: new Uint32Array(length) }
  let at = 0
  for (const { rows, labels } of parts) {
    into.rows.set(rows, at)
    into.labels.set(labels, at)
    at += rows.length
  }
  return into
}
