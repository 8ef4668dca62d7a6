import type { ModelInfo } from '../../shared/models/models.ts'
import { StudioError } from '../../shared/errors.ts'
import { limits } from '../../shared/request/limits.ts'
import type { ClipTextConfig } from '../graph/clip/clipTextConfig.ts'
import type { TinyVaeConfig, VaeConfig } from '../graph/vae/vaeConfig.ts'
import type { UnetConfig } from '../graph/unet/unetConfig.ts'
import { familyOf, type Family } from './family.ts'
import type { Model, ModelFacts, TextEncoderFacts } from './model.ts'
import type { StudioFile } from './sources/studioFile.ts'

/** The networks of a model as numbers. */
export interface Architecture {
  textEncoders: readonly ClipTextConfig[]
  unet: UnetConfig
  vae: VaeConfig | TinyVaeConfig | null
}

/** How a model was trained. */
export type Trained = Pick<Model, 'schedulerConfig' | 'noiseSchedule' | 'predictionType'>

/** What a kind of storage knows beside the networks. */
export interface Circumstances extends Trained {
  layout: 'diffusers' | 'single-file' | 'onnx'
  /** The type most weights are stored in. */
  dtype: string
  /** Graphs traced by others fail where sizes do not halve evenly. */
  evenSizes: boolean
  canEncodeImages: boolean
  /** Side the U-Net was trained at, in latents. */
  sampleSize: number | null
  /** A folder for every text encoder; null stands for the published vocabulary. */
  tokenizers: readonly (string | null)[]
  /** With the published vocabulary, the token each encoder's texts are filled up with; null for the end token. */
  padTokens?: readonly (string | null)[]
  zerosForEmptyNegative: boolean
  /** Where the tiny VAE for previews lies. */
  previewVae: string | null
  studio: StudioFile
}

/** What the pipeline and the screen need to know of a model, from its architecture. */
export function modelFacts(architecture: Architecture, circumstances: Circumstances): ModelFacts {
  const { unet, vae } = architecture
  const { layout, studio, noiseSchedule } = circumstances
  if (studio.base !== undefined && layout !== 'diffusers')
    throw new StudioError(
      'bad-checkpoint',
      'base: only a model folder in the layout of diffusers may have one.',
    )
  const family = familyOf(architecture)
  const latentScale = vae ? latentScaleOf(vae) : 1
  const scaling = vaeScaling(vae)
  const scalingFactor = studio.scalingFactor ?? scaling.scalingFactor
  const predictionType = studio.predictionType ?? circumstances.predictionType
  return {
    info: modelInfo(architecture, family, circumstances, { predictionType, latentScale, scalingFactor }),
    family,
    textEncoders: architecture.textEncoders.map((config, encoder) =>
      textEncoderFacts(config, circumstances, encoder),
    ),
    latentChannels: unet.outChannels,
    unetChannels: unet.inChannels,
    latentScale,
    scalingFactor,
    shiftFactor: scaling.shiftFactor,
    noiseSchedule: {
      ...noiseSchedule,
      rescaleZeroTerminalSnr: studio.zeroTerminalSnr ?? noiseSchedule.rescaleZeroTerminalSnr,
    },
    schedulerConfig: circumstances.schedulerConfig,
    predictionType,
    previewVae: circumstances.previewVae,
    guidanceDistilled: unet.guidanceWidth !== null,
    clipSkip: studio.clipSkip ?? family.clipSkip,
    zerosForEmptyNegative: family.zerosForEmptyNegative && circumstances.zerosForEmptyNegative,
  }
}

/** How latents are scaled between the U-Net and an autoencoder; a tiny one reads them as they are. */
export const vaeScaling = (
  config: VaeConfig | TinyVaeConfig | null,
): { scalingFactor: number; shiftFactor: number } =>
  config?.kind === 'kl' ? config : { scalingFactor: 1, shiftFactor: 0 }

/** Every level but the last halves the picture, and so do patches. */
export const latentScaleOf = (config: VaeConfig | TinyVaeConfig): number =>
  config.kind === 'kl'
    ? 2 ** (config.channels.length - 1 + (config.patches ? 1 : 0))
    : 2 ** (config.decoderBlocks.length - 1)

/** Channels of the latents that are sampled. */
export const latentChannelsOf = (config: VaeConfig | TinyVaeConfig): number =>
  config.kind === 'kl' && config.patches ? 4 * config.latentChannels : config.latentChannels

function textEncoderFacts(
  { width, layers, maxTokens, vocabSize }: ClipTextConfig,
  circumstances: Circumstances,
  encoder: number,
): TextEncoderFacts {
  return {
    width,
    layers,
    maxTokens,
    vocabSize,
    tokenizerFolder: circumstances.tokenizers[encoder] ?? null,
    padToken: circumstances.padTokens?.[encoder] ?? null,
  }
}

/** In pixels: of fewer latents some networks beside a U-Net cannot halve any more. */
export const smallestOfLatents = 64

/** Autoencoders of other families scale by other numbers; flow models mix in noise in another way. */
export const latentSpaceOf = (
  model: Pick<Model, 'latentChannels' | 'unetChannels' | 'latentScale' | 'scalingFactor' | 'predictionType'>,
): string =>
  [
    ...[model.latentChannels, model.unetChannels, model.latentScale, model.scalingFactor.toPrecision(6)],
    model.predictionType === 'flow' ? 'flow' : 'noise',
  ].join(' ')

function modelInfo(
  architecture: Architecture,
  family: Family,
  { layout, sampleSize, studio, dtype, evenSizes, canEncodeImages }: Circumstances,
  {
    predictionType,
    latentScale,
    scalingFactor,
  }: Pick<Model, 'predictionType' | 'latentScale' | 'scalingFactor'>,
): ModelInfo {
  const evenly = evenSizes ? latentScale * 2 ** (architecture.unet.levels.length - 1) : latentScale
  const minSize = latentScale === 1 ? limits.size.min : smallestOfLatents
  const side = Math.max(minSize, (sampleSize ?? family.sampleSize) * latentScale)
  return {
    title: studio.title ?? null,
    family: family.name,
    layout,
    network: layout === 'onnx' ? 'exported' : 'unet',
    predictionType,
    defaultWidth: side,
    defaultHeight: side,
    minSize,
    maxSize: limits.size.max,
    sizeMultiple: Math.max(8, evenly),
    hasTextEncoder: architecture.textEncoders.length > 0,
    canEncodeImages,
    readsReferences: family.readsReferences,
    latentSpace: latentSpaceOf({
      latentChannels: architecture.unet.outChannels,
      unetChannels: architecture.unet.inChannels,
      ...{ latentScale, scalingFactor, predictionType },
    }),
    dtype,
    examplePrompts: studio.examplePrompts ?? [],
    defaults: studio.defaults ?? {},
  }
}
