import type { EngineControl } from '../shared/engine/engineContract.ts'
import type { ResolvedRequest } from '../shared/request/request.ts'
import { openSteeredUnet, type Asked as Question, type SteeredUnet } from './control/steeredUnet.ts'
import { denoiser, denoisers, type Denoise, type Guidance, type Predict } from './denoiser.ts'
import { guidedPredictions, isAlwaysOfTwo } from './fast/fewerEvaluations.ts'
import type { Latents, LatentShape } from './latents.ts'
import type { Model } from './model/model.ts'
import { withChannels } from './picture/prepareInpainting.ts'
import type { SamplingPlan } from './plan/sampling.ts'
import { addedConditions } from './text/addedConditions.ts'
import {
  embeddingsAt,
  encodePrompts,
  type EncodedPrompts,
  type ScheduledEmbeddings,
} from './text/textEmbeddings.ts'
import type { Tokenizer } from './text/tokenizer.ts'

/** A model with the tokenizers of its text encoders. */
export interface Opened {
  model: Model
  tokenizers: readonly Tokenizer[]
}

/** How far a pass has come. */
export interface Place {
  /** The evaluation under way, from 0. */
  evaluation: number
  /** Steps done. */
  step: number
}

/** What the predictions of a pass depend on from its first evaluation to its last. */
export interface Circumstances {
  shape: LatentShape
  /** The plan that the pass began with. */
  plan: SamplingPlan
  /** Evaluations of the passes before, from which prompt editing counts on. */
  evaluationsBefore: number
  controls: readonly EngineControl[]
  /** What an inpainting U-Net reads beside the latents. */
  channels: Float32Array | null
  /** Clean latents of what a model looks at beside the picture it draws. */
  references: readonly Latents[]
  place: Place
  beforeEvaluation: () => void
}

/** What decides the predictions beside x, sigma and the circumstances. */
export interface Asked {
  model: Model
  request: ResolvedRequest
  texts: EncodedPrompts
  /** Which timestep a sigma is, and how predictions are guided. */
  plan: Pick<SamplingPlan, 'timestepOf' | 'guidance'>
}

/** The texts of a request as a model reads them in the evaluations of a pass. */
export function encodeTexts(
  { model, tokenizers }: Opened,
  request: ResolvedRequest,
  { plan: { evaluations }, evaluationsBefore }: Pick<Circumstances, 'plan' | 'evaluationsBefore'>,
): Promise<EncodedPrompts> {
  const encoding = { clipSkip: clipSkips(model, request), evaluations, evaluationsBefore }
  return encodePrompts(model, tokenizers, request, encoding)
}

/** Opens the U-Net and what steers it, and predicts under what the prompts say at each place. */
export async function openPredictions(asked: Asked, circumstances: Circumstances): Promise<Denoise> {
  const { model, request, texts, plan } = asked
  const { shape, controls } = circumstances
  const inPairs =
    !texts.tokensVary && isAlwaysOfTwo(texts.positive, guidanceOf(model, request, plan), request.fast)
  const size = { ...shape, contextTokens: texts.tokens, contextVaries: texts.tokensVary, inPairs }
  return predictionsOf(
    asked,
    circumstances,
    await openSteeredUnet(model, controls, size, request.seedConvention),
  )
}

function predictionsOf(
  { model, request, texts: { negative, positive }, plan }: Asked,
  { plan: { steps, sigmas }, channels, references, place, beforeEvaluation }: Circumstances,
  unet: SteeredUnet,
): Denoise {
  const { timestepOf } = plan
  const asked = (prompt: ScheduledEmbeddings, input: Float32Array, timestep: number): Question => {
    const isNegative = prompt === negative
    const { context, pooled } = embeddingsAt(prompt, place.evaluation)
    const added = { ...addedConditions(model, request, pooled, isNegative), references }
    return { input, timestep, context, added, isNegative, step: place.step, steps }
  }
  const predictUnder = (prompt: ScheduledEmbeddings): Predict =>
    denoiser(
      (input, timestep) => {
        beforeEvaluation()
        return unet.run(withChannels(input, channels), asked(prompt, input, timestep))
      },
      model.predictionType,
      timestepOf,
    )
  const { runBoth } = unet
  const all =
    runBoth &&
    denoisers(
      (input, timestep) => {
        beforeEvaluation()
        const [first, second] = [negative, positive[0]].map((prompt) => asked(prompt, input, timestep))
        return runBoth(withChannels(input, channels), first, second)
      },
      model.predictionType,
      timestepOf,
    )
  const conditions = positive.map((prompt) => ({ weight: prompt.weight, predict: predictUnder(prompt) }))
  const settings = guidanceOf(model, request, plan)
  const question = (sigma: number): unknown[] => [
    ...[negative, ...positive].map((prompt) => embeddingsAt(prompt, place.evaluation)),
    ...unet.steeredBy({ step: place.step, steps, timestep: timestepOf(sigma) }),
  ]
  return guidedPredictions({ conditions, unconditional: predictUnder(negative), settings, all }, request, {
    question,
    sigmas,
  })
}

function guidanceOf(
  model: Model,
  { guidanceRescale, guidanceLimit }: ResolvedRequest,
  { guidance }: Asked['plan'],
): Guidance {
  // A distilled model has guidance inside, as strong as it is told.
  const settings = { rescale: guidanceRescale, limit: guidanceLimit, ...guidance }
  return { ...settings, scale: model.guidanceDistilled ? 1 : guidance.scale }
}

/** diffusers skips layers for the prompt alone, the other tools for the negative prompt too. */
function clipSkips(
  model: Model,
  { clipSkip, seedConvention }: ResolvedRequest,
): { positive: number; negative: number } {
  const positive = clipSkip ?? model.clipSkip
  return { positive, negative: seedConvention === 'diffusers' ? model.clipSkip : positive }
}
