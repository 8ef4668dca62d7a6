import { readFile, rename } from 'node:fs/promises'
import type { z } from 'zod'
import { StudioError } from '../../shared/errors.ts'
import { writeFileDurably } from '../files.ts'
import { localTime } from '../pictures/localTime.ts'
import { saying, type Warn } from '../../shared/notices.ts'

/** Named things that a person keeps. */
export interface KeptByName<Item extends { name: string }> {
  list(): Promise<Item[]>
  /** In the place of the one of that name, or last. */
  put(item: Item): Promise<void>
  /** Throws `not-found`. */
  remove(name: string): Promise<void>
}

/**
 * Keeps them in a JSON file that a person can read, edit and copy. An entry that cannot be read stays in the file as it is,
 * and `warn` is told; a file that is no list is laid aside before another takes its place.
 */
export function openKeptByName<Item extends { name: string }>(
  path: string,
  schema: z.ZodType<Item>,
  { writer, warn }: { writer: string; warn: Warn },
): KeptByName<Item> {
  let lastChange: Promise<unknown> = Promise.resolve()

  /** One after the other, each to what the last one left. */
  function change(make: (entries: unknown[]) => unknown[]): Promise<void> {
    const changed = lastChange.then(async () => {
      const entries = make((await readEntries(path)) ?? (await layAside(path, warn)))
      await writeFileDurably(path, `${JSON.stringify(entries, null, 2)}\n`, writer)
    })
    lastChange = changed.catch(() => {})
    return changed
  }

  return {
    async list() {
      await lastChange
      const entries = await readEntries(path)
      if (!entries) warn(saying('listBroken', { file: path }))
      const read = (entries ?? []).map((entry) => schema.safeParse(entry))
      const bad = read.filter(({ success }) => !success).length
      if (bad > 0) warn(saying('listEntries', { file: path, count: bad }))
      return read.flatMap(({ data }) => data ?? [])
    },
    put: (item) =>
      change((entries) => {
        const at = entries.findIndex(isCalled(item.name))
        return at < 0 ? [...entries, item] : entries.with(at, item)
      }),
    remove: (name) =>
      change((entries) => {
        const left = entries.filter((entry) => !isCalled(name)(entry))
        if (left.length === entries.length)
          throw new StudioError('not-found', `There is nothing called "${name}" in ${path}.`)
        return left
      }),
  }
}

const isCalled =
  (name: string) =>
  (entry: unknown): boolean =>
    typeof entry === 'object' && entry !== null && 'name' in entry && entry.name === name

/** null: the file is no list. */
async function readEntries(path: string): Promise<unknown[] | null> {
  try {
    const read: unknown = JSON.parse((await readFile(path, 'utf8')).replace(/^\ufeff/, ''))
    return Array.isArray(read) ? read : null
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? [] : null
  }
}

async function layAside(path: string, warn: Warn): Promise<unknown[]> {
  const kept = path.replace(/\.json$/, `-kept-${localTime(Date.now()).replaceAll(':', '-')}.json`)
  await rename(path, kept)
  warn(saying('listKept', { file: path, kept }))
  return []
}
