import type { Database } from 'better-sqlite3'
import { noMarks, type Marks } from '../../../shared/library/marks.ts'

/** What a person says of images, by the images' rows. */
export interface MarkTable {
  of(row: number): Marks
  write(row: number, marks: Marks): void
}

export function openMarkTable(database: Database): MarkTable {
  const stars = database.prepare('SELECT rating, isRejected FROM imageFacts WHERE row = ?')
  const labels = database.prepare(
    'SELECT kind, name FROM imageLabels JOIN labels ON labels.id = label WHERE row = ? ORDER BY name',
  )
  const setStars = database.prepare('UPDATE imageFacts SET rating = ?, isRejected = ? WHERE row = ?')
  const clear = database.prepare('DELETE FROM imageLabels WHERE row = ?')
  const name = database.prepare('INSERT OR IGNORE INTO labels (kind, name) VALUES (?, ?)')
  const add = database.prepare(
    'INSERT INTO imageLabels (label, row) SELECT id, ? FROM labels WHERE kind = ? AND name = ?',
  )

  function of(row: number): Marks {
    const found = stars.get(row) as { rating: number; isRejected: number } | undefined
    if (!found) return noMarks
    const named = labels.all(row) as { kind: 'tag' | 'album'; name: string }[]
    const of = (kind: string): string[] =>
      named.filter((label) => label.kind === kind).map((label) => label.name)
    return { rating: found.rating, isRejected: found.isRejected === 1, tags: of('tag'), albums: of('album') }
  }

  return {
    of,
    write(row, { rating, isRejected, tags, albums }) {
      setStars.run(rating, Number(isRejected), row)
      clear.run(row)
      for (const [kind, names] of [
        ['tag', tags],
        ['album', albums],
      ] as const) {
        for (const each of new Set(names)) {
          name.run(kind, each)
          add.run(row, kind, each)
        }
      }
    },
  }
}
