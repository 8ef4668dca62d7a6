import type { DownloadSite } from '../../../shared/models/downloads.ts'
import { StudioError } from '../../../shared/errors.ts'
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
    return new StudioError('login-needed', loginWords(site, code, hasToken))
  if (status === 404 || status === 410) {
    const what = { RevisionNotFound: 'revision', EntryNotFound: 'file' }[code] ?? 'model'
    return new StudioError(
      'not-found',
      `${who} has no such ${what}. Look at the link; it may have been removed.`,
    )
  }
  return new StudioError('unreachable', `${who} refuses (HTTP ${status}). Try again later.`)
}

function loginWords(site: DownloadSite, code: string, hasToken: boolean): string {
  if (site === 'civitai')
    return hasToken
      ? 'Civitai refuses the token, or its account may not have this file (early access). Make a new API key in your account’s settings there.'
      : 'Civitai gives files only to who is logged in. Make an API key in your account’s settings there, and put it here as the token.'
  if (code === 'RepoNotFound')
    return `Hugging Face has no such model, or it is private${hasToken ? ' and the token’s account may not see it' : ': then it needs a token'}. Look at the link.`
  return hasToken
    ? 'Hugging Face refuses the token, or its account has not accepted the terms of this model. Accept them on the model’s page, and look whether the token may read gated models.'
    : 'This model is behind terms or a login. Accept its terms on its page at Hugging Face, make a token in your settings there, and put it here.'
}

const longestWaitMs = 300_000

/** `Retry-After` in ms; 0 where it says nothing in seconds. */
function retryAfter(headers: Headers): number {
  const seconds = Number(headers.get('retry-after') ?? 0)
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0) * 1000, longestWaitMs) : 0
}
