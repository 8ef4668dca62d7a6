import { nearestNames } from '../nearestNames.ts'
import { readDays } from './days.ts'
import {
  findField,
  flags,
  numberFields,
  queryFields,
  textFields,
  type Flag,
  type NumberField,
  type QueryField,
  type TextField,
} from './queryFields.ts'

/**
 * The language of the library's search:
 *
 *   red house             words of the prompt, all of them, the last one by its beginning
 *   "red house"           the same, never read as anything else
 *   steps>30  cfg:5..7    numbers: : = > >= < <= and a range with two dots; spaces may stand around > and <
 *   sampler:euler         names that contain it; sampler="Euler a" is the whole name
 *   sampler:euler,heun    any of several
 *   negative:blur         words of the negative prompt, the last one by its beginning; negative="blur" is the whole word
 *   size:512x768  seed:5  date:2026-07  date>=2026-07-15  is:rejected
 *   similar:ID            pictures that look like one, given by its id, the nearest first
 *   -sampler:euler  -cat  what is not so
 *
 * Everything written must hold.
 */
export type Condition = (
  | { kind: 'words'; text: string }
  | { kind: 'number'; field: NumberField; ranges: Range[] }
  | { kind: 'text'; field: TextField; values: string[]; isWhole: boolean }
  | { kind: 'negative'; values: string[]; isWhole: boolean }
  | { kind: 'seed' | 'variationSeed'; values: string[] }
  | { kind: 'size'; values: { width: number; height: number }[] }
  | { kind: 'days'; ranges: Range[] }
  | { kind: 'flag'; values: Flag[] }
  | { kind: 'similar'; ids: string[] }
) & { isNegated: boolean }

/** Numbers between two, which may be left out or be left open. Days are written as 20260731. */
export interface Range {
  min: number | null
  max: number | null
  isMinOpen: boolean
  isMaxOpen: boolean
}

/** What a search cannot be read for, and where it stands: from the first character to before the last. */
export interface QueryProblem {
  kind:
    | 'unknownField'
    | 'noValue'
    | 'noNumber'
    | 'noDate'
    | 'noSize'
    | 'noSeed'
    | 'noFlag'
    | 'noPicture'
    | 'noOrder'
  start: number
  end: number
  /** The field, or what was written as one. */
  name: string
  value: string
  /** Names that could have been meant. */
  nearest: readonly string[]
}

export type ParsedQuery =
  { conditions: Condition[]; problem: null } | { conditions: null; problem: QueryProblem }

/** Reads a search. It never throws: what cannot be read is answered with its place. */
export function parseQuery(text: string): ParsedQuery {
  try {
    return { conditions: readConditions(text), problem: null }
  } catch (error) {
    if (error instanceof Unreadable) return { conditions: null, problem: error.problem }
    throw error
  }
}

class Unreadable extends Error {
  readonly problem: QueryProblem
  constructor(problem: QueryProblem) {
    super(problem.kind)
    this.problem = problem
  }
}

