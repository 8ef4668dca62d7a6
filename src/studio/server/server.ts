import { randomBytes, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import sirv from 'sirv'
import { WebSocketServer } from 'ws'
import { StudioError } from '../../shared/errors.ts'
import { assetMethods, pageMethods, refuseMethod, sendError } from './assets.ts'
import { toApiRequest } from './apiRequest.ts'
import { rendererFolder } from '../paths.ts'
import { securityHeaders } from './securityHeaders.ts'
import { serveChannel } from './serveChannel.ts'
import type { Studio } from '../studio.ts'
import { webSocketChannel } from './webSocketChannel.ts'

export interface StudioServer {
  /** Where a browser opens the studio, with the token that lets it in. */
  address: string
  close(): Promise<void>
}

/** The longest message a client may send: a request with two prompts at their limit, and room. */
const largestMessage = 2 ** 20

/**
 * Serves a studio to browsers of this machine: the built window, the calls over a WebSocket, the pictures. Only
 * on the loopback address, and only for who has the token: other web pages and other names for this address
 * (DNS rebinding) are refused by Host, Origin and a cookie that only this address gets.
 */
export async function startServer(options: {
  studio: Studio
  /** 0: any free port. */
  port?: number
  /** The built window. */
  renderer?: string
  /** Makes what answers other programs below /v1/, by the server's origin; left out: nothing does. */
  api?: (origin: string) => (request: Request) => Promise<Response>
}): Promise<StudioServer> {
  const { studio, port = 0, renderer = rendererFolder } = options
  const token = randomBytes(32).toString('base64url')
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve)
  }).catch((error: Error) => {
    throw new StudioError('bad-request', portProblem(port, error), { cause: error })
  })
  const gate = createGate((server.address() as AddressInfo).port, token)
  const api = options.api?.(gate.origin)
  const files = existsSync(renderer)
    ? sirv(renderer, { etag: true, setHeaders: addSecurityHeaders })
    : noWindow

  const inTurn = oneAfterTheOther()
  server.setTimeout(longestSilenceMs)
  server.on('request', (request, response) => {
    inTurn(request.socket, async () => {
      await answer(request, response).catch(() => response.destroy())
      if (!response.closed) await once(response, 'close')
    })
  })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', gate.origin)
    if (api && url.pathname.startsWith('/v1/')) {
      const refused = gate.isForProgram(request) ? null : sendError(gate.foreign)
      return sendResponse(request, response, refused ?? (await api(toApiRequest(request, response, url))))
    }
    const ofPictures = assetMethods(url.pathname)
    const methods = ofPictures.length > 0 ? ofPictures : pageMethods
    if (gate.admits(request)) {
      if (!methods.includes(request.method!)) {
        return sendResponse(request, response, refuseMethod(request.method!, url.pathname, methods))
      }
      if (gate.isToken(url.searchParams.get('token') ?? '')) return letIn(request, response, gate.cookie)
    }
    const refusal = gate.refusal(request)
    if (refusal) return sendResponse(request, response, sendError(refusal))
    if (ofPictures.length > 0) {
      return sendResponse(request, response, await studio.assets(toRequest(request, url)))
    }
    const nothing = new StudioError('not-found', `There is nothing at ${url.pathname}.`)
    files(request, response, () => void sendResponse(request, response, sendError(nothing)))
  }

  const sockets = acceptSockets(server, gate, studio)
  return {
    address: `${gate.origin}/?token=${token}`,
    async close() {
      for (const socket of sockets.clients) socket.terminate()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Serves the studio over a WebSocket at /rpc to whom the gate lets in. */
function acceptSockets(server: Server, gate: Gate, studio: Studio): WebSocketServer {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: largestMessage })
  server.on('upgrade', (request, socket, head) => {
    const isAllowed =
      request.url === '/rpc' && request.headers.origin === gate.origin && !gate.refusal(request)
    if (!isAllowed) {
      // Who hangs up before reading this is no concern of ours.
      socket.on('error', () => {}).end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n')
      return
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) =>
      serveChannel(studio, webSocketChannel(webSocket)),
    )
  })
  return sockets
}

/** How long a connection is kept that neither takes nor gives a byte, in ms. */
const longestSilenceMs = 120_000

/**
 * Does what is asked over one connection one after the other: who sends many requests and reads no answer has one
 * answer waiting, not all of them.
 */
