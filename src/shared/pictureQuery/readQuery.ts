import { StudioError } from '../errors.ts'
import { parseQuery, type Condition, type QueryProblem } from './parseQuery.ts'

/** The conditions of a search. Throws `bad-request` that says what cannot be read, where, and what to write. */
export function readQuery(text: string): Condition[] {
  const { conditions, problem } = parseQuery(text)
  if (problem) throw new StudioError('bad-request', sayProblem(problem))
  return conditions
}

function sayProblem({ kind, start, name, value, nearest }: QueryProblem): string {
  const where = `The search, at character ${start + 1}: `
  switch (kind) {
    case 'unknownField':
      return `${where}there is no parameter "${name}"; the nearest are ${nearest.join(', ')}. To find it in prompts, put it in quotes.`
    case 'noValue':
      return `${where}"${name}" has no value behind it. Write one, as in steps>30 or sampler:euler.`
    case 'noNumber':
      return `${where}"${name}" is compared with a number or a range (20..30), found "${value}".`
    case 'noDate':
      return `${where}"${name}" is compared with a day, a month or a year (2026-07-31, 2026-07, 2026), found "${value}".`
    case 'noSize':
      return `${where}"${name}" is written as width × height (512x768), found "${value}".`
    case 'noSeed':
      return `${where}"${name}" is a whole number, found "${value}".`
    case 'noFlag':
      return `${where}"${name}:" is followed by ${nearest.join(', ')}; found "${value}".`
    case 'noPicture':
      return `${where}"${name}:" is followed by the id of a picture, found "${value}". Similar pictures are asked for in a picture's view.`
    case 'noOrder':
      return `${where}"${name}" is a name, which is neither more nor less; write ${name}:${value}.`
  }
}
