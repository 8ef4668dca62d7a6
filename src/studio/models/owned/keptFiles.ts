import { existsSync } from 'node:fs'
import { fileDefaultsSchema, type FileDefaults, type OwnedFile } from '../../../shared/models/ownedFile.ts'
import type { Database } from '../../history/database/database.ts'
import { whenUnlocked } from '../../history/database/whenUnlocked.ts'
import { saying, type Warn } from '../../../shared/notices.ts'

/** What a person keeps of a model file: in the studio's own database, never beside the file. */
export type Kept = Pick<OwnedFile, 'favourite' | 'notes' | 'defaults'>
type Place = Pick<OwnedFile, 'path' | 'size' | 'hash'>

export interface KeptFiles {
  /** Answers what is kept of a file: by its hash wherever it lies, else by its place. */
  read(): (file: Pick<Place, 'path' | 'hash'>) => Kept
  change(file: Place, change: Partial<Kept>): Promise<void>
  /** A file's hash became known: what is kept under its place is tied to it, and what lay elsewhere moves here. */
  identify(file: Place & { hash: string }): Promise<void>
  /** Whether something is kept of this file, or of one of its size that is not where it was: then its hash matters. */
  concerns(file: Pick<Place, 'path' | 'size'>): boolean
}

interface Row {
  id: number
  path: string
  size: number
  hash: string | null
  favourite: number
  notes: string
  defaults: string
}

const nothing: Kept = { favourite: false, notes: '', defaults: {} }

/** @param warn is told once of defaults that cannot be read: they are left out, and the rest stands. */
export function openKeptFiles(database: Database, warn: Warn): KeptFiles {
  const { selectAll, insert, update, remove, place } = prepareStatements(database)
  const rows = (): Row[] => selectAll.all() as Row[]
  const told = new Set<number>()

  function toKept({ id, path, favourite, notes, defaults }: Row): Kept {
    const read = readDefaults(defaults)
    if (!read && !told.has(id)) {
      told.add(id)
      warn(saying('defaultsUnread', { file: path }))
    }
    return { favourite: favourite === 1, notes, defaults: read ?? {} }
  }

  const changeNow = database.transaction((file: Place, change: Partial<Kept>) => {
    const row = rowFinder(rows())(file)
    const kept = { ...(row ? toKept(row) : nothing), ...change }
    const values = {
      path: file.path,
      size: file.size,
      hash: file.hash ?? row?.hash ?? null,
      favourite: Number(kept.favourite),
      notes: kept.notes,
      defaults: JSON.stringify(kept.defaults),
    }
    const isEmpty = !kept.favourite && kept.notes === '' && values.defaults === '{}'
    if (row && isEmpty) remove.run(row.id)
    else if (row) update.run({ ...values, id: row.id })
    else if (!isEmpty) insert.run(values)
  })

  const identifyNow = database.transaction((file: Place & { hash: string }) => {
    for (const row of rows()) {
      const isItsPlace = row.path === file.path && row.hash === null
      const hasMoved = row.hash === file.hash && row.path !== file.path && !existsSync(row.path)
      if (isItsPlace || hasMoved) place.run({ ...file, id: row.id })
    }
  })

  return {
    read() {
      const find = rowFinder(rows())
      return (file) => {
        const row = find(file)
        return row ? toKept(row) : nothing
      }
    },
    change: (file, change) => whenUnlocked(() => changeNow.immediate(file, change)),
    identify: (file) => whenUnlocked(() => identifyNow.immediate(file)),
    concerns: ({ path, size }) =>
      rows().some((row) => row.path === path || (row.size === size && !existsSync(row.path))),
  }
}

const prepareStatements = (database: Database) => ({
  selectAll: database.prepare('SELECT * FROM keptFiles ORDER BY id'),
  insert: database.prepare(
    `INSERT INTO keptFiles (path, size, hash, favourite, notes, defaults)
     VALUES (@path, @size, @hash, @favourite, @notes, @defaults)`,
  ),
  update: database.prepare(
    `UPDATE keptFiles SET path = @path, size = @size, hash = @hash, favourite = @favourite, notes = @notes,
       defaults = @defaults WHERE id = @id`,
  ),
  remove: database.prepare('DELETE FROM keptFiles WHERE id = ?'),
  place: database.prepare('UPDATE keptFiles SET path = @path, size = @size, hash = @hash WHERE id = @id'),
})

/** By its hash, else by its place: but what is tied to another content that lay there follows that content. */
function rowFinder(rows: readonly Row[]): (file: Pick<Place, 'path' | 'hash'>) => Row | undefined {
  const byHash = new Map(rows.filter(({ hash }) => hash !== null).map((row) => [row.hash, row]))
  const byPath = new Map(rows.map((row) => [row.path, row]))
  return ({ path, hash }) => {
    const here = byPath.get(path)
    const isAnother = hash !== null && here !== undefined && here.hash !== null && here.hash !== hash
    return (hash === null ? undefined : byHash.get(hash)) ?? (isAnother ? undefined : here)
  }
}

/** Defaults that a later version wrote, and this one does not know, cost themselves alone. null: none can be read. */
function readDefaults(text: string): FileDefaults | null {
  try {
    const kept: unknown = JSON.parse(text)
    if (typeof kept !== 'object' || kept === null) return null
    const entries = Object.entries(kept) as [string, unknown][]
    const valid = entries.filter(([name, value]) => fileDefaultsSchema.safeParse({ [name]: value }).success)
    return Object.fromEntries(valid)
  } catch {
    return null
  }
}
