import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'

/** A program's request with its headers and body, aborted when who asks hangs up. It may wait for a picture as long as it takes. */
export function toApiRequest(request: IncomingMessage, response: ServerResponse, url: URL): Request {
  const gone = new AbortController()
  const { timeout = 0 } = request.socket
  request.socket.setTimeout(0)
  response.once('close', () => {
    request.socket.setTimeout(timeout)
    if (!response.writableFinished) gone.abort()
  })
  const headers = Object.entries(request.headersDistinct).flatMap(([name, values = []]) =>
    values.map((value): [string, string] => [name, value]),
  )
  const hasBody = !['GET', 'HEAD'].includes(request.method!)
  const body = hasBody ? (Readable.toWeb(request) as unknown as BodyInit) : null
  return new Request(url, {
    method: request.method!,
    headers,
    body,
    duplex: 'half',
    signal: gone.signal,
  } as RequestInit)
}
