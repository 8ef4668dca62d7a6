import type { Page } from '../../../shared/library/history.ts'
import type { Condition } from '../../../shared/pictureQuery/parseQuery.ts'
import { readQuery } from '../../../shared/pictureQuery/readQuery.ts'
import type { Database } from '../database/database.ts'
import type { ImageFacts } from '../facts/facets.ts'
import { placeOf } from '../facts/factColumns.ts'
import type { ImageRow } from './imageRow.ts'
import { readCursor } from './readCursor.ts'
import type { HashTable } from '../similar/hashTable.ts'

/** Questions whose answers are kept until something changes: those of a window or two. */
const mostKept = 6

type Question = Pick<HistoryQuery, 'search' | 'trashed'>

/** A page of what a search finds. Where it begins: behind a cursor, around an image, or at the first; `offset` places on. */
export interface HistoryQuery {
  search: string
  trashed: boolean
  cursor: string | null
  /** An image that the page has in its middle; one that is not found has the place where it would stand. */
  around?: string | null
  offset?: number
  limit: number
}

export interface FoundRows extends Omit<Page, 'items'> {
  rows: ImageRow[]
}

/** Which ids are wanted of what a search finds: all, those from one image to another, or those among some. */
export interface WantedIds extends Question {
  between?: readonly [string, string] | null
  among?: readonly string[] | null
}

/** The rows that a search finds in the order in which they show, by place. */
interface Found {
  rows: Float64Array
  /** Where each stands among all pictures that look alike; null: they are in the order of time, the newest first. */
  nearness: number[] | null
}

/**
 * Makes what finds images by their place among all that a search finds: one page, or ids. All places are known from the
 * facts in memory, so the last page takes no longer than the first. Both throw `bad-request` for a search that cannot be
 * read, and `page` for a cursor that no page gave.
 */
export function createFinder(database: Database, facts: ImageFacts, hashes: HashTable) {
  const find = kept(database, (question: Question) => findAll(facts, hashes, database, question))
  const imagesOf = database.prepare('SELECT * FROM images WHERE row IN (SELECT value FROM json_each(?))')
  const idsOf = database.prepare('SELECT row, id FROM images WHERE row IN (SELECT value FROM json_each(?))')

  /** In the order of the rows given. */
  function read<Row extends { row: number }>(statement: typeof imagesOf, rows: readonly number[]): Row[] {
    const read = statement.all(JSON.stringify(rows)) as Row[]
    const byRow = new Map(read.map((each) => [each.row, each]))
    return rows.flatMap((row) => byRow.get(row) ?? [])
  }

  const placeOfImage = (found: Found, id: string): number => placeIn(found, hashes.rowOf(id) ?? Infinity)

  function startOf(found: Found, { cursor, around = null, offset = 0, limit }: HistoryQuery): number {
    if (cursor !== null) return placeBehind(found, cursor) + offset
    if (around !== null) return Math.max(0, placeOfImage(found, around) - Math.floor(limit / 2)) + offset
    return offset
  }

  function page(query: HistoryQuery): FoundRows {
    const { search, trashed, limit } = query
    const found = find({ search, trashed })
    const start = startOf(found, query)
    const { rows, nearness } = found
    const wanted = [...rows.subarray(start, start + limit)]
    const next = start + limit
    return {
      rows: read<ImageRow>(imagesOf, wanted),
      offset: start,
      cursor: nearness === null && wanted.length > 0 ? `r${wanted[0] + 1}` : null,
      nextCursor: next < rows.length ? (nearness ? `n${nearness[next - 1]}` : `r${rows[next - 1]}`) : null,
      total: rows.length,
      notLookedAt: nearness === null ? 0 : hashes.countWithout(),
    }
  }

  /** At most so many; those between two images are counted from the first one named. */
  function ids({ search, trashed, between, among }: WantedIds, most: number): string[] {
    const found = find({ search, trashed })
    const rows = between ? rowsBetween(found, between) : [...found.rows.subarray(0, most)]
    const wanted = among ? rowsAmong(found, among) : rows
    return read<{ row: number; id: string }>(idsOf, wanted.slice(0, most)).map(({ id }) => id)
  }

  function rowsBetween(found: Found, [one, other]: readonly [string, string]): number[] {
    const [from, to] = [placeOfImage(found, one), placeOfImage(found, other)]
    return from <= to
      ? [...found.rows.subarray(from, to + 1)]
      : [...found.rows.subarray(to, from + 1)].reverse()
  }

  const rowsAmong = (found: Found, ids: readonly string[]): number[] =>
    ids.flatMap((id) => {
      const row = hashes.rowOf(id)
      return row !== null && found.rows[placeIn(found, row)] === row ? [row] : []
    })

  return { page: database.transaction(page), ids: database.transaction(ids) }
}

