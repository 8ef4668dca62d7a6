/**
 * AUTOMATIC1111's generation text: the prompt, a line "Negative prompt: …", and one line of "Key: value, …".
 * AUTOMATIC1111 1.10.1, processing.create_infotext and infotext_utils.parse_generation_parameters.
 */
export interface Infotext {
  prompt: string
  negativePrompt: string
  /** Keys and values in their order. A size 512x768 under the key Size is Size-1 and Size-2. */
  parameters: Map<string, string>
}

/** Writes an infotext; values with a comma, colon or line end are quoted as JSON. */
export function printInfotext(
  prompt: string,
  negativePrompt: string,
  parameters: readonly (readonly [key: string, value: string | number])[],
): string {
  const negative = negativePrompt === '' ? '' : `\nNegative prompt: ${negativePrompt}`
  const line = parameters.map(([key, value]) => `${key}: ${quote(String(value))}`).join(', ')
  return `${prompt}${negative}\n${line}`.trim()
}

const quote = (value: string): string => (/[,:\n]/.test(value) ? JSON.stringify(value) : value)

/** Reads an infotext as AUTOMATIC1111 does: a last line with fewer than three keys belongs to the prompt. */
export function parseInfotext(text: string): Infotext {
  const lines = text.trim().split('\n')
  const pairs = parsePairs(lines.at(-1)!)
  if (pairs.length >= 3) lines.pop()

  const prompt: string[] = []
  const negative: string[] = []
  let current = prompt
  for (const line of lines.map((line) => line.trim())) {
    const isNegative = line.startsWith(negativeMark)
    if (isNegative) current = negative
    const content = isNegative ? line.slice(negativeMark.length).trim() : line
    if (current.length > 0 || content !== '') current.push(content)
  }
  const parameters = new Map<string, string>()
  if (pairs.length >= 3) for (const pair of pairs) setParameter(parameters, ...pair)
  return { prompt: prompt.join('\n'), negativePrompt: negative.join('\n'), parameters }
}

const negativeMark = 'Negative prompt:'

function setParameter(parameters: Map<string, string>, key: string, written: string): void {
  if (written === '') return
  const value = unquote(written)
  const size = /^(\d+)x(\d+)$/.exec(value)
  if (!size) parameters.set(key, value)
  else parameters.set(`${key}-1`, size[1]).set(`${key}-2`, size[2])
}

function unquote(value: string): string {
  if (!value.startsWith('"') || !value.endsWith('"')) return value
  try {
    return String(JSON.parse(value))
  } catch {
    return value
  }
}

/** What a UTF-16 unit of ASCII can be in a key: 2 a word character, 1 another one, 0 none. */
const asciiKinds = Uint8Array.from({ length: 128 }, (_, unit) => {
  const character = String.fromCharCode(unit)
  return /\w/.test(character) ? 2 : ' -/'.includes(character) ? 1 : 0
})
const kindAt = (line: string, at: number): number => {
  const unit = line.charCodeAt(at)
  return unit < 128 ? asciiKinds[unit] : /[\p{L}\p{N}]/u.test(line[at]) ? 2 : 0
}

/** The keys and raw values of a line, in one pass: what `\s*(\w[\w \-/]+):\s*("(?:\\.|[^\\"])+"|[^,]*)(?:,|$)` finds. */
function parsePairs(line: string): [string, string][] {
  const pairs: [string, string][] = []
  let from = 0
  for (let colon = line.indexOf(':'); colon >= 0; colon = line.indexOf(':', Math.max(from, colon + 1))) {
    const key = keyBefore(line, from, colon)
    if (key === undefined) {
      from = colon + 1
      continue
    }
    let start = colon + 1
    while (start < line.length && (line[start] === ' ' || /\s/.test(line[start]))) start++
    const end = quotedEnd(line, start) ?? endOr(line.indexOf(',', start), line.length)
    pairs.push([key, line.slice(start, end)])
    from = end + 1
  }
  return pairs
}

const endOr = (index: number, otherwise: number): number => (index < 0 ? otherwise : index)

/** The longest key that ends at a colon: from a word character on, two characters or more. */
function keyBefore(line: string, from: number, colon: number): string | undefined {
  let start = colon
  while (start > from && kindAt(line, start - 1) > 0) start--
  while (start < colon && kindAt(line, start) < 2) start++
  return colon - start >= 2 ? line.slice(start, colon) : undefined
}

/** Where a quoted value ends, if one starts here and a comma or the end follows it. */
function quotedEnd(line: string, start: number): number | undefined {
  if (line[start] !== '"') return undefined
  let at = start + 1
  while (at < line.length && line[at] !== '"') at += line[at] === '\\' ? 2 : 1
  const end = at + 1
  return at < line.length && at > start + 1 && (end === line.length || line[end] === ',') ? end : undefined
}
