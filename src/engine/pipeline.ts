import type { Phase, Progress } from '../shared/jobs.ts'
import type { ImageOrigin } from '../shared/batch.ts'
import type { EngineControl, EngineImage, Pixels, Prediction } from '../shared/engineContract.ts'
import type { ResolvedRequest } from '../shared/request.ts'
import { hiresSize, isLatentUpscaler } from '../shared/upscalers.ts'
import { openSteeredUnet } from './control/steeredUnet.ts'
import { denoiser, guidance, type Denoise, type Guidance, type Predict } from './denoiser.ts'
import { byFilter, middleOf, secondRequest, stretchLatents, type Enlarge } from './hires.ts'
import { inpaintingChannels, keepKnown, latentMask, maskedPlanes } from './picture/inpaint.ts'
import { withData, type Latents, type LatentShape } from './latents.ts'
import type { AddedConditions, Model } from './model/model.ts'
import { noiseSchedule } from './plan/noiseSchedule.ts'
import { checkLatents, checkPlanes, pixelsToPlanes, planesToPixels } from './picture/picture.ts'
import type { BeforePart } from './picture/tiles.ts'
import { imageNoise } from './random/imageNoise.ts'
import type { SampledModel } from './plan/route.ts'
import { planSampling, type SamplingPlan } from './plan/sampling.ts'
import { embeddingsAt, encodePrompts, type ScheduledEmbeddings } from './text/textEmbeddings.ts'
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
  return { pixels: await decode(model, drawn.latents, beforePart), ...drawn.origin }
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

/** The picture of the first pass at the size of the second, in latents: stretched there, or decoded for it. */
async function enlarged(
  model: Model,
  latents: Latents,
  request: ResolvedRequest,
  enlarge: Enlarge,
  beforePart: BeforePart,
): Promise<Latents> {
  const { upscaler } = request.hires!
  const { stretched, result } = hiresSize(request, request.hires!, model.info.sizeMultiple)
  const shape = latentShape(model, stretched)
  const larger = isLatentUpscaler(upscaler)
    ? stretchLatents(latents, shape, upscaler)
    : withData(
        shape,
        await encodeMean(
          model,
          await enlarge(await decode(model, latents, beforePart), stretched),
          beforePart,
        ),
      )
  return middleOf(larger, latentShape(model, result))
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
  const encode: Encode = (planes) => encodePicture(model, planes, request, noise.posterior, beforeEvaluation)
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
  let evaluation = -1
  let step = 0
  const predictUnder = (prompt: ScheduledEmbeddings): Predict =>
    denoiser(
      (input, timestep) => {
        beforeEvaluation()
        const isNegative = prompt === negative
        const { context, pooled } = embeddingsAt(prompt, evaluation)
        const added = addedConditions(model, request, pooled, isNegative)
        const seen = withChannels(input, inpainting?.channels ?? null)
        return unet(seen, { input, timestep, context, added, isNegative, step, steps })
      },
      model.predictionType,
      plan.timestepOf,
    )
  const conditions = positive.map((prompt) => ({ weight: prompt.weight, predict: predictUnder(prompt) }))
  const guided = guidance(conditions, predictUnder(negative), guidanceOf(model, request, plan))
  const denoise: Denoise = async (x, sigma) => {
    evaluation++
    // The first x is as it should be: with the picture, or pure noise where nothing of it is to be left.
    if (evaluation > 0) putBack(x, known, firstNoise, plan.keptSigma(sigma), inpainting)
    const prediction = await guided(x, sigma)
    watch?.({ ...prediction, x, sigma, timestep: plan.timestepOf(sigma) })
    return prediction
  }

  let latents = plan.start(firstNoise, fromNoise ? null : known)
  for await (const { x, denoised } of plan.run(denoise, latents, noise.step)) {
    latents = x
    step++
    yield { phase: 'denoising', step, steps, denoised: withData(shape, denoised) }
  }
  latents = plan.finish(latents)
  putBack(latents, known, firstNoise, 0, inpainting)
  checkLatents(latents)
  return { latents: withData(shape, latents), origin: noise.origin }
}

