import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import sirv from 'sirv'
import { WebSocketServer } from 'ws'
import { StudioError } from '../../shared/errors.ts'
import type { Api } from '../api/api.ts'
import { isApiPath } from '../api/apiPath.ts'
import { assetMethods, pageMethods, refuseMethod, sendError } from './assets.ts'
import { statusLine, toApiRequest, toSocketRequest } from './apiRequest.ts'
import type { Gate, Served } from './gate.ts'
import { loopbackGate } from './loopbackGate.ts'
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

type AnswerRequest = (request: Request) => Promise<Response>

/** Where a server listens beyond this machine, and who comes in. */
export interface Listening {
  /** An address of this machine; 0.0.0.0 and :: are all of them. */
  host: string
  /** PEM. */
  tls: { cert: string; key: string }
  gate: (port: number) => Gate
}

/**
 * Serves a studio to browsers: the built window, the calls over a WebSocket, the pictures. On the loopback address and for
 * who has the token, unless it is told to listen elsewhere, which is over TLS only.
 */
export async function startServer(options: {
  studio: Studio
  /** 0: any free port. */
  port?: number
  listening?: Listening
  /** The built window. */
  renderer?: string
  /** What answers other programs; left out: nothing does. */
  api?: Api
  /** Answers the workers of a farm, below /farm/. */
  farm?: AnswerRequest
}): Promise<StudioServer> {
  const { studio, listening, port = 0, renderer = rendererFolder } = options
  const server = listening ? createTlsServer(listening.tls) : createServer()
  const host = listening?.host ?? '127.0.0.1'
  const actualPort = await listen(server, { host, port })
  const gate = listening ? listening.gate(actualPort) : loopbackGate(studio, actualPort)
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
    const program = programAt(url.pathname, api, options.farm)
    if (program) {
      if (!gate.isForProgram(request)) return sendResponse(request, response, sendError(gate.foreign))
      return sendResponse(request, response, await program(toApiRequest(request, response, url)))
    }
    const ofPictures = assetMethods(url.pathname)
    const methods = ofPictures.length > 0 ? ofPictures : pageMethods
    if (gate.admits(request)) {
      const atTheDoor = await gate.door(request, url)
      if (atTheDoor) return sendResponse(request, response, atTheDoor)
      if (!methods.includes(request.method!))
        return sendResponse(request, response, refuseMethod(request.method!, url.pathname, methods))
    }
    const refusal = gate.refusal(request)
    if (refusal) return sendResponse(request, response, sendRefusal(request, refusal))
    if (ofPictures.length > 0) {
      const { assets } = await gate.studio(request)
      return sendResponse(request, response, await assets(toRequest(request, url)))
    }
    const nothing = new StudioError('not-found', `There is nothing at ${url.pathname}.`)
    files(request, response, () => void sendResponse(request, response, sendError(nothing)))
  }

  const sockets = acceptSockets(server, gate, api)
  return {
    address: gate.address,
    async close() {
      for (const socket of sockets.clients) socket.terminate()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Answers the port. Throws `bad-request` where it cannot listen. */
async function listen(server: Server, at: { host: string; port: number }): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(at.port, at.host, resolve)
  }).catch((error: Error) => {
    throw new StudioError('bad-request', portProblem(at, error), { cause: error })
  })
  return (server.address() as AddressInfo).port
}

/** What answers a program at a path; undefined: the path is none of theirs. */
function programAt(pathname: string, api?: ReturnType<Api>, farm?: AnswerRequest): AnswerRequest | undefined {
  if (isApiPath(pathname)) return api?.answer
  return pathname.startsWith('/farm/') ? farm : undefined
}

/** Serves a studio over a WebSocket at /rpc to whom the gate lets in, for as long as it does, and programs what they ask for. */
function acceptSockets(server: Server, gate: Gate, api?: ReturnType<Api>): WebSocketServer {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: largestMessage })
  server.on('upgrade', (request, socket, head) => {
    // Who hangs up before reading this is no concern of ours.
    const refuse = (status: string): unknown =>
      socket.on('error', () => {}).end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`)
    const url = new URL(request.url ?? '/', gate.origin)
    if (api && isApiPath(url.pathname)) {
      const asked = gate.isForProgram(request)
        ? api.socket(toSocketRequest(request, url))
        : Promise.reject(gate.foreign)
      asked.then(
        (take) => sockets.handleUpgrade(request, socket, head, take),
        (error) => refuse(statusLine(error)),
      )
      return
    }
    // Browsers always say which page opens a socket; who does not is no window of ours.
    const isWindow = request.url === '/rpc' && request.headers.origin !== undefined
    if (!isWindow || gate.refusal(request)) return void refuse('403 Forbidden')
    const accept = (studio: Served): void =>
      sockets.handleUpgrade(request, socket, head, (webSocket) => {
        const check = setInterval(() => gate.refusal(request) && webSocket.terminate(), checkEveryMs)
        webSocket.on('close', () => clearInterval(check))
        serveChannel(studio, webSocketChannel(webSocket))
      })
    gate.studio(request).then(accept, () => refuse('503 Service Unavailable'))
  })
  return sockets
}

/** A person who opened the address reads it; a page gets it as every error. */
const sendRefusal = ({ headers }: IncomingMessage, refusal: StudioError): Response =>
  headers['sec-fetch-mode'] === 'navigate'
    ? new Response(refusal.message, {
        status: 403,
        headers: { ...securityHeaders, 'Content-Type': 'text/plain; charset=utf-8' },
      })
    : sendError(refusal)

/** How often it is looked whether who has a socket may still have it, in ms. */
const checkEveryMs = 5000

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
  if (!answer.body || method === 'HEAD') response.end()
  // In one piece, which is there already: a stream of it takes longer than all the rest.
  else if (answer.headers.has('Content-Length')) response.end(Buffer.from(await answer.arrayBuffer()))
  else
    await pipeline(Readable.fromWeb(answer.body as ReadableStream), response).catch(() => response.destroy())
}

function portProblem({ host, port }: { host: string; port: number }, error: Error): string {
  const { code } = error as NodeJS.ErrnoException
  const reasons: Record<string, string> = {
    EADDRINUSE: 'another program has it',
    EACCES: 'this system keeps it for programs with more rights',
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return `${host} is no address of this machine.`
  const reason = (code && reasons[code]) ?? error.message
  return `Port ${port} cannot be used: ${reason}. Choose another, or 0 for any that is free.`
}
