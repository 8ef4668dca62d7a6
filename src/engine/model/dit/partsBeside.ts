import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { StudioError } from '../../../shared/errors.ts'
import { bringsVocabulary } from '../../text/ggufVocabulary.ts'
import { inferQwen3Config } from '../../graph/config/inferTransformers.ts'
import { qwen3Config, type Qwen3Config } from '../../graph/qwen3/qwen3Config.ts'
import type { Tensors } from '../files/weights.ts'
import { joinTensors, renameTensors, requireReadable } from '../files/weights.ts'
import { readWeightFile } from '../files/weightFile.ts'
import { qwen3Key } from '../keys/ditKeys.ts'
import { latentChannelsOf } from '../modelFacts.ts'
import type { Part } from '../networks/builtNetworks.ts'
import { readConfig, readTensors } from '../sources/component.ts'
import { identify } from '../sources/identify.ts'
import type { StudioFile } from '../sources/studioFile.ts'
import { autoencoderOf, readVae } from '../sources/vaeFile.ts'
import { textRowsOf, type DitParts } from './ditNetworks.ts'
import type { DitKind } from './ditKinds.ts'
import { foldersBeside, weightFilesIn } from './modelFilesBeside.ts'
import type { Transformer } from './transformer.ts'

/** What a transformer in a file of its own needs besides. */
export interface PartsBeside extends Pick<DitParts, 'textEncoder' | 'vae'> {
  /** The folder of its tokenizer.json, or the GGUF file that brings its vocabulary. */
  tokenizer: string
}

interface Wanted {
  path: string
  kind: DitKind
  transformer: Transformer
  studio: StudioFile
  /** The parts that the file has itself; without tensors where it has none. */
  inside: { text: Tensors; vae: Tensors }
}

/**
 * The parts of a transformer that lie beside it as ComfyUI keeps them, known by their tensors: the first that fits, or what its
 * studio file names. Reads headers. Throws `missing-part` with all that is missing and where it comes from, and `does-not-fit`
 * where there are only parts of other models.
 */
export async function partsBeside(wanted: Wanted): Promise<PartsBeside> {
  const { path, studio, inside } = wanted
  const folders = await foldersBeside(path)
  const files = (await weightFilesIn(folders)).filter((file) => file !== path)
  const own = dirname(path)
  const filesFor = (named: string | undefined, { keys }: Tensors): string[] => {
    if (named !== undefined) return [join(own, named)]
    return keys.length > 0 ? [path] : files
  }
  const passedOver = new Set<string>()
  const search = { wanted, passedOver }
  const text = await found(search, filesFor(studio.textEncoder, inside.text), readTextEncoder, textMisfit)
  const vae = await found(search, filesFor(studio.vae, inside.vae), readFittingVae, vaeMisfit)
  const places = studio.tokenizer === undefined ? folders : [join(own, studio.tokenizer)]
  const tokenizer =
    places.find((folder) => existsSync(join(folder, 'tokenizer.json'))) ??
    (text && (await vocabularyIn(text)))
  if (text && vae && tokenizer !== null) return { textEncoder: text, vae, tokenizer }
  throw missing(wanted, { text_encoder: text, vae, tokenizer }, { folders, passedOver })
}

/** Both families read with Qwen3-4B, which others publish in parts. */
const encoderInOneFile =
  'https://huggingface.co/Comfy-Org/z_image_turbo/blob/main/split_files/text_encoders/qwen_3_4b.safetensors'

/** Where a part comes from and goes to. */
const sources: Readonly<Record<string, (repository: string, own: string) => string>> = {
  text_encoder: () => `${encoderInOneFile} into ComfyUI's text_encoders`,
  vae: (repository) => `the file of ${repository}/tree/main/vae into ComfyUI's vae`,
  tokenizer: (repository, own) => `${repository}/blob/main/tokenizer/tokenizer.json into ${own}`,
}

