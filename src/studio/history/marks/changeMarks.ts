import type { z } from 'zod'
import {
  changedMarks,
  type markChangeSchema,
  type MarkedImage,
  type Marks,
} from '../../../shared/library/marks.ts'
import type { Database } from '../database/database.ts'
import type { MarkJournal } from './markJournal.ts'
import { openMarkTable } from './markTable.ts'

/** What images that changed had, and have now. */
export interface MarksChanged {
  before: MarkedImage[]
  after: MarkedImage[]
}

/** Changes of what a person says of images. Each is one commit, and on disk beside the images before it. */
export interface MarkChanges {
  change(ids: readonly string[], change: z.output<typeof markChangeSchema>): MarksChanged
  /** Gives images the marks they once had; those that are gone are left out. */
  restore(marked: readonly MarkedImage[]): MarksChanged
  /** Takes out of the journal what is deleted for good. */
  forget(ids: ReadonlySet<string>): void
  /** Makes a long journal short. */
  tidy(): void
}

export function openMarkChanges(database: Database, journal: MarkJournal): MarkChanges {
  const table = openMarkTable(database)
  const rowOf = database.prepare('SELECT row FROM images WHERE id = ? AND problem IS NULL').pluck()

  const write = database.transaction((ids: readonly string[], next: (id: string, marks: Marks) => Marks) => {
    const before: MarkedImage[] = []
    const after: MarkedImage[] = []
    for (const id of new Set(ids)) {
      const row = rowOf.get(id) as number | undefined
      if (row === undefined) continue
      const marks = table.of(row)
      const changed = next(id, marks)
      if (JSON.stringify(changed) === JSON.stringify(marks)) continue
      table.write(row, changed)
      before.push({ id, marks })
      after.push({ id, marks: changed })
    }
    if (after.length > 0) journal.append(after)
    return { before, after }
  }).immediate

  return {
    change: (ids, change) => write(ids, (_id, marks) => changedMarks(marks, change)),
    restore(marked) {
      const wanted = new Map(marked.map(({ id, marks }) => [id, marks]))
      return write([...wanted.keys()], (id) => wanted.get(id)!)
    },
    // The lock for writing keeps others from adding a line meanwhile.
    forget: database.transaction((ids: ReadonlySet<string>) => {
      const known = journal.read()
      if ([...ids].some((id) => known.has(id))) journal.shorten(ids)
    }).immediate,
    tidy: () => {
      if (journal.isLong()) database.transaction(() => journal.shorten(new Set())).immediate()
    },
  }
}
