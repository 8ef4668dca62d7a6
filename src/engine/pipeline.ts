import type { Phase, Progress } from '../shared/jobs.ts'
import type { ImageOrigin } from '../shared/batch.ts'
import type { EngineControl, EngineImage, Pixels, Prediction } from '../shared/engineContract.ts'
import type { ResolvedRequest } from '../shared/request.ts'
import { hiresSize } from '../shared/upscalers.ts'
import { openSteeredUnet, type SteeredUnet } from './control/steeredUnet.ts'
import { denoiser, type Denoise, type Guidance, type Predict } from './denoiser.ts'
import { guidedPredictions } from './fast/fewerEvaluations.ts'
import { byFilter, enlarged, secondRequest, type Enlarge } from './hires.ts'
import { latentShape, withData, type Latents } from './latents.ts'
import type { Model } from './model/model.ts'
import { noiseSchedule } from './plan/noiseSchedule.ts'
import { checkLatents, pixelsToPlanes } from './picture/picture.ts'
import { decodePicture, encodePicture } from './picture/pictureLatents.ts'
import { knowsMasks, prepareInpainting, putBack, withChannels } from './picture/prepareInpainting.ts'
import type { BeforePart } from './picture/tiles.ts'
import { imageNoise } from './random/imageNoise.ts'
import type { SampledModel } from './plan/route.ts'
import { planSampling, type SamplingPlan } from './plan/sampling.ts'
import { addedConditions } from './text/addedConditions.ts'
import {
  embeddingsAt,
  encodePrompts,
  type EncodedPrompts,
  type ScheduledEmbeddings,
} from './text/textEmbeddings.ts'
import type { Tokenizer } from './text/tokenizer.ts'

/** What to paint: a request, which image of its batch, and the picture to start from, if any. */
export interface Subject {
  request: ResolvedRequest
  index: number
  /** Already at the request's width and height. */
  initImage: Pixels | null
  /** White where to paint, black where to keep the picture; of the same size. */
  mask: Pixels | null
  /** Pictures that steer the drawing; may be left out. */
  controls?: readonly EngineControl[]
  /** Hears of every prediction, in arrays that the sampler goes on to use. */
  watch?: (prediction: Prediction) => void
}

/** Where a picture stands. */
export interface Stage {
  phase: Extract<Phase, 'encoding' | 'denoising' | 'upscaling' | 'decoding'>
  step: number
  steps: number
  pass: Progress['pass']
  /** The predicted clean latents, after each step. */
  denoised?: Latents
  /** The latents that are to be decoded. */
  finished?: Latents
}

/** A finished picture and what makes it again alone. */
export type Painted = Pick<EngineImage, 'pixels' | 'seed' | 'batchStart' | 'batchOf' | 'variationSeed'>

/**
 * Text to image, image to image and inpainting, from the prompt to the pixels, with a second pass over the enlarged
 * picture where the request asks for one. `beforeEvaluation` is called before every run of the U-Net, `beforePart` before
 * every part of a picture that is decoded in parts; both may throw to end it there. Throws `bad-image` when what comes out
 * is no picture.
 */
export async function* paint(
  model: Model,
  tokenizers: readonly Tokenizer[],
  subject: Subject,
  beforeEvaluation: () => void,
  beforePart: BeforePart = beforeEvaluation,
  enlarge: Enlarge = byFilter(subject.request.hires?.upscaler ?? 'Lanczos'),
): AsyncGenerator<Stage, Painted, undefined> {
  const first = firstPass(model, subject)
  const second = await secondPass(model, first)
  const steps = first.plan.steps + (second?.plan.steps ?? 0)
  const inFirst = { pass: second ? 1 : null, done: 0, steps } as const
  let drawn = yield* counted(draw(model, tokenizers, first, beforeEvaluation), inFirst)
  if (second) {
    const inSecond = { pass: 2, done: first.plan.steps, steps } as const
    yield { phase: 'upscaling', step: first.plan.steps, steps, pass: 2 }
    const known = await enlarged(model, drawn.latents, first.subject.request, enlarge, beforePart)
    const again = draw(model, tokenizers, { ...second, known }, beforeEvaluation)
    drawn = yield* counted(again, inSecond)
  }
  yield { phase: 'decoding', step: steps, steps, pass: null, finished: drawn.latents }
  return { pixels: await decodePicture(model, drawn.latents, beforePart), ...drawn.origin }
}

