import type { Database } from '../database/database.ts'

/** How what is known of a table is read: all of it, or of what is known already only rows that changed, in their order. */
interface Reading<Known> {
  all(): Known
  withChanges(known: Known, changed: readonly number[]): Known
}

/** Changed rows up to which each is looked up; all are read where there are more. */
const mostLookedUp = 1000

/** Which rows of a table this connection changed, for as long as it is open. */
const changeLog = (table: string): string => `
  CREATE TEMP TABLE IF NOT EXISTS ${table}Changed (row INTEGER PRIMARY KEY);
  CREATE TEMP TRIGGER IF NOT EXISTS ${table}Added AFTER INSERT ON main.${table} BEGIN
    INSERT OR IGNORE INTO ${table}Changed VALUES (new.row);
  END;
  CREATE TEMP TRIGGER IF NOT EXISTS ${table}Updated AFTER UPDATE ON main.${table} BEGIN
    INSERT OR IGNORE INTO ${table}Changed VALUES (new.row);
  END;
  CREATE TEMP TRIGGER IF NOT EXISTS ${table}Removed AFTER DELETE ON main.${table} BEGIN
    INSERT OR IGNORE INTO ${table}Changed VALUES (old.row);
  END;
`

/**
 * Makes the function that answers what is known of a table with a column "row". All is read at first, and after another
 * connection wrote; of what this one wrote only the rows concerned. One such function a table and connection: what changed is
 * told once.
 */
export function followTable<Known>(
  database: Database,
  table: 'imageFacts' | 'imageLabels',
  reading: Reading<Known>,
): () => Known {
  database.exec(changeLog(table))
  const changedRows = database.prepare(`SELECT row FROM ${table}Changed ORDER BY row`).pluck()
  const forgetChanges = database.prepare(`DELETE FROM ${table}Changed`)
  let last: { version: unknown; known: Known } | null = null

  return database.transaction(() => {
    const changed = changedRows.all() as number[]
    if (changed.length > 0) forgetChanges.run()
    // It counts the commits of others.
    const version = database.pragma('data_version', { simple: true })
    const isNear = last?.version === version && changed.length <= mostLookedUp
    const known = isNear ? reading.withChanges(last!.known, changed) : reading.all()
    last = { version, known }
    return known
  })
}