async function decode(model: Model, latents: Latents, beforePart: BeforePart): Promise<Pixels> {
  const planes = await model.decode(latents, beforePart)
  checkPlanes(planes)
  return planesToPixels(planes, latents.width * model.latentScale, latents.height * model.latentScale)
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

function latentShape(
  model: Model,
  { width, height }: Pick<ResolvedRequest, 'width' | 'height'>,
): LatentShape {
  const { latentScale, latentChannels: channels } = model
  return { channels, height: height / latentScale, width: width / latentScale }
}

/**
 * A picture (planes in -1..1) as clean latents. diffusers and InvokeAI sample the autoencoder's posterior (Kingma and
 * Welling 2014, section 2.4) with the image's own noise; the other tools take its mean.
 */
async function encodePicture(
  model: Model,
  planes: Float32Array,
  { width, height, seedConvention }: ResolvedRequest,
  posteriorNoise: () => Float32Array,
  beforePart: BeforePart,
): Promise<Float32Array> {
  const { mean, logvar } = await model.encode(planes, height, width, beforePart)
  const samples = seedConvention === 'diffusers' || seedConvention === 'InvokeAI'
  if (!samples) return scaled(model, mean.data)
  const noise = posteriorNoise()
  const deviation = (i: number): number => Math.exp(0.5 * Math.min(20, Math.max(-30, logvar.data[i])))
  return scaled(
    model,
    mean.data.map((value, i) => value + deviation(i) * noise[i]),
  )
}

type Encode = (planes: Float32Array) => Promise<Float32Array>

/** A picture between two passes: whatever the tool, the mean of the posterior. */
async function encodeMean(model: Model, picture: Pixels, beforePart: BeforePart): Promise<Float32Array> {
  const { mean } = await model.encode(pixelsToPlanes(picture), picture.height, picture.width, beforePart)
  return scaled(model, mean.data)
}

/** Latents of the autoencoder as the sampler works on them. */
const scaled = ({ shiftFactor, scalingFactor }: Model, latents: Float32Array): Float32Array =>
  latents.map((value) => (value - shiftFactor) * scalingFactor)

/** Whether the U-Net was trained to inpaint, and reads mask and masked picture beside the latents. */
const knowsMasks = ({ unetChannels, latentChannels }: Model): boolean => unetChannels > latentChannels

/** What painting a part needs: the mask over the latents, and what an inpainting U-Net reads beside them. */
interface Inpainting {
  mask: Float32Array
  /** [unetChannels - latentChannels, height, width]; null for models that know nothing of masks. */
  channels: Float32Array | null
}

/** null when everything is painted by a model that knows nothing of masks. */
async function prepareInpainting(
  model: Model,
  { request, initImage, mask }: Omit<Subject, 'index'>,
  encode: Encode,
): Promise<Inpainting | null> {
  const shape = latentShape(model, request)
  if (!mask && !knowsMasks(model)) return null
  const overLatents = mask ? latentMask(mask, shape) : new Float32Array(shape.height * shape.width).fill(1)
  // diffusers encodes the masked picture for every model, and so draws its noise.
  if (!knowsMasks(model) && request.seedConvention !== 'diffusers')
    return { mask: overLatents, channels: null }
  const everything = new Float32Array(3 * request.width * request.height)
  const planes = mask && initImage ? maskedPlanes(initImage, mask) : everything
  const masked = await encode(planes)
  return { mask: overLatents, channels: knowsMasks(model) ? inpaintingChannels(overLatents, masked) : null }
}

/**
 * For models that know nothing of masks: the known picture is put back with the noise of an evaluation. Some schedules
 * end above sigma 0; what is kept ends without noise all the same.
 */
function putBack(
  x: Float32Array,
  known: Float32Array | null,
  noise: Float32Array,
  sigma: number,
  inpainting: Inpainting | null,
): void {
  if (known && inpainting?.channels === null) keepKnown(x, known, noise, sigma, inpainting.mask)
}

/** Latents as the U-Net reads them, with an inpainting model's further channels behind. */
function withChannels(input: Float32Array, channels: Float32Array | null): Float32Array {
  if (!channels) return input
  const joined = new Float32Array(input.length + channels.length)
  joined.set(input)
  joined.set(channels, input.length)
  return joined
}

/** The aesthetic scores SDXL's refiner is told for what is wanted and what is not (its published defaults). */
const aestheticScore = { positive: 6, negative: 2.5 }

/**
 * What a U-Net is told beside the text, as far as it listens: the guidance scale; for SDXL pooled text, original size,
 * crop and target size (Podell et al. 2023, 2.2).
 */
function addedConditions(
  { conditioning }: Model,
  { width, height, sizeConditioning, guidanceScale }: ResolvedRequest,
  pooled: Float32Array | null,
  negative: boolean,
): AddedConditions {
  if (!pooled || (conditioning !== 'sdxl' && conditioning !== 'sdxl-refiner')) return { guidanceScale }
  const plain = {
    originalWidth: width,
    originalHeight: height,
    cropLeft: 0,
    cropTop: 0,
    targetWidth: width,
    targetHeight: height,
  }
  const { originalWidth, originalHeight, cropLeft, cropTop, targetWidth, targetHeight } =
    sizeConditioning ?? plain
  const score = negative ? aestheticScore.negative : aestheticScore.positive
  const tail = conditioning === 'sdxl' ? [targetHeight, targetWidth] : [score]
  const timeIds = Float32Array.from([originalHeight, originalWidth, cropTop, cropLeft, ...tail])
  return { pooled, timeIds, guidanceScale }
}
