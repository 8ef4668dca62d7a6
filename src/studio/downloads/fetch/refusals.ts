import type { DownloadSite } from '../../../shared/models/downloads.ts'
import { StudioError } from '../../../shared/errors.ts'
import { saying, told, type Saying } from '../../../shared/notices.ts'
import { Cut, LinkExpired } from './cut.ts'

export const siteNames: Readonly<Record<DownloadSite, string>> = {
  huggingface: 'Hugging Face',
  civitai: 'Civitai',
}

/** What an answer that brings no file means. Hugging Face says in `X-Error-Code` what its status leaves open. */
export function refusal(
  { status, headers }: { status: number; headers: Headers },
  { site, host, isSite, hasToken }: { site: DownloadSite; host: string; isSite: boolean; hasToken: boolean },
): Error {
  const who = siteNames[site]
  if (status === 408 || status === 425 || status === 429 || status >= 500)
    return new Cut(`${host} is busy (HTTP ${status})`, retryAfter(headers))
  if (!isSite && [400, 401, 403, 404, 410].includes(status))
    return new LinkExpired(`the link to ${host} has ended (HTTP ${status})`)
  if (status === 416)
    return new StudioError(
      'bad-download',
      `${who} says that the file is shorter than it said before. Remove the download and begin it anew.`,
    )
  const code = headers.get('x-error-code') ?? ''
  if (status === 401 || status === 403)
    return new StudioError('login-needed', told(loginWords(site, code, hasToken)))
  if (status === 404 || status === 410) {
    const lacks =
      ({ RevisionNotFound: 'siteNoRevision', EntryNotFound: 'siteNoFile' } as const)[code] ?? 'siteNoModel'
    return new StudioError('not-found', told(saying(lacks, { site: who })))
  }
  return new StudioError('unreachable', told(saying('siteRefuses', { site: who, status })))
}

function loginWords(site: DownloadSite, code: string, hasToken: boolean): Saying {
  if (site === 'civitai') return saying(hasToken ? 'tokenCivitai' : 'loginCivitai')
  if (code === 'RepoNotFound') return saying(hasToken ? 'tokenPrivate' : 'loginPrivate')
  return saying(hasToken ? 'tokenTerms' : 'loginTerms')
}

const longestWaitMs = 300_000

/** `Retry-After` in ms; 0 where it says nothing in seconds. */
function retryAfter(headers: Headers): number {
  const seconds = Number(headers.get('retry-after') ?? 0)
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0) * 1000, longestWaitMs) : 0
}
