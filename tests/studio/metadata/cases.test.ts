import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { inspectFile } from '../../../src/studio/metadata/inspectFile.ts'

/**
 * Pictures as other programs write them, and what is right to say of each (`cases/expect.json`). A check looks at
 * one field by its path, or at the lines "key: value (reason)" of what could not be mapped.
 */
const folder = join(import.meta.dirname, 'cases')
const cases = JSON.parse(readFileSync(join(folder, 'expect.json'), 'utf8')) as Record<string, Case>

interface Case {
  why: string
  checks: Check[]
  /** What would be right to read of programs that are not claimed to be read; held as the checks are. */
  wishes?: Check[]
}

type Check =
  | { anyOf: Check[] }
  | { unmappedMentions: string }
  | { unmappedNotMentions: string }
  | { path: string; absent: true }
  | { path: string; equals: unknown; orAbsent?: true }
  | { path: string; contains: string }
  | { path: string; notContains: string }
  | { path: string; matches: string }
  | { path: string; notMatches: string }

interface Answer {
  fields: unknown
  unmapped: string[]
}

describe('what is said of a picture of another program is right', () => {
  it.each(Object.entries(cases))('%s', async (file, { checks, wishes = [] }) => {
    const { generation } = await inspectFile(join(folder, file))
    const lines = (generation?.unmapped ?? []).map(({ key, value, reason }) => `${key}: ${value} (${reason})`)
    const answer: Answer = { fields: generation ?? {}, unmapped: lines }
    const failing = [...checks, ...wishes].filter((check) => !holds(check, answer))
    expect(failing.map((check) => ({ check, found: found(check, answer) }))).toEqual([])
  })
})

function holds(check: Check, answer: Answer): boolean {
  if ('anyOf' in check) return check.anyOf.some((one) => holds(one, answer))
  if ('unmappedMentions' in check) return answer.unmapped.some(matching(check.unmappedMentions))
  if ('unmappedNotMentions' in check) return !answer.unmapped.some(matching(check.unmappedNotMentions))
  const value = at(answer.fields, check.path)
  const none = value === undefined || value === null
  if ('absent' in check) return none
  if ('equals' in check) return (none && check.orAbsent === true) || same(value, check.equals)
  const text = shown(value)
  if ('contains' in check) return !none && plain(text).includes(plain(check.contains))
  if ('notContains' in check) return none || !plain(text).includes(plain(check.notContains))
  return 'matches' in check
    ? !none && matching(check.matches)(text)
    : none || !matching(check.notMatches)(text)
}

const found = (check: Check, answer: Answer): unknown =>
  'path' in check ? at(answer.fields, check.path) : answer.unmapped.map((line) => line.slice(0, 200))

const at = (fields: unknown, path: string): unknown =>
  path.split('.').reduce((value, key) => (value as Record<string, unknown> | null | undefined)?.[key], fields)

const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** Text without what no one means: carriage returns, spaces at line ends and at both ends. */
const plain = (text: string): string =>
  text
    .replace(/\r\n?/g, '\n')
    .replace(/[ \t]+(?=\n|$)/g, '')
    .trim()

/** Whole numbers exactly, also seeds of 64 bits as text; fractions as near as a decimal that was written once. */
function same(value: unknown, wanted: unknown): boolean {
  const isWhole = (one: unknown) => /^-?\d+$/.test(String(one))
  if (isWhole(value) && isWhole(wanted)) return BigInt(String(value)) === BigInt(String(wanted))
  if (typeof wanted === 'number')
    return Math.abs(Number(value) - wanted) <= 1e-6 * Math.max(1, Math.abs(wanted))
  return typeof value === 'string' && typeof wanted === 'string'
    ? plain(value) === plain(wanted)
    : value === wanted
}

/** Whether a regular expression matches; "(?i)" at its start means that case does not count. */
function matching(source: string): (text: string) => boolean {
  const anyCase = source.startsWith('(?i)')
  const expression = new RegExp(anyCase ? source.slice(4) : source, anyCase ? 'iu' : 'u')
  return (text) => expression.test(text)
}
