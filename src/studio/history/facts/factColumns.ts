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
}

/** One number for what is read of an image beside its row: a value each is read faster than a row of several. */
const packed = '((recipe * 8 + rating) * 4 + state) * 134217728 + day'
const dayRange = 2 ** 27
/** The state of an image that is no more: none is asked for. */
const gone = 3

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
  const allRows = database.prepare('SELECT row FROM imageFacts ORDER BY row').pluck()
  const allPacked = database.prepare(`SELECT ${packed} FROM imageFacts ORDER BY row`).pluck()
  const packedOf = database.prepare(`SELECT ${packed} FROM imageFacts WHERE row = ?`).pluck()
  const readAll = (): FactColumns => unpacked(allRows.all() as number[], allPacked.all() as number[])
  let known: { version: unknown; columns: FactColumns } | null = null

  return database.transaction(() => {
    const changed = changedRows.all() as number[]
    if (changed.length > 0) forgetChanges.run()
    // It counts the commits of others.
    const version = database.pragma('data_version', { simple: true })
    const isNear = known?.version === version && changed.length <= mostLookedUp
    const numbers = isNear ? changed.map((row) => packedOf.get(row) as number | undefined) : []
    const columns = (isNear && withChanges(known!.columns, changed, numbers)) || readAll()
    known = { version, columns }
    return columns
  })
}

/** The columns with what rows have now (undefined: they are gone); null where a row would stand between others. */
function withChanges(
  columns: FactColumns,
  changed: readonly number[],
  numbers: readonly (number | undefined)[],
): FactColumns | null {
  const last = columns.rows.at(-1) ?? -Infinity
  const added = changed.flatMap((row, at) => (row > last && numbers[at] !== undefined ? [at] : []))
  const behind = unpacked(
    added.map((at) => changed[at]),
    added.map((at) => numbers[at]!),
  )
  for (const [at, row] of changed.entries()) {
    const [place, number] = [placeOf(row, columns.rows), numbers[at]]
    if (place >= 0) unpack(number ?? gone * dayRange, columns, place)
    else if (row <= last && number !== undefined) return null
  }
  if (added.length === 0) return columns
  return {
    rows: joined(new Float64Array(columns.rows.length + added.length), columns.rows, behind.rows),
    states: joined(new Uint8Array(columns.rows.length + added.length), columns.states, behind.states),
    recipes: joined(new Uint32Array(columns.rows.length + added.length), columns.recipes, behind.recipes),
    ratings: joined(new Uint8Array(columns.rows.length + added.length), columns.ratings, behind.ratings),
    days: joined(new Uint32Array(columns.rows.length + added.length), columns.days, behind.days),
  }
}

function joined<Column extends Float64Array | Uint8Array | Uint32Array>(
  into: Column,
  one: Column,
  other: Column,
): Column {
  into.set(one)
  into.set(other, one.length)
  return into
}

function unpacked(rows: readonly number[], numbers: readonly number[]): FactColumns {
  const columns = {
    rows: Float64Array.from(rows),
    states: new Uint8Array(rows.length),
    recipes: new Uint32Array(rows.length),
    ratings: new Uint8Array(rows.length),
    days: new Uint32Array(rows.length),
  }
  for (let at = 0; at < numbers.length; at++) unpack(numbers[at], columns, at)
  return columns
}

function unpack(number: number, { days, states, ratings, recipes }: FactColumns, at: number): void {
  const upper = Math.floor(number / dayRange)
  days[at] = number % dayRange
  states[at] = upper % 4
  ratings[at] = Math.floor(upper / 4) % 8
  recipes[at] = Math.floor(upper / 32)
}

/** Where a row stands among rows in their order; -1: it does not. */
export function placeOf(row: number, rows: Float64Array): number {
  let [from, to] = [0, rows.length]
  while (from < to) {
    const middle = (from + to) >>> 1
    if (rows[middle] < row) from = middle + 1
    else to = middle
  }
  return rows[from] === row ? from : -1
}
