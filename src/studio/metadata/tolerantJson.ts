import { StudioError } from '../../shared/errors.ts'
import { checkDepth } from './bounds.ts'

export type JsonObject = Record<string, unknown>

/**
 * Parses JSON as Python programs write it: NaN and infinities become null, and whole numbers beyond 2^53 stay exact
 * as strings. undefined for what is not JSON. Throws `bad-metadata` for what nests without end.
 */
function parseJson(text: string): unknown {
  if (text === last.text) return last.value
  if (/^\s*[[{]/.test(text)) checkDepth(text)
  last = { text, value: parseOnce(text) }
  return last.value
}

/** Several programs look at one text in turn. */
let last: { text: string; value: unknown } = { text: '', value: undefined }

function parseOnce(text: string): unknown {
  try {
    return JSON.parse(/NaN|Infinity|\d{16}/.test(text) ? plainJson(text) : text)
  } catch {
    return undefined
  }
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export function parseObject(text: string | undefined): JsonObject | undefined {
  const value = text === undefined ? undefined : parseJson(text)
  return isObject(value) ? value : undefined
}

export function parseList(text: string | undefined): unknown[] | undefined {
  const value = text === undefined ? undefined : parseJson(text)
  return Array.isArray(value) ? (value as unknown[]) : undefined
}

/** Texts of C programs may end in zeroes. A regular expression would look for the end from each of them. */
export function withoutZeroes(text: string): string {
  let end = text.length
  while (end > 0 && text[end - 1] === '\0') end--
  return text.slice(0, end)
}

/** The object in a text that has to hold one. Throws `bad-metadata`, naming the keyword, for anything else. */
export function requireObject(text: string, keyword: string): JsonObject {
  const object = parseObject(text)
  if (object) return object
  throw new StudioError(
    'bad-metadata',
    `The text "${keyword}" in this file should be a JSON object and is not.`,
  )
}

/** One pass over the text; strings are copied as they are. */
function plainJson(text: string): string {
  const parts: string[] = []
  let from = 0
  while (from < text.length) {
    const quote = text.indexOf('"', from)
    const end = quote < 0 ? text.length : quote
    parts.push(
      text
        .slice(from, end)
        .replace(/NaN|-?Infinity/g, 'null')
        .replace(/(?<![\d.eE+-])\d{16,}(?![\d.eE])/g, '"$&"'),
    )
    from = end
    if (quote >= 0) {
      from = stringEnd(text, quote)
      parts.push(text.slice(quote, from))
    }
  }
  return parts.join('')
}

function stringEnd(text: string, quote: number): number {
  let at = quote + 1
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at + 1
}
