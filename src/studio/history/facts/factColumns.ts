import type { Database } from '../database.ts'

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
}

/** Two numbers for what is read of an image beside its row: a value each is read faster than a row of several. */
const packed = { upper: '(recipe * 8 + rating) * 4 + state', lower: 'prompt * 134217728 + day' }
const dayRange = 2 ** 27
type Packed = Record<keyof typeof packed, number>
/** Of an image that is no more; none is asked for in its state. */
const gone: Packed = { upper: 3, lower: 0 }

/** Which facts this connection changed, for as long as it is open. */
const changeLog = `
  CREATE TEMP TABLE IF NOT EXISTS changedFacts (row INTEGER PRIMARY KEY);
  CREATE TEMP TRIGGER IF NOT EXISTS factsAdded AFTER INSERT ON main.imageFacts BEGIN
    INSERT OR IGNORE INTO changedFacts VALUES (new.row);
  END;
  CREATE TEMP TRIGGER IF NOT EXISTS factsChanged AFTER UPDATE ON main.imageFacts BEGIN
    INSERT OR IGNORE INTO changedFacts VALUES (new.row);
  END;
  CREATE TEMP TRIGGER IF NOT EXISTS factsRemoved AFTER DELETE ON main.imageFacts BEGIN
    INSERT OR IGNORE INTO changedFacts VALUES (old.row);
  END;
`
/** Changed rows up to which each is looked up; all are read where there are more. */
const mostLookedUp = 1000

/**
 * Makes the function that answers the columns. All are read at first, and after another connection wrote; of what this one
 * wrote only the rows concerned. One such function a connection: what changed is told once.
 */
export function createFactColumns(database: Database): () => FactColumns {
  database.exec(changeLog)
  const changedRows = database.prepare('SELECT row FROM changedFacts ORDER BY row').pluck()
  const forgetChanges = database.prepare('DELETE FROM changedFacts')
  const all = (sql: string): number[] =>
    database.prepare(`SELECT ${sql} FROM imageFacts ORDER BY row`).pluck().all() as number[]
  const readAll = (): FactColumns =>
    unpacked(all('row'), { upper: all(packed.upper), lower: all(packed.lower) })
  const packedOf = database.prepare(
    `SELECT ${packed.upper} AS upper, ${packed.lower} AS lower FROM imageFacts WHERE row = ?`,
  )
  let known: { version: unknown; columns: FactColumns } | null = null

  return database.transaction(() => {
    const changed = changedRows.all() as number[]
    if (changed.length > 0) forgetChanges.run()
    // It counts the commits of others.
    const version = database.pragma('data_version', { simple: true })
    const isNear = known?.version === version && changed.length <= mostLookedUp
    const facts = isNear ? changed.map((row) => packedOf.get(row) as Packed | undefined) : []
    const columns = isNear ? withChanges(known!.columns, changed, facts) : readAll()
    known = { version, columns }
    return columns
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

const names = ['rows', 'states', 'recipes', 'ratings', 'days', 'prompts'] as const

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
})

function unpacked(
  rows: readonly number[],
  { upper, lower }: Record<keyof Packed, readonly number[]>,
): FactColumns {
  const columns = { ...emptyColumns(rows.length), rows: new Float64Array(rows) }
  for (let at = 0; at < rows.length; at++) unpack({ upper: upper[at], lower: lower[at] }, columns, at)
  return columns
}

function unpack({ upper, lower }: Packed, columns: FactColumns, at: number): void {
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
function firstFrom(row: number, rows: Float64Array): number {
  let [from, to] = [0, rows.length]
  while (from < to) {
    const middle = (from + to) >>> 1
    if (rows[middle] < row) from = middle + 1
    else to = middle
  }
  return from
}
