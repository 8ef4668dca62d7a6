import type { Style } from '../../shared/calls/contract.ts'
import { saying } from '../../shared/notices.ts'
import type { Complain } from './wildcards.ts'

/**
 * A prompt with styles applied one after the other: a style's {prompt} is replaced, without one the style is
 * appended after a comma. AUTOMATIC1111 1.10.1, styles.merge_prompts.
 */
export const applyStyles = (prompt: string, styleTexts: readonly string[]): string =>
  styleTexts.reduce(
    (merged, style) =>
      style.includes('{prompt}')
        ? style.replaceAll('{prompt}', () => merged)
        : [merged.trim(), style.trim()].filter((part) => part !== '').join(', '),
    prompt,
  )

const columns = { name: ['name'], prompt: ['prompt', 'text'], negativePrompt: ['negative_prompt'] }

/**
 * Reads styles.csv: columns by the names in its first line, quoted fields over several lines. The first line also says
 * what stands between fields: commas, or the semicolons or tabs of a spreadsheet. A file without the columns is
 * complained of.
 */
export function parseStyles(csv: string, complain: Complain): Style[] {
  const [, excel, rest] = /^\ufeff?(?:sep=(.)\r?\n)?([^]*)$/.exec(csv)!
  const separator = excel ?? separatorOf(rest)
  const [header = [], ...rows] = parseCsv(rest, separator)
  const titles = header.map((title) => title.trim().toLowerCase())
  const place = (names: readonly string[]): number => titles.findIndex((title) => names.includes(title))
  const missing = (['name', 'prompt'] as const).filter((column) => place(columns[column]) < 0)
  if (header.length > 0 && missing.length > 0) {
    complain(saying('stylesColumns', { missing: missing.join(', '), found: header.join(', ').slice(0, 200) }))
    return []
  }
  const column = (row: readonly string[], names: readonly string[]): string => row[place(names)] ?? ''
  return rows
    .map((row) => ({
      name: column(row, columns.name).trim(),
      prompt: column(row, columns.prompt),
      negativePrompt: column(row, columns.negativePrompt),
    }))
    .filter(({ name }) => name !== '' && name.toLowerCase() !== 'none')
}

/** The separator that the first line has most of. */
function separatorOf(csv: string): string {
  const [line] = csv.split(/[\r\n]/, 1)
  const count = (separator: string): number => line.split(separator).length
  return [',', ';', '\t'].reduce((best, separator) => (count(separator) > count(best) ? separator : best))
}

/** Writes what parseStyles reads. */
export const printStyles = (styles: readonly Style[]): string =>
  [
    ['name', 'prompt', 'negative_prompt'],
    ...styles.map(({ name, prompt, negativePrompt }) => [name, prompt, negativePrompt]),
  ]
    .map((row) => row.map(quoteField).join(','))
    .join('\r\n')
    .concat('\r\n')

const quoteField = (field: string): string =>
  /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field

/** RFC 4180: fields at separators, rows at line ends, both as text between quotes; "" is a quote. */
function parseCsv(csv: string, separator: string): string[][] {
  const rows: string[][] = []
  const row: string[] = []
  let field = ''
  let quoted = false
  for (let at = 0; at < csv.length; at++) {
    const character = csv[at]
    if (quoted && character === '"' && csv[at + 1] === '"') field += csv[at++]
    else if (character === '"' && (quoted || field === '')) quoted = !quoted
    else if (quoted || ![separator, '\n', '\r'].includes(character)) field += character
    else if (character !== '\r') {
      row.push(field)
      field = ''
      if (character === '\n') rows.push(row.splice(0))
    }
  }
  if (field !== '' || row.length > 0) rows.push([...row, field])
  return rows.filter((cells) => cells.some((cell) => cell !== ''))
}
