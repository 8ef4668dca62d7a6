import type { Database } from 'better-sqlite3'
import type { PerceptualHash } from '../../pictures/perceptualHash.ts'

/** What pictures look like, and which look alike. */
export interface HashTable {
  /** Writes the hash of a row that is there. */
  put(row: number, hash: PerceptualHash): void
  /** Rows up to one that have no hash, newest first, at most so many and maybe none; where the others begin, null: at none. */
  without(upTo: number, most: number): { rows: RowWithoutHash[]; next: number | null }
  has(imageId: string): boolean
  /** The row of an image; null: there is none. */
  rowOf(imageId: string): number | null
  /** How many images have none. */
  countWithout(): number
  /**
   * The entries of this table whose pictures look like one of those named: these themselves, then the nearest, at most
   * `mostSimilar` in all.
   */
  near(imageIds: readonly string[]): number[]
  /** Reads some of the hashes that were not read yet; answers whether there are more. `near` reads all that are missing. */
  readSome(): boolean
}

export interface RowWithoutHash {
  row: number
  id: string
}

type Entry = PerceptualHash & { id: number }

/** What a migration adds. Entries are never changed and their numbers never given twice: what was read of it stays true. */
export const hashShape = `
  CREATE TABLE perceptualHashes (     -- what images look like: see perceptualHash.ts
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    row INTEGER NOT NULL UNIQUE,      -- that of the image
    high INTEGER NOT NULL,            -- 32 of the 64 bits
    low INTEGER NOT NULL
  ) STRICT;
  CREATE TRIGGER perceptualHashRemoved AFTER DELETE ON images BEGIN
    DELETE FROM perceptualHashes WHERE row = old.row;
  END;
`

/**
 * Bits of 64 that may differ. Of pictures that have nothing in common about half of them do; of copies that were scaled or
 * compressed at most 4, of those that were toned or cut a little at most 14.
 */
const reach = 14
const mostSimilar = 500
/** Rows that are looked through at once. */
const rowsAtOnce = 1000
/** Hashes that are read at once, in about 5 ms. */
const readAtOnce = 10_000

export function openHashTable(database: Database): HashTable {
  const sql = prepareStatements(database)
  const known = createKnown(database)
  return {
    put: (row, { high, low }) => void sql.put.run({ row, high, low }),
    without(upTo, most) {
      const looked = sql.without.all({ upTo }) as (RowWithoutHash & { isKnown: number })[]
      const found = looked.filter(({ isKnown }) => isKnown === 0)
      if (found.length > most) return { rows: found.slice(0, most), next: found[most].row }
      return { rows: found, next: looked.length < rowsAtOnce ? null : looked.at(-1)!.row - 1 }
    },
    has: (imageId) => sql.ofImage.get(imageId) !== undefined,
    rowOf: (imageId) => (sql.rowOf.get(imageId) as number | undefined) ?? null,
    countWithout: () => sql.countWithout.get() as number,
    readSome: known.readSome,
    near(imageIds) {
      const asked = imageIds.flatMap((id) => (sql.ofImage.get(id) as Entry | undefined) ?? [])
      return [...new Set([...asked.map(({ id }) => id), ...known.near(asked)])].slice(0, mostSimilar)
    },
  }
}

function prepareStatements(database: Database) {
  return {
    put: database.prepare(
      `INSERT OR REPLACE INTO perceptualHashes (row, high, low)
      SELECT row, @high, @low FROM images WHERE row = @row`,
    ),
    without: database.prepare(
      `SELECT row, id, EXISTS (SELECT 1 FROM perceptualHashes WHERE row = images.row) AS isKnown FROM images
      WHERE row <= @upTo AND problem IS NULL ORDER BY row DESC LIMIT ${rowsAtOnce}`,
    ),
    ofImage: database.prepare(
      'SELECT id, high, low FROM perceptualHashes WHERE row = (SELECT row FROM images WHERE id = ?)',
    ),
    rowOf: database.prepare('SELECT row FROM images WHERE id = ?').pluck(),
    countWithout: database
      .prepare('SELECT (SELECT count(*) FROM imageFacts) - (SELECT count(*) FROM perceptualHashes)')
      .pluck(),
  }
}

/** All hashes, in memory: to look through 200,000 takes less than a millisecond. What was deleted is left out by whoever asks. */
function createKnown(database: Database) {
  const columns = (['id', 'high', 'low'] as const).map((name) =>
    database
      .prepare(`SELECT ${name} FROM perceptualHashes WHERE id > ? ORDER BY id LIMIT ${readAtOnce}`)
      .pluck(),
  )
  let ids = new Uint32Array()
  let highs = new Uint32Array()
  let lows = new Uint32Array()

  /** Column by column: rows would be an object each. */
  const readSome = database.transaction((): boolean => {
    const after = ids.at(-1) ?? 0
    const [newIds, newHighs, newLows] = columns.map((column) => column.all(after) as number[])
    if (newIds.length === 0) return false
    ids = joined(ids, newIds)
    highs = joined(highs, newHighs)
    lows = joined(lows, newLows)
    return newIds.length === readAtOnce
  })

  return {
    readSome,
    near(hashes: readonly PerceptualHash[]): number[] {
      while (readSome());
      const byDistance = Array.from({ length: reach + 1 }, (): number[] => [])
      for (let at = 0; at < ids.length; at++) {
        let nearest = 64
        for (const { high, low } of hashes)
          nearest = Math.min(nearest, bitsSet(highs[at] ^ high) + bitsSet(lows[at] ^ low))
        if (nearest <= reach) byDistance[nearest].push(ids[at])
      }
      return byDistance.flat()
    },
  }
}

function joined(one: Uint32Array, other: readonly number[]): Uint32Array<ArrayBuffer> {
  const all = new Uint32Array(one.length + other.length)
  all.set(one)
  all.set(other, one.length)
  return all
}

/** How many of 32 bits are set: Warren, "Hacker's Delight", 5-1. */
function bitsSet(bits: number): number {
  let sum = bits - ((bits >>> 1) & 0x55555555)
  sum = (sum & 0x33333333) + ((sum >>> 2) & 0x33333333)
  return Math.imul((sum + (sum >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
