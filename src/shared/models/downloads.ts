import type { ErrorRecord } from '../errors.ts'

/** Models from the network: what would be fetched, and what is being fetched. */

export const downloadSites = ['huggingface', 'civitai'] as const
export type DownloadSite = (typeof downloadSites)[number]

/** What a link leads to, before anything is fetched. Sizes are in bytes. */
export interface DownloadPlan {
  /** Names this very revision and these files: what `startDownload` is given. */
  link: string
  site: DownloadSite
  title: string
  /** The page about it. */
  page: string
  /** The commit, or Civitai's number of the version. */
  revision: string
  licence: string | null
  /** It is behind a login or terms, and no token is known. */
  needsToken: boolean
  /** Absolute path of the file or folder it will be. */
  target: string
  files: { path: string; size: number; from: 'network' | 'cache' }[]
  totalBytes: number
  /** Without what lies in a cache of this machine. */
  networkBytes: number
  /** What the disk must have room for, and what it has; null: it does not tell. */
  neededBytes: number
  freeBytes: number | null
  /** Where the same file lies already; nothing is to be fetched then. */
  present: string | null
  /** Files of the same repository that are not needed. */
  leftOut: { count: number; bytes: number }
  /** Other files behind the same link, or, where the link does not say which, all of them. */
  choices: { name: string; size: number; link: string }[]
}

/**
 * `paused`: a person, a restart or an `error` stopped it, and it can go on. `failed`: what was fetched was refused and
 * deleted, and trying again begins anew.
 */
export type DownloadState = 'waiting' | 'running' | 'checking' | 'paused' | 'failed' | 'done'

export interface Download {
  id: string
  createdAt: number
  state: DownloadState
  link: string
  site: DownloadSite
  title: string
  page: string
  revision: string
  target: string
  totalBytes: number
  doneBytes: number
  bytesPerSecond: number | null
  etaMs: number | null
  /** The server sends files only as a whole, so one that was cut off began again. */
  startedOver: boolean
  error: ErrorRecord | null
}

/** Where the token of a site comes from: the system's keychain, this session alone, or the environment. */
export type TokenPlace = 'keychain' | 'session' | 'environment'

export interface DownloadTokens {
  places: Record<DownloadSite, TokenPlace | null>
  /** Whether a token that is given now outlives this session. */
  areKept: boolean
}
