import type { Style } from '../shared/contract.ts'

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

/** Reads styles.csv: columns by the names in its first line, quoted fields over several lines. */
export function parseStyles(csv: string): Style[] {
  const [header = [], ...rows] = parseCsv(csv.replace(/^\ufeff/, ''))
  const column = (row: readonly string[], ...names: string[]): string =>
    row[header.findIndex((title) => names.includes(title.trim()))] ?? ''
  return rows
    .map((row) => ({
      name: column(row, 'name').trim(),
      prompt: column(row, 'prompt', 'text'),
      negativePrompt: column(row, 'negative_prompt'),
    }))
    .filter(({ name }) => name !== '' && name.toLowerCase() !== 'none')
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

/** RFC 4180: fields at commas, rows at line ends, both as text between quotes; "" is a quote. */
function parseCsv(csv: string): string[][] {
  const rows: string[][] = []
  const row: string[] = []
  let field = ''
  let quoted = false
  for (let at = 0; at < csv.length; at++) {
    const character = csv[at]
    if (quoted && character === '"' && csv[at + 1] === '"') field += csv[at++]
    else if (character === '"' && (quoted || field === '')) quoted = !quoted
    else if (quoted || ![',', '\n', '\r'].includes(character)) field += character
    else if (character !== '\r') {
      row.push(field)
      field = ''
      if (character === '\n') rows.push(row.splice(0))
    }
  }
  if (field !== '' || row.length > 0) rows.push([...row, field])
  return rows.filter((cells) => cells.some((cell) => cell !== ''))
}
