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
  /** Another number once images have come, gone, or changed their state. */
  edition: number
}

/** One number for what is read of an image beside its row: a value each is read faster than a row of several. */
const packed = '((recipe * 8 + rating) * 4 + state) * 134217728 + day'
const dayRange = 2 ** 27
/** The state of an image that is no more: none is asked for. */
const gone = 3

/** Which facts this connection changed, for as long as it is open, and whether they are of another image or state now. */
const changeLog = `
  CREATE TEMP TABLE IF NOT EXISTS changedFacts (row INTEGER PRIMARY KEY, isOther INTEGER NOT NULL);
  CREATE TEMP TRIGGER IF NOT EXISTS factsAdded AFTER INSERT ON main.imageFacts BEGIN
    INSERT OR REPLACE INTO changedFacts VALUES (new.row, 1);
  END;
  CREATE TEMP TRIGGER IF NOT EXISTS factsChanged AFTER UPDATE ON main.imageFacts BEGIN
    INSERT OR IGNORE INTO changedFacts VALUES (new.row, 0);
    UPDATE changedFacts SET isOther = 1 WHERE row = new.row AND new.state <> old.state;
  END;
  CREATE TEMP TRIGGER IF NOT EXISTS factsRemoved AFTER DELETE ON main.imageFacts BEGIN
    INSERT OR REPLACE INTO changedFacts VALUES (old.row, 1);
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
  const hasOthers = database.prepare('SELECT max(isOther) FROM changedFacts').pluck()
  const forgetChanges = database.prepare('DELETE FROM changedFacts')
  const allRows = database.prepare('SELECT row FROM imageFacts ORDER BY row').pluck()
  const allPacked = database.prepare(`SELECT ${packed} FROM imageFacts ORDER BY row`).pluck()
  const packedOf = database.prepare(`SELECT ${packed} FROM imageFacts WHERE row = ?`).pluck()
  const readAll = (): FactColumns => ({
    ...unpacked(allRows.all() as number[], allPacked.all() as number[]),
    edition: (known?.columns.edition ?? 0) + 1,
  })
  let known: { version: unknown; columns: FactColumns } | null = null

  return database.transaction(() => {
    const changed = changedRows.all() as number[]
    const isOther = hasOthers.get() === 1
    if (changed.length > 0) forgetChanges.run()
    // It counts the commits of others.
    const version = database.pragma('data_version', { simple: true })
    const isNear = known?.version === version && changed.length <= mostLookedUp
    const numbers = isNear ? changed.map((row) => packedOf.get(row) as number | undefined) : []
    const columns = isNear ? withChanges(known!.columns, changed, { numbers, isOther }) : readAll()
    known = { version, columns }
    return columns
  })
}

/** The columns with what rows have now; undefined: they are gone. */
function withChanges(
  columns: FactColumns,
  changed: readonly number[],
  { numbers, isOther }: { numbers: readonly (number | undefined)[]; isOther: boolean },
): FactColumns {
  const added: number[] = []
  for (const [at, row] of changed.entries()) {
    const place = placeOf(row, columns.rows)
    if (place >= 0) unpack(numbers[at] ?? gone * dayRange, columns, place)
    else if (numbers[at] !== undefined) added.push(at)
  }
  const between = unpacked(
    added.map((at) => changed[at]),
    added.map((at) => numbers[at]!),
  )
  const now = added.length === 0 ? columns : merged(columns, between)
  return { ...now, edition: columns.edition + Number(isOther) }
}

const names = ['rows', 'states', 'recipes', 'ratings', 'days'] as const

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
  edition: 0,
})

function unpacked(rows: readonly number[], numbers: readonly number[]): FactColumns {
  const columns = { ...emptyColumns(rows.length), rows: new Float64Array(rows) }
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
