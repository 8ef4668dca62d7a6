import { readdir } from 'node:fs/promises'
import { dirname, extname, join } from 'node:path'

/** More files than these are not looked into. */
const mostFiles = 200

/** What ComfyUI and programs like it call the folders of text encoders and autoencoders. */
const folderNames = /^(text[-_ ]?encoders?|clip|vae|tokenizers?)$/i

/**
 * The folders where the other parts of a model may lie: its own, and those that ComfyUI and programs like it keep beside the
 * folder of transformers, with one level of folders in each.
 */
export async function foldersBeside(path: string): Promise<string[]> {
  const own = dirname(path)
  const around = [own, dirname(own), dirname(dirname(own))]
  const named = await Promise.all(
    around.map(async (folder) =>
      (await foldersIn(folder)).filter((name) => folderNames.test(name)).map((name) => join(folder, name)),
    ),
  )
  const places = [own, ...named.flat()]
  const inner = await Promise.all(
    named.flat().map(async (folder) => (await foldersIn(folder)).map((name) => join(folder, name))),
  )
  return [...new Set([...places, ...inner.flat()])]
}

/** Files of weights in some folders, by their names in each. */
export async function weightFilesIn(folders: readonly string[]): Promise<string[]> {
  const files: string[] = []
  for (const folder of folders) {
    const names = (await readdir(folder).catch(() => [])).toSorted()
    files.push(
      ...names
        .filter((name) => ['.safetensors', '.sft', '.gguf'].includes(extname(name).toLowerCase()))
        .map((name) => join(folder, name)),
    )
  }
  return files.slice(0, mostFiles)
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  return entries
    .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
    .map(({ name }) => name)
    .toSorted()
}
