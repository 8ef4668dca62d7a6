import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** Addresses of pictures that can be fetched for an hour without a key, as an answer hands them on. */
export interface SignedPictures {
  addressOf(path: string): string
  /** The path of the picture that a request is let see; null where it asks for none, or its hour is over. */
  pathOf(request: Request): string | null
}

const lifetimeMs = 3_600_000

/** They end with the server that signed them. */
export function signPictures(origin: string): SignedPictures {
  const secret = randomBytes(32)
  const sign = (path: string, until: string): Buffer =>
    createHmac('sha256', secret).update(`${until} ${path}`).digest()
  return {
    addressOf(path) {
      const until = String(Date.now() + lifetimeMs)
      const query = new URLSearchParams({ until, signature: sign(path, until).toString('base64url') })
      return `${origin}/v1${path}?${query}`
    },
    pathOf(request) {
      const { pathname, searchParams } = new URL(request.url)
      const [, path] = /^\/v1(\/images\/[\w-]+\.\w+)$/.exec(pathname) ?? []
      const until = searchParams.get('until') ?? ''
      if (request.method !== 'GET' || path === undefined || !(Number(until) > Date.now())) return null
      const given = Buffer.from(searchParams.get('signature') ?? '', 'base64url')
      const right = sign(path, until)
      return given.length === right.length && timingSafeEqual(given, right) ? path : null
    },
  }
}
