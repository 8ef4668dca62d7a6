import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as wait } from 'node:timers/promises'
import type { ReadableStream } from 'node:stream/web'
import { errorCodes, StudioError, type ErrorCode } from '../../../shared/errors.ts'
import { applicationVersion } from '../../paths.ts'
import { packed, versionHeader } from '../wire.ts'

/** The studio as a worker asks it. Everything throws `unreachable` while the studio is away, and what the studio throws. */
export interface StudioLink {
  post<Answer>(path: string, head: object, bytes?: Uint8Array): Promise<Answer>
  bytes(path: string): Promise<Buffer>
  /** Fetches a file, going on where an earlier try ended. Throws `bad-download` for one with another hash. */
  download(path: string, to: string, expected: { sha256: string; bytes: number }): Promise<void>
}

/** Tries of a download that brought nothing more before it is given up, and the pause between them in ms. */
const mostTries = 5
const pauseMs = 500

export function linkToStudio(address: string, key: string): StudioLink {
  const headers = { Authorization: `Bearer ${key}`, [versionHeader]: applicationVersion }

  async function ask(path: string, init: RequestInit = {}): Promise<Response> {
    const url = new URL(path, address)
    const answer = await fetch(url, { ...init, headers: { ...headers, ...init.headers } }).catch(
      (cause: Error) => {
        const message = `The studio at ${url.origin} does not answer (${reasonOf(cause)}). ${adviceOn(cause)}`
        throw new StudioError('unreachable', message, { cause })
      },
    )
    if (answer.ok) return answer
    throw await errorIn(answer)
  }

  /** Takes what there is of a file from where `part` ends. */
  async function fetchRest(path: string, part: string): Promise<void> {
    const from = await sizeOf(part)
    const range: HeadersInit = from > 0 ? { Range: `bytes=${from}-` } : {}
    const answer = await ask(path, { headers: range })
    // Who sends the whole file again sends it from its beginning.
    const flags = answer.status === 206 ? 'a' : 'w'
    if (answer.body)
      await pipeline(Readable.fromWeb(answer.body as ReadableStream), createWriteStream(part, { flags }))
  }

  return {
    post: async <Answer>(path: string, head: object, bytes?: Uint8Array) =>
      (await (await ask(path, { method: 'POST', body: packed(head, bytes) })).json()) as Answer,
    bytes: async (path) => Buffer.from(await (await ask(path)).arrayBuffer()),
    async download(path, to, { sha256, bytes }) {
      const part = `${to}.part`
      await mkdir(dirname(to), { recursive: true })
      for (let tries = 0, before = await sizeOf(part); before < bytes;) {
        const failure = await fetchRest(path, part).then(
          () => null,
          (error: Error) => error,
        )
        const now = await sizeOf(part)
        tries = now > before ? 0 : tries + 1
        before = now
        const isLost = failure instanceof StudioError && failure.code !== 'unreachable'
        if (failure && (isLost || tries >= mostTries)) throw failure
        if (failure) await wait(pauseMs)
      }
      const actual = await sha256Of(part)
      if (actual === sha256) return rename(part, to)
      await rm(part, { force: true })
      const message = `A file came with another sha256 than it has in the studio (${actual.slice(0, 12)}, expected ${sha256.slice(0, 12)}). Has it changed there, or is a disk failing?`
      throw new StudioError('bad-download', message)
    },
  }
}

const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  )

export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path, { highWaterMark: 2 ** 20 }), hash)
  return hash.digest('hex')
}

const reasonOf = ({ message, cause }: Error): string =>
  cause instanceof Error && cause.message !== '' ? cause.message : message

/** What OpenSSL has against a certificate, as Node names it (X509_V_ERR_…). */
const distrust = /CERT|ISSUER|LEAF_SIGNATURE/

function adviceOn({ cause }: Error): string {
  const { code = '' } = (cause ?? {}) as NodeJS.ErrnoException
  return distrust.test(code)
    ? "Its certificate is not trusted here: copy tls/certificate.pem of the studio's data folder, and name the copy in NODE_EXTRA_CA_CERTS."
    : 'Is it running, and is the address right?'
}

async function errorIn(answer: Response): Promise<StudioError> {
  const { code, message } = (await answer.json().catch(() => ({}))) as Record<string, unknown>
  const known = errorCodes.includes(code as ErrorCode) ? (code as ErrorCode) : 'internal'
  return new StudioError(
    known,
    typeof message === 'string' ? message : `The studio answered ${answer.status}.`,
  )
}
