import { resolve } from 'node:path'
import { nearestNames } from '../../shared/nearestNames.ts'
import { defaultDataFolder } from '../../studio/paths.ts'

/** What is given with an option: a text behind it, nothing, or a text each time it is given. */
type OptionKind = 'text' | 'flag' | 'texts'

export interface Option {
  kind: OptionKind
  /** What stands for the text in help, FILE and FOLDER for such; '' for a flag. */
  value: string
  help: string
  /** All that the text may be, where they are few. */
  choices: readonly string[]
}

export type Options = Readonly<Record<string, Option>>

const option =
  <Kind extends OptionKind>(kind: Kind) =>
  (value: string, help: string, choices: readonly string[] = []) => ({ kind, value, help, choices })

export const text = option('text')
export const texts = option('texts')
export const flag = (help: string) => option('flag')('', help)

export const dataFolder = text('FOLDER', 'Folder of the pictures, the history and the settings.')
export const json = flag('Print one JSON object.')
export const out = text(
  'FILE',
  'Where the picture goes: .png, .jpg, .webp or .avif; - writes a PNG to the standard output.',
)

export type Given<Kinds extends Options> = {
  [Name in keyof Kinds]?: { flag: true; text: string; texts: string[] }[Kinds[Name]['kind']]
}

/**
 * The arguments of the command line: `--name text`, `--name=text`, `--flag`; what stands behind `--`, or belongs to no
 * option, apart. A text may begin with a minus (`--seed -1`). Throws what is wrong, in words.
 */
export function readOptions<Kinds extends Options>(
  kinds: Kinds,
  args: readonly string[],
): { values: Given<Kinds>; others: string[] } {
  const values: Record<string, string | true | string[]> = {}
  const lists: Record<string, string[]> = {}
  const others: string[] = []
  const isOption = (arg: string): boolean =>
    arg === '--' || (arg.startsWith('--') && Object.hasOwn(kinds, arg.slice(2)))
  const rest = [...args]
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (arg === '--') others.push(...rest.splice(0))
    const [, name, written] = /^--([^=]+)(?:=([^]*))?$/.exec(arg) ?? []
    if (name === undefined) {
      if (/^-[a-z]/i.test(arg)) throw new Error(`Unknown option '${arg}'.`)
      if (arg !== '--') others.push(arg)
    } else if (!Object.hasOwn(kinds, name)) throw unknownOption(name, kinds)
    else if (kinds[name].kind === 'flag') {
      if (written !== undefined) throw new Error(`--${name}: takes nothing behind it, found "${written}".`)
      values[name] = true
    } else {
      const given = written ?? (rest.length > 0 && !isOption(rest[0]) ? rest.shift() : undefined)
      if (given === undefined) throw new Error(`--${name}: something must stand behind it.`)
      values[name] = kinds[name].kind === 'texts' ? (lists[name] = [...(lists[name] ?? []), given]) : given
    }
  }
  return { values: values as Given<Kinds>, others }
}

function unknownOption(name: string, kinds: Options): Error {
  const nearest = nearestNames(name, Object.keys(kinds), 3).map((known) => `--${known}`)
  const known = nearest.length > 0 ? ` The nearest are ${nearest.join(', ')}.` : ''
  return new Error(`Unknown option '--${name}'.${known}`)
}

/** The number an option was given, or undefined; throws when it is none. */
export function numberOption(name: string, given: string | undefined): number | undefined {
  if (given === undefined) return undefined
  const number = Number(given)
  if (given.trim() === '' || !Number.isFinite(number))
    throw new Error(`--${name}: must be a number, found "${given}".`)
  return number
}

/** The port to serve on; 0, and where none is given: any that is free. */
export function portOption(given: string | undefined): number {
  const port = numberOption('port', given) ?? 0
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  throw new Error(`--port: must be a whole number from 0 to 65535, found "${given}".`)
}

/** The data folder as an absolute path. */
export function dataOption(given: string | undefined): string {
  if (given?.trim() === '') throw new Error('--data: must name a folder, found nothing.')
  return resolve(given ?? defaultDataFolder())
}

/** The only operand; throws, in the words of `what`, where there is none or more than one. */
export function onlyOperand(others: readonly string[], what: string): string {
  if (others.length !== 1) throw new Error(`${what}, found ${others.length}.`)
  return others[0]
}
