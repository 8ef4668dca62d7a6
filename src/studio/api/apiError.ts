import { toErrorRecord, type ErrorCode } from '../../shared/errors.ts'

/** Why a program's call is refused. `param` is the field it is about, `headers` are the answer's. */
export class ApiError extends Error {
  readonly status: number
  readonly param: string | null
  readonly headers: Readonly<Record<string, string>>

  constructor(
    status: number,
    message: string,
    { param = null, headers = {} }: { param?: string | null; headers?: Record<string, string> } = {},
  ) {
    super(message)
    this.status = status
    this.param = param
    this.headers = headers
  }
}

const statuses: Partial<Record<ErrorCode, number>> = {
  'bad-request': 400,
  'bad-init-image': 400,
  'bad-metadata': 400,
  'unsupported-model': 400,
  'does-not-fit': 400,
  forbidden: 403,
  'not-found': 404,
  cancelled: 409,
  'disk-full': 507,
}

/** Anything thrown, as each protocol tells it in words of its own; `code` is null for what the call itself did wrong. */
export interface Refusal {
  status: number
  message: string
  param: string | null
  code: ErrorCode | null
  headers: Readonly<Record<string, string>>
}

export function refusalOf(error: unknown): Refusal {
  if (error instanceof ApiError) {
    const { status, message, param, headers } = error
    return { status, message, param, code: null, headers }
  }
  if (error instanceof URIError)
    return refusalOf(new ApiError(400, 'The path has a "%" that stands for no character.'))
  const { code, message } = toErrorRecord(error)
  return { status: statuses[code] ?? 500, message, param: null, code, headers: {} }
}
