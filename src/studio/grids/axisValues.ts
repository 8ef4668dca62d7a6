import type { GridValueKind } from '../../shared/grids/gridParameters.ts'

/** The values of an axis, as AUTOMATIC1111's X/Y/Z plot writes them (1.10.1, scripts/xyz_grid.py, process_axis). */

/** More are too many for any grid, and 1-1000000000 is soon typed. */
const mostValues = 1000

/**
 * The values that a text lists. Numbers may be ranges: `1-5`, with a step `1-10 (+2)` or `10-1 (-3)`, or as many as are
 * said between both ends `1-10 [5]`; whole numbers are cut there, not rounded. Of texts for `order` every order is a value.
 * Throws an Error that says what cannot be read.
 */
export function axisValues(written: string, kind: GridValueKind): string[] {
  const listed = listValues(written)
  if (kind === 'order') return permutations(listed).map((texts) => printOrder(texts))
  if (kind === 'text') return limited(listed)
  const given = listed.filter((value) => value !== '')
  if (kind === 'switch') return given.map(readSwitch)
  return limited(given.flatMap((value) => expandRange(value, kind === 'integer') ?? [value]))
}

/**
 * A list with commas as Python's csv module reads it: a value in quotes may hold commas, lines and doubled quotes, and
 * spaces around a value do not count.
 */
export function listValues(text: string): string[] {
  const values: string[] = []
  let rest = text
  for (;;) {
    rest = rest.replace(/^[ \t]+/, '')
    const [whole, quoted, behind] = /^"((?:[^"]|"")*)(?:"([^,\n]*)|$)/.exec(rest) ?? []
    const taken = whole ?? /^[^,\n]*/.exec(rest)![0]
    values.push((whole === undefined ? taken : quoted.replaceAll('""', '"') + (behind ?? '')).trim())
    rest = rest.slice(taken.length)
    if (rest === '' || rest === '\n') return text.trim() === '' ? [] : values
    rest = rest.slice(1)
  }
}

/** The texts of an order as one value, and back. */
const printOrder = (texts: readonly string[]): string => JSON.stringify(texts)
export const readOrder = (value: string): string[] => JSON.parse(value) as string[]

const range =
  /^([+-]?\s*\d+(?:\.\d*)?)\s*-\s*([+-]?\s*\d+(?:\.\d*)?)\s*(?:\(\s*([+-]\d+(?:\.\d*)?)\s*\)|\[\s*(\d+)\s*\])?$/

/** The numbers of a range; null: it is none. */
function expandRange(value: string, isWhole: boolean): string[] | null {
  const [, from, to, by, count] = range.exec(value) ?? []
  if (from === undefined || (isWhole && [from, to, by].some((number) => number?.includes('.')))) return null
  const [start, end] = [from, to].map((number) => Number(number.replaceAll(/\s/g, '')))
  const numbers = count === undefined ? stepped(start, end, by) : spaced(start, end, Number(count), isWhole)
  if (numbers.length === 0)
    throw new Error(`"${value}" has no value: downwards it is written ${from}-${to} (-1)`)
  return numbers.map((number) => String(round(number)))
}

/** Sums of steps such as 0.1 end in many digits: AUTOMATIC1111 shows eight of them. */
const round = (number: number): number => Number(number.toFixed(8))

function stepped(start: number, end: number, written: string | undefined): number[] {
  const by = written === undefined ? 1 : Number(written)
  if (by === 0) throw new Error('a step of 0 leads nowhere')
  // What rounding leaves of a last step that fits is no reason to leave it out.
  const count = Math.floor((end - start) / by + 1e-9) + 1
  checkCount(count)
  return Array.from({ length: Math.max(0, count) }, (_, index) => start + index * by)
}

function spaced(start: number, end: number, count: number, isWhole: boolean): number[] {
  checkCount(count)
  return Array.from({ length: count }, (_, index) => {
    const value = count === 1 ? start : round(start + (index * (end - start)) / (count - 1))
    return isWhole ? Math.trunc(value) : value
  })
}

function checkCount(count: number): void {
  if (count > mostValues) throw new Error(`these are ${count} values; at most ${mostValues} can be read`)
}

function limited(values: string[]): string[] {
  checkCount(values.length)
  return values
}

const switchWords: Record<string, string> = { true: 'true', yes: 'true', on: 'true', '1': 'true' }
const offWords: Record<string, string> = { false: 'false', no: 'false', off: 'false', '0': 'false' }

function readSwitch(value: string): string {
  const read = { ...switchWords, ...offWords }[value.toLowerCase()]
  if (read === undefined) throw new Error(`must be true or false, found "${value}"`)
  return read
}

function permutations(texts: readonly string[]): string[][] {
  // Of seven there are 5040 orders.
  if (texts.length > 6) throw new Error(`at most 6 texts can be put in every order, found ${texts.length}`)
  if (texts.length < 2) return [[...texts]]
  return texts.flatMap((text, index) =>
    permutations(texts.filter((_, other) => other !== index)).map((rest) => [text, ...rest]),
  )
}
