import { toErrorRecord, type ErrorCode } from '../../../shared/errors.ts'
import { securityHeaders } from '../../server/securityHeaders.ts'

/** What is wrong with a call, as OpenAI's clients read it. `param` is the field it is about. */
export class ApiError extends Error {
  readonly status: number
  readonly param: string | null

  constructor(status: number, message: string, param: string | null = null) {
    super(message)
    this.status = status
    this.param = param
  }
}

const statuses: Partial<Record<ErrorCode, number>> = {
  'bad-request': 400,
  'bad-init-image': 400,
  'unsupported-model': 400,
  'does-not-fit': 400,
  'not-found': 404,
  cancelled: 409,
  'disk-full': 507,
}

/** The `error` object of an answer, and its status. */
export function errorOf(error: unknown): { status: number; body: { error: Record<string, string | null> } } {
  const record = toErrorRecord(error)
  const [status, param] =
    error instanceof ApiError ? [error.status, error.param] : [statuses[record.code] ?? 500, null]
  const code = error instanceof ApiError ? (status === 401 ? 'invalid_api_key' : null) : record.code
  const type = status < 500 ? 'invalid_request_error' : 'server_error'
  return { status, body: { error: { message: record.message, type, param, code } } }
}

export const json = (body: unknown, status = 200): Response =>
  Response.json(body, { status, headers: securityHeaders })

/** Server-sent events from what is yielded; an error ends them as an event of its own. */
export function eventStream(events: AsyncIterable<{ type: string }>): Response {
  const encoder = new TextEncoder()
  const iterator = events[Symbol.asyncIterator]()
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await iterator.next().catch((error: unknown) => ({
        done: false as const,
        value: { type: 'error', ...errorOf(error).body },
      }))
      if (next.done) return controller.close()
      controller.enqueue(encoder.encode(`event: ${next.value.type}\ndata: ${JSON.stringify(next.value)}\n\n`))
    },
    cancel: () => void iterator.return?.(),
  })
  const headers = { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' }
  return new Response(body, { headers: { ...securityHeaders, ...headers } })
}
