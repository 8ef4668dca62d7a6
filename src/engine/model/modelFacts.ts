import type { ModelInfo } from '../../shared/contract.ts'
import type { TinyVaeConfig, VaeConfig } from '../graph/configs.ts'
import type { Parts } from './builtNetworks.ts'
import type { ModelFacts } from './liveModel.ts'
import type { Model, TextEncoderFacts } from './model.ts'
import type { StudioFile } from './studioFile.ts'

/** How a model was trained. */
export type Trained = Pick<Model, 'schedulerConfig' | 'noiseSchedule' | 'predictionType'>

/** What a kind of storage knows beside the networks. */
export interface Circumstances extends Trained {
  layout: 'diffusers' | 'single-file'
  /** Side the U-Net was trained at, in latents. */
  sampleSize: number | null
  /** A folder for every text encoder; null stands for the published vocabulary. */
  tokenizers: readonly (string | null)[]
  /** With the published vocabulary, the token each encoder's texts are filled up with; null for the end token. */
  padTokens?: readonly (string | null)[]
  zerosForEmptyNegative: boolean
  studio: StudioFile
}

/** What the pipeline and the screen need to know of a model, from its architecture. */
export function modelFacts(parts: Parts, circumstances: Circumstances): ModelFacts {
  const { unet, vae } = parts
  const { studio, noiseSchedule } = circumstances
  const conditioning = conditioningOf(parts)
  const latentScale = vae ? latentScaleOf(vae.config) : 1
  const scaling = vae?.config.kind === 'kl' ? vae.config : { scalingFactor: 1, shiftFactor: 0 }
  const predictionType = studio.predictionType ?? circumstances.predictionType
  return {
    info: modelInfo(parts, circumstances, predictionType, latentScale),
    conditioning,
    textEncoders: parts.textEncoders.map((_, encoder) => textEncoderFacts(parts, circumstances, encoder)),
    latentChannels: unet.config.outChannels,
    unetChannels: unet.config.inChannels,
    latentScale,
    scalingFactor: studio.scalingFactor ?? scaling.scalingFactor,
    shiftFactor: scaling.shiftFactor,
    noiseSchedule: {
      ...noiseSchedule,
      rescaleZeroTerminalSnr: studio.zeroTerminalSnr ?? noiseSchedule.rescaleZeroTerminalSnr,
    },
    schedulerConfig: circumstances.schedulerConfig,
    predictionType,
    clipSkip: studio.clipSkip ?? (unet.config.added ? 2 : 1),
    zerosForEmptyNegative: conditioning === 'sdxl' && circumstances.zerosForEmptyNegative,
  }
}

/** Every level but the last halves the picture. */
const latentScaleOf = (config: VaeConfig | TinyVaeConfig): number =>
  2 ** ((config.kind === 'kl' ? config.channels : config.decoderBlocks).length - 1)

/** SDXL base is told six numbers of size and crop, the refiner five (an aesthetic score in place of the target size). */
function conditioningOf({ unet, textEncoders }: Parts): Model['conditioning'] {
  const { contextWidth, added } = unet.config
  if (contextWidth === null) return 'none'
  if (added === null) return 'text'
  const pooled = textEncoders.at(-1)?.config
  return added.width - (pooled?.projection ?? pooled?.width ?? 0) === 5 * added.idWidth
    ? 'sdxl-refiner'
    : 'sdxl'
}

function textEncoderFacts(parts: Parts, circumstances: Circumstances, encoder: number): TextEncoderFacts {
  const { width, layers, maxTokens, vocabSize } = parts.textEncoders[encoder]!.config
  return {
    width,
    layers,
    maxTokens,
    vocabSize,
    tokenizerFolder: circumstances.tokenizers[encoder] ?? null,
    padToken: circumstances.padTokens?.[encoder] ?? null,
  }
}

function modelInfo(
  parts: Parts,
  { layout, sampleSize, studio }: Circumstances,
  predictionType: Model['predictionType'],
  latentScale: number,
): ModelInfo {
  const family = familyOf(parts)
  const side = Math.max(64, (sampleSize ?? publishedSampleSizes[family] ?? 64) * latentScale)
  return {
    family,
    layout,
    predictionType,
    defaultWidth: side,
    defaultHeight: side,
    maxSize: Math.min(2048, Math.max(256, 2 * side)),
    sizeMultiple: Math.max(8, latentScale),
    hasTextEncoder: parts.textEncoders.length > 0,
    canEncodeImages: parts.vae !== null,
    dtype: parts.unet.tensors.dtype,
    examplePrompts: studio.examplePrompts ?? [],
  }
}

/** Sides in latents, for files that do not tell. */
const publishedSampleSizes: Readonly<Record<string, number>> = {
  sd1: 64,
  sd2: 96,
  sdxl: 128,
  'sdxl-refiner': 128,
}

/** By structure, so that small models of a family's form belong to it. */
export function familyOf(parts: Parts): string {
  const conditioning = conditioningOf(parts)
  const { linearProjection, inChannels } = parts.unet.config
  const families = {
    none: 'ddpm',
    text: linearProjection ? 'sd2' : 'sd1',
    sdxl: 'sdxl',
    'sdxl-refiner': 'sdxl-refiner',
  }
  const family = families[conditioning]
  return inChannels === 9 ? `${family}-inpaint` : family
}
