import type { Database } from '../database.ts'
import type { MatchingSql } from '../facts/matchingSql.ts'
import type { ImageRow } from '../imageRow.ts'
import { readCursor } from '../readCursor.ts'

/** Makes the function that finds the rows of one page in the order in which their hashes are given. */
export function createNearestFinder(database: Database) {
  return (
    { ofFacts, values }: MatchingSql,
    nearest: readonly number[],
    { limit, cursor }: { limit: number; cursor: string | null },
  ): { rows: ImageRow[]; nextCursor: string | null } => {
    const rows = database
      .prepare(
        `SELECT images.*, nearest.key AS place FROM json_each(@nearest) AS nearest
        CROSS JOIN perceptualHashes AS hashes ON hashes.id = nearest.value
        CROSS JOIN imageFacts AS facts ON facts.row = hashes.row CROSS JOIN images ON images.row = hashes.row
        WHERE nearest.key > @after AND images.problem IS NULL AND ${ofFacts}
        ORDER BY nearest.key LIMIT @limit`,
      )
      .all({
        ...values,
        nearest: JSON.stringify(nearest),
        after: readCursor(cursor, 'n') ?? -1,
        limit: limit + 1,
      }) as (ImageRow & { place: number })[]
    return {
      rows: rows.slice(0, limit),
      nextCursor: rows.length > limit ? `n${rows[limit - 1].place}` : null,
    }
  }
}
