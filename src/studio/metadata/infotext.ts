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

/**
 * Reads an infotext as AUTOMATIC1111 does, a last line with fewer than three keys belonging to the prompt, and
 * what other programs make of the format: settings over several lines, values that are JSON, the templates that the
 * extension Dynamic Prompts puts behind the settings, and one setting a line.
 */
export function parseInfotext(text: string): Infotext {
  const lines = withLineBreaks(text.trim()).split('\n')
  const start = settingsStart(lines)
  const parameters = new Map<string, string>()
  const { settings, templates } = splitTemplates(lines.slice(start))
  for (const [key, value] of readSettings(settings)) setParameter(parameters, key, value)
  for (const { key, lines } of templates) parameters.set(key, unquote(lines.join('\n').trim()))
  return { ...readPrompts(lines.slice(0, start)), parameters }
}

/** Some copies of a text lose its line breaks; where its settings start tells that. */
function withLineBreaks(text: string): string {
  if (text.includes('\n')) return text
  const settings = /\sSteps: ?\d+, (?=Sampler|Seed|CFG|Size|Schedule)/.exec(text)
  if (!settings || /[,:]\s*$/.test(text.slice(Math.max(0, settings.index - 20), settings.index))) return text
  const prompts = text.slice(0, settings.index).replace(/\s(?=Negative prompt:)/i, '\n')
  return `${prompts}\n${text.slice(settings.index + 1)}`
}

const positiveMark = 'Positive prompt:'
const negativeMark = 'Negative prompt:'

/** People who write these texts by hand care little for capitals. */
const startsWith = (line: string, mark: string): boolean =>
  line.slice(0, mark.length).toLowerCase() === mark.toLowerCase()

function readPrompts(lines: readonly string[]): { prompt: string; negativePrompt: string } {
  const prompt: string[] = []
  const negative: string[] = []
  let current = prompt
  for (const [index, line] of lines.map((line) => line.trim()).entries()) {
    const mark = startsWith(line, negativeMark)
      ? negativeMark
      : index === 0 && startsWith(line, positiveMark)
        ? positiveMark
        : ''
    if (mark === negativeMark) current = negative
    const content = line.slice(mark.length).trim()
    if (current.length > 0 || content !== '') current.push(content)
  }
  return { prompt: prompt.join('\n'), negativePrompt: negative.join('\n') }
}

/** Keys that stand one a line where a program writes so, and of which two are enough to be settings. */
const plainKeys = new Set(
  ['Steps', 'Seed', 'Sampler', 'Scheduler', 'Schedule type', 'CFG scale', 'Size', 'Width', 'Height', 'Model']
    .concat([
      'Model hash',
      'VAE',
      'Clip skip',
      'Denoising strength',
      'Start at step',
      'End at step',
      'Version',
    ])
    .map((key) => key.toLowerCase()),
)

/** The index of the line at which the settings start; that of the end where there are none. */
function settingsStart(lines: readonly string[]): number {
  const steps = lastStepsLine(lines)
  const last = lines.length - 1
  if (steps >= 0 && (steps === last || /,\s*$/.test(lines[steps]) || hasSettings(lines[steps]))) {
    if (hasSettings(lines.slice(steps).join('\n'))) return steps
  }
  const pairs = readSettings(lines[last], 3)
  if (pairs.length === 3) return last
  let first = lines.length
  while (first > 0 && isPlainSetting(lines[first - 1])) first--
  if (lines.length - first >= 3) return first
  const isSettings = pairs.length === 2 && pairs.every(([key]) => plainKeys.has(key.toLowerCase()))
  return isSettings && lines[last].trim().startsWith(pairs[0][0]) ? last : lines.length
}

const isStepsLine = (line: string): boolean => /^\s*Steps: ?\d/.test(line)

/** The last line that starts with steps and lies in no value of settings that started before; -1 without one. */
function lastStepsLine(lines: readonly string[]): number {
  const first = lines.findIndex(isStepsLine)
  if (first === lines.findLastIndex(isStepsLine)) return first
  const values = readSettings(lines.slice(first).join('\n')).filter(([, value]) => value.includes('\n'))
  let steps = first
  let value = 0
  let at = 0
  for (let index = first; index < lines.length; at += lines[index++].length + 1) {
    while (value < values.length && values[value][2] + values[value][1].length <= at) value++
    const isInside = value < values.length && values[value][2] < at
    if (!isInside && isStepsLine(lines[index])) steps = index
  }
  return steps
}

const hasSettings = (text: string): boolean => readSettings(text, 3).length === 3

function isPlainSetting(line: string): boolean {
  const colon = line.length < 500 ? line.indexOf(':') : -1
  return colon > 0 && plainKeys.has(line.slice(0, colon).trim().toLowerCase())
}

interface Template {
  key: string
  lines: string[]
}

