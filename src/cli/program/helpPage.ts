import type { Description } from './command.ts'
import type { Option } from './options.ts'

/** How a command is called, on one line. */
export const usageOf = ({ name, needs, options }: Description): string =>
  ['studio', name, needs, Object.keys(options).length > 0 && '[OPTION]...'].filter(Boolean).join(' ')

/** Everything about a command, in the sections of a manual page. */
export function helpPage(described: Description): string {
  const { name, summary, options, notes = [], examples = [] } = described
  return [
    section('NAME', [`studio ${name} - ${summary}`]),
    section('SYNOPSIS', [usageOf(described)]),
    section('DESCRIPTION', notes),
    section(
      'OPTIONS',
      Object.entries(options).map(
        ([option, told]) => `${nameOf(option, told)}\n${wrapped(meaningOf(told), 8)}`,
      ),
    ),
    examples.length > 0 ? `EXAMPLES\n${indented(examples.join('\n'), 4)}\n` : '',
    section('EXIT STATUS', [
      '0 when all went well, 2 for bad arguments, 1 for anything else; then "error CODE: MESSAGE" stands on the standard error.',
    ]),
  ]
    .filter(Boolean)
    .join('\n')
}

const nameOf = (name: string, { kind, value }: Option): string =>
  `    --${name}${value && ` ${value}`}${kind === 'texts' ? ' (may be repeated)' : ''}`

const meaningOf = ({ help, choices }: Option): string =>
  choices.length > 0 ? `${help} One of: ${choices.join(', ')}.` : help

function section(title: string, paragraphs: readonly string[]): string {
  if (paragraphs.length === 0) return ''
  return `${title}\n${paragraphs.map((words) => (words.startsWith(' ') ? words : wrapped(words, 4))).join('\n')}\n`
}

/** Lines of up to 80 characters, so far from the left. */
function wrapped(words: string, by: number): string {
  const lines = ['']
  for (const word of words.split(/\s+/)) {
    const longer = `${lines.at(-1)} ${word}`.trimStart()
    if (longer.length + by <= 80 || lines.at(-1) === '') lines[lines.length - 1] = longer
    else lines.push(word)
  }
  return indented(lines.join('\n'), by)
}

const indented = (lines: string, by: number): string => lines.replaceAll(/^/gm, ' '.repeat(by))
