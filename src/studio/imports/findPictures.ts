import type { Dirent } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { kindOf } from '../models/findModels.ts'
import { saying, type Saying } from '../../shared/notices.ts'

/** A picture's file as it was last seen. */
export interface PictureOnDisk {
  path: string
  modifiedAt: number
  /** Size and time of modification: changes whenever the file is replaced. */
  stamp: string
}

export interface PictureScan {
  pictures: PictureOnDisk[]
  /** The folders that were looked into. */
  folders: string[]
  /** Why there may be more than was found, or that nothing can be seen; null: all was looked through. */
  problem: Saying | null
}

/** How much of a folder is looked through. */
const bounds = { depth: 12, folders: 20_000, entries: 2_000_000 }

const pictureEndings = ['.png', '.jpg', '.jpeg', '.jfif', '.webp', '.avif', '.gif', '.tif', '.tiff']

/** InvokeAI and others keep small copies of their pictures in a folder of this name. */
const thumbnails = 'thumbnails'

interface Waiting {
  path: string
  depth: number
}

/**
 * Looks below a folder for files with the names of pictures. Links are followed, and each real folder counts once; what is no
 * regular file is none; names that begin with a dot are passed over, folders of thumbnails, and the folders `leftOut`. One entry after the
 * other, so that a disk that hangs holds one thread. Never throws.
 * @param isOver ends it.
 */
export async function findPictures(
  root: string,
  leftOut: readonly string[],
  isOver: () => boolean,
): Promise<PictureScan> {
  const scan: PictureScan = { pictures: [], folders: [], problem: null }
  const seen = new Set(await Promise.all(leftOut.map((path) => realpath(path).catch(() => path))))
  const folders: Waiting[] = [{ path: root, depth: 0 }]
  const links: Waiting[] = []
  let entries = 0
  for (let next = folders.pop(); next; next = folders.pop() ?? links.shift()) {
    if (isOver()) return { ...scan, problem: saying('importsCut', { folder: root }) }
    const real = await realpath(next.path).catch(() => null)
    const found = real === null ? null : await readdir(next.path, { withFileTypes: true }).catch(() => null)
    if (real === null || found === null) {
      scan.problem = saying('importsMissing', { path: next.path, folder: root })
      continue
    }
    if (seen.has(real)) continue
    seen.add(real)
    scan.folders.push(next.path)
    entries += found.length
    if (seen.size > bounds.folders || entries > bounds.entries) {
      return { ...scan, problem: saying('importsLarge', { folder: root }) }
    }
    await lookAtEntries(scan, next, found, { folders, links })
  }
  return scan
}

async function lookAtEntries(
  scan: PictureScan,
  { path: folder, depth }: Waiting,
  entries: readonly Dirent[],
  { folders, links }: { folders: Waiting[]; links: Waiting[] },
): Promise<void> {
  for (const [index, entry] of entries.entries()) {
    if (index % 200 === 199) await setImmediate()
    if (entry.name.startsWith('.')) continue
    if (entry.name.toLowerCase() === thumbnails && !entry.isFile()) continue
    const path = join(folder, entry.name)
    const isNamed = pictureEndings.includes(extname(entry.name).toLowerCase())
    if (entry.isFile() && !isNamed) continue
    const kind = await kindOf(path, entry)
    if (kind === 'folder' && depth < bounds.depth)
      (entry.isSymbolicLink() ? links : folders).push({ path, depth: depth + 1 })
    if (kind !== 'file' || !isNamed) continue
    const status = await stat(path, { bigint: true }).catch(() => null)
    if (!status) continue
    const { size, mtimeNs, mtimeMs } = status
    scan.pictures.push({ path, modifiedAt: Number(mtimeMs), stamp: `${size} ${mtimeNs}` })
  }
}