/** Parts the lines from the settings on into settings and what Dynamic Prompts puts behind them. */
function splitTemplates(lines: readonly string[]): { settings: string; templates: Template[] } {
  const templates: Template[] = []
  const settings: string[] = []
  for (const line of lines) {
    const start = /^(Negative Template|Template): ?/.exec(line)
    if (start) templates.push({ key: start[1], lines: [line.slice(start[0].length)] })
    else (templates.at(-1)?.lines ?? settings).push(line)
  }
  return { settings: settings.join('\n'), templates }
}

function setParameter(parameters: Map<string, string>, key: string, written: string): void {
  if (written === '') return
  const value = unquote(written).replace(/^(-?\d+),(\d+)$/, '$1.$2')
  const size = /^(\d+)x(\d+)$/.exec(value)
  if (!size) parameters.set(key, value)
  else parameters.set(`${key}-1`, size[1]).set(`${key}-2`, size[2])
}

function unquote(value: string): string {
  if (value.length < 2 || !value.startsWith('"') || !value.endsWith('"')) return value
  try {
    return String(JSON.parse(value.replaceAll('\r', '').replaceAll('\n', '\\n')))
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

/**
 * The keys and raw values of settings, and where each value starts, in one pass: what `\s*(\w[\w \-/]+):\s*("(?:\\.|[^\\"])+"|[^,]*)(?:,|$)` finds
 * in a line. A value that starts as JSON goes on to its end; any other ends with its line.
 */
function readSettings(text: string, most = Infinity): [string, string, number][] {
  const pairs: [string, string, number][] = []
  const jsonEnd = jsonEnds(text)
  const lineEnd = nextOf(text, '\n')
  const comma = nextOf(text, ',')
  let from = 0
  for (
    let colon = text.indexOf(':');
    colon >= 0 && pairs.length < most;
    colon = text.indexOf(':', Math.max(from, colon + 1))
  ) {
    const key = keyBefore(text, from, colon)
    if (key === undefined) {
      from = colon + 1
      continue
    }
    let start = colon + 1
    while (start < text.length && text[start] !== '\n' && (text[start] === ' ' || /\s/.test(text[start])))
      start++
    const end =
      quotedEnd(text, start) ??
      jsonEnd(start) ??
      decimalEnd(text, start) ??
      Math.min(lineEnd(start), comma(start))
    pairs.push([key, text.slice(start, end), start])
    from = end + 1
  }
  return pairs
}

/** The first place from another on where a character stands, or the end; places must not go back. */
function nextOf(text: string, character: string): (start: number) => number {
  let found = -1
  return (start) => {
    if (found < start) found = text.indexOf(character, start)
    return (found = found < 0 ? text.length : found)
  }
}

/** The longest key that ends at a colon: from a word character on, two characters or more. */
function keyBefore(line: string, from: number, colon: number): string | undefined {
  let start = colon
  while (start > from && kindAt(line, start - 1) > 0) start--
  while (start < colon && kindAt(line, start) < 2) start++
  return colon - start >= 2 ? line.slice(start, colon) : undefined
}

/** Where a quoted value ends, if one starts here and a comma or the end of a line follows it. */
function quotedEnd(line: string, start: number): number | undefined {
  if (line[start] !== '"') return undefined
  let at = start + 1
  while (at < line.length && line[at] !== '"') at += line[at] === '\\' ? 2 : 1
  const end = at + 1
  return at < line.length && at > start + 1 && isValueEnd(line, end) ? end : undefined
}

/** Where a number ends that has a comma for its decimal point, as some systems print it: "CFG scale: 7,5, Seed: 1". */
function decimalEnd(line: string, start: number): number | undefined {
  const number = /-?\d+,\d+(?=[,\r\n]|$)/y
  number.lastIndex = start
  return number.test(line) ? number.lastIndex : undefined
}

/**
 * Where a value ends that is a JSON list or object, with a comma or the end of a line behind it. A stretch in which
 * none was found is not looked through again, so that all looking together takes one pass.
 */
function jsonEnds(text: string): (start: number) => number | undefined {
  let lookedThrough = 0
  return (start) => {
    if (start < lookedThrough || (text[start] !== '[' && text[start] !== '{')) return undefined
    let depth = 0
    let at = start
    for (; at < text.length; at++) {
      const character = text[at]
      if (character === '"') at = stringEnd(text, at)
      else if (character === '[' || character === '{') depth++
      else if ((character === ']' || character === '}') && --depth === 0) break
    }
    if (at < text.length && isValueEnd(text, at + 1)) return at + 1
    lookedThrough = at
    return undefined
  }
}

const isValueEnd = (text: string, at: number): boolean =>
  at >= text.length || text[at] === ',' || text[at] === '\n' || text[at] === '\r'

function stringEnd(text: string, quote: number): number {
  let at = quote + 1
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at
}
