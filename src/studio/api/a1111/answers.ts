import { securityHeaders } from '../../server/securityHeaders.ts'
import { refusalOf } from '../apiError.ts'

export const json = (body: unknown): Response => Response.json(body, { headers: securityHeaders })

/** One thing that is wrong with a body, as FastAPI tells it. */
export interface Problem {
  loc: (string | number)[]
  msg: string
  type: string
}

/** A body with problems, all of them. */
export class BadBody extends Error {
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[]) {
    super('The body does not fit.')
    this.problems = problems
  }
}

/** A value that does not fit for a reason only the studio knows: `path` as in "override_settings.sd_vae". */
export const badField = (path: string, msg: string): BadBody =>
  new BadBody([{ loc: ['body', ...path.split('.')], msg, type: 'value_error' }])

/** An error as AUTOMATIC1111 answers it (modules/api/api.py, handle_exception; FastAPI's for a body that does not fit). */
export function sendError(error: unknown): Response {
  if (error instanceof BadBody)
    return Response.json({ detail: error.problems }, { status: 422, headers: securityHeaders })
  const { status, message, code, headers } = refusalOf(error)
  const body = { error: code ?? 'HTTPException', detail: message, body: '', errors: message }
  return Response.json(body, { status, headers: { ...securityHeaders, ...headers } })
}
