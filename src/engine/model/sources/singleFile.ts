import { basename, dirname, extname, join } from 'node:path'
import { StudioError } from '../../../shared/errors.ts'
import { familyName } from '../../../shared/models/families.ts'
import { readDitFile } from '../dit/ditFile.ts'
import { ditKinds } from '../dit/ditKinds.ts'
import { clipTextConfig } from '../../graph/clip/clipTextConfig.ts'
import { unetConfig } from '../../graph/unet/unetConfig.ts'
import { vaeConfig } from '../../graph/vae/vaeConfig.ts'
import type { ConfigFile } from '../../graph/config/configFile.ts'
import { inferClipTextConfig, inferUnetConfig, inferVaeConfig } from '../../graph/config/inferConfig.ts'
import { architectureOf, builtNetworks, type Parts, type TextPart } from '../networks/builtNetworks.ts'
import { checkpointForm, placeCheckpointKey, type PartName } from '../keys/checkpointKeys.ts'
import { kindNames } from '../../../shared/models/ownedFile.ts'
import { identify } from './identify.ts'
import type { StoredModel } from '../liveModel.ts'
import { modelFacts } from '../modelFacts.ts'
import type { Safetensors } from '../files/safetensors.ts'
import { readWeightFile } from '../files/weightFile.ts'
import { readStudioFile, type StudioFile } from './studioFile.ts'
import { trainedAs } from './trainedAs.ts'
import { readVae, sdxlScalingFactor, stableDiffusionScalingFactor } from './vaeFile.ts'
import { joinTensors, placeTensors, requireReadable, type Tensors } from '../files/weights.ts'

/**
 * Reads a single-file checkpoint: networks by their keys, architecture by shapes. Throws `pickle-refused`,
 * `bad-checkpoint`, `not-a-checkpoint`, `unsupported-model` and `missing-part`.
 */
export async function readSingleFile(path: string): Promise<StoredModel> {
  const file = await readWeightFile(path)
  const { kind, family } = identify(file)
  if (kind !== 'checkpoint')
    throw new StudioError(
      'not-a-checkpoint',
      `${path} is ${kindNames[kind]}, not a model that makes pictures.`,
    )
  const transformer = ditKinds.find((known) => known.family.name === family)
  if (transformer) return readDitFile(path, file, transformer)
  if (family === null || !/^sd(1|2|xl)/.test(family))
    throw new StudioError(
      'unsupported-model',
      `${path} is a model of ${family === null ? 'a kind' : familyName(family)} that this version does not open.`,
    )
  const studio = await readStudioFile(join(dirname(path), `${basename(path, extname(path))}.studio.json`))
  const parts = await checkpointParts(path, file, family, studio)
  const openClip = parts.textEncoders.map(({ config }) => config.activation === 'gelu')
  const facts = modelFacts(architectureOf(parts), {
    ...(await trainedAs(file, family)),
    layout: 'single-file',
    dtype: parts.unet.tensors.dtype,
    evenSizes: false,
    canEncodeImages: true,
    sampleSize: null,
    tokenizers: parts.textEncoders.map(() => null),
    padTokens: openClip.map((isOpenClip) => (isOpenClip ? '!' : null)),
    zerosForEmptyNegative: true,
    previewVae: studio.previewVae === undefined ? null : join(dirname(path), studio.previewVae),
    studio,
  })
  return { facts, parts, networks: (target) => builtNetworks(parts, target) }
}

/** Sorts a checkpoint's tensors into networks under diffusers' names. */
export function splitCheckpoint(
  file: Safetensors,
  isStableDiffusion2: boolean,
): ReturnType<typeof placeTensors> {
  const form = checkpointForm(file.tensors.keys(), isStableDiffusion2)
  return placeTensors(joinTensors([file]), (key, shape) => placeCheckpointKey(key, shape, form))
}

/** The networks a single file of a family holds when it is whole; none for families that are not known. */
export function neededParts(family: string | null): PartName[] {
  if (family?.startsWith('sdxl-refiner')) return ['unet', 'vae', 'text_encoder_2']
  if (family?.startsWith('sdxl')) return ['unet', 'vae', 'text_encoder', 'text_encoder_2']
  return family?.startsWith('sd1') || family?.startsWith('sd2') ? ['unet', 'vae', 'text_encoder'] : []
}

async function checkpointParts(
  path: string,
  file: Safetensors,
  family: string,
  studio: StudioFile,
): Promise<Parts> {
  const tensors = splitCheckpoint(file, family.startsWith('sd2')).parts
  for (const part of Object.values(tensors))
    if (part !== tensors.vae || studio.vae === undefined) requireReadable(part)
  const textEncoders = textParts(tensors, family, studio)
  const lacking = neededParts(family).find((part) => part !== 'vae' && tensors[part].keys.length === 0)
  if (lacking)
    throw new StudioError(
      'missing-part',
      `${path} has no ${lacking}, which a model of ${familyName(family)} needs.`,
    )
  const beside = studio.vae === undefined ? null : join(dirname(path), studio.vae)
  const scalingFactor = family.startsWith('sdxl') ? sdxlScalingFactor : stableDiffusionScalingFactor
  const vae =
    beside === null
      ? vaeInside(path, tensors.vae, scalingFactor, studio)
      : await readVae(beside, { scalingFactor })
  const config =
    configured(studio, 'unet', unetConfig) ??
    inferUnetConfig(tensors.unet.source, textEncoders.at(-1)!.config.projection ?? 0)
  return { textEncoders, unet: { config, tensors: tensors.unet }, vae }
}

function vaeInside(
  path: string,
  tensors: Tensors,
  scalingFactor: number,
  studio: StudioFile,
): NonNullable<Parts['vae']> {
  const config = configured(studio, 'vae', vaeConfig) ?? inferVaeConfig(tensors.source, scalingFactor)
  if (tensors.keys.length > 0) return { config, tensors }
  const studioFile = `${basename(path, extname(path))}.studio.json`
  throw new StudioError(
    'missing-part',
    `${path} has no autoencoder (VAE). Put a VAE beside it and name it in ${studioFile}: {"vae": "FILE.safetensors"}.`,
  )
}

/** OpenAI's CLIP uses a quick GELU; OpenCLIP, alone in SD 2 and second in SDXL, the exact one. */
function textParts(tensors: Record<PartName, Tensors>, family: string, studio: StudioFile): TextPart[] {
  const isXl = family.startsWith('sdxl')
  const names = (['text_encoder', 'text_encoder_2'] as const).filter((name) => tensors[name].keys.length > 0)
  return names.map((name, position) => {
    const openClip = name === 'text_encoder_2' || family.startsWith('sd2')
    const told = inferClipTextConfig(tensors[name].source, openClip ? 'gelu' : 'quick_gelu')
    // The second encoder's pooled text is always projected: without the tensor it is missing.
    const inferred = name === 'text_encoder_2' ? { ...told, projection: told.projection ?? told.width } : told
    return {
      config: configured(studio, name, clipTextConfig) ?? inferred,
      tensors: tensors[name],
      normalised: !isXl,
      pooled: isXl && position === names.length - 1,
    }
  })
}

/** What the studio file says of a network's numbers. */
function configured<Config>(
  studio: StudioFile,
  part: PartName,
  read: (file: ConfigFile) => Config,
): Config | null {
  const file = studio.configs?.[part]
  return file ? read(file) : null
}
