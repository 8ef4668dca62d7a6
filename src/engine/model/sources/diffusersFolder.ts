import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { StudioError } from '../../../shared/errors.ts'
import { clipTextConfig } from '../../graph/clip/clipTextConfig.ts'
import { unetConfig } from '../../graph/unet/unetConfig.ts'
import type { ConfigFile } from '../../graph/config/configFile.ts'
import { architectureOf, builtNetworks, type Parts, type TextPart } from '../networks/builtNetworks.ts'
import { readConfig, readJsonTable, readTensors, readTensorsOver } from './component.ts'
import type { StoredModel } from '../liveModel.ts'
import { modelFacts, type Trained } from '../modelFacts.ts'
import { noiseScheduleConfig, predictionType, stableDiffusionNoise } from './schedulerConfig.ts'
import { previewVaeIn, readStudioFile, type StudioFile } from './studioFile.ts'
import { readDitFolder } from '../dit/ditFolder.ts'
import { ditKindOf } from '../dit/ditKinds.ts'
import { renameTensors } from '../files/weights.ts'
import { readVae, sdxlScalingFactor, stableDiffusionScalingFactor } from './vaeFile.ts'

/**
 * A model in the layout of diffusers: model_index.json and a sub-folder for every part. Reads configuration and
 * headers. A folder whose studio.json names a base lays its own U-Net over the base's and takes the rest from there.
 * Throws `missing-part`, `bad-checkpoint`, `pickle-refused`, `unsupported-model`.
 */
export async function readDiffusersFolder(path: string): Promise<StoredModel> {
  const own = await readStudioFile(join(path, 'studio.json'))
  if (own.base === undefined) return readFolder(path, null, own)
  const folder = join(dirname(path), own.base)
  if (!existsSync(join(folder, 'model_index.json')))
    throw new StudioError(
      'missing-part',
      `${path} takes its parts from the model ${folder}, which is not there. Put the two side by side.`,
    )
  const { title: _ofBase, ...base } = await readStudioFile(join(folder, 'studio.json'))
  return readFolder(folder, path, { ...base, ...own })
}

/** over: a folder whose U-Net has tensors in place of this one's. */
async function readFolder(folder: string, over: string | null, studio: StudioFile): Promise<StoredModel> {
  const index = await readJsonTable(join(folder, 'model_index.json'))
  if (!index) throw new StudioError('missing-part', `${folder} has no model_index.json.`)
  const kind = ditKindOf(index)
  if (kind) return readDitFolder(folder, kind, { index, trained: await readTraining(folder), studio })
  refuseOtherParts(folder, index)
  const unetFolder = partFolder(folder, 'unet')
  const file = await readConfig(unetFolder)
  const tensors = over ? readTensorsOver(unetFolder, partFolder(over, 'unet')) : readTensors(unetFolder)
  const unet = { config: unetConfig(file), tensors: await tensors }
  const isXl = unet.config.added !== null
  const scalingFactor = isXl ? sdxlScalingFactor : stableDiffusionScalingFactor
  const parts: Parts = {
    textEncoders: await readTextEncoders(folder, index, isXl),
    unet,
    vae:
      unet.config.contextWidth === null
        ? null
        : await readVae(join(folder, studio.vae ?? 'vae'), { scalingFactor }),
  }
  const facts = modelFacts(architectureOf(parts), {
    ...(await readTraining(folder)),
    layout: 'diffusers',
    dtype: parts.unet.tensors.dtype,
    evenSizes: false,
    canEncodeImages: true,
    sampleSize: typeof file['sample_size'] === 'number' ? file['sample_size'] : null,
    tokenizers: parts.textEncoders.map((_, encoder) => tokenizerFolder(folder, index, encoder)),
    zerosForEmptyNegative: index['force_zeros_for_empty_prompt'] !== false,
    previewVae: previewVaeIn(folder, studio),
    studio,
  })
  return { facts, parts, networks: (target) => builtNetworks(parts, target) }
}

/** Models of a single network keep it at the root. */
const partFolder = (folder: string, part: string): string => {
  const below = join(folder, part)
  return !existsSync(below) && existsSync(join(folder, 'config.json')) ? folder : below
}

/** The pipelines this version runs need no other networks; optional checkers do not change the picture. */
function refuseOtherParts(folder: string, index: ConfigFile): void {
  const known = ['unet', 'vae', 'text_encoder', 'text_encoder_2', 'tokenizer', 'tokenizer_2', 'scheduler']
  const harmless = ['preview_vae', 'safety_checker', 'feature_extractor', 'image_encoder', 'add_watermarker']
  for (const [part, value] of Object.entries(index)) {
    const isPart = Array.isArray(value) && value.some((name) => name !== null)
    if (isPart && !known.includes(part) && !harmless.includes(part))
      throw new StudioError(
        'unsupported-model',
        `${folder} is a ${String(index['_class_name'])} with a part "${part}" that this version cannot run.`,
      )
  }
}

/** The parts of one kind that the index names, in order. */
const named = (index: ConfigFile, names: readonly string[]): string[] =>
  names.filter((name) => {
    const entry = index[name]
    return Array.isArray(entry) && entry.some((word) => word !== null)
  })

async function readTextEncoders(folder: string, index: ConfigFile, isXl: boolean): Promise<TextPart[]> {
  const names = named(index, ['text_encoder', 'text_encoder_2'])
  return Promise.all(
    names.map(async (name, position) => ({
      config: clipTextConfig(await readConfig(join(folder, name))),
      tensors: renameTensors(await readTensors(join(folder, name)), textModelKey),
      normalised: !isXl,
      pooled: isXl && position === names.length - 1,
    })),
  )
}

/** transformers 5 leaves out the name of the model that older releases begin a text encoder's keys with. */
const textModelKey = (key: string): string =>
  /^(embeddings|encoder|final_layer_norm)\./.test(key) ? `text_model.${key}` : key

/** Where the vocabulary of a text encoder lies. */
export function tokenizerFolder(folder: string, index: ConfigFile, encoder: number): string {
  const name = named(index, ['tokenizer', 'tokenizer_2'])[encoder] ?? 'tokenizer'
  const path = join(folder, name)
  if (existsSync(path)) return path
  throw new StudioError('missing-part', `The model has no ${name} folder in ${folder}.`)
}

/** How the model was trained, from its scheduler; Stable Diffusion's way where there is none. */
export async function readTraining(folder: string): Promise<Trained> {
  const schedulerConfig =
    (await readJsonTable(join(folder, 'scheduler', 'scheduler_config.json'))) ??
    (await readJsonTable(join(folder, 'scheduler_config.json')))
  return {
    schedulerConfig,
    noiseSchedule: schedulerConfig ? noiseScheduleConfig(schedulerConfig) : stableDiffusionNoise,
    predictionType: schedulerConfig ? predictionType(schedulerConfig) : 'epsilon',
  }
}
