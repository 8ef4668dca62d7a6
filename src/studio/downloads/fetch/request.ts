import { setTimeout as wait } from 'node:timers/promises'
import type { DownloadSite } from '../../../shared/models/downloads.ts'
import { StudioError } from '../../../shared/errors.ts'
import { applicationVersion } from '../../paths.ts'
import { Cut, LinkExpired } from './cut.ts'
import { refusal, siteNames } from './refusals.ts'
import { isAllowed, type Sites } from '../sites/sites.ts'

export interface Network {
  sites: Sites
  token: (site: DownloadSite) => Promise<string | null>
  /** How long an answer may bring no byte before it counts as cut off, in ms. */
  stallMs: number
  /** How long is waited before each further try, in ms; after the last one the download is paused. */
  waitsMs: readonly number[]
}

export interface Answer {
  response: Response
  /** Where it was given: behind all redirects. */
  location: URL
  /** The body as it comes. Throws `Cut` where it ends early or stalls. */
  body: () => AsyncGenerator<Uint8Array>
  /** Lets go of a body that nobody reads. */
  drop: () => void
}

interface Question {
  site: DownloadSite
  url: string
  range?: readonly [from: number, to: number]
  signal: AbortSignal
}

const mostRedirects = 6

/**
 * Asks for an address of a site, and follows its redirects to hosts that are known. The token goes to the site alone,
 * never to where it redirects. Throws `Cut` for what may be tried again, `LinkExpired` where an address outside the
 * site refuses, else a coded error. Addresses behind a redirect are signed, so no message holds more than the host.
 */
export async function ask(network: Network, question: Question): Promise<Answer> {
  let url = new URL(question.url)
  for (let redirects = 0; redirects <= mostRedirects; redirects++) {
    const answer = await askOnce(network, question, url)
    const { status, headers } = answer.response
    const isSite = url.origin === network.sites[question.site]
    if (status === 200 || status === 206) return answer
    const target = headers.get('location')
    answer.drop()
    const refuse = async (response: { status: number; headers: Headers }): Promise<Error> => {
      const hasToken = (await network.token(question.site)) !== null
      return refusal(response, { site: question.site, host: url.host, isSite, hasToken })
    }
    if (status < 300 || status >= 400 || target === null || !URL.canParse(target, url))
      throw await refuse(answer.response)
    // Civitai sends who must log in to its page for that.
    if (isSite && /^\/login\b/.test(new URL(target, url).pathname))
      throw await refuse({ status: 401, headers })
    url = new URL(target, url)
  }
  throw new StudioError('unreachable', `${siteNames[question.site]} redirects without end. Try again later.`)
}

async function askOnce(network: Network, { site, range, signal }: Question, url: URL): Promise<Answer> {
  if (!isAllowed(url, network.sites))
    throw new StudioError(
      'forbidden',
      `${siteNames[site]} redirects to ${url.protocol}//${url.host}, which is not known as one of its hosts, so nothing was fetched from there. If it is, a newer version of Latent Studio may know it.`,
    )
  const token = url.origin === network.sites[site] ? await network.token(site) : null
  const watch = watchFor(signal, network.stallMs)
  const failed = (error: unknown): unknown => {
    watch.end()
    if (signal.aborted) return signal.reason
    return new Cut(watch.hasStalled() ? `${url.host} sends nothing` : `${url.host} ${reasonOf(error)}`)
  }
  const response = await fetch(url, {
    redirect: 'manual',
    signal: watch.signal,
    headers: {
      // What is counted and checked are the bytes of the file.
      'Accept-Encoding': 'identity',
      'User-Agent': `latent-studio/${applicationVersion}`,
      ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
      ...(range ? { Range: `bytes=${range[0]}-${range[1] - 1}` } : {}),
    },
  }).catch((error: unknown) => {
    throw failed(error)
  })

  async function* body(): AsyncGenerator<Uint8Array> {
    try {
      for await (const bytes of response.body ?? []) {
        watch.beat()
        yield bytes
      }
    } catch (error) {
      throw failed(error)
    } finally {
      watch.end()
    }
  }

  const drop = (): void => {
    watch.end()
    void response.body?.cancel().catch(() => {})
  }
  return { response, location: url, body, drop }
}

/** Ends a request when the person does, or when nothing comes for too long. */
function watchFor(signal: AbortSignal, stallMs: number) {
  const stalled = new AbortController()
  const timer = setTimeout(() => stalled.abort(), stallMs)
  return {
    signal: AbortSignal.any([signal, stalled.signal]),
    beat: () => void timer.refresh(),
    end: () => clearTimeout(timer),
    hasStalled: () => stalled.signal.aborted,
  }
}

function reasonOf(error: unknown): string {
  const { cause } = error as { cause?: { code?: string } }
  const code = cause?.code ?? ''
  if (['ENOTFOUND', 'EAI_AGAIN'].includes(code)) return 'is not found (is there a network?)'
  if (code === 'ECONNREFUSED') return 'takes no connections'
  if (/CERT|TLS|SSL|SELF_SIGNED|ISSUER/.test(code)) return `has no certificate that is trusted (${code})`
  if (/TIMEOUT|ETIMEDOUT/.test(code)) return 'does not answer'
  return `cut the connection${code ? ` (${code})` : ''}`
}

const largestText = 50 * 2 ** 20

/** A text of a site: what it says of a model, not a model. Tries again as often as a download does. */
export async function askText(network: Network, question: Omit<Question, 'range'>): Promise<string> {
  return withPatience(network, question, async () => {
    const answer = await ask(network, question)
    const parts: Uint8Array[] = []
    let size = 0
    for await (const bytes of answer.body()) {
      size += bytes.length
      if (size > largestText)
        throw new StudioError(
          'bad-download',
          `${siteNames[question.site]} answers without end. Try again later.`,
        )
      parts.push(bytes)
    }
    return Buffer.concat(parts).toString('utf8')
  })
}

/**
 * Does work that may be cut off, again and again with growing waits, until it fails as often in a row without getting
 * anywhere. `reached` tells how far it got. Throws `unreachable` then, with the last reason.
 */
export async function withPatience<Result>(
  { waitsMs }: Network,
  { site, signal }: Pick<Question, 'site' | 'signal'>,
  work: () => Promise<Result>,
  reached: () => number = () => 0,
): Promise<Result> {
  let failures = 0
  for (;;) {
    const before = reached()
    try {
      return await work()
    } catch (error) {
      if (signal.aborted || !(error instanceof Cut)) throw error
      failures = reached() > before ? 1 : failures + 1
      if (failures > waitsMs.length)
        throw new StudioError(
          'unreachable',
          `${siteNames[site]} cannot be reached: ${error.message}. Look whether this machine is online (behind a proxy, start Latent Studio with NODE_USE_ENV_PROXY=1), then go on.`,
        )
      // A link that ended has no need to wait the first time: the site gives a new one at once.
      const pause = error instanceof LinkExpired && failures === 1 ? 0 : waitsMs[failures - 1]
      await wait(Math.max(pause, error.retryAfterMs), undefined, { signal })
    }
  }
}