/** Holds all images against a search. */
function findAll(
  { readColumns, findMissing }: ImageFacts,
  hashes: HashTable,
  database: Database,
  { search, trashed }: Question,
): Found {
  const conditions = readQuery(search)
  const similar = conditions.find(isOrder)
  const columns = readColumns()
  const others = conditions.filter((condition) => condition !== similar)
  const { bits } = findMissing(columns, { others, trashed })
  if (similar) return inOrder(hashes.near(similar.ids))
  let count = 0
  for (let at = 0; at < bits.length; at++) if (bits[at] === 0) count++
  const rows = new Float64Array(count)
  for (let at = 0; at < bits.length; at++) if (bits[at] === 0) rows[--count] = columns.rows[at]
  return { rows, nearness: null }

  function inOrder(nearest: readonly number[]): Found {
    const sql = `SELECT key, row FROM json_each(?) AS nearest
      CROSS JOIN perceptualHashes AS hashes ON hashes.id = nearest.value ORDER BY key`
    const all = database.prepare(sql).all(JSON.stringify(nearest)) as { key: number; row: number }[]
    const found = all.filter(({ row }) => bits[placeOf(row, columns.rows)] === 0)
    return {
      rows: Float64Array.from(found, ({ row }) => row),
      nearness: found.map(({ key }) => key),
    }
  }
}

/** What pictures that look alike are looked for by says their order too. */
const isOrder = (condition: Condition): condition is Extract<Condition, { kind: 'similar' }> =>
  condition.kind === 'similar' && !condition.isNegated

/** The place of a row, or where it would stand. */
function placeIn({ rows, nearness }: Found, row: number): number {
  if (nearness !== null) return Math.max(0, rows.indexOf(row))
  let [from, to] = [0, rows.length]
  while (from < to) {
    const middle = (from + to) >>> 1
    if (rows[middle] > row) from = middle + 1
    else to = middle
  }
  return from
}

/** The first place behind a cursor. */
function placeBehind(found: Found, cursor: string): number {
  if (found.nearness === null) return placeIn(found, readCursor(cursor, 'r') - 1)
  const last = readCursor(cursor, 'n')
  const place = found.nearness.findIndex((key) => key > last)
  return place < 0 ? found.rows.length : place
}

/** The same function with its last answers kept until this connection or another one writes. */
function kept<Asked, Answer>(database: Database, work: (asked: Asked) => Answer): (asked: Asked) => Answer {
  const ownChanges = database.prepare('SELECT total_changes()').pluck()
  const now = (): string =>
    JSON.stringify([ownChanges.get(), database.pragma('data_version', { simple: true })])
  const answers = new Map<string, Answer>()
  let version = ''
  return (asked) => {
    if (now() !== version) answers.clear()
    const key = JSON.stringify(asked)
    const answer = answers.get(key) ?? work(asked)
    // Reading facts empties the list of those that changed, which is a change too.
    version = now()
    answers.set(key, answer)
    if (answers.size > mostKept) answers.delete(answers.keys().next().value!)
    return answer
  }
}
