import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { StudioError } from '../../shared/errors.ts'
import { pageMethods } from './assets.ts'
import { readCookies } from './cookies.ts'
import type { Gate, Served } from './gate.ts'
import { securityHeaders } from './securityHeaders.ts'

/**
 * Lets in who has the token of this start, from this machine: other web pages and other names for this address (DNS
 * rebinding) are refused by Host, Origin and a cookie that only this address gets. A cookie counts for a host on every
 * port, so its name says which port it is for.
 */
export function loopbackGate(studio: Served, port: number): Gate {
  const token = randomBytes(32).toString('base64url')
  const origin = `http://127.0.0.1:${port}`
  const cookieName = `latent-studio-${port}`
  const isToken = (given: string): boolean => {
    const [one, other] = [Buffer.from(given), Buffer.from(token)]
    return one.length === other.length && timingSafeEqual(one, other)
  }
  const admits = ({ headers }: IncomingMessage): boolean =>
    headers.host === `127.0.0.1:${port}` && (headers.origin === undefined || headers.origin === origin)
  const foreign = new StudioError('forbidden', `This studio answers only its own page at ${origin}.`)
  return {
    origin,
    address: `${origin}/?token=${token}`,
    foreign,
    admits,
    /** It may say "localhost". */
    isForProgram: ({ headers }) =>
      [`127.0.0.1:${port}`, `localhost:${port}`].includes(headers.host ?? '') &&
      (headers.origin === undefined || headers.origin === origin),
    async door(request, url) {
      if (!pageMethods.includes(request.method!) || !isToken(url.searchParams.get('token') ?? '')) return null
      return letIn(request, `${cookieName}=${token}; Path=/; HttpOnly; SameSite=Strict`)
    },
    refusal(request) {
      const isForeignPost = !pageMethods.includes(request.method!) && request.headers.origin !== origin
      if (!admits(request) || isForeignPost) return foreign
      if (readCookies(request, cookieName).some(isToken)) return null
      return new StudioError(
        'forbidden',
        'Open the address that was printed when the studio started; it has the token.',
      )
    },
    studio: async () => studio,
  }
}

/**
 * Gives the cookie and leads on to the window without the token. A browser that another page sent here (the file that
 * "npm start" opens) gives the cookie to what this page leads to, and not yet to a redirection.
 */
function letIn({ headers }: IncomingMessage, cookie: string): Response {
  const isSentByOther = headers['sec-fetch-site'] === 'cross-site'
  return new Response(null, {
    status: isSentByOther ? 200 : 302,
    headers: {
      ...securityHeaders,
      'Set-Cookie': cookie,
      'Cache-Control': 'no-store',
      ...(isSentByOther ? { Refresh: '0; url=/' } : { Location: '/' }),
    },
  })
}
