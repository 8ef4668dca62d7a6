import { commandNames, loadCommand } from './commands.ts'
import { command, toExitCode, type Command } from './program/command.ts'
import { completionShells, completionOf } from './program/completion.ts'
import { helpPage } from './program/helpPage.ts'
import { onlyOperand } from './program/options.ts'
import { StudioError } from '../shared/errors.ts'
import { nearestNames } from '../shared/nearestNames.ts'
import { applicationVersion } from '../studio/paths.ts'

/** The program `studio`: its first word is the command, the rest is the command's. */

const help = command({
  name: 'help',
  summary: 'tells what a command does',
  needs: '[COMMAND]',
  operands: commandNames,
  options: {},
  read: (_, others) => (others.length === 0 ? null : onlyOperand(others, 'Help is for one command')),
  async run(name) {
    process.stdout.write(name === null ? await overview() : helpPage(await find(name)))
  },
})

const completion = command({
  name: 'completion',
  summary: 'prints what lets a shell complete commands and options',
  needs: completionShells.join('|'),
  operands: completionShells,
  options: {},
  examples: [
    'source <(studio completion bash)',
    'studio completion zsh > "${fpath[1]}/_studio"',
    'studio completion fish > ~/.config/fish/completions/studio.fish',
  ],
  read(_, others) {
    const given = onlyOperand(others, 'One shell is completed for')
    const shell = completionShells.find((known) => known === given)
    if (!shell) throw new Error(`The shells are ${completionShells.join(', ')}, found "${given}".`)
    return shell
  },
  run: async (shell) => void process.stdout.write(completionOf(shell, await all())),
})

const own: readonly Command[] = [help, completion]
const all = async (): Promise<Command[]> => [...(await Promise.all(commandNames.map(loadCommand))), ...own]

async function find(name: string): Promise<Command> {
  const known = own.find((one) => one.name === name)
  if (known) return known
  const loaded = commandNames.find((one) => one === name)
  if (loaded) return loadCommand(loaded)
  const names = [...commandNames, ...own.map((one) => one.name)]
  const message = `There is no command "${name}"; the nearest are ${nearestNames(name, names, 3).join(', ')}. "studio help" lists all.`
  throw new StudioError('bad-request', message)
}

async function overview(): Promise<string> {
  const commands = await all()
  const longest = Math.max(...commands.map(({ name }) => name.length))
  const rows = commands.map(({ name, summary }) => `  ${name.padEnd(longest)}  ${summary}`)
  return `Latent Studio ${applicationVersion}\n\nUsage: studio COMMAND [OPTION]...\n\n${rows.join('\n')}\n\n"studio help COMMAND" tells of every option.\n`
}

const [name = 'help', ...args] = process.argv.slice(2)
if (name === '--version') console.log(applicationVersion)
else await toExitCode(async () => (await find(name === '--help' ? 'help' : name)).start(args))