function missing(
  { path, kind }: Wanted,
  parts: Record<string, unknown>,
  { folders, passedOver }: { folders: readonly string[]; passedOver: ReadonlySet<string> },
): StudioError {
  const names = Object.keys(parts).filter((name) => parts[name] === null)
  const studioFile = `${basename(path, extname(path))}.studio.json`
  const repository = `https://huggingface.co/${kind.repository}`
  const ways = names.map((name) => sources[name](repository, dirname(path)))
  const unread = passedOver.size > 0 ? ` Not read: ${[...passedOver].join(' ')}` : ''
  return new StudioError(
    'missing-part',
    `${path} has no ${names.join(', no ')} beside it. Looked through: ${folders.join(', ')}.${unread} Put ${ways.join(', ')}, or name what you have in ${studioFile}: {"textEncoder": "FILE", "vae": "FILE", "tokenizer": "FOLDER"}.`,
  )
}

interface Search {
  wanted: Wanted
  /** Why files beside the model were not read. */
  passedOver: Set<string>
}

/** The first of the files that is such a part and fits; null where there is none. */
async function found<Found>(
  { wanted, passedOver }: Search,
  files: readonly string[],
  read: (path: string, wanted: Wanted) => Promise<Found | null>,
  misfit: (part: Found, wanted: Wanted) => string | null,
): Promise<Found | null> {
  const misfits: string[] = []
  const isNamed = files.length === 1
  for (const file of files) {
    // A broken file beside it is no reason not to open a model, unless it is the very one.
    const part = await read(file, wanted).catch((error: unknown) => {
      if (isNamed) throw error
      if (error instanceof StudioError) passedOver.add(error.message)
      return null
    })
    if (!part) continue
    const why = misfit(part, wanted)
    if (why === null) return part
    misfits.push(`${file} ${why}`)
  }
  if (misfits.length > 0)
    throw new StudioError(
      'does-not-fit',
      `${wanted.path}: ${misfits.join('; ')}. They are of different models.`,
    )
  return null
}

/** The file of a text encoder, where it brings its vocabulary in its header. */
async function vocabularyIn({ tensors: { path } }: Part<Qwen3Config>): Promise<string | null> {
  if (extname(path).toLowerCase() !== '.gguf') return null
  return bringsVocabulary((await readWeightFile(path)).metadata) ? path : null
}

async function readTextEncoder(
  path: string,
  { path: own, studio, inside }: Wanted,
): Promise<Part<Qwen3Config> | null> {
  const isFolder = (await stat(path).catch(() => null))?.isDirectory() ?? false
  const stored = async (): Promise<Tensors> =>
    isFolder ? readTensors(path) : joinTensors([await readWeightFile(path)])
  const tensors = path === own ? inside.text : renameTensors(await stored(), qwen3Key)
  if (!isQwen3(tensors)) return null
  requireReadable(tensors)
  const said = isFolder ? await readConfig(path) : studio.configs?.text_encoder
  return { config: said ? qwen3Config(said) : inferQwen3Config(tensors.source), tensors }
}

const isQwen3 = ({ source }: Tensors): boolean =>
  ['embed_tokens.weight', 'layers.0.self_attn.q_norm.weight'].every((key) => source(`model.${key}`))

function textMisfit({ config }: Part<Qwen3Config>, { kind, transformer }: Wanted): string | null {
  const rows = textRowsOf(config, kind.family.chat!)
  if (rows === null) return `has only ${config.layers} layers`
  return rows === transformer.textWidth
    ? null
    : `gives rows of ${rows} numbers, and the transformer reads ${transformer.textWidth}`
}

async function readFittingVae(
  path: string,
  { path: own, kind, studio, inside }: Wanted,
): Promise<PartsBeside['vae'] | null> {
  if (path === own) return autoencoderOf(inside.vae, kind.family, studio.configs?.vae)
  const isFolder = (await stat(path).catch(() => null))?.isDirectory() ?? false
  if (!isFolder && identify(await readWeightFile(path)).kind !== 'vae') return null
  return readVae(path, kind.family, studio.configs?.vae)
}

function vaeMisfit({ config }: PartsBeside['vae'], { transformer }: Wanted): string | null {
  const channels = latentChannelsOf(config)
  return channels === transformer.channels
    ? null
    : `has latents of ${channels} channels, and the transformer draws ${transformer.channels}`
}
