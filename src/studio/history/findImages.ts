import type { Page } from '../../shared/library/history.ts'
import { readQuery } from '../../shared/pictureQuery/readQuery.ts'
import type { Database } from './database.ts'
import { addQueryFunctions } from './facts/querySql.ts'
import { matchingSql, type MatchingSql } from './facts/matchingSql.ts'
import type { ImageRow } from './imageRow.ts'
import type { HistoryQuery } from './imageTable.ts'
import { readCursor } from './readCursor.ts'
import { createNearestFinder } from './similar/findNearest.ts'
import type { HashTable } from './similar/hashTable.ts'

/**
 * Doclist entries of the search that are read to count what matches: about 60 ms. A search with more is counted up to
 * there.
 */
const countedEntries = 500_000

export interface FoundRows extends Omit<Page, 'items'> {
  rows: ImageRow[]
}

/**
 * Makes the function that finds the rows of one page, newest or nearest first, and counts how many match in all. It throws
 * `bad-request` for a search that cannot be read and for a cursor no page gave.
 */
export function createFinder(database: Database, hashes: HashTable): (query: HistoryQuery) => FoundRows {
  addQueryFunctions(database)
  const count = createCount(database)
  const findNearest = createNearestFinder(database)

  return ({ search, trashed, limit, cursor }) => {
    const conditions = readQuery(search)
    const matching = matchingSql(conditions, { trashed, near: hashes.near })
    if (!matching) return { rows: [], nextCursor: null, total: 0, isTotalExact: true, notLookedAt: 0 }
    const { terms, values } = matching
    const most = terms > 0 ? Math.ceil(countedEntries / terms) : Number.MAX_SAFE_INTEGER
    const total = count(`SELECT count(*) FROM (${matching.rows('all')} LIMIT @most)`, { ...values, most })
    const counted = { total, isTotalExact: total < most }
    const similar = conditions.find((condition) => condition.kind === 'similar' && !condition.isNegated)
    if (similar?.kind !== 'similar')
      return { ...findNewest(matching, limit, cursor), ...counted, notLookedAt: 0 }
    const page = findNearest(matching, hashes.near(similar.ids), { limit, cursor })
    return { ...page, ...counted, notLookedAt: hashes.countWithout() }
  }

  function findNewest({ rows: rowsSql, values }: MatchingSql, limit: number, cursor: string | null) {
    const before = readCursor(cursor, 'r') ?? Number.MAX_SAFE_INTEGER
    const wanted = `${rowsSql('before')} ORDER BY 1 DESC LIMIT @limit`
    const rows = database
      .prepare(`SELECT * FROM images WHERE row IN (${wanted}) AND problem IS NULL ORDER BY row DESC`)
      .all({ ...values, before, limit: limit + 1 }) as ImageRow[]
    return {
      rows: rows.slice(0, limit),
      nextCursor: rows.length > limit ? `r${rows[limit - 1].row}` : null,
    }
  }
}

/** Counting reads all that match, so the next pages of the same question take the answer of the first. */
function createCount(database: Database) {
  const ownChanges = database.prepare('SELECT total_changes()').pluck()
  let counted = { of: '', total: 0 }
  return (sql: string, values: Record<string, unknown>): number => {
    const othersChanges = database.pragma('data_version', { simple: true })
    const of = JSON.stringify([sql, values, ownChanges.get(), othersChanges])
    if (of !== counted.of) counted = { of, total: database.prepare(sql).pluck().get(values) as number }
    return counted.total
  }
}

/**
 * Makes the function that answers the ids of all that match, newest first, as far as `most`. Throws `bad-request` for a
 * search that cannot be read.
 */
export function createIdFinder(database: Database, { near }: HashTable) {
  return ({ search, trashed }: Pick<HistoryQuery, 'search' | 'trashed'>, most: number): string[] => {
    const matching = matchingSql(readQuery(search), { trashed, near })
    if (!matching) return []
    const { rows, values } = matching
    const sql = `SELECT id FROM images WHERE row IN (${rows('all')} ORDER BY 1 DESC LIMIT @most) ORDER BY row DESC`
    return database
      .prepare(sql)
      .pluck()
      .all({ ...values, most }) as string[]
  }
}