function oneAfterTheOther(): (connection: object, work: () => Promise<void>) => void {
  const last = new WeakMap<object, Promise<void>>()
  return (connection, work) => {
    const before = last.get(connection) ?? Promise.resolve()
    last.set(
      connection,
      before.then(work).catch(() => {}),
    )
  }
}

type Gate = ReturnType<typeof createGate>

/** Decides who comes in. A cookie counts for a host on every port, so its name says which port it is for. */
function createGate(port: number, token: string) {
  const origin = `http://127.0.0.1:${port}`
  const cookieName = `latent-studio-${port}`
  const isToken = (given: string): boolean => {
    const [one, other] = [Buffer.from(given), Buffer.from(token)]
    return one.length === other.length && timingSafeEqual(one, other)
  }
  const hasCookie = ({ headers }: IncomingMessage): boolean =>
    (headers.cookie ?? '').split(/; */).some((cookie) => {
      const [name, value] = cookie.split('=', 2)
      return name === cookieName && value !== undefined && isToken(value)
    })
  const admits = ({ headers }: IncomingMessage): boolean =>
    headers.host === `127.0.0.1:${port}` && (headers.origin === undefined || headers.origin === origin)
  const foreign = new StudioError('forbidden', `This studio answers only its own page at ${origin}.`)
  return {
    origin,
    foreign,
    /** Whether a program asks, which comes from no page and may say "localhost"; it shows a key. */
    isForProgram: ({ headers }: IncomingMessage): boolean =>
      [`127.0.0.1:${port}`, `localhost:${port}`].includes(headers.host ?? '') &&
      (headers.origin === undefined || headers.origin === origin),
    cookie: `${cookieName}=${token}; Path=/; HttpOnly; SameSite=Strict`,
    isToken,
    /** Whether the request names this address, and comes from no other page. */
    admits,
    refusal(request: IncomingMessage): StudioError | null {
      const isForeignPost = !pageMethods.includes(request.method!) && request.headers.origin !== origin
      if (!admits(request) || isForeignPost) return foreign
      if (hasCookie(request)) return null
      return new StudioError(
        'forbidden',
        'Open the address that was printed when the studio started; it has the token.',
      )
    },
  }
}

/**
 * Gives the cookie and leads on to the window without the token. A browser that another page sent here (the file that
 * "npm start" opens) gives the cookie to what this page leads to, and not yet to a redirection.
 */
function letIn({ headers }: IncomingMessage, response: ServerResponse, cookie: string): void {
  const isSentByOther = headers['sec-fetch-site'] === 'cross-site'
  response.writeHead(isSentByOther ? 200 : 302, {
    ...securityHeaders,
    'Set-Cookie': cookie,
    'Cache-Control': 'no-store',
    ...(isSentByOther ? { Refresh: '0; url=/' } : { Location: '/' }),
  })
  response.end()
}

const addSecurityHeaders = (response: ServerResponse): void => {
  for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value)
}

const noWindow = (_request: IncomingMessage, response: ServerResponse): void => {
  response.writeHead(503, { ...securityHeaders, 'Content-Type': 'text/plain; charset=utf-8' })
  response.end('The window has not been built yet. Run "npm run build", then start again.')
}

function toRequest(request: IncomingMessage, url: URL): Request {
  if (pageMethods.includes(request.method!)) return new Request(url, { method: request.method! })
  const body = Readable.toWeb(request) as unknown as BodyInit
  return new Request(url, { method: request.method!, body, duplex: 'half' } as RequestInit)
}

/** Sends what there is to send; who hangs up before the end is no concern of ours. */
async function sendResponse(
  { method }: IncomingMessage,
  response: ServerResponse,
  answer: Response,
): Promise<void> {
  response.writeHead(answer.status, Object.fromEntries(answer.headers))
  if (answer.body && method !== 'HEAD')
    await pipeline(Readable.fromWeb(answer.body as ReadableStream), response).catch(() => response.destroy())
  else response.end()
}

function portProblem(port: number, error: Error): string {
  const { code } = error as NodeJS.ErrnoException
  const reasons: Record<string, string> = {
    EADDRINUSE: 'another program has it',
    EACCES: 'this system keeps it for programs with more rights',
  }
  const reason = (code && reasons[code]) ?? error.message
  return `Port ${port} cannot be used: ${reason}. Choose another, or 0 for any that is free.`
}
