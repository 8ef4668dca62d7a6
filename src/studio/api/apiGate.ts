import { ApiError } from './apiError.ts'
import { findApiKey, usualMostBytes, type ApiKey, type Scope } from './apiKeys.ts'
import { createRateLimit } from './rateLimit.ts'

/** The program that calls, by the key that it shows; without a key where that is allowed. */
export type Caller = Pick<ApiKey, 'id' | 'name' | 'scopes' | 'mostBytes'>

export interface ApiGate {
  /** Throws 401 for a key that is none, 429 with Retry-After for too many calls. */
  callerOf(request: Request): Promise<Caller>
  /** Whether who was let in would be let in still, with one of the scopes; it counts as no call. */
  isOpen(request: Request, anyOf: readonly Scope[]): Promise<boolean>
}

/** Who calls without a key. */
const nobody: Caller & { requestsPerMinute: null } = {
  id: 'without-key',
  name: 'a program without a key',
  scopes: ['generate', 'read'],
  requestsPerMinute: null,
  mostBytes: usualMostBytes,
}

export function createApiGate({
  dataFolder,
  withoutKey,
}: {
  dataFolder: string
  /** Programs that show no key may draw and look. */
  withoutKey: boolean
}): ApiGate {
  const waitOf = createRateLimit()
  /** null: no key of this studio. */
  async function holderOf(request: Request): Promise<(Caller & { requestsPerMinute: number | null }) | null> {
    const shown = shownKeys(request.headers.get('authorization') ?? '')
    if (shown.length === 0 && withoutKey) return nobody
    for (const key of shown) {
      const found = await findApiKey(dataFolder, key)
      if (found) return found
    }
    return null
  }
  return {
    async callerOf(request) {
      const caller = await holderOf(request)
      if (!caller)
        throw new ApiError(401, 'Give a key of this studio; "studio keys --add NAME" makes one.', {
          headers: { 'WWW-Authenticate': 'Bearer, Basic realm="Latent Studio"' },
        })
      const seconds = waitOf(caller.id, caller.requestsPerMinute)
      if (seconds === 0) return caller
      const message = `This key may call ${caller.requestsPerMinute} times a minute. Try again in ${seconds} s.`
      throw new ApiError(429, message, { headers: { 'Retry-After': String(seconds) } })
    },
    async isOpen(request, anyOf) {
      const caller = await holderOf(request)
      return caller !== null && anyOf.some((scope) => caller.scopes.includes(scope))
    },
  }
}

/** Throws 403 for a caller who has none of the scopes, any of which would do. */
export function requireScope({ scopes }: Caller, anyOf: readonly Scope[]): void {
  if (anyOf.some((scope) => scopes.includes(scope))) return
  const missing = anyOf.map((scope) => `"${scope}"`).join(' or ')
  throw new ApiError(403, `This needs the scope ${missing}; this key has ${scopes.join(', ')}.`)
}

/** A key is a bearer token (RFC 6750), or, as AUTOMATIC1111's clients send it, the password (or the name) of RFC 7617. */
function shownKeys(authorization: string): string[] {
  const [, scheme = '', credentials = ''] = /^(\S+) +(\S+)$/.exec(authorization.trim()) ?? []
  if (scheme.toLowerCase() === 'bearer') return [credentials]
  if (scheme.toLowerCase() !== 'basic') return []
  const [, name, password] = /^([^:]*):?([^]*)$/.exec(Buffer.from(credentials, 'base64').toString())!
  return [password, name].filter((key) => key !== '')
}
