import { wildcardPattern } from '../../shared/prompt/wildcardName.ts'

/** A prompt with choices: text, {a|b} to choose from, and __names__ of wildcards. */
export type Part = string | Choice | { wildcard: string }

export interface Choice {
  options: Option[]
  /** {2$$ and $$a|b|c}: how many to take, each once, and what to put between them. null: one. */
  count: { least: number; most: number; joiner: string } | null
}

/** {2::a|b}: `a` is taken twice as often as `b`. */
export interface Option {
  weight: number
  parts: Part[]
}

const countHeader = String.raw`\s*[~@!]?\s*(?:\d+-\d+|-\d+|\d+-|\d+)\$\$(?:[^$\{\}]*\$\$)?`
const tokens = new RegExp(String.raw`\\[\{\|\}]|\{(?:${countHeader})?|[|}]|${wildcardPattern}|[^]`, 'gu')

/** An open brace, with the count behind it, and what has been read since, cut at each |. */
interface Frame {
  written: string
  sections: Part[][]
}

/**
 * Cuts a template at its braces and names, in the dialect of Dynamic Prompts. Only braces with a | inside are a
 * choice, or with a count; other braces, those escaped and those that never close are text.
 */
export function parseTemplate(template: string): Part[] {
  const frames: Frame[] = [{ written: '', sections: [[]] }]
  const top = () => frames[frames.length - 1]
  const append = (...parts: Part[]) => {
    const section = top().sections[top().sections.length - 1]
    for (const part of parts) {
      const last = section[section.length - 1]
      if (typeof part === 'string' && typeof last === 'string') section[section.length - 1] = last + part
      else section.push(part)
    }
  }

  for (const [token, name] of template.matchAll(tokens)) {
    if (name !== undefined) append({ wildcard: name })
    else if (token.startsWith('{')) frames.push({ written: token, sections: [[]] })
    else if (token === '|' && frames.length > 1) top().sections.push([])
    else if (token === '}' && frames.length > 1) {
      const frame = frames.pop()!
      if (frame.sections.length > 1 || frame.written.length > 1) append(choiceOf(frame))
      else append('{', ...frame.sections[0], '}')
    } else append(token)
  }
  // Braces that never closed are text, and what stands between them follows in order.
  return frames.flatMap(({ written, sections }) => [
    ...(written ? [written] : []),
    ...sections.flatMap((section, index) => (index > 0 ? ['|', ...section] : section)),
  ])
}

function choiceOf({ written, sections }: Frame): Choice {
  const count = readCount(written)
  const options = sections.map((section, index) => readOption(section, index === 0 && count === null))
  return { options, count }
}

function readCount(written: string): Choice['count'] {
  const found = /^\{\s*[~@!]?\s*(\d*)(-?)(\d*)\$\$(?:([^$]*)\$\$)?$/.exec(written)
  if (!found) return null
  const [, least, dash, most, joiner = ', '] = found
  const lower = least === '' ? 1 : Number(least)
  const upper = most !== '' ? Number(most) : dash ? Infinity : lower
  return { least: Math.min(lower, upper), most: Math.max(lower, upper), joiner }
}

/** Takes the weight from the front of an option, and from the first the sign of how to choose. */
function readOption(section: readonly Part[], isFirst: boolean): Option {
  const [first, ...rest] = section
  if (typeof first !== 'string') return { weight: 1, parts: [...section] }
  const unsigned = isFirst ? first.replace(/^\s*[~@!](?=\S)/, '') : first
  const { weight, text } = takeWeight(unsigned)
  return { weight, parts: [text, ...rest] }
}

/** "2::red" is red, twice as often as without. */
export function takeWeight(written: string): { weight: number; text: string } {
  const found = /^\s*(\d+\.?\d*|\.\d+)::/.exec(written)
  return found
    ? { weight: Number(found[1]), text: written.slice(found[0].length) }
    : { weight: 1, text: written }
}

/** The names of all wildcards in a template, in whatever choice. */
export function wildcardsIn(template: string): string[] {
  const names = new Set<string>()
  const open: Part[] = parseTemplate(template)
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    if (typeof part === 'string') continue
    if ('wildcard' in part) names.add(part.wildcard)
    else for (const { parts } of part.options) for (const inner of parts) open.push(inner)
  }
  return [...names]
}
