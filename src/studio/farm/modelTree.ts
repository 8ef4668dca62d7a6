import { createHash } from 'node:crypto'
import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, extname, join, relative, sep } from 'node:path'
import { StudioError } from '../../shared/errors.ts'
import { baseOf } from '../models/files/modelHash.ts'
import type { FarmPath } from './farmTask.ts'

/** How deep the files of a model folder lie. */
const deepest = 3
const readByEngine = /\.(safetensors|sft|gguf|json|txt|onnx|onnx_data|pb)$/i

/** The files that the engine may read when it opens a path, each with its hash. */
export async function readTree(path: string, sha256Of: (file: string) => Promise<string>): Promise<FarmPath> {
  const root = dirname(path)
  const files: FarmPath['files'] = []
  for (const file of await filesOf(path)) {
    const { size } = await stat(file)
    const below = relative(root, file).split(sep).join('/')
    files.push({ below, sha256: await sha256Of(file), bytes: size })
  }
  return { name: basename(path), files }
}

/** What a path is known by in a task: it is the same for the same files under the same names. */
export const treeId = (tree: FarmPath): string =>
  createHash('sha256')
    .update(JSON.stringify([tree.name, tree.files]))
    .digest('hex')

async function filesOf(path: string): Promise<string[]> {
  const found = await stat(path).catch((error: Error) => {
    throw new StudioError('not-found', `${path} is not there: ${error.message}.`, { cause: error })
  })
  if (!found.isDirectory()) {
    const beside = join(dirname(path), `${basename(path, extname(path))}.studio.json`)
    const isThere = await stat(beside).then(
      (one) => one.isFile(),
      () => false,
    )
    return isThere ? [path, beside] : [path]
  }
  const base = await baseOf(path)
  return [...(await filesBelow(path, deepest)), ...(base ? await filesBelow(base, deepest) : [])].sort()
}

async function filesBelow(folder: string, depth: number): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const files = entries.map(async (entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return depth > 1 ? filesBelow(path, depth - 1) : []
    return readByEngine.test(entry.name) && (await stat(path)).isFile() ? [path] : []
  })
  return (await Promise.all(files)).flat()
}
