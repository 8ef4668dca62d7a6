import { limits } from '../../../shared/request/limits.ts'
import { StudioError } from '../../../shared/errors.ts'
import type { StoredModel } from '../liveModel.ts'
import type { ModelFacts } from '../model.ts'
import {
  latentChannelsOf,
  latentScaleOf,
  latentSpaceOf,
  smallestOfLatents,
  vaeScaling,
  type Trained,
} from '../modelFacts.ts'
import type { StudioFile } from '../sources/studioFile.ts'
import type { DitKind } from './ditKinds.ts'
import { ditNetworks, type DitParts } from './ditNetworks.ts'

/** What is known of a model beside its networks. */
export interface DitCircumstances {
  trained: Trained
  studio: StudioFile
  layout: 'diffusers' | 'single-file'
  /** The folder of its tokenizer. */
  tokenizer: string
  previewVae: string | null
  /** It has guidance inside, and takes none. */
  isDistilled: boolean
}

/** The model of parts that fit together; throws `does-not-fit` where they do not. */
export function storedDit(
  path: string,
  kind: DitKind,
  parts: DitParts,
  circumstances: DitCircumstances,
): StoredModel {
  const chat = kind.family.chat!
  requireFitting(path, kind, parts)
  return {
    facts: ditFacts(kind, parts, circumstances),
    parts: null,
    networks: (target) => ditNetworks(parts, chat, target),
  }
}

function requireFitting(
  path: string,
  { family }: DitKind,
  { textEncoder, transformer, vae }: DitParts,
): void {
  const { width, layers } = textEncoder.config
  const states = family.chat!.states(layers)
  const misfits = [
    ['text encoder gives rows', states.length * width, transformer.textWidth],
    ['autoencoder has latents', latentChannelsOf(vae.config), transformer.channels],
  ] as const
  for (const [what, found, wanted] of misfits)
    if (found !== wanted)
      throw new StudioError(
        'does-not-fit',
        `${path}: its ${what} of ${found} numbers, and its transformer reads ${wanted}. They are of different models.`,
      )
  if (Math.max(...states) > layers)
    throw new StudioError(
      'does-not-fit',
      `${path}: its text encoder has ${layers} layers, and its transformer reads what layer ${Math.max(...states)} says. They are of different models.`,
    )
}

function ditFacts(
  { family, steps, scheduler }: DitKind,
  { textEncoder, transformer, vae }: DitParts,
  { trained, studio, layout, tokenizer, previewVae, isDistilled }: DitCircumstances,
): ModelFacts {
  const latentScale = latentScaleOf(vae.config)
  const { channels, patch } = transformer
  const latents = {
    ...vaeScaling(vae.config),
    ...{ latentChannels: channels, unetChannels: channels, latentScale },
    predictionType: 'flow' as const,
  }
  const side = family.sampleSize * latentScale
  return {
    noiseSchedule: trained.noiseSchedule,
    schedulerConfig: trained.schedulerConfig ?? scheduler,
    ...latents,
    info: {
      title: studio.title ?? null,
      family: family.name,
      layout,
      network: 'transformer',
      predictionType: 'flow',
      defaultWidth: side,
      defaultHeight: side,
      minSize: smallestOfLatents,
      maxSize: limits.size.max,
      sizeMultiple: patch * latentScale,
      latentSpace: latentSpaceOf(latents),
      hasTextEncoder: true,
      canEncodeImages: true,
      readsReferences: family.readsReferences,
      dtype: transformer.tensors.dtype,
      examplePrompts: studio.examplePrompts ?? [],
      defaults: {
        sampler: 'Model default',
        schedule: 'Model default',
        steps,
        guidanceScale: 1,
        ...studio.defaults,
      },
    },
    family,
    textEncoders: [
      {
        width: textEncoder.config.width,
        layers: textEncoder.config.layers,
        maxTokens: family.chat!.maxTokens,
        vocabSize: textEncoder.config.vocabSize,
        tokenizerFolder: tokenizer,
        padToken: null,
      },
    ],
    previewVae,
    guidanceDistilled: isDistilled,
    clipSkip: family.clipSkip,
    zerosForEmptyNegative: false,
  }
}
