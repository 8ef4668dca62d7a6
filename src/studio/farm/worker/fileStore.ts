import { mkdir, readdir, realpath, rename, rm, stat, symlink } from 'node:fs/promises'
import { dirname, join, resolve, sep } from 'node:path'
import { randomUUID } from 'node:crypto'
import { StudioError } from '../../../shared/errors.ts'
import { treeId } from '../modelTree.ts'
import type { FarmPath } from '../farmTask.ts'
import { sha256Of, type StudioLink } from './studioLink.ts'

/** Model files by their hashes: those that a worker has anyway, and those that it fetched. */
export interface FileStore {
  /** A file or folder with this content; what is missing is fetched. */
  open(path: FarmPath): Promise<string>
  /** Hashes of what was opened. */
  known(): string[]
}

/**
 * Fetched files lie below `folder` under their hashes. Files of the worker's own folders are found by size, read once, and
 * only read.
 */
export function openFileStore(folder: string, ownFolders: readonly string[], studio: StudioLink): FileStore {
  const found = new Map<string, string>()
  const hashes = new Map<string, Promise<string>>()
  let own: Promise<Map<number, string[]>> | null = null
  const fetching = new Map<string, Promise<string>>()

  async function ownFile({ sha256, bytes }: FarmPath['files'][number]): Promise<string | null> {
    own ??= filesBySize(ownFolders)
    for (const path of (await own).get(bytes) ?? []) {
      const hash = hashes.get(path) ?? sha256Of(path).catch(() => '')
      hashes.set(path, hash)
      if ((await hash) === sha256) return path
    }
    return null
  }

  async function fetchOrFind(file: FarmPath['files'][number]): Promise<string> {
    const kept = join(folder, 'files', file.sha256)
    const path = (await isFile(kept, file.bytes)) ? kept : await ownFile(file)
    if (path === null) await studio.download(`/farm/files/${file.sha256}`, kept, file)
    found.set(file.sha256, path ?? kept)
    return path ?? kept
  }

  function locate(file: FarmPath['files'][number]): Promise<string> {
    const known = fetching.get(file.sha256)
    if (known) return known
    const located = fetchOrFind(file)
    fetching.set(file.sha256, located)
    located.catch(() => fetching.delete(file.sha256))
    return located
  }

  return {
    known: () => [...found.keys()],
    async open(path) {
      const tree = join(folder, 'trees', treeId(path))
      const links = await Promise.all(
        path.files.map(async (file) => ({ below: checkedBelow(file.below), to: await locate(file) })),
      )
      if (!(await isThere(tree))) await makeTree(tree, links)
      return join(tree, path.name)
    },
  }
}

/** A folder of links, under its name only once it is complete. */
async function makeTree(tree: string, links: readonly { below: string; to: string }[]): Promise<void> {
  const making = `${tree}.${randomUUID()}`
  for (const { below, to } of links) {
    await mkdir(dirname(join(making, below)), { recursive: true })
    await symlink(await realpath(to), join(making, below))
  }
  // Another worker of the same folder may have been faster.
  await rename(making, tree).catch(async (error: unknown) => {
    await rm(making, { recursive: true, force: true })
    if (!(await isThere(tree))) throw error
  })
}

/** Throws for a name that leads out of its folder. */
function checkedBelow(below: string): string {
  const root = resolve(sep, 'tree')
  if (resolve(root, below).startsWith(`${root}${sep}`)) return below
  throw new StudioError('bad-request', `"${below}" does not lie below its folder.`)
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

const isFile = (path: string, bytes: number): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile() && found.size === bytes,
    () => false,
  )

async function filesBySize(folders: readonly string[]): Promise<Map<number, string[]>> {
  const files = new Map<number, string[]>()
  for (const folder of folders) {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((cause: Error) => {
      throw new StudioError('not-found', `--models: ${folder} cannot be read: ${cause.message}.`, { cause })
    })
    for (const entry of entries) {
      const path = join(entry.parentPath, entry.name)
      const status = entry.isDirectory() ? null : await stat(path).catch(() => null)
      if (status?.isFile()) files.set(status.size, [...(files.get(status.size) ?? []), path])
    }
  }
  return files
}
