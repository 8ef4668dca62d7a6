import type { IncomingMessage } from 'node:http'
import { StudioError } from '../../../shared/errors.ts'
import { callsAs, personAsks } from '../../jobs/queue/asking.ts'
import { pageMethods } from '../assets.ts'
import { readCookies } from '../cookies.ts'
import type { Gate } from '../gate.ts'
import { securityHeaders } from '../securityHeaders.ts'
import type { Attempts } from './attempts.ts'
import { hostOf } from './hostNames.ts'
import type { Libraries } from './libraries.ts'
import { loginPage } from './loginPage.ts'
import { networkCalls } from './networkCalls.ts'
import { findPerson, type Person } from './people.ts'
import type { Sessions } from './sessions.ts'

/** Only this host, only over TLS, no other path: a browser holds a cookie of this name to that (RFC 6265bis, 4.1.3). */
const cookieName = '__Host-latent-studio'
const cookieOf = (secret: string, seconds: number): string =>
  `${cookieName}=${secret}; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=${seconds}`

const aMonth = 30 * 24 * 3600

/** A name and a password are not longer. */
const largestForm = 4096

interface People {
  people: () => readonly Person[]
  sessions: Sessions
  attempts: Attempts
}

/**
 * Lets in who logs in with a name and a password, over TLS alone. Other names for this machine (DNS rebinding) are
 * refused by Host, other pages by Origin; what changes anything needs an Origin.
 * @param options.hosts host names and addresses that a request may name; the first is how programs are told of the server
 */
export function networkGate(
  options: People & { port: number; hosts: readonly string[]; libraries: Libraries },
): Gate {
  const { port, hosts, sessions, libraries } = options
  const origin = `https://${bracketed(hosts[0])}:${port}`
  const foreign = new StudioError(
    'forbidden',
    `This studio answers to ${hosts.join(', ')}, and to its own pages only. Further names are allowed with "studio serve --allow-host NAME".`,
  )
  const admits = ({ headers }: IncomingMessage): boolean => {
    const host = hostOf(headers.host ?? '')
    const isOurs = host !== null && hosts.includes(host)
    return isOurs && (headers.origin === undefined || headers.origin === `https://${headers.host}`)
  }
  return {
    origin,
    address: `${origin}/`,
    foreign,
    admits,
    isForProgram: admits,
    async door(request, { pathname }) {
      const isLook = pageMethods.includes(request.method!)
      const isPost = request.method === 'POST' && request.headers.origin !== undefined
      const person = personOf(request, sessions)
      if (pathname === '/login' && isLook) return sendPage(request, { name: person?.name })
      if (pathname === '/login' && isPost) return logIn(request, options)
      if (pathname === '/logout' && isPost) return logOut(request, sessions)
      if (pathname === '/' && isLook && !person) return leadOn('/login')
      return null
    },
    refusal(request) {
      const isForeignPost = !pageMethods.includes(request.method!) && request.headers.origin === undefined
      if (!admits(request) || isForeignPost) return foreign
      if (personOf(request, sessions)) return null
      return new StudioError('forbidden', `Log in at ${origin}/login first.`)
    },
    async studio(request) {
      const person = personOf(request, sessions)
      if (!person) throw foreign
      const studio = await libraries.of(person)
      return { ...studio, calls: callsAs(networkCalls(studio.calls), personAsks(person)) }
    },
  }
}

const secretsOf = (request: IncomingMessage): string[] => readCookies(request, cookieName)
const personOf = (request: IncomingMessage, sessions: Sessions): Person | null =>
  secretsOf(request)
    .map(sessions.of)
    .find((person) => person !== null) ?? null

async function logIn(request: IncomingMessage, { people, sessions, attempts }: People): Promise<Response> {
  const address = request.socket.remoteAddress ?? ''
  const seconds = attempts.wait(address)
  if (seconds > 0)
    return sendPage(request, { problem: 'wait', seconds }, 429, { 'Retry-After': String(seconds) })
  const form = await readForm(request)
  if (!form) return sendPage(request, { problem: 'wrong' }, 413)
  // Counted before it is known: many attempts at once are many.
  attempts.failed(address)
  const person = await findPerson(people(), form.get('name') ?? '', form.get('password') ?? '')
  if (!person) return sendPage(request, { problem: 'wrong' }, 401)
  attempts.succeeded(address)
  return leadOn('/', cookieOf(sessions.begin(person), aMonth))
}

function logOut(request: IncomingMessage, sessions: Sessions): Response {
  secretsOf(request).forEach(sessions.end)
  return leadOn('/login', cookieOf('', 0))
}

const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host)

const leadOn = (to: string, cookie?: string): Response =>
  new Response(null, {
    status: 303,
    headers: {
      ...securityHeaders,
      'Cache-Control': 'no-store',
      Location: to,
      ...(cookie && { 'Set-Cookie': cookie }),
    },
  })

function sendPage(
  { headers }: IncomingMessage,
  told: Parameters<typeof loginPage>[1],
  status = 200,
  further: Record<string, string> = {},
): Response {
  const policy = securityHeaders['Content-Security-Policy'].replace(
    "form-action 'none'",
    "form-action 'self'",
  )
  return new Response(loginPage(headers['accept-language'] ?? '', told), {
    status,
    headers: {
      ...securityHeaders,
      'Content-Security-Policy': policy,
      // Without a referrer a form's Origin is "null" (Fetch, "append a request Origin header").
      'Referrer-Policy': 'same-origin',
      'Content-Type': 'text/html; charset=utf-8',
      'Cache-Control': 'no-store',
      ...further,
    },
  })
}

/** What a form of ours sends; null: too much for it. */
async function readForm(request: IncomingMessage): Promise<URLSearchParams | null> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > largestForm) return null
    chunks.push(chunk)
  }
  return new URLSearchParams(Buffer.concat(chunks).toString())
}
