import type { Dirent } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { basename, extname, join, relative, resolve, sep } from 'node:path'
import { withinTime } from './timeLimit.ts'

/** A model on disk: a file, or a folder that says what it holds. */
export interface ModelOnDisk {
  path: string
  /** Where it really lies, links resolved; null for a link that leads nowhere. */
  realPath: string | null
  /** Path below the model folder it was found in, with forward slashes. */
  below: string
}

export interface FolderScan {
  models: ModelOnDisk[]
  /** Why there may be more than was found; null when all was looked through. */
  problem: string | null
}

/** How much of a model folder is looked through. Large collections have some thousand entries in some hundred folders. */
const bounds = { depth: 5, folders: 5000, entries: 100_000, timeMs: 5000 }

/** Folders whose scan has not answered yet: each further one would take another thread. */
const unanswered = new Set<string>()

/**
 * Looks below a folder for models: folders in the diffusers layout (model_index.json) and single files. `.ckpt` files
 * are found too, so that it is said why not. Links are followed, and each real folder and file counts once; what is no
 * regular file is no model; an entry that cannot be looked at is passed over. Never throws, and answers within 5 s.
 */
export async function findModelsBelow(folder: string): Promise<FolderScan> {
  const root = resolve(folder)
  const stopped = (what: string): string =>
    `The model folder ${root} ${what}, so some of its models may be missing from the list. Choose a folder that holds models and little else.`
  if (unanswered.has(root)) return { models: [], problem: stopped('does not answer') }
  const scan: Scan = { root, models: [], seen: new Set(), entries: 0, isOver: false, isFull: false }
  const walk = walkFolders(scan)
  const answered = await withinTime(
    walk.then(() => true),
    bounds.timeMs,
    false,
  )
  scan.isOver = true
  if (!answered) {
    unanswered.add(root)
    void walk.finally(() => unanswered.delete(root))
  }
  const problem = answered
    ? scan.isFull && 'holds more files and folders than are looked through'
    : 'took too long to look through'
  return { models: [...scan.models], problem: problem ? stopped(problem) : null }
}

interface Scan {
  root: string
  models: ModelOnDisk[]
  /** Real paths of the folders entered. */
  seen: Set<string>
  entries: number
  /** The time is up: the walk stops at its next entry. */
  isOver: boolean
  isFull: boolean
}

interface Waiting {
  folder: string
  depth: number
}

/**
 * One entry after the other: a disk that hangs then holds one thread and not all of them. Links to folders come last,
 * so that a model is known by where it lies and not by a link to it.
 */
async function walkFolders(scan: Scan): Promise<void> {
  const folders: Waiting[] = [{ folder: scan.root, depth: 0 }]
  const links: Waiting[] = []
  for (let next = folders.pop(); next; next = folders.pop() ?? links.shift()) {
    const real = await realpath(next.folder).catch(() => null)
    if (real === null || scan.seen.has(real)) continue
    scan.seen.add(real)
    const entries = await readdir(next.folder, { withFileTypes: true }).catch(() => [])
    scan.entries += entries.length
    scan.isFull = scan.seen.size > bounds.folders || scan.entries > bounds.entries
    if (scan.isOver || scan.isFull) return
    if (entries.some(({ name }) => name === 'model_index.json')) add(scan, next.folder, real)
    else await lookAtEntries(scan, next, entries, { folders, links })
  }
}

async function lookAtEntries(
  scan: Scan,
  { folder, depth }: Waiting,
  entries: readonly Dirent[],
  { folders, links }: { folders: Waiting[]; links: Waiting[] },
): Promise<void> {
  for (const entry of entries) {
    if (scan.isOver) return
    if (entry.name.startsWith('.')) continue
    const path = join(folder, entry.name)
    const isModel = ['.safetensors', '.ckpt'].includes(extname(entry.name).toLowerCase())
    const kind = await kindOf(path, entry)
    if (kind === 'folder' && depth < bounds.depth)
      (entry.isSymbolicLink() ? links : folders).push({ folder: path, depth: depth + 1 })
    if (isModel && kind === 'file') add(scan, path, await realpath(path).catch(() => null))
    if (isModel && kind === 'nowhere') add(scan, path, null)
  }
}

function add(scan: Scan, path: string, realPath: string | null): void {
  if (scan.isOver) return
  const below = relative(scan.root, path).split(sep).join('/')
  scan.models.push({ path, realPath, below: below || basename(path) })
}

/** What lies under a name, links followed; `nowhere`: a link that leads to nothing, to itself, or where none may look. */
async function kindOf(path: string, entry: Dirent): Promise<'folder' | 'file' | 'nowhere' | 'other'> {
  // Some file systems do not tell the kind with the name.
  const found = entry.isDirectory() || entry.isFile() ? entry : await stat(path).catch(() => null)
  if (found === null) return 'nowhere'
  return found.isDirectory() ? 'folder' : found.isFile() ? 'file' : 'other'
}

/** Each real file or folder once, rather as it lies than by a link to it. */
export function withoutRepeats(models: readonly ModelOnDisk[]): ModelOnDisk[] {
  const isLink = ({ path, realPath }: ModelOnDisk): number => Number(path !== realPath)
  const chosen = new Map<string, ModelOnDisk>()
  for (const model of models.toSorted((one, other) => isLink(one) - isLink(other))) {
    const key = model.realPath ?? model.path
    if (!chosen.has(key)) chosen.set(key, model)
  }
  return models.filter((model) => chosen.get(model.realPath ?? model.path) === model)
}
