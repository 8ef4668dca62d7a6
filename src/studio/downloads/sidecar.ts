import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeFileDurably } from '../files.ts'
import { applicationVersion } from '../paths.ts'
import type { Offer } from './sites/offer.ts'

/** What is kept of where a model came from: beside its file as `NAME.download.json`, in its folder as `download.json`. */
interface Sidecar {
  title: string
  page: string
  link: string
  revision: string
  licence: string | null
  files: { path: string; url: string; size: number; sha256?: string; gitBlob?: string }[]
  downloadedAt: string
  program: string
}

/**
 * Writes where a model came from, at `path` without its ending or into the folder. What Civitai said goes beside it
 * too, as other programs keep it (`NAME.civitai.info`).
 */
export async function writeSidecars(offer: Offer, path: string, writer: string): Promise<void> {
  const { title, page, link, revision, licence, files } = offer
  const sidecar: Sidecar = {
    ...{ title, page, link, revision, licence },
    files: files.map(({ path, url, size, digest }) => ({ path, url, size, [digest.algorithm]: digest.hex })),
    downloadedAt: new Date().toISOString(),
    program: `Latent Studio ${applicationVersion}`,
  }
  const stem = path.replace(/\.safetensors$/i, '')
  const place = offer.isFolder ? join(path, 'download.json') : `${stem}.download.json`
  await writeFileDurably(place, json(sidecar), writer)
  if (offer.civitaiInfo) await writeFileDurably(`${stem}.civitai.info`, json(offer.civitaiInfo), writer)
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

/** What was written into a folder; null where there is none, or it cannot be read. */
export async function sidecarOf(folder: string): Promise<Pick<Sidecar, 'revision'> | null> {
  try {
    const { revision } = JSON.parse(await readFile(join(folder, 'download.json'), 'utf8')) as Partial<Sidecar>
    return revision === undefined ? null : { revision }
  } catch {
    return null
  }
}
