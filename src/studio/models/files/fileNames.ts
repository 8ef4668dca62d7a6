import { createHash } from 'node:crypto'
import { basename, dirname } from 'node:path'
import { stemOf } from './companions.ts'

/** What every file of a kind is called, as programs save them: the folder has the name. */
const nameless =
  /^(diffusion_pytorch_model|pytorch_lora_weights|pytorch_model|adapter_model|learned_embeds|model)(\.(fp16|bf16|non_ema))*$/i

/** A repository in the cache of Hugging Face: models--OWNER--NAME/snapshots/COMMIT, and what lies below. */
const inCache = /[/\\]models--(?<owner>[^/\\]+?)--(?<name>[^/\\]+)[/\\]snapshots[/\\][^/\\]+(?<below>.*)$/

/** What a file or folder is called on the screen and in prompts. */
export function modelName(path: string): string {
  const { name, below } = inCache.exec(path)?.groups ?? {}
  const own = stemOf(basename(path))
  if (name !== undefined && below === '') return name
  if (!nameless.test(own)) return own
  const folder = basename(dirname(path))
  return name === undefined ? folder : dirname(below).length > 1 ? `${name}-${folder}` : name
}

/** OWNER/NAME of a repository in the cache of Hugging Face that a file lies in; null elsewhere. */
export function repositoryOf(path: string): string | null {
  const { owner, name } = inCache.exec(path)?.groups ?? {}
  return owner === undefined ? null : `${owner}/${name}`
}

/** Ids follow the file's name and the place below the model folder: a folder may be moved or mounted elsewhere. */
export const fileId = (path: string, below: string): string =>
  `${stemOf(basename(path))}-${shortDigest(below)}`

/** The id in versions whose ids followed the absolute path. */
export const formerFileId = (path: string): string => `${stemOf(basename(path))}-${shortDigest(path)}`

const shortDigest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8)
