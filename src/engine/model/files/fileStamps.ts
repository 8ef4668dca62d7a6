import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Names, sizes and times of the files at a path: a model that was replaced on disk is another one. */
export async function stampOf(path: string): Promise<string> {
  const files = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => null)
  const paths = files
    ?.filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) => join(parentPath, name))
  const stamps = (paths ?? [path]).sort().map(async (file) => {
    const found = await stat(file).catch(() => null)
    return `${file} ${found?.size} ${found?.mtimeMs}`
  })
  return (await Promise.all(stamps)).join('\n')
}
