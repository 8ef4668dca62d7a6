import type { z } from 'zod'
import { callSchemas, type CallName, type StudioCalls } from '../shared/calls/contract.ts'
import { StudioError } from '../shared/errors.ts'

/** The calls behind their schemas: arguments that do not fit end as `bad-request` and never reach them. */
export function checkedCalls(calls: StudioCalls, toKnownError: (error: unknown) => unknown): StudioCalls {
  const checked = (name: CallName) => {
    const call = calls[name] as (...args: unknown[]) => Promise<unknown>
    return async (...args: unknown[]): Promise<unknown> => {
      const parsed = callSchemas[name].safeParse(args, { reportInput: true })
      if (!parsed.success) throw new StudioError('bad-request', explain(name, parsed.error.issues))
      try {
        return await call(...parsed.data)
      } catch (error) {
        throw toKnownError(error)
      }
    }
  }
  const names = Object.keys(callSchemas) as CallName[]
  return Object.fromEntries(names.map((name) => [name, checked(name)])) as unknown as StudioCalls
}

const problemsShown = 3

function explain(name: CallName, issues: readonly z.core.$ZodIssue[]): string {
  const sentences = issues.slice(0, problemsShown).map((issue) => {
    const field = issue.path.filter((part) => typeof part === 'string').join('.')
    return `${field || `The arguments of "${name}"`}: ${fieldProblem(issue)}.`
  })
  return [...new Set(sentences)].join(' ')
}

/** What is wrong with a value, as the end of a sentence that begins with its name. The issue must report its input. */
export function fieldProblem(issue: z.core.$ZodIssue): string {
  const found = `found ${shorten(issue.input)}`
  const unit = 'origin' in issue && issue.origin === 'string' ? ' characters' : ''
  switch (issue.code) {
    case 'custom':
      return issue.input === undefined || issue.message.includes(shorten(issue.input))
        ? issue.message
        : `${issue.message}; ${found}`
    case 'too_small':
      return `must be at least ${issue.minimum}${unit}, ${found}`
    case 'too_big':
      return `must be at most ${issue.maximum}${unit}, ${found}`
    case 'invalid_type':
      return `must be ${article(issue.expected)}, ${found}`
    case 'invalid_value':
      return `must be one of ${issue.values.map(String).join(', ')}; ${found}`
    case 'invalid_union': {
      // The alternative that is of the right type says best what is wrong.
      const [closest] = issue.errors.flat().filter(({ code }) => code !== 'invalid_type')
      return `${(closest ?? issue).message}, ${found}`
    }
    default:
      return `${issue.message}, ${found}`
  }
}

const article = (noun: string): string =>
  noun === 'int' ? 'a whole number' : `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`

function shorten(value: unknown): string {
  if (value === undefined) return 'nothing'
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? typeof value)
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}
