import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { StudioError } from '../shared/errors.ts'
import { limits, type Seed } from '../shared/request.ts'

/** Lines to choose from, by the name of their file below the folder of wildcards, without ".txt". */
export type Wildcards = ReadonlyMap<string, readonly string[]>

type Part = string | { options: Part[][] } | { wildcard: string }

const deepest = 20

/**
 * Chooses for every {a|b} one option and for every __name__ one line of that wildcard, which may hold further
 * ones. The same seed always chooses the same. Braces without | and names that are not known stay as they are;
 * \{ is a brace as text, and stays so written. Throws `bad-request` for wildcards that lead to themselves or to a prompt too long.
 */
export function choosePrompt(template: string, seed: Seed, wildcards: Wildcards): string {
  let choices = 0
  let length = 0
  const chooseFrom = <Item>(items: readonly Item[]): Item => items[choiceOf(seed, choices++) % items.length]

  const resolve = (parts: readonly Part[], depth: number): string =>
    parts.map((part) => resolvePart(part, depth)).join('')
  const resolvePart = (part: Part, depth: number): string => {
    if (typeof part === 'string') return counted(part)
    if ('options' in part) return resolve(chooseFrom(part.options), depth)
    if (depth >= deepest) throw tooDeep(part.wildcard)
    const lines = wildcards.get(part.wildcard)
    return lines?.length
      ? resolve(parseTemplate(chooseFrom(lines)), depth + 1)
      : counted(`__${part.wildcard}__`)
  }
  const counted = (text: string): string => {
    length += text.length
    if (length > limits.promptLength) throw tooLong()
    return text
  }
  return resolve(parseTemplate(template), 0)
}

/** A number that follows from the seed and the place of a choice alone, the same on every machine. */
const choiceOf = (seed: Seed, place: number): number =>
  createHash('sha256').update(`${seed}:${place}`).digest().readUInt32BE(0)

const tooDeep = (name: string) =>
  new StudioError(
    'bad-request',
    `The wildcard __${name}__ leads to itself, or more than ${deepest} deep. Change its file.`,
  )
const tooLong = () =>
  new StudioError(
    'bad-request',
    `With its wildcards the prompt has more than ${limits.promptLength} characters. Shorten it.`,
  )

interface Frame {
  sections: Part[][]
}

/** Cuts a template at its braces and names. Only braces with a | inside are a choice. */
function parseTemplate(template: string): Part[] {
  const frames: Frame[] = [{ sections: [[]] }]
  const top = () => frames[frames.length - 1]
  const append = (...parts: Part[]) => {
    const section = top().sections[top().sections.length - 1]
    for (const part of parts) {
      const last = section[section.length - 1]
      if (typeof part === 'string' && typeof last === 'string') section[section.length - 1] = last + part
      else section.push(part)
    }
  }

  for (const [token, name] of template.matchAll(
    /\\[{|}]|[{|}]|__([\p{L}\p{N}][\p{L}\p{N}/ -]*(?:_[\p{L}\p{N}/ -]+)*)__|[^]/gu,
  )) {
    if (name !== undefined) append({ wildcard: name })
    else if (token === '{') frames.push({ sections: [[]] })
    else if (token === '|' && frames.length > 1) top().sections.push([])
    else if (token === '}' && frames.length > 1) {
      const frame = frames.pop()!
      if (frame.sections.length > 1) append({ options: frame.sections })
      else append('{', ...frame.sections[0], '}')
    } else append(token)
  }
  // Braces that never closed are text, and what stands between them follows in order.
  return frames.flatMap(({ sections }, depth) => [
    ...(depth > 0 ? ['{'] : []),
    ...sections.flatMap((section, index) => (index > 0 ? ['|', ...section] : section)),
  ])
}

/** Every .txt file below a folder: a choice a line, without empty ones and those that start with #. */
export async function readWildcards(folder: string): Promise<Wildcards> {
  const wildcards = new Map<string, string[]>()
  for (const entry of await listFiles(folder)) {
    const text = await readFile(join(folder, entry), 'utf8')
    const lines = text.split(/\r?\n/).map((line) => line.trim())
    const name = entry.replaceAll('\\', '/').replace(/\.txt$/i, '')
    wildcards.set(
      name,
      lines.filter((line) => line !== '' && !line.startsWith('#')),
    )
  }
  return wildcards
}

async function listFiles(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder, { recursive: true })).filter((name) => /\.txt$/i.test(name)).sort()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
