import type { Database } from '../database/database.ts'
import { followTable } from './followTable.ts'

/** The facts of all images in the order of their rows, one array a column. */
export interface FactColumns {
  rows: Float64Array
  /** 0 in the history, 1 in the trash, 2 not readable. */
  states: Uint8Array
  recipes: Uint32Array
  ratings: Uint8Array
  /** As 20260731. */
  days: Uint32Array
  prompts: Uint32Array
  /** Likewise: the prompts that say what is not wanted. */
  negatives: Uint32Array
}

/** Three numbers for what is read of an image beside its row: a value each is read faster than a row of several. */
const packed = {
  upper: '(recipe * 8 + rating) * 4 + state',
  lower: 'prompt * 134217728 + day',
  negative: 'negative',
}
const dayRange = 2 ** 27
type Packed = Record<keyof typeof packed, number>
/** Of an image that is no more; none is asked for in its state. */
const gone: Packed = { upper: 3, lower: 0, negative: 0 }

/** Makes the function that answers the columns: see `followTable`. */
export function createFactColumns(database: Database): () => FactColumns {
  const all = (sql: string): number[] =>
    database.prepare(`SELECT ${sql} FROM imageFacts ORDER BY row`).pluck().all() as number[]
  const packedOf = database.prepare(
    `SELECT ${packed.upper} AS upper, ${packed.lower} AS lower, negative FROM imageFacts WHERE row = ?`,
  )
  return followTable(database, 'imageFacts', {
    all: () =>
      unpacked(all('row'), {
        upper: all(packed.upper),
        lower: all(packed.lower),
        negative: all(packed.negative),
      }),
    withChanges: (columns, changed) =>
      withChanges(
        columns,
        changed,
        changed.map((row) => packedOf.get(row) as Packed | undefined),
      ),
  })
}

/** The columns with what rows have now; undefined: they are gone. */
function withChanges(
  columns: FactColumns,
  changed: readonly number[],
  facts: readonly (Packed | undefined)[],
): FactColumns {
  const added: { row: number; facts: Packed }[] = []
  for (const [at, row] of changed.entries()) {
    const place = placeOf(row, columns.rows)
    if (place >= 0) unpack(facts[at] ?? gone, columns, place)
    else if (facts[at]) added.push({ row, facts: facts[at] })
  }
  if (added.length === 0) return columns
  const between = emptyColumns(added.length)
  for (const [at, { row, facts }] of added.entries()) {
    between.rows[at] = row
    unpack(facts, between, at)
  }
  return merged(columns, between)
}

const names = ['rows', 'states', 'recipes', 'ratings', 'days', 'prompts', 'negatives'] as const

/** Both in the order of their rows. */
function merged(columns: FactColumns, added: FactColumns): FactColumns {
  const into = emptyColumns(columns.rows.length + added.rows.length)
  let from = 0
  for (let next = 0; next <= added.rows.length; next++) {
    const to = next < added.rows.length ? firstFrom(added.rows[next], columns.rows) : columns.rows.length
    for (const name of names) {
      into[name].set(columns[name].subarray(from, to), from + next)
      if (next < added.rows.length) into[name][to + next] = added[name][next]
    }
    from = to
  }
  return into
}

const emptyColumns = (length: number): FactColumns => ({
  rows: new Float64Array(length),
  states: new Uint8Array(length),
  recipes: new Uint32Array(length),
  ratings: new Uint8Array(length),
  days: new Uint32Array(length),
  prompts: new Uint32Array(length),
  negatives: new Uint32Array(length),
})

function unpacked(
  rows: readonly number[],
  { upper, lower, negative }: Record<keyof Packed, readonly number[]>,
): FactColumns {
  const columns = { ...emptyColumns(rows.length), rows: new Float64Array(rows) }
  for (let at = 0; at < rows.length; at++)
    unpack({ upper: upper[at], lower: lower[at], negative: negative[at] }, columns, at)
  return columns
}

function unpack({ upper, lower, negative }: Packed, columns: FactColumns, at: number): void {
  columns.negatives[at] = negative
  columns.days[at] = lower % dayRange
  columns.prompts[at] = Math.floor(lower / dayRange)
  columns.states[at] = upper % 4
  columns.ratings[at] = Math.floor(upper / 4) % 8
  columns.recipes[at] = Math.floor(upper / 32)
}

/** Where a row stands among rows in their order; -1: it does not. */
export function placeOf(row: number, rows: Float64Array): number {
  const place = firstFrom(row, rows)
  return rows[place] === row ? place : -1
}

/** The place of the first of the rows, which are in their order, that is not before one. */
export function firstFrom(row: number, rows: Float64Array): number {
  let [from, to] = [0, rows.length]
  while (from < to) {
    const middle = (from + to) >>> 1
    if (rows[middle] < row) from = middle + 1
    else to = middle
  }
  return from
}
