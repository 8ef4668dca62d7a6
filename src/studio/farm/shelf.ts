import { createHash } from 'node:crypto'
import type { EngineTask, Pixels } from '../../shared/engine/engineContract.ts'
import { translated, wholeTask, type FarmPath, type FarmPixels, type FarmTask } from './farmTask.ts'
import { readTree, treeId } from './modelTree.ts'

/** What workers may fetch, by its sha256: the files and the pictures of tasks that were handed out. */
export interface Shelf {
  tree(path: string, sha256Of: (file: string) => Promise<string>): Promise<FarmPath>
  /** A task as it travels; what it names lies here from then on. */
  lay(task: EngineTask, treeOf: (path: string) => Promise<FarmPath>): Promise<FarmTask>
  file(sha256: string): string | undefined
  pixels(sha256: string): Pixels | undefined
}

/** Pictures that are kept: those of the last tasks, as many bytes as a few large batches start from. */
const pixelBytesKept = 2 ** 28

export function createShelf(): Shelf {
  const files = new Map<string, string>()
  const pictures = new Map<string, Pixels>()
  let bytes = 0

  async function keep(picture: Pixels): Promise<FarmPixels> {
    const { width, height, data } = picture
    const sha256 = createHash('sha256').update(data).digest('hex')
    if (!pictures.has(sha256)) bytes += data.length
    pictures.delete(sha256)
    pictures.set(sha256, picture)
    for (const [oldest, { data: old }] of pictures) {
      if (bytes <= pixelBytesKept || oldest === sha256) break
      pictures.delete(oldest)
      bytes -= old.length
    }
    return { width, height, sha256 }
  }

  return {
    tree: (path, sha256Of) =>
      readTree(path, async (file) => {
        const sha256 = await sha256Of(file)
        files.set(sha256, file)
        return sha256
      }),
    async lay(task, treeOf) {
      const paths: Record<string, FarmPath> = {}
      const path = async (given: string): Promise<string> => {
        const found = await treeOf(given)
        const id = treeId(found)
        paths[id] = found
        return id
      }
      return { task: await translated(wholeTask(task), path, keep), paths }
    },
    file: (sha256) => files.get(sha256),
    pixels: (sha256) => pictures.get(sha256),
  }
}
