import { readFile, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import type { FileKind } from '../../../shared/models/ownedFile.ts'
import { kindOfFolder } from './folderKinds.ts'
import { parseYaml } from './parseYaml.ts'
import { saying, type Saying } from '../../../shared/notices.ts'

interface ExtraFolders {
  folders: { path: string; expected: FileKind | null }[]
  /** What of the file could not be read; null: nothing. */
  problem: Saying | null
}

/** The longest list of folders that is read, in bytes. */
const longest = 2 ** 18

/**
 * The folders that ComfyUI's extra_model_paths.yaml names: sections of `kind: folder` lines, several folders a kind on
 * lines of their own, below `base_path` where there is one (utils/extra_config.py). Custom nodes are no models.
 */
export async function readExtraModelPaths(file: string): Promise<ExtraFolders> {
  const found = await stat(file).catch(() => null)
  if (!found?.isFile()) return { folders: [], problem: null }
  if (found.size > longest)
    return { folders: [], problem: saying('extraPathsLong', { file, size: found.size }) }
  try {
    const sections = await parseYaml(await readFile(file, 'utf8'))
    return {
      folders: Object.values(sections ?? {}).flatMap((section) => foldersOf(section, file)),
      problem: null,
    }
  } catch (error) {
    const [reason] = (error as Error).message.split('\n')
    return { folders: [], problem: saying('extraPathsUnread', { file, reason }) }
  }
}

function foldersOf(section: unknown, file: string): ExtraFolders['folders'] {
  if (typeof section !== 'object' || section === null) return []
  const { base_path: base, ...kinds } = section as Record<string, unknown>
  const below = resolve(dirname(file), typeof base === 'string' ? expanded(base) : '.')
  return Object.entries(kinds)
    .filter(([name, paths]) => typeof paths === 'string' && !['custom_nodes', 'configs'].includes(name))
    .flatMap(([name, paths]) =>
      (paths as string)
        .split('\n')
        .map((path) => path.trim())
        .filter(Boolean)
        .map((path) => ({ path: resolve(below, expanded(path)), expected: kindOfFolder(name) })),
    )
}

/** `~`, `$NAME`, `${NAME}` and `%NAME%`, as Python expands them; what is not set stays as it stands. */
const expanded = (path: string): string =>
  path
    .replace(/^~(?=[/\\]|$)/, homedir())
    .replaceAll(/\$\{(\w+)\}|\$(\w+)|%(\w+)%/g, (written, ...names: (string | undefined)[]) => {
      const name = names.slice(0, 3).find((one) => one !== undefined)
      return (name && process.env[name]) ?? written
    })

/** The lists of folders that ComfyUI reads in its own folder: its own, and that of its desktop program. */
export const extraModelFiles = (folder: string): string[] =>
  ['extra_model_paths.yaml', 'extra_models_config.yaml'].map((name) => join(folder, name))
