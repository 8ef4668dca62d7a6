import type { Dirent } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { basename, extname, join, relative, resolve, sep } from 'node:path'
import { companionsByStem, ofFolder, stemOf } from './files/companions.ts'
import { withinTime } from './folders/timeLimit.ts'
import { saying, type Saying } from '../../shared/notices.ts'

/** A model on disk: a file, or a folder that says what it holds. */
export interface ModelOnDisk {
  path: string
  isFolder: boolean
  /** Names of the files beside it, or in its folder, that other programs keep what they know of it in. */
  companions: readonly string[]
  /** Where it really lies, links resolved; null for a link that leads nowhere. */
  realPath: string | null
  /** Path below the model folder it was found in, with forward slashes. */
  below: string
}

export interface FolderScan {
  models: ModelOnDisk[]
  /** The folders that were looked into. */
  folders: string[]
  /** Why there may be more than was found; null when all was looked through. */
  problem: Saying | null
}

/** How much of a model folder is looked through. Large collections have some thousand entries in some hundred folders. */
const bounds = { depth: 5, folders: 5000, entries: 100_000, timeMs: 5000 }

/** Folders whose scan has not answered yet: each further one would take another thread. */
const unanswered = new Set<string>()

/** Files that hold weights. Those that are not opened (pickles) are found too, so that it is said why not. */
const modelEndings = ['.safetensors', '.sft', '.ckpt', '.pt', '.pth', '.bin', '.gguf', '.onnx']

/**
 * Looks below a folder for models: folders in the diffusers layout (model_index.json) and single files; where
 * `beginnings` are given, only below those of its folders. Links are followed, and each real folder and file counts
 * once; what is no regular file is no model; an entry that cannot be looked at is passed over. Never throws, and answers
 * within 5 s.
 */
export async function findModelsBelow(folder: string, beginnings = [folder]): Promise<FolderScan> {
  const root = resolve(folder)
  const starts = beginnings.map((beginning) => resolve(beginning))
  const key = starts.join('\n')
  if (unanswered.has(key))
    return { models: [], folders: [], problem: saying('folderSilent', { folder: root }) }
  const scan: Scan = {
    root,
    starts,
    models: [],
    seen: new Set(),
    entries: 0,
    isOver: false,
    isFull: false,
    isMissing: false,
  }
  const walk = walkFolders(scan)
  const answered = await withinTime(
    walk.then(() => true),
    bounds.timeMs,
    false,
  )
  scan.isOver = true
  if (!answered) {
    unanswered.add(key)
    void walk.finally(() => unanswered.delete(key))
  }
  if (answered && scan.isMissing) {
    return { models: [], folders: [], problem: saying('folderMissing', { folder: root }) }
  }
  const problem = answered ? scan.isFull && 'folderLarge' : 'folderSlow'
  return {
    models: [...scan.models],
    folders: [...scan.seen],
    problem: problem ? saying(problem, { folder: root }) : null,
  }
}

interface Scan {
  root: string
  starts: readonly string[]
  models: ModelOnDisk[]
  /** Real paths of the folders entered. */
  seen: Set<string>
  entries: number
  /** The time is up: the walk stops at its next entry. */
  isOver: boolean
  isFull: boolean
  /** The folder itself cannot be read. */
  isMissing: boolean
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
  const folders: Waiting[] = scan.starts.map((folder) => ({ folder, depth: 0 })).reverse()
  const links: Waiting[] = []
  for (let next = folders.pop(); next; next = folders.pop() ?? links.shift()) {
    const real = await realpath(next.folder).catch(() => null)
    const unread = (): [] => {
      if (next.folder === scan.root) scan.isMissing = true
      return []
    }
    if (real === null) unread()
    if (real === null || scan.seen.has(real)) continue
    scan.seen.add(real)
    const entries = await readdir(next.folder, { withFileTypes: true }).catch(unread)
    scan.entries += entries.length
    scan.isFull = scan.seen.size > bounds.folders || scan.entries > bounds.entries
    if (scan.isOver || scan.isFull) return
    if (entries.some(({ name }) => name === 'model_index.json')) {
      const companions = companionsByStem(entries.map(({ name }) => name)).get(ofFolder) ?? []
      add(scan, { path: next.folder, realPath: real, isFolder: true, companions })
    } else await lookAtEntries(scan, { ...next, real }, entries, { folders, links })
  }
}

async function lookAtEntries(
  scan: Scan,
  { folder, real, depth }: Waiting & { real: string },
  entries: readonly Dirent[],
  { folders, links }: { folders: Waiting[]; links: Waiting[] },
): Promise<void> {
  const companions = companionsByStem(entries.map(({ name }) => name))
  for (const entry of entries) {
    if (scan.isOver) return
    if (entry.name.startsWith('.')) continue
    const path = join(folder, entry.name)
    const isModel = modelEndings.includes(extname(entry.name).toLowerCase())
    const kind = await kindOf(path, entry)
    if (kind === 'folder' && depth < bounds.depth)
      (entry.isSymbolicLink() ? links : folders).push({ folder: path, depth: depth + 1 })
    if (!isModel || (kind !== 'file' && kind !== 'nowhere')) continue
    const realPath = entry.isSymbolicLink() ? await realpath(path).catch(() => null) : join(real, entry.name)
    const own = companions.get(stemOf(entry.name)) ?? []
    add(scan, { path, realPath: kind === 'file' ? realPath : null, isFolder: false, companions: own })
  }
}

function add(scan: Scan, model: Omit<ModelOnDisk, 'below'>): void {
  if (scan.isOver) return
  const below = relative(scan.root, model.path).split(sep).join('/')
  scan.models.push({ ...model, below: below || basename(model.path) })
}

/** What lies under a name, links followed; `nowhere`: a link that leads to nothing, to itself, or where none may look. */
export async function kindOf(path: string, entry: Dirent): Promise<'folder' | 'file' | 'nowhere' | 'other'> {
  // Some file systems do not tell the kind with the name.
  const found = entry.isDirectory() || entry.isFile() ? entry : await stat(path).catch(() => null)
  if (found === null) return 'nowhere'
  return found.isDirectory() ? 'folder' : found.isFile() ? 'file' : 'other'
}

/** Each real file or folder once, rather as it lies than by a link to it. */
export function withoutRepeats<Model extends ModelOnDisk>(models: readonly Model[]): Model[] {
  const isLink = ({ path, realPath }: Model): number => Number(path !== realPath)
  const chosen = new Map<string, Model>()
  for (const model of models.toSorted((one, other) => isLink(one) - isLink(other))) {
    const key = model.realPath ?? model.path
    if (!chosen.has(key)) chosen.set(key, model)
  }
  return models.filter((model) => chosen.get(model.realPath ?? model.path) === model)
}
