import { securityHeaders } from '../../server/securityHeaders.ts'
import { refusalOf } from '../apiError.ts'

/** The `error` object of an answer, as OpenAI's clients read it. */
function errorBody(error: unknown) {
  const { status, message, param, code } = refusalOf(error)
  const type = status < 500 ? 'invalid_request_error' : 'server_error'
  return { error: { message, type, param, code: status === 401 ? 'invalid_api_key' : code } }
}

export function sendError(error: unknown): Response {
  const { status, headers } = refusalOf(error)
  return Response.json(errorBody(error), { status, headers: { ...securityHeaders, ...headers } })
}

export const json = (body: unknown): Response => Response.json(body, { headers: securityHeaders })

/** Server-sent events from what is yielded; an error ends them as an event of its own. */
export function eventStream(events: AsyncIterable<{ type: string }>): Response {
  const encoder = new TextEncoder()
  const iterator = events[Symbol.asyncIterator]()
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await iterator.next().catch((error: unknown) => ({
        done: false as const,
        value: { type: 'error', ...errorBody(error) },
      }))
      if (next.done) return controller.close()
      controller.enqueue(encoder.encode(`event: ${next.value.type}\ndata: ${JSON.stringify(next.value)}\n\n`))
    },
    cancel: () => void iterator.return?.(),
  })
  const headers = { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' }
  return new Response(body, { headers: { ...securityHeaders, ...headers } })
}
