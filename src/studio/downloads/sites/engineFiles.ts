import { StudioError } from '../../../shared/errors.ts'
import { saying, told } from '../../../shared/notices.ts'

/** Which files of a repository the engine needs. Paths have forward slashes. */

export interface RepositoryFile {
  path: string
  size: number
}

/** A folder in the layout of diffusers, a single file, or, where it does not say which, the files to choose from. */
export type Choice<File> =
  { kind: 'folder'; files: File[] } | { kind: 'file'; file: File } | { kind: 'open'; files: File[] }

const isPickle = (path: string): boolean => /\.(ckpt|pt|pth|bin|pkl)$/i.test(path)
const isSafetensors = (path: string): boolean => /\.safetensors$/i.test(path)
const isShard = (path: string): boolean => /-\d{5}-of-\d{5}\.safetensors$/i.test(path)

/**
 * The file that a link names. Throws `pickle-refused`, `not-found`, and `unsupported-model` for what holds no weights
 * that can be read here.
 */
export function namedFile<File extends RepositoryFile>(files: readonly File[], path: string): File {
  const file = files.find((file) => file.path === path)
  if (!file) throw new StudioError('not-found', told(saying('linkNoFile', { path })))
  if (isPickle(path)) throw pickle(path)
  if (isSafetensors(path) && !isShard(path)) return file
  throw new StudioError('unsupported-model', told(saying('linkUnusable', { path })))
}

/**
 * What to fetch of a repository, or of a folder of it, without being told: the parts of a pipeline where it is one
 * (`index` is its model_index.json), else its only weights, in half precision where they are offered in it. Throws
 * `unsupported-model` and `pickle-refused`.
 */
export function chooseFiles<File extends RepositoryFile>(
  files: readonly File[],
  index: Readonly<Record<string, unknown>> | null,
): Choice<File> {
  if (index) return { kind: 'folder', files: pipelineFiles(files, index) }
  const weights = files.filter(({ path }) => isSafetensors(path) && !isShard(path))
  const atTop = weights.filter(({ path }) => !path.includes('/'))
  const stems = new Set(atTop.map(({ path }) => path.replace(/(\.(fp16|bf16))?\.safetensors$/i, '')))
  if (stems.size === 1) return { kind: 'file', file: halfFirst(atTop)[0] }
  if (weights.length === 1) return { kind: 'file', file: weights[0] }
  if (weights.length > 0) return { kind: 'open', files: weights }
  const pickled = files.find(({ path }) => isPickle(path))
  if (pickled) throw pickle(pickled.path)
  throw new StudioError('unsupported-model', told(saying('linkNoWeights')))
}

const parts = ['unet', 'vae', 'text_encoder', 'text_encoder_2', 'tokenizer', 'tokenizer_2', 'scheduler']
const onnxParts = ['vae_encoder', 'vae_decoder']
/** Optional checkers, which do not change the picture. */
const unneeded = ['safety_checker', 'feature_extractor', 'image_encoder', 'add_watermarker']

function pipelineFiles<File extends RepositoryFile>(
  files: readonly File[],
  index: Readonly<Record<string, unknown>>,
): File[] {
  const named = Object.entries(index)
    .filter(([, value]) => Array.isArray(value) && value.some((word) => word !== null))
    .map(([part]) => part)
  const strange = named.find((part) => ![...parts, ...onnxParts, ...unneeded].includes(part))
  const kind = typeof index['_class_name'] === 'string' ? index['_class_name'] : 'model'
  if (strange !== undefined)
    throw new StudioError('unsupported-model', told(saying('linkStrangePart', { kind, part: strange })))
  if (!named.includes('unet'))
    throw new StudioError('unsupported-model', told(saying('linkNoUnet', { kind })))
  const wanted = named.filter((part) => !unneeded.includes(part))
  return [
    ...files.filter(({ path }) => path === 'model_index.json'),
    ...wanted.flatMap((part) => partFiles(files, part)),
  ]
}

/** Settings and vocabularies of a part, and its weights once. */
function partFiles<File extends RepositoryFile>(all: readonly File[], part: string): File[] {
  const files = all.filter(({ path }) => path.startsWith(`${part}/`) && path.split('/').length === 2)
  const settings = files.filter(
    ({ path }) => /\.(json|txt)$/.test(path) && !/\.index(\.\w+)?\.json$/.test(path),
  )
  if (/^(tokenizer|scheduler)/.test(part)) return settings
  const onnx = files.filter(({ path }) => /\/(model\.onnx(_data)?|weights\.pb)$/.test(path))
  if (onnx.some(({ path }) => path.endsWith('.onnx'))) return [...settings, ...onnx]
  const [best] = halfFirst(files.filter(({ path }) => isWhole(path) && !/non_ema/.test(path)))
  if (best) return [...settings, best, ...shardsOf(best, files)]
  const pickled = files.find(({ path }) => isPickle(path))
  if (pickled) throw pickle(pickled.path)
  throw new StudioError('missing-part', told(saying('linkPartless', { part })))
}

/** Weights in one file, or the list of those that lie in several. */
const isWhole = (path: string): boolean =>
  (isSafetensors(path) && !isShard(path)) || /\.safetensors\.index(\.\w+)?\.json$/.test(path)

function halfFirst<File extends RepositoryFile>(files: readonly File[]): File[] {
  const rank = ({ path }: File): number =>
    (/\.fp16\./.test(path) ? 0 : /\.bf16\./.test(path) ? 1 : 2) * 2 + (path.endsWith('.json') ? 1 : 0)
  return files.toSorted((one, other) => rank(one) - rank(other) || one.size - other.size)
}

/** `X.safetensors.index.json` is for `X-00001-of-00002.safetensors`, `….index.fp16.json` for `X.fp16-00001-of-…`. */
function shardsOf<File extends RepositoryFile>({ path }: File, files: readonly File[]): File[] {
  const [, stem, variant] = /^(.*)\.safetensors\.index(\.\w+)?\.json$/.exec(path) ?? []
  if (stem === undefined) return []
  const beginnings = [`${stem}${variant ?? ''}-`, ...(variant ? [`${stem}-`] : [])]
  for (const beginning of beginnings) {
    const shards = files.filter((file) => {
      const rest = file.path.startsWith(beginning) ? file.path.slice(beginning.length) : ''
      const end = variant && beginning === `${stem}-` ? `${variant}.safetensors` : '.safetensors'
      return /^\d{5}-of-\d{5}/.test(rest) && rest.slice('00000-of-00000'.length) === end
    })
    if (shards.length > 0) return shards
  }
  return []
}

export const pickle = (path: string): StudioError =>
  new StudioError('pickle-refused', told(saying('linkPickle', { path })))
