import { resolve } from 'node:path'
import { StudioError, toErrorRecord } from '../shared/errors.ts'
import { defaultDataFolder } from '../studio/paths.ts'

/**
 * Runs a command to its exit code: 0, 2 for bad arguments, 1 for every other failure, which is told on stderr as
 * `error code: message`.
 */
export async function runCommand(command: () => Promise<void>): Promise<void> {
  try {
    await command()
  } catch (error) {
    const { code, message } = toErrorRecord(error)
    process.stderr.write(`error ${code}: ${message}\n`)
    process.exitCode = code === 'bad-request' ? 2 : 1
  }
}

/** Reads arguments; what does not fit is a `bad-request` that ends with how the command is used. */
export function readArguments<Values>(usage: string, read: () => Values): Values {
  try {
    return read()
  } catch (error) {
    throw new StudioError('bad-request', `${(error as Error).message}\nUsage: ${usage}`, { cause: error })
  }
}

/** Options by name: with a text behind them, without, or with one each time they are given. */
type OptionKinds = Readonly<Record<string, 'text' | 'flag' | 'texts'>>
type OptionValues<Kinds extends OptionKinds> = {
  [Name in keyof Kinds]?: { flag: true; text: string; texts: string[] }[Kinds[Name]]
}

/**
 * The arguments of the command line: `--name text`, `--name=text`, `--flag`; what stands behind `--`, or belongs to no
 * option, apart. A text may begin with a minus (`--seed -1`). Throws what is wrong, in words.
 */
export function readOptions<Kinds extends OptionKinds>(
  kinds: Kinds,
  args: readonly string[] = process.argv.slice(2),
): { values: OptionValues<Kinds>; others: string[] } {
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
    } else if (!Object.hasOwn(kinds, name)) throw new Error(`Unknown option '--${name}'.`)
    else if (kinds[name] === 'flag') {
      if (written !== undefined) throw new Error(`--${name}: takes nothing behind it, found "${written}".`)
      values[name] = true
    } else {
      const text = written ?? (rest.length > 0 && !isOption(rest[0]) ? rest.shift() : undefined)
      if (text === undefined) throw new Error(`--${name}: something must stand behind it.`)
      values[name] = kinds[name] === 'texts' ? (lists[name] = [...(lists[name] ?? []), text]) : text
    }
  }
  return { values: values as OptionValues<Kinds>, others }
}

/** The values of a command that takes options alone. */
export function onlyOptions<Kinds extends OptionKinds>(kinds: Kinds): OptionValues<Kinds> {
  const { values, others } = readOptions(kinds)
  if (others.length > 0)
    throw new Error(`"${others[0]}" belongs to no option. Texts with spaces are put in quotes.`)
  return values
}

/** The number an option was given, or undefined; throws when it is none. */
export function numberOption(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const number = Number(text)
  if (text.trim() === '' || !Number.isFinite(number))
    throw new Error(`--${name}: must be a number, found "${text}".`)
  return number
}

/** The port to serve on; 0, and where none is given: any that is free. */
export function portOption(text: string | undefined): number {
  const port = numberOption('port', text) ?? 0
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  throw new Error(`--port: must be a whole number from 0 to 65535, found "${text}".`)
}

/** The data folder as an absolute path. */
export function dataOption(text: string | undefined): string {
  if (text?.trim() === '') throw new Error('--data: must name a folder, found nothing.')
  return resolve(text ?? defaultDataFolder())
}
