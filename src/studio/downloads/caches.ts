import { constants } from 'node:fs'
import { copyFile, link, readdir, realpath, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { findModelsBelow } from '../models/findModels.ts'
import { digestOf } from './fetch/digest.ts'
import type { Offer, WantedFile } from './sites/offer.ts'

/**
 * The cache of huggingface_hub and all that is built on it (docs: huggingface_hub, "Understand caching"): it is read,
 * never written.
 */
export function huggingFaceCache(environment: NodeJS.ProcessEnv = process.env): string {
  const { HF_HUB_CACHE, HF_HOME, XDG_CACHE_HOME } = environment
  if (HF_HUB_CACHE) return HF_HUB_CACHE
  return join(HF_HOME || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'huggingface'), 'hub')
}

/** Where the cache holds a file of the Hub, of the very size; null where it does not. */
export async function findCached(file: WantedFile, cache: string): Promise<string | null> {
  const [, owner, name, sha, path] =
    /^\/([^/]+)\/([^/]+)\/resolve\/([^/]+)\/(.+)$/.exec(new URL(file.url).pathname) ?? []
  if (path === undefined) return null
  const own = `models--${owner}--${name}`
  // A file of that hash is the same whichever repository it came from. Where there are no links, it lies in a snapshot.
  const folders = file.digest.algorithm === 'sha256' ? await readdir(cache).catch(() => []) : []
  const others = folders.filter((folder) => folder.startsWith('models--') && folder !== own)
  const places = [
    join(cache, own, 'blobs', file.digest.hex),
    join(cache, own, 'snapshots', sha, ...path.split('/').map(decodeURIComponent)),
    ...others.map((folder) => join(cache, folder, 'blobs', file.digest.hex)),
  ]
  for (const place of places) {
    const found = await stat(place).catch(() => null)
    if (found?.isFile() && found.size === file.size) return realpath(place)
  }
  return null
}

/**
 * Puts a file of a cache under a second name, which takes no room, or copies it where that cannot be. Answers false for
 * one whose bytes are not the promised ones: then it is fetched.
 */
export async function takeFromCache(
  cached: string,
  path: string,
  { digest }: WantedFile,
  signal: AbortSignal,
): Promise<boolean> {
  const found = await digestOf(cached, digest.algorithm, signal).catch((error: unknown) => {
    if (signal.aborted) throw error
    return null
  })
  if (found !== digest.hex) return false
  await link(cached, path).catch(() => copyFile(cached, path, constants.COPYFILE_FICLONE))
  return true
}

/** Where the one file of an offer lies already in these folders, whatever it is called there; null where it does not. */
export async function findPresent(
  { isFolder, files }: Pick<Offer, 'isFolder' | 'files'>,
  folders: readonly string[],
  signal: AbortSignal,
): Promise<string | null> {
  const [file] = files
  if (isFolder || !file || file.digest.algorithm !== 'sha256') return null
  for (const folder of folders) {
    for (const { path } of (await findModelsBelow(folder)).models) {
      const found = await stat(path).catch(() => null)
      if (!found?.isFile() || Math.abs(found.size - file.size) > file.slack) continue
      if ((await digestOf(path, 'sha256', signal).catch(() => null)) === file.digest.hex) return path
    }
  }
  return null
}
