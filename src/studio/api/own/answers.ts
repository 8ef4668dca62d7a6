import type { z } from 'zod'
import { fieldProblem } from '../../checkedCalls.ts'
import { securityHeaders } from '../../server/securityHeaders.ts'
import { refusalOf } from '../apiError.ts'
import type { ErrorBody } from './schemas.ts'

export const json = (
  body: unknown,
  { status = 200, headers = {} }: { status?: number; headers?: Record<string, string> } = {},
): Response =>
  Response.json(body, { status, headers: { ...securityHeaders, 'Cache-Control': 'no-store', ...headers } })

type Problem = NonNullable<ErrorBody['problems']>[number]

/** What a call says does not fit: all of it. */
export class Invalid extends Error {
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[]) {
    super(
      `What was sent does not fit: ${problems.map(({ path, message }) => `${path}: ${message}`).join('; ')}`,
    )
    this.problems = problems
  }
}

export const problemsOf = (issues: readonly z.core.$ZodIssue[]): Problem[] =>
  issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ path: [...issue.path, key].join('.'), message: 'is not known here' }))
      : [{ path: issue.path.join('.') || 'body', message: fieldProblem(issue) }],
  )

const codes: Readonly<Record<number, ErrorBody['code']>> = {
  400: 'bad-request',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not-found',
  413: 'too-large',
  415: 'bad-request',
  429: 'too-many-calls',
}

export function sendError(error: unknown): Response {
  if (error instanceof Invalid) {
    const body: ErrorBody = { code: 'invalid', message: error.message, problems: [...error.problems] }
    return json(body, { status: 422 })
  }
  const { status, message, code, headers } = refusalOf(error)
  const body: ErrorBody = { code: code ?? codes[status] ?? 'internal', message }
  return json(body, { status, headers: { ...headers } })
}
