import type { DownloadSite } from '../../../shared/models/downloads.ts'
import { StudioError } from '../../../shared/errors.ts'
import { saying, told } from '../../../shared/notices.ts'
import { siteNames } from '../fetch/refusals.ts'
import type { Sites } from './sites.ts'

/** What a person's link names. */
export type Link =
  | { site: 'huggingface'; repository: string; revision: string; path: string; isFile: boolean }
  | { site: 'civitai'; model: number | null; version: number | null; file: FileChoice }

/** Which file of a version, as the query of a Civitai link says it; lower case. */
export type FileChoice = Readonly<Partial<Record<'fileId' | 'type' | 'format' | 'size' | 'fp', string>>>

const name = '[A-Za-z0-9][A-Za-z0-9._-]*'

/**
 * Reads a repository's name (`org/name`, `org/name@revision`), an address of a page or a file on Hugging Face or
 * Civitai, or Civitai's own name (`urn:air:sdxl:checkpoint:civitai:MODEL@VERSION`). What else stands in a query, a
 * token say, is left out. Throws `bad-request`.
 */
export function readLink(text: string, sites: Sites): Link {
  const link = text.trim()
  const [, repository, revision] = new RegExp(`^(${name}/${name})(?:@(.+))?$`).exec(link) ?? []
  if (repository) return inRepository(repository, revision ?? 'main', '', false)
  const [, model, version] = /^(?:urn:air:[^\s]*:)?civitai:(\d+)(?:@(\d+))?$/i.exec(link) ?? []
  if (model) return inCivitai(model, version ?? null, new URLSearchParams())
  const url = readAddress(link)
  if (url && isHost(url, sites.huggingface, ['huggingface.co', 'www.huggingface.co', 'hf.co']))
    return readHuggingFace(url)
  if (url && isHost(url, sites.civitai, ['civitai.com', 'www.civitai.com', 'civitai.red', 'civitai.green']))
    return readCivitai(url)
  throw new StudioError('bad-request', told(saying('linkUnread')))
}

function readAddress(text: string): URL | null {
  const address = /^[a-z]+:\/\//i.test(text) ? text : `https://${text}`
  return URL.canParse(address) ? new URL(address) : null
}

const isHost = (url: URL, origin: string, hosts: readonly string[]): boolean =>
  url.origin === origin || (/^https?:$/.test(url.protocol) && hosts.includes(url.host))

function readHuggingFace({ pathname }: URL): Link {
  const [owner, model, kind, revision, ...path] = pathname.split('/').filter(Boolean).map(decode)
  const repository = `${owner}/${model}`
  const isModel = new RegExp(`^${name}/${name}$`).test(repository) && !['datasets', 'spaces'].includes(owner)
  if (isModel && kind === undefined) return inRepository(repository, 'main', '', false)
  if (isModel && kind === 'tree' && revision) return inRepository(repository, revision, path.join('/'), false)
  if (isModel && ['blob', 'resolve', 'raw'].includes(kind) && revision && path.length > 0)
    return inRepository(repository, revision, path.join('/'), true)
  throw noModel('huggingface')
}

function inRepository(repository: string, revision: string, path: string, isFile: boolean): Link {
  return { site: 'huggingface', repository, revision, path, isFile }
}

function readCivitai({ pathname, searchParams }: URL): Link {
  const [, model] = /^\/models\/(\d+)/.exec(pathname) ?? []
  if (model) return inCivitai(model, searchParams.get('modelVersionId'), searchParams)
  const [, version] =
    /^\/(?:api\/download\/models|model-versions|api\/v1\/model-versions)\/(\d+)$/.exec(pathname) ?? []
  if (version) return inCivitai(null, version, searchParams)
  throw noModel('civitai')
}

const noModel = (site: DownloadSite): StudioError =>
  new StudioError('bad-request', told(saying('linkNoModel', { site: siteNames[site] })))

function inCivitai(model: string | null, version: string | null, query: URLSearchParams): Link {
  const asked = (['fileId', 'type', 'format', 'size', 'fp'] as const).flatMap((key) => {
    const value = query.get(key)
    return value ? [[key, value.toLowerCase()] as const] : []
  })
  return {
    site: 'civitai',
    model: model === null ? null : Number(model),
    version: version !== null && /^\d+$/.test(version) ? Number(version) : null,
    file: Object.fromEntries(asked),
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
