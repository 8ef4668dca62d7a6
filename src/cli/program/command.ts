import { StudioError, toErrorRecord } from '../../shared/errors.ts'
import { helpPage, usageOf } from './helpPage.ts'
import { readOptions, type Given, type Options } from './options.ts'

/** What help and a shell's completion know of a command. */
export interface Description {
  name: string
  /** What it does, as the end of "NAME - ". */
  summary: string
  /** What must be given, in its order: "FILE", "--prompt TEXT". */
  needs?: string
  /** What may be given beside options: anything, or one of these. */
  operands?: 'any' | readonly string[]
  options: Options
  notes?: readonly string[]
  examples?: readonly string[]
}

export interface Command extends Description {
  /**
   * Runs to the exit code of the process: 0, 2 for bad arguments, 1 for every other failure, which is told on stderr as
   * `error code: message`.
   */
  start(args: readonly string[]): Promise<void>
}

/** A command from its description, how its arguments are read (what `read` throws is a bad argument) and what it does. */
export function command<Kinds extends Options, Arguments>({
  read,
  run,
  ...described
}: Description & {
  options: Kinds
  read(values: Given<Kinds>, others: string[]): Arguments | Promise<Arguments>
  run(given: Arguments): Promise<void>
}): Command {
  async function readAll(args: readonly string[]): Promise<Arguments> {
    try {
      const { values, others } = readOptions(described.options, args)
      if (!described.operands && others.length > 0)
        throw new Error(`"${others[0]}" belongs to no option. Texts with spaces are put in quotes.`)
      return await read(values, others)
    } catch (error) {
      if (error instanceof StudioError && error.code !== 'bad-request') throw error
      const message = `${(error as Error).message}\nUsage: ${usageOf(described)}\n"studio help ${described.name}" tells of every option.`
      throw new StudioError('bad-request', message, { cause: error })
    }
  }
  const start = async (args: readonly string[]): Promise<void> => {
    const own = args.includes('--') ? args.slice(0, args.indexOf('--')) : args
    if (own.includes('--help')) return void process.stdout.write(helpPage(described))
    await toExitCode(async () => run(await readAll(args)))
  }
  return { ...described, start }
}

export async function toExitCode(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    const { code, message } = toErrorRecord(error)
    process.stderr.write(`error ${code}: ${message}\n`)
    process.exitCode = code === 'bad-request' ? 2 : 1
  }
}
