import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { refusalOf } from '../api/apiError.ts'

/** A program's request with its headers and body, aborted when who asks hangs up. It may wait for a picture as long as it takes. */
export function toApiRequest(request: IncomingMessage, response: ServerResponse, url: URL): Request {
  const gone = new AbortController()
  const { timeout = 0 } = request.socket
  request.socket.setTimeout(0)
  response.once('close', () => {
    request.socket.setTimeout(timeout)
    if (!response.writableFinished) gone.abort()
  })
  const hasBody = !['GET', 'HEAD'].includes(request.method!)
  const body = hasBody ? (Readable.toWeb(request) as unknown as BodyInit) : null
  return new Request(url, {
    method: request.method!,
    headers: headersOf(request),
    body,
    duplex: 'half',
    signal: gone.signal,
  } as RequestInit)
}

/** A program's request to open a socket. */
export const toSocketRequest = (request: IncomingMessage, url: URL): Request =>
  new Request(url, { headers: headersOf(request) })

/** What a socket is refused with: the status and its name. */
export function statusLine(error: unknown): string {
  const { status } = refusalOf(error)
  return `${status} ${STATUS_CODES[status]}`
}

const headersOf = ({ headersDistinct }: IncomingMessage): [string, string][] =>
  Object.entries(headersDistinct).flatMap(([name, values = []]) =>
    values.map((value): [string, string] => [name, value]),
  )