/** One way from noise to clean latents. */
interface Pass {
  subject: Subject
  plan: SamplingPlan
  /** Evaluations of the passes before, from which prompt editing counts on. */
  evaluationsBefore: number
  /** The clean latents of the picture that the last pass left, enlarged. */
  known: Latents | null
}

interface Drawn {
  latents: Latents
  origin: ImageOrigin
}

const sampledModel = (model: Model): SampledModel => ({
  ...model,
  noiseSchedule: noiseSchedule(model.noiseSchedule),
  ofPixels: model.latentScale === 1,
})

const firstPass = (model: Model, subject: Subject): Pass => ({
  subject,
  plan: planSampling(subject.request, sampledModel(model)),
  evaluationsBefore: 0,
  known: null,
})

/** null where the request asks for none. */
async function secondPass(model: Model, { subject, plan }: Pass): Promise<Pass | null> {
  const { hires } = subject.request
  if (!hires) return null
  const { result } = hiresSize(subject.request, hires, model.info.sizeMultiple)
  const request = secondRequest(subject.request, hires, result)
  const controls = (subject.controls ?? []).map(async (control) => {
    return { ...control, picture: await byFilter('Lanczos')(control.picture, result) }
  })
  return {
    subject: { ...subject, request, controls: await Promise.all(controls) },
    plan: planSampling(request, sampledModel(model), 'enlarged picture'),
    evaluationsBefore: plan.evaluations,
    known: null,
  }
}

type StageOfPass = Omit<Stage, 'pass'>

/** The stages of one pass as those of all, of which some steps are done. */
async function* counted<Result>(
  stages: AsyncGenerator<StageOfPass, Result, undefined>,
  { pass, done, steps }: { pass: Stage['pass']; done: number; steps: number },
): AsyncGenerator<Stage, Result, undefined> {
  for (;;) {
    const { value, done: isOver } = await stages.next()
    if (isOver) return value
    yield { ...value, step: done + value.step, steps, pass }
  }
}

/** Draws the latents of a picture: text, noise, and the sampler's steps under guidance. */
async function* draw(
  model: Model,
  tokenizers: readonly Tokenizer[],
  { subject, plan, evaluationsBefore, known: start }: Pass,
  beforeEvaluation: () => void,
): AsyncGenerator<StageOfPass, Drawn, undefined> {
  const { request, index, initImage, mask, controls = [], watch } = subject
  const shape = latentShape(model, request)
  const noise = imageNoise(request, index, shape, plan.brownian)
  const { steps } = plan

  yield { phase: 'encoding', step: 0, steps }
  const { evaluations } = plan
  const encoding = { clipSkip: clipSkips(model, request), evaluations, evaluationsBefore }
  const { tokens, tokensVary, negative, positive } = await encodePrompts(model, tokenizers, request, encoding)
  const encode = (planes: Float32Array) =>
    encodePicture(model, planes, request, noise.posterior, beforeEvaluation)
  // At full strength nothing of the picture is left under the mask: inpainting then begins with pure noise.
  const fromNoise = mask !== null && request.denoiseStrength === 1
  const known =
    start?.data ??
    (initImage && !(fromNoise && knowsMasks(model)) ? await encode(pixelsToPlanes(initImage)) : null)
  const firstNoise = noise.initial()
  const inpainting = await prepareInpainting(model, { request, initImage, mask }, encode)

  yield { phase: 'denoising', step: 0, steps }
  const size = { ...shape, contextTokens: tokens, contextVaries: tokensVary }
  const unet = await openSteeredUnet(model, controls, size, request.seedConvention)
  const place: Place = { evaluation: -1, step: 0 }
  const channels = inpainting?.channels ?? null
  const asking: Asking = { model, request, plan, negative, positive, unet, channels, beforeEvaluation }
  const guided = predictionsOf(asking, place)
  const denoise: Denoise = async (x, sigma) => {
    place.evaluation++
    // The first x is as it should be: with the picture, or pure noise where nothing of it is to be left.
    if (place.evaluation > 0) putBack(x, known, firstNoise, plan.kept(sigma), inpainting)
    const prediction = await guided(x, sigma)
    watch?.({ ...prediction, x, sigma, timestep: plan.timestepOf(sigma) })
    return prediction
  }

  let latents = plan.start(firstNoise, fromNoise ? null : known)
  for await (const { x, denoised } of plan.run(denoise, latents, noise.step)) {
    latents = x
    place.step++
    yield { phase: 'denoising', step: place.step, steps, denoised: withData(shape, denoised) }
  }
  latents = plan.finish(latents)
  putBack(latents, known, firstNoise, { picture: 1, noise: 0 }, inpainting)
  checkLatents(latents)
  return { latents: withData(shape, latents), origin: noise.origin }
}

