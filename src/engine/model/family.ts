import type { ResolvedRequest } from '../../shared/request/request.ts'
import type { Architecture } from './modelFacts.ts'
import { empiricalMu } from '../plan/flow/timeShift.ts'
import { sdxlScalingFactor, stableDiffusionScalingFactor } from './sources/vaeFile.ts'

/** What the models of a family have in common beyond the numbers of their networks. */
export interface Family {
  /** As it stands in rows and requests; "-inpaint" follows where the network reads masks. */
  name: string
  /** Side in latents that it was trained at, for files that do not tell. */
  sampleSize: number
  /** What its latents are scaled by, and what is taken away before, for models whose own autoencoder does not say. */
  scalingFactor: number
  shiftFactor: number
  /** The hidden state of the text that it reads, counted from the end: 1 the last. */
  clipSkip: number
  /** Takes zeros for an empty negative prompt, where its folder says so. */
  zerosForEmptyNegative: boolean
  /** Reads prompts as messages of a chat; null where it reads them as CLIP does. */
  chat: Chat | null
  /** log(shift) of a picture of so many tokens in so many steps; null where the model's scheduler says it. */
  flowMu: ((tokens: number, steps: number) => number) | null
  /** Takes the mean of what its autoencoder sees in a picture, whatever the tool. */
  takesMean: boolean
  /** Looks at pictures beside the one it draws. */
  readsReferences: boolean
  /** What it is told of sizes beside the pooled text; null where it listens to nothing of the kind. */
  sizeIds: ((request: Sized, negative: boolean) => readonly number[]) | null
}

export interface Chat {
  /** Hidden states of an encoder of so many layers that the network reads, side by side; 0 the embeddings. */
  states(layers: number): readonly number[]
  /** What the answer begins with. */
  answer: string
  /** More tokens than these, the template's included, are not read. */
  maxTokens: number
  /** Reads always so many tokens, of which those behind the text say nothing. */
  fillsUp: boolean
}

type Sized = Pick<ResolvedRequest, 'width' | 'height' | 'sizeConditioning'>

const noTransformer = { shiftFactor: 0, chat: null, flowMu: null, takesMean: false, readsReferences: false }

const stableDiffusion = {
  sampleSize: 64,
  scalingFactor: stableDiffusionScalingFactor,
  clipSkip: 1,
  zerosForEmptyNegative: false,
  ...noTransformer,
  sizeIds: null,
}

const xl = { sampleSize: 128, scalingFactor: sdxlScalingFactor, clipSkip: 2, ...noTransformer }

/** The aesthetic scores SDXL's refiner is told for what is wanted and what is not (its published defaults). */
const aestheticScore = { positive: 6, negative: 2.5 }

/** Original size and crop of a picture, as SDXL is told them (Podell et al. 2023, 2.2). */
const originalIds = ({ width, height, sizeConditioning }: Sized): number[] =>
  sizeConditioning
    ? [
        sizeConditioning.originalHeight,
        sizeConditioning.originalWidth,
        sizeConditioning.cropTop,
        sizeConditioning.cropLeft,
      ]
    : [height, width, 0, 0]

const targetIds = ({ width, height, sizeConditioning }: Sized): number[] => [
  sizeConditioning?.targetHeight ?? height,
  sizeConditioning?.targetWidth ?? width,
]

const families = {
  /** Pictures of one kind, without text. */
  ddpm: { ...stableDiffusion, name: 'ddpm' },
  sd1: { ...stableDiffusion, name: 'sd1' },
  sd2: { ...stableDiffusion, name: 'sd2', sampleSize: 96 },
  sdxl: {
    ...xl,
    name: 'sdxl',
    zerosForEmptyNegative: true,
    sizeIds: (request) => [...originalIds(request), ...targetIds(request)],
  },
  'sdxl-refiner': {
    ...xl,
    name: 'sdxl-refiner',
    zerosForEmptyNegative: false,
    sizeIds: (request, negative) => [
      ...originalIds(request),
      negative ? aestheticScore.negative : aestheticScore.positive,
    ],
  },
} satisfies Record<string, Family>

/** Z-Image, of which Turbo needs neither guidance nor a negative prompt. */
export const zImageFamily: Family = {
  name: 'z-image',
  sampleSize: 128,
  scalingFactor: 0.3611,
  shiftFactor: 0.1159,
  clipSkip: 2,
  zerosForEmptyNegative: false,
  chat: { states: (layers) => [layers - 1], answer: '', maxTokens: 512, fillsUp: false },
  flowMu: null,
  takesMean: false,
  readsReferences: false,
  sizeIds: null,
}

/** FLUX.2-klein, which draws from words and changes pictures by words. */
export const flux2KleinFamily: Family = {
  name: 'flux2-klein',
  sampleSize: 64,
  scalingFactor: 1,
  shiftFactor: 0,
  clipSkip: 1,
  zerosForEmptyNegative: false,
  chat: {
    states: () => [9, 18, 27],
    answer: '<think>\n\n</think>\n\n',
    maxTokens: 512,
    fillsUp: true,
  },
  flowMu: empiricalMu,
  takesMean: true,
  readsReferences: true,
  sizeIds: null,
}

/** The family of a model, by structure, so that small models of a family's form belong to it. */
export function familyOf(architecture: Architecture): Family {
  const family = plainFamily(architecture)
  const isInpainting = architecture.unet.inChannels === 9
  return isInpainting ? { ...family, name: `${family.name}-inpaint`, sampleSize: 64 } : family
}

/** SDXL base is told six numbers of size and crop, the refiner five (an aesthetic score in place of the target size). */
function plainFamily({ unet, textEncoders }: Architecture): Family {
  const { contextWidth, added, linearProjection } = unet
  if (contextWidth === null) return families.ddpm
  if (added === null) return linearProjection ? families.sd2 : families.sd1
  const pooled = textEncoders.at(-1)
  const told = added.width - (pooled?.projection ?? pooled?.width ?? 0)
  return told === 5 * added.idWidth ? families['sdxl-refiner'] : families.sdxl
}