/** One thing that was asked for: a field with its value, or words. */
const term =
  /(?<minus>(?<=^|\s)-(?=[\p{L}\p{N}"]))?(?:(?<=^|\s|-)(?<name>\p{L}[\p{L}\p{N}]*)(?<operator>[:=](?=\S|$)|[<>]=?\s*|\s+[<>]=?(?:\s+|(?=\d)))(?<value>(?:"[^"]*"?|[^\s",]+|,(?=\S))*)|(?<words>"[^"]*"?|[^\s"]+))/gu

/** A part of a search as it is written: a field with what is said of it, or words, whose name is empty. */
export interface WrittenTerm {
  start: number
  end: number
  isNegated: boolean
  name: string
  operator: string
  value: string
}

/** The parts of a search, in their order. */
export const termsOf = (text: string): WrittenTerm[] =>
  [...text.matchAll(term)].map(({ 0: whole, index: start, groups }) => {
    const { minus, name = '', operator = '', value, words } = groups as Record<string, string | undefined>
    const place = { start, end: start + whole.length, isNegated: minus !== undefined }
    return { ...place, name, operator: operator.trim(), value: value ?? words! }
  })

function readConditions(text: string): Condition[] {
  const conditions: Condition[] = []
  const plain: string[] = []
  for (const written of termsOf(text)) {
    const { isNegated, name, value } = written
    const condition = name === '' ? { kind: 'words' as const, text: unquote(value) } : readField(written)
    if (condition.kind !== 'words' || isNegated) conditions.push({ ...condition, isNegated })
    else if (name === '') plain.push(condition.text)
    else plain.unshift(condition.text)
  }
  const all = plain.join(' ')
  if (all.trim() === '') return conditions
  // The last word counts by its beginning until something stands behind it.
  const isOpen = text.endsWith(plain.at(-1)!)
  return [{ kind: 'words', text: isOpen ? all : `${all} `, isNegated: false }, ...conditions]
}

type Unmarked = Condition extends infer Each
  ? Each extends Condition
    ? Omit<Each, 'isNegated'>
    : never
  : never

function readField(written: WrittenTerm): Unmarked {
  const field = findField(written.name)
  if (!field) return fail(written, 'unknownField', nearestNames(written.name, queryFields, 3))
  if (written.value === '') return fail(written, 'noValue')
  const isOrdered = (numberFields as readonly string[]).includes(field) || field === 'date'
  if (!isOrdered && /[<>]/.test(written.operator)) return fail(written, 'noOrder')
  if (isOrdered) return readOrdered(field as NumberField | 'date', written)
  const values = splitValues(written)
  if ((textFields as readonly string[]).includes(field)) {
    return { kind: 'text', field: field as TextField, values, isWhole: written.operator === '=' }
  }
  return readOwn(field, values, written)
}

/** Fields that have a way of their own to be written. */
function readOwn(field: QueryField, values: string[], written: WrittenTerm): Unmarked {
  if (field === 'prompt') return { kind: 'words', text: values.join(' ') }
  if (field === 'negative') return { kind: 'negative', values, isWhole: written.operator === '=' }
  if (field === 'seed' || field === 'variationseed') {
    const wrong = values.find((value) => !/^\d{1,20}$/.test(value))
    if (wrong !== undefined) return fail(written, 'noSeed')
    const kind = field === 'seed' ? 'seed' : 'variationSeed'
    return { kind, values: values.map((value) => BigInt(value).toString()) }
  }
  if (field === 'similar') {
    const isId = values.every((value) => /^[\w-]{1,100}$/.test(value))
    return isId ? { kind: 'similar', ids: values } : fail(written, 'noPicture')
  }
  if (field === 'size') {
    const sizes = values.map((value) => /^(\d{1,5})[x×*](\d{1,5})$/iu.exec(value) ?? fail(written, 'noSize'))
    return { kind: 'size', values: sizes.map(([, width, height]) => ({ width: +width, height: +height })) }
  }
  const found = values.map(
    (value) => flags.find((flag) => flag === value.toLowerCase()) ?? fail(written, 'noFlag', flags),
  )
  return { kind: 'flag', values: found }
}

function readOrdered(field: NumberField | 'date', written: WrittenTerm): Unmarked {
  const read = field === 'date' ? readDays : readNumber
  const problem = field === 'date' ? 'noDate' : 'noNumber'
  const ranges = splitValues(written).map((value): Range => {
    const [from, to] = value.includes('..') ? value.split('..') : [value, value]
    const first = from === '' && from !== to ? null : (read(from) ?? fail(written, problem))
    const last = to === '' && from !== to ? null : (read(to) ?? fail(written, problem))
    return compared(written.operator, { min: first?.first ?? null, max: last?.last ?? null })
  })
  return field === 'date' ? { kind: 'days', ranges } : { kind: 'number', field, ranges }
}

/** What an operator makes of a value that reaches from a first to a last: a month has days. */
function compared(operator: string, { min, max }: { min: number | null; max: number | null }): Range {
  const open = { isMinOpen: false, isMaxOpen: false }
  if (operator === '>') return { ...open, min: max, max: null, isMinOpen: true }
  if (operator === '>=') return { ...open, min, max: null }
  if (operator === '<') return { ...open, min: null, max: min, isMaxOpen: true }
  if (operator === '<=') return { ...open, min: null, max }
  return { ...open, min, max }
}

function readNumber(text: string): { first: number; last: number } | null {
  if (!/^[-+]?(\d+(\.\d*)?|\.\d+)$/.test(text)) return null
  return { first: Number(text), last: Number(text) }
}

/** The values between commas; in quotes a comma is a letter like others. */
function splitValues(written: WrittenTerm): string[] {
  const parts = written.value.match(/(?:"[^"]*"?|[^,"])+/gu) ?? []
  const values = parts.map(unquote).filter((value) => value !== '')
  return values.length > 0 ? values : fail(written, 'noValue')
}

/** A quotation mark that is still open reaches to the end. */
const unquote = (text: string): string => text.replaceAll('"', '')

function fail(
  { start, end, name, value }: WrittenTerm,
  kind: QueryProblem['kind'],
  nearest: readonly string[] = [],
): never {
  throw new Unreadable({ kind, start, end, name, value: unquote(value), nearest })
}