/** How far a pass has come. */
interface Place {
  /** The one under way, from 0. */
  evaluation: number
  /** Steps done. */
  step: number
}

/** What decides the predictions of a pass beside x, sigma and its place. */
interface Asking extends Pick<EncodedPrompts, 'negative' | 'positive'> {
  model: Model
  request: ResolvedRequest
  plan: SamplingPlan
  unet: SteeredUnet
  /** What an inpainting U-Net reads beside the latents. */
  channels: Float32Array | null
  beforeEvaluation: () => void
}

/** The guided predictions of a pass, each under what its prompts say at its place. */
function predictionsOf(asking: Asking, place: Place): Denoise {
  const { model, request, plan, negative, positive, unet, channels, beforeEvaluation } = asking
  const { steps } = plan
  const predictUnder = (prompt: ScheduledEmbeddings): Predict =>
    denoiser(
      (input, timestep) => {
        beforeEvaluation()
        const isNegative = prompt === negative
        const { context, pooled } = embeddingsAt(prompt, place.evaluation)
        const added = addedConditions(model, request, pooled, isNegative)
        const asked = { input, timestep, context, added, isNegative, step: place.step, steps }
        return unet.run(withChannels(input, channels), asked)
      },
      model.predictionType,
      plan.timestepOf,
    )
  const conditions = positive.map((prompt) => ({ weight: prompt.weight, predict: predictUnder(prompt) }))
  const settings = guidanceOf(model, request, plan)
  const question = (sigma: number): unknown[] => [
    ...[negative, ...positive].map((prompt) => embeddingsAt(prompt, place.evaluation)),
    ...unet.steeredBy({ step: place.step, steps, timestep: plan.timestepOf(sigma) }),
  ]
  return guidedPredictions({ conditions, unconditional: predictUnder(negative), settings }, request, {
    question,
    sigmas: plan.sigmas,
  })
}

function guidanceOf(model: Model, { guidanceRescale }: ResolvedRequest, plan: SamplingPlan): Guidance {
  const { guidance } = plan
  // A distilled model has guidance inside, as strong as it is told.
  return { rescale: guidanceRescale, ...guidance, scale: model.guidanceDistilled ? 1 : guidance.scale }
}

/** diffusers skips layers for the prompt alone, the other tools for the negative prompt too. */
function clipSkips(
  model: Model,
  { clipSkip, seedConvention }: ResolvedRequest,
): { positive: number; negative: number } {
  const positive = clipSkip ?? model.clipSkip
  return { positive, negative: seedConvention === 'diffusers' ? model.clipSkip : positive }
}
