import { isDeepStrictEqual } from 'node:util'
import type { CaseResult } from './kind.ts'

/** One thing a case expects: what was found and what the reference says. */
export interface Expectation {
  what: string
  found: unknown
  expected: unknown
}

/** A case that passes only if everything is exactly as expected; the note names what is not. */
export function exactCase(
  kind: string,
  name: string,
  expectations: readonly Expectation[],
  note = '',
): CaseResult {
  const wrong = expectations.filter(
    ({ found, expected }) => !isDeepStrictEqual(plain(found), plain(expected)),
  )
  const notes = wrong.map(
    ({ what, found, expected }) =>
      `${what}: found ${JSON.stringify(found)}, expected ${JSON.stringify(expected)}`,
  )
  return {
    name,
    kind,
    pass: wrong.length === 0,
    maxAbs: wrong.length,
    maxRel: expectations.length === 0 ? 0 : wrong.length / expectations.length,
    tolerance: 'exact',
    note: [note, ...notes]
      .filter((part) => part !== '')
      .join('; ')
      .slice(0, 600),
  }
}

/** As JSON has it, with the texts for numbers that JSON cannot hold read as numbers. */
const plain = (value: unknown): unknown =>
  value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown)

/** A text short enough for a name. */
export const shorten = (text: string): string =>
  JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)
