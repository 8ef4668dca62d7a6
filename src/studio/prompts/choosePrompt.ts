import { createHash } from 'node:crypto'
import { StudioError } from '../../shared/errors.ts'
import { limits } from '../../shared/request/limits.ts'
import { parseTemplate, takeWeight, type Choice, type Option, type Part } from './promptTemplate.ts'

/** Lines to choose from, by the name with which a prompt asks for them. */
export type Wildcards = ReadonlyMap<string, readonly string[]>

const deepest = 20

/**
 * Chooses for every {a|b} one option and for every __name__ one line of that wildcard, which may hold further
 * ones. The same key (a picture's seed, see `choiceKey`) always chooses the same. Braces without | and names that are
 * not known stay as they are;
 * \{ is a brace as text, and stays so written. Throws `bad-request` for wildcards that lead to themselves or to a prompt too long.
 */
export function choosePrompt(template: string, key: number | string, wildcards: Wildcards): string {
  let choices = 0
  let length = 0
  /** A number that follows from the key and the place of a choice alone, the same on every machine. */
  const nextNumber = (): number => createHash('sha256').update(`${key}:${choices++}`).digest().readUInt32BE(0)
  const pick = (weights: readonly { weight: number }[]): number => pickByWeight(weights, nextNumber())

  const resolve = (parts: readonly Part[], depth: number): string =>
    parts.map((part) => resolvePart(part, depth)).join('')
  const resolvePart = (part: Part, depth: number): string => {
    if (typeof part === 'string') return counted(part)
    if ('options' in part) {
      const { count, options } = part
      return count ? resolveSeveral(options, count, depth) : resolve(options[pick(options)].parts, depth)
    }
    const lines = linesOf(part.wildcard, depth)
    return lines ? lines[pick(lines)].resolve() : counted(`__${part.wildcard}__`)
  }
  const resolveSeveral = (
    options: readonly Option[],
    { least, most, joiner }: NonNullable<Choice['count']>,
    depth: number,
  ): string => {
    const left =
      onlyWildcard(options, depth) ??
      options.map((option) => ({
        weight: option.weight,
        resolve: () => resolve(option.parts, depth),
      }))
    const [from, to] = [Math.min(least, left.length), Math.min(most, left.length)]
    const count = from === to ? from : from + (nextNumber() % (to - from + 1))
    const taken = Array.from({ length: count }, () => left.splice(pick(left), 1)[0])
    return taken.map((one) => one.resolve().trim()).join(counted(joiner))
  }
  /** {2$$__name__} takes two different lines. */
  const onlyWildcard = ([option, ...others]: readonly Option[], depth: number): Line[] | null => {
    const [part, ...behind] = option.parts
    const isAlone = others.length === 0 && behind.length === 0
    return isAlone && typeof part === 'object' && 'wildcard' in part ? linesOf(part.wildcard, depth) : null
  }
  const linesOf = (name: string, depth: number): Line[] | null => {
    const lines = wildcards.get(name)
    if (!lines?.length) return null
    if (depth >= deepest) throw tooDeep(name)
    return lines.map((line) => {
      const { weight, text } = takeWeight(line)
      return { weight, resolve: () => resolve(parseTemplate(text), depth + 1) }
    })
  }
  const counted = (text: string): string => {
    length += text.length
    if (length > limits.promptLength) throw tooLong()
    return text
  }
  return resolve(parseTemplate(template), 0)
}

/** A line of a wildcard, resolved when it was chosen. */
interface Line {
  weight: number
  resolve(): string
}

/** The place of an option that a number from 0 to 2^32-1 falls on. */
function pickByWeight(options: readonly { weight: number }[], number: number): number {
  const total = options.reduce((sum, { weight }) => sum + weight, 0)
  if (total === 0 || options.every(({ weight }) => weight === options[0].weight))
    return number % options.length
  let left = (number / 2 ** 32) * total
  const place = options.findIndex(({ weight }) => (left -= weight) < 0)
  return place < 0 ? options.length - 1 : place
}

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
