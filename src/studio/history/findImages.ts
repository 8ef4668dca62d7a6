import { StudioError } from '../../shared/errors.ts'
import { readQuery } from '../../shared/pictureQuery/readQuery.ts'
import type { Database } from './database.ts'
import { addQueryFunctions } from './facts/querySql.ts'
import { matchingSql } from './facts/matchingSql.ts'
import type { ImageRow } from './imageRow.ts'
import type { HistoryQuery } from './imageTable.ts'

/**
 * Doclist entries of the search that are read to count what matches: about 60 ms. A search with more is counted up to
 * there.
 */
const countedEntries = 500_000

/**
 * Makes the function that finds the rows of one page, newest first, and counts how many match in all. It throws
 * `bad-request` for a search that cannot be read and for a cursor no page gave.
 */
export function createFinder(database: Database) {
  addQueryFunctions(database)
  const ownChanges = database.prepare('SELECT total_changes()').pluck()
  let counted = { of: '', total: 0 }

  /** Counting reads all that match, so the next pages of the same question take the answer of the first. */
  function count(sql: string, values: Record<string, unknown>): number {
    const othersChanges = database.pragma('data_version', { simple: true })
    const of = JSON.stringify([sql, values, ownChanges.get(), othersChanges])
    if (of !== counted.of) counted = { of, total: database.prepare(sql).pluck().get(values) as number }
    return counted.total
  }

  return ({ search, trashed, limit, cursor }: HistoryQuery) => {
    const before = readCursor(cursor)
    const matching = matchingSql(readQuery(search), { trashed, withFacts: false })
    if (!matching) return { rows: [], isLast: true, total: 0, isTotalExact: true }
    const { from, row, terms, values } = matching
    const wanted = `SELECT ${row} FROM ${from} AND ${row} < @before ORDER BY ${row} DESC LIMIT @limit`
    const rows = database
      .prepare(`SELECT * FROM images WHERE row IN (${wanted}) AND problem IS NULL ORDER BY row DESC`)
      .all({ ...values, before, limit: limit + 1 }) as ImageRow[]
    const most = terms > 0 ? Math.ceil(countedEntries / terms) : Number.MAX_SAFE_INTEGER
    const total = count(`SELECT count(*) FROM (SELECT 1 FROM ${from} LIMIT @most)`, { ...values, most })
    return { rows: rows.slice(0, limit), isLast: rows.length <= limit, total, isTotalExact: total < most }
  }
}

/**
 * Makes the function that answers the ids of all that match, newest first, as far as `most`. Throws `bad-request` for a
 * search that cannot be read.
 */
export function createIdFinder(database: Database) {
  return ({ search, trashed }: Pick<HistoryQuery, 'search' | 'trashed'>, most: number): string[] => {
    const matching = matchingSql(readQuery(search), { trashed, withFacts: false })
    if (!matching) return []
    const { from, row, values } = matching
    const sql = `SELECT id FROM images WHERE row IN (SELECT ${row} FROM ${from} ORDER BY ${row} DESC LIMIT @most) ORDER BY row DESC`
    return database
      .prepare(sql)
      .pluck()
      .all({ ...values, most }) as string[]
  }
}

function readCursor(cursor: string | null): number {
  if (cursor === null) return Number.MAX_SAFE_INTEGER
  const [, row] = /^r(\d{1,16})$/.exec(cursor) ?? []
  if (!row) throw new StudioError('bad-request', 'The cursor is not one that a page of the history gave.')
  return Number(row)
}
