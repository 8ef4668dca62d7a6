import { StudioError } from '../../shared/errors.ts'

/** The number in a cursor of one kind; null: the first page is wanted. Throws `bad-request` for one that no such page gave. */
export function readCursor(cursor: string | null, kind: 'r' | 'n'): number | null {
  if (cursor === null) return null
  const [, found, number] = /^([rn])(\d{1,16})$/.exec(cursor) ?? []
  if (found !== kind)
    throw new StudioError('bad-request', 'The cursor is not one that a page of this search gave.')
  return Number(number)
}
