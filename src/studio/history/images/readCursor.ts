import { StudioError } from '../../../shared/errors.ts'

/** The number in a cursor of one kind. Throws `bad-request` for one that no such page gave. */
export function readCursor(cursor: string, kind: 'r' | 'n'): number {
  const [, found, number] = /^([rn])(\d{1,16})$/.exec(cursor) ?? []
  if (found !== kind)
    throw new StudioError('bad-request', 'The cursor is not one that a page of this search gave.')
  return Number(number)
}
