import type { Command } from './command.ts'
import type { Option } from './options.ts'

/** What shells complete the program with, written from what its commands say of themselves. */

export const completionShells = ['bash', 'zsh', 'fish'] as const
export type CompletionShell = (typeof completionShells)[number]

export function completionOf(shell: CompletionShell, commands: readonly Command[]): string {
  if (shell === 'fish') return fish(commands)
  // zsh completes by bash's functions, where it is told to.
  return shell === 'zsh'
    ? `#compdef studio\nautoload -U +X bashcompinit && bashcompinit\n${bash(commands)}`
    : bash(commands)
}

function bash(commands: readonly Command[]): string {
  const cases = commands.flatMap(({ name, operands, options }) => [
    ...(Array.isArray(operands)
      ? [`    ${quoted(`${name} ${name}`)}) _studio_among ${quoted(operands.join('\n'))}; return ;;`]
      : []),
    ...Object.entries(options)
      .filter(([, { kind }]) => kind !== 'flag')
      .map(([option, told]) => `    ${quoted(`${name} --${option}`)}) ${valuesInBash(told)}; return ;;`),
  ])
  const lists = commands.map(({ name, options }) => {
    const words = Object.keys({ ...options, help: null }).map((option) => `--${option}`)
    return `    ${name}) _studio_among ${quoted(words.join('\n'))} ;;`
  })
  return `_studio_among() {
  local IFS=$'\n' found
  for found in $(compgen -W "$1" -- "$current"); do COMPREPLY+=("$found"); done
}

_studio() {
  local current="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" command="\${COMP_WORDS[1]}"
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then _studio_among ${quoted(commands.map(({ name }) => name).join('\n'))}; return; fi
  case "$command $before" in
${cases.join('\n')}
  esac
  case "$current" in -*) ;; *) COMPREPLY=($(compgen -f -- "$current")); return ;; esac
  case "$command" in
${lists.join('\n')}
  esac
}

complete -o filenames -F _studio studio
`
}

function valuesInBash({ value, choices }: Option): string {
  if (choices.length > 0) return `_studio_among ${quoted(choices.join('\n'))}`
  if (value.includes('FILE') || value.includes('PATH')) return 'COMPREPLY=($(compgen -f -- "$current"))'
  return value.includes('FOLDER') ? 'COMPREPLY=($(compgen -d -- "$current"))' : ':'
}

function fish(commands: readonly Command[]): string {
  const names = commands.map(
    ({ name, summary }) => `complete -c studio -n __fish_use_subcommand -f -a ${name} -d ${quoted(summary)}`,
  )
  const operands = commands.flatMap(({ name, operands }) =>
    Array.isArray(operands)
      ? [
          `complete -c studio -n ${quoted(`__fish_seen_subcommand_from ${name}`)} -f -a ${quoted(operands.join(' '))}`,
        ]
      : [],
  )
  const options = commands.flatMap(({ name, options }) =>
    Object.entries(options).map(
      ([option, told]) =>
        `complete -c studio -n ${quoted(`__fish_seen_subcommand_from ${name}`)} -l ${option}${valuesInFish(told)} -d ${quoted(told.help)}`,
    ),
  )
  return `${[...names, ...operands, ...options].join('\n')}\n`
}

function valuesInFish({ kind, value, choices }: Option): string {
  if (kind === 'flag') return ''
  if (choices.length > 0) return ` -x -a ${quoted(choices.map((choice) => `'${choice}'`).join(' '))}`
  return /FILE|PATH|FOLDER/.test(value) ? ' -r' : ' -x'
}

/** Between single quotes, as bash, zsh and fish take it. */
const quoted = (words: string): string => `'${words.replaceAll("'", String.raw`'\''`)}'`
