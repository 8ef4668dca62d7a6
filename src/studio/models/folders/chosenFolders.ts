import { stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import type { FolderLook } from '../../../shared/models/ownedFile.ts'
import { modelPlaces } from './toolFolders.ts'
import { inEnglish } from '../../../shared/notices.ts'

/** What a folder is that a person may choose: whose it is, or why it cannot be one to look for models in. */
export async function lookAtFolder(path: string): Promise<FolderLook> {
  const no = (problem: string): FolderLook => ({ path, tool: null, problem })
  if (!isAbsolute(path))
    return no(
      `${path} is not a whole path. Write it from the root of the disk on: /home/me/models, or C:\\models.`,
    )
  const found = await stat(path).catch(() => null)
  if (!found) return no(`There is no folder at ${path}, or it may not be read. Look how it is spelt.`)
  if (!found.isDirectory()) return no(`${path} is a file. Choose the folder that it lies in.`)
  const { places, problems } = await modelPlaces(path)
  const tool = places.find((place) => place.tool !== null)?.tool ?? null
  return { path, tool, problem: problems.length > 0 ? inEnglish(problems.slice(0, 1)) : null }
}

/** Where programs that make pictures, and the cache of Hugging Face, lie if nobody chose another place. */
const usualPlaces = [
  'stable-diffusion-webui',
  'stable-diffusion-webui-forge',
  'ComfyUI',
  'Documents/ComfyUI',
  'invokeai',
  'SwarmUI',
  'StabilityMatrix',
  'AppData/Roaming/StabilityMatrix',
]

/** The folders of other programs that lie in their usual places here. */
export async function suggestedFolders(chosen: readonly string[]): Promise<FolderLook[]> {
  const { HF_HUB_CACHE, HF_HOME } = process.env
  const cache = HF_HUB_CACHE ?? join(HF_HOME ?? join(homedir(), '.cache', 'huggingface'), 'hub')
  const paths = [...usualPlaces.map((place) => join(homedir(), ...place.split('/'))), cache]
  const looks = await Promise.all(paths.filter((path) => !chosen.includes(path)).map(lookAtFolder))
  return looks.filter(({ tool }) => tool !== null)
}
