import { StudioError, toErrorRecord } from '../shared/errors.ts'

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

/** The number an option was given, or undefined; throws when it is none. */
export function numberOption(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const number = Number(text)
  if (text.trim() === '' || !Number.isFinite(number))
    throw new Error(`--${name}: must be a number, found "${text}".`)
  return number
}
