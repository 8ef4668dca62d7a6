import { ditWearable } from '../../adapters/wearable.ts'
import { limits } from '../../../shared/request/limits.ts'
import { StudioError } from '../../../shared/errors.ts'
import { qwen3 } from '../../graph/qwen3/qwen3.ts'
import type { Chat } from '../family.ts'
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
import { failuresOf, vaeGraphs } from '../networks/builtNetworks.ts'
import { graphOver } from '../networks/graphOver.ts'
import { cpuDialect } from '../networks/networks.ts'
import type { StudioFile } from '../sources/studioFile.ts'
import type { DitKind } from './ditKinds.ts'
import { ditNetworks, textRowsOf, type DitParts } from './ditNetworks.ts'

/** What is known of a model beside its networks. */
export interface DitCircumstances {
  trained: Trained
  studio: StudioFile
  layout: 'diffusers' | 'single-file'
  /** The folder of its tokenizer.json, or the GGUF file that brings its vocabulary. */
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
    wearable: ditWearable(kind, parts),
    dit: parts,
    check: () => writeAllGraphs(parts, chat),
    networks: (target) => ditNetworks(parts, chat, target),
  }
}

function requireFitting(
  path: string,
  { family }: DitKind,
  { textEncoder, transformer, vae }: DitParts,
): void {
  const { layers } = textEncoder.config
  const rows = textRowsOf(textEncoder.config, family.chat!)
  if (rows === null)
    throw new StudioError(
      'does-not-fit',
      `${path}: its text encoder has only ${layers} layers, of which its transformer reads later ones. They are of different models.`,
    )
  const misfits = [
    ['text encoder gives rows', rows, transformer.textWidth],
    ['autoencoder has latents', latentChannelsOf(vae.config), transformer.channels],
  ] as const
  for (const [what, found, wanted] of misfits)
    if (found !== wanted)
      throw new StudioError(
        'does-not-fit',
        `${path}: its ${what} of ${found} numbers, and its transformer reads ${wanted}. They are of different models.`,
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

/** Writes every graph at its smallest, and answers what went wrong: each tensor is looked up once. */
function writeAllGraphs({ textEncoder, transformer, vae }: DitParts, { states }: Chat): unknown[] {
  const { config, tensors } = textEncoder
  const attempts = [
    () => qwen3(graphOver(tensors, cpuDialect), config, { count: 1, states: states(config.layers) }),
    () =>
      transformer.write(graphOver(transformer.tensors, cpuDialect), {
        height: 2,
        width: 2,
        text: 32,
        references: [],
      }),
    ...vaeGraphs(vae),
  ]
  return failuresOf(attempts)
}
