import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { dirname, extname, join } from 'node:path'
import type { DownloadPlan } from '../../shared/models/downloads.ts'
import { findCached, findPresent } from './caches.ts'
import { sidecarOf } from './sidecar.ts'
import type { Offer, WantedFile } from './sites/offer.ts'

interface Surroundings {
  /** Where it is to lie. */
  folder: string
  modelFolders: readonly string[]
  cache: string
  freeBytes: (folder: string) => Promise<number | null>
  hasToken: boolean
  signal: AbortSignal
}

/** What fetching an offer into a folder means on this machine. */
export async function planOffer(offer: Offer, surroundings: Surroundings): Promise<DownloadPlan> {
  const { folder, modelFolders, cache, freeBytes, hasToken, signal } = surroundings
  const named = join(folder, offer.name)
  const isSame = offer.isFolder && (await sidecarOf(named))?.revision === offer.revision
  const cached = await Promise.all(offer.files.map((file) => findCached(file, cache)))
  const isCached = (file: WantedFile): boolean => cached[offer.files.indexOf(file)] !== null
  const sum = (files: readonly WantedFile[]): number => files.reduce((bytes, { size }) => bytes + size, 0)
  const network = offer.files.filter((file) => !isCached(file))
  const { site, title, page, link, revision, licence, leftOut, choices } = offer
  return {
    ...{ site, title, page, link, revision, licence, leftOut, choices },
    needsToken: offer.isGated && !hasToken && network.length > 0,
    target: isSame ? named : freeTarget(named, offer.revision),
    files: offer.files.map((file) => ({
      path: offer.isFolder ? file.path : offer.name,
      size: file.size,
      from: isCached(file) ? 'cache' : 'network',
    })),
    totalBytes: sum(offer.files),
    networkBytes: sum(network),
    neededBytes: await neededBytes(offer.files, cache, folder),
    freeBytes: await freeBytes(folder),
    present: isSame ? named : await findPresent(offer, modelFolders, signal),
  }
}

/** What the disk of a folder must have room for: all that is fetched, and what is copied from another disk. */
export async function neededBytes(
  files: readonly WantedFile[],
  cache: string,
  folder: string,
): Promise<number> {
  const sizes = files.map(async (file) => {
    const cached = await findCached(file, cache)
    return cached === null || (await isElsewhere(cached, folder)) ? file.size : 0
  })
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}

/** A second name costs no room, but needs the same disk. */
async function isElsewhere(path: string, folder: string): Promise<boolean> {
  let there = folder
  while (!existsSync(there) && dirname(there) !== there) there = dirname(there)
  const [one, other] = await Promise.all([stat(path), stat(there)])
  return one.dev !== other.dev
}

/** The path, or one beside it where that is taken: nothing is ever written over. */
export function freeTarget(path: string, revision: string): string {
  const ending = extname(path) === '.safetensors' ? '.safetensors' : ''
  const stem = path.slice(0, path.length - ending.length)
  const short = revision.slice(0, 8)
  for (let count = 0; ; count++) {
    const tried = `${stem}${['', `-${short}`][count] ?? `-${short}-${count}`}${ending}`
    if (!existsSync(tried)) return tried
  }
}
