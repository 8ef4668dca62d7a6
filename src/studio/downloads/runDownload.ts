import { existsSync } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { makeFolder, syncFolder } from '../files.ts'
import { findCached, takeFromCache } from './caches.ts'
import { digestOf } from './fetch/digest.ts'
import type { DownloadRecord } from './downloadStore.ts'
import { fetchFile, type FileWork } from './fetch/fetchFile.ts'
import { requireRoom } from './freeSpace.ts'
import type { WantedFile } from './sites/offer.ts'
import { partPath } from './fetch/partFile.ts'
import { freeTarget, neededBytes } from './plan.ts'
import { sidecarOf, writeSidecars } from './sidecar.ts'

export interface RunParts {
  cache: string
  freeBytes: (folder: string) => Promise<number | null>
  /** As for one file; `reached` counts the bytes of all. */
  work: Omit<FileWork, 'site'>
}

/** Where the files of a download lie until all are there. The name begins with a dot: the library does not see it. */
export const stagingFolder = ({ folder, id }: Pick<DownloadRecord, 'folder' | 'id'>): string =>
  join(folder, `.download-${id}`)

/**
 * Fetches what a download misses, and puts it in its place when all is there and right; answers the place. Throws as
 * `fetchFile` does, `disk-full`, and what the file system throws.
 */
export async function runDownload(
  record: DownloadRecord,
  { cache, freeBytes, work }: RunParts,
): Promise<string> {
  const { offer, folder } = record
  if (await isInPlace(record, work.signal)) return record.target
  const staging = stagingFolder(record)
  const pathOf = (file: WantedFile): string =>
    join(staging, ...(offer.isFolder ? file.path : offer.name).split('/'))
  const missing = offer.files.filter((file) => !existsSync(pathOf(file)))
  const begun = await Promise.all(missing.map((file) => bytesOnDisk(partPath(pathOf(file)))))
  const needed = (await neededBytes(missing, cache, folder)) - begun.reduce((sum, bytes) => sum + bytes, 0)
  requireRoom(needed, await freeBytes(folder), folder)
  makeFolder(staging)
  let before = 0
  for (const file of offer.files) {
    const reached = (bytes: number): void => work.reached(before + bytes)
    if (missing.includes(file))
      await getFile(file, pathOf(file), { ...work, site: offer.site, reached }, cache)
    before += file.size
    work.reached(before)
  }
  return install(record, staging, work.writer)
}

/** What a file takes of the disk: one that is fetched in parts has holes. */
async function bytesOnDisk(path: string): Promise<number> {
  const found = await stat(path).catch(() => null)
  return found ? found.blocks * 512 : 0
}

async function getFile(file: WantedFile, path: string, work: FileWork, cache: string): Promise<void> {
  const cached = await findCached(file, cache)
  if (cached !== null) {
    makeFolder(dirname(path))
    if (await takeFromCache(cached, path, file, work.signal)) return
  }
  await fetchFile(file, path, work)
}

async function install(record: DownloadRecord, staging: string, writer: string): Promise<string> {
  const { offer, folder } = record
  const target = freeTarget(join(folder, offer.name), offer.revision)
  await writeSidecars(offer, offer.isFolder ? staging : target, writer)
  await rename(offer.isFolder ? staging : join(staging, offer.name), target)
  await rm(staging, { recursive: true, force: true })
  await syncFolder(folder)
  return target
}

/** Whether the end of a studio came between the last step and the note of it. */
async function isInPlace(record: DownloadRecord, signal: AbortSignal): Promise<boolean> {
  const { offer, target } = record
  if (existsSync(stagingFolder(record)) || !existsSync(target)) return false
  if (offer.isFolder) return (await sidecarOf(target))?.revision === offer.revision
  const [{ digest }] = offer.files
  return (await digestOf(target, digest.algorithm, signal)) === digest.hex
}
