import type { Phase, Progress } from '../shared/queue/jobs.ts'
import type { ImageOrigin } from '../shared/request/batch.ts'
import { legsOf } from '../shared/request/legs.ts'
import type { EngineControl, EngineImage, Pixels } from '../shared/engine/engineContract.ts'
import type { Mix, Prediction } from '../shared/engine/engineLooks.ts'
import type { ResolvedRequest } from '../shared/request/request.ts'
import { hiresSize } from '../shared/models/upscalers.ts'
import type { Denoise } from './denoiser.ts'
import { byFilter, enlarged, secondRequest, type Enlarge } from './hires.ts'
import { latentShape, withData, type Latents } from './latents.ts'
import { mixedNoise, mixedPrompts } from './mix.ts'
import type { Model } from './model/model.ts'
import { checkLatents, pixelsToPlanes, withinPicture } from './picture/picture.ts'
import { decodePicture, encodePicture } from './picture/pictureLatents.ts'
import { partToPaint } from './picture/masked/partToPaint.ts'
import {
  knowsMasks,
  prepareInpainting,
  putBack,
  startsFromNoise,
  withContent,
} from './picture/prepareInpainting.ts'
import { encodeReferences, lookedAt } from './picture/references.ts'
import type { BeforePart } from './picture/tiles.ts'
import { encodeTexts, openPredictions, type Opened, type Place } from './predictions.ts'
import { imageNoise } from './random/imageNoise.ts'
import { turningNoise } from './random/turningNoise.ts'
import type { Beginning } from './plan/route.ts'
import { planSampling, type SamplingPlan } from './plan/sampling.ts'
import type { Tokenizer } from './text/tokenizer.ts'
import { runLegs, sampledModel, throughTurns } from './turns.ts'

/** What to paint: a request, which image of its batch, and the picture to start from, if any. */
export interface Subject {
  request: ResolvedRequest
  index: number
  /** At the request's width and height, or of its own size where the masked area alone is painted. */
  initImage: Pixels | null
  /** White where to paint, black where to keep the picture; of the same size. */
  mask: Pixels | null
  /** Pictures that steer the drawing; may be left out. */
  controls?: readonly EngineControl[]
  /** Pictures that are looked at, as they are; may be left out. */
  references?: readonly Pixels[]
  /** Another request whose noise and texts go in; may be left out. */
  mix?: Mix
  /** Hears of every prediction, in arrays that the sampler goes on to use. */
  watch?: (prediction: Prediction) => void
  /** The model of a later leg of a branch, counted from 0; left out: that of the first. */
  open?: (leg: number) => Promise<Opened>
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
  const { putInto, ...part } = partToPaint(subject)
  const first = firstPass(model, { ...subject, ...part })
  const second = await secondPass(model, first)
  const steps = first.plan.steps + (second?.plan.steps ?? 0)
  const inFirst = { pass: second ? 1 : null, done: 0, steps } as const
  let drawn = yield* counted(draw({ model, tokenizers }, first, beforeEvaluation), inFirst)
  if (second) {
    const inSecond = { pass: 2, done: first.plan.steps, steps } as const
    yield { phase: 'upscaling', step: first.plan.steps, steps, pass: 2 }
    const { by } = drawn
    const known = await enlarged(by.model, drawn.latents, first.subject.request, enlarge, beforePart)
    // A branch may have ended with another model.
    const onIt = by.model === model ? second : (await secondPass(by.model, first))!
    const again = draw(by, { ...onIt, known }, beforeEvaluation)
    drawn = yield* counted(again, inSecond)
  }
  yield { phase: 'decoding', step: steps, steps, pass: null, finished: drawn.latents }
  const painted = await decodePicture(drawn.by.model, drawn.latents, beforePart)
  return { pixels: putInto(painted), ...drawn.origin }
}

/** One way from noise to clean latents. */
interface Pass {
  subject: Subject
  plan: SamplingPlan
  beginning: Beginning
  /** Evaluations of the passes before, from which prompt editing counts on. */
  evaluationsBefore: number
  /** The clean latents of the picture that the last pass left, enlarged. */
  known: Latents | null
}

interface Drawn {
  latents: Latents
  origin: ImageOrigin
  /** What drew them last. */
  by: Opened
}

function firstPass(model: Model, subject: Subject): Pass {
  const beginning = subject.request.initImage ? 'picture' : 'noise'
  const [{ request }] = legsOf(subject.request)
  const plan = planSampling(request, sampledModel(model), beginning)
  return { subject, plan, beginning, evaluationsBefore: 0, known: null }
}

/** null where the request asks for none. */
async function secondPass(model: Model, { subject, plan }: Pass): Promise<Pass | null> {
  const { hires } = subject.request
  if (!hires) return null
  const { result } = hiresSize(subject.request, hires, model.info.sizeMultiple)
  const request = secondRequest(subject.request, hires, result)
  const controls = (subject.controls ?? []).map(async (control) => {
    return { ...control, picture: await byFilter('Lanczos')(control.picture, result) }
  })
  const beginning = 'enlarged picture'
  return {
    subject: { ...subject, request, controls: await Promise.all(controls) },
    plan: planSampling(request, sampledModel(model), beginning),
    beginning,
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

/** Draws the latents of a picture: text, noise, and the sampler's steps under guidance, from leg to leg of a branch. */
async function* draw(
  opened: Opened,
  { subject, plan, beginning, evaluationsBefore, known: start }: Pass,
  beforeEvaluation: () => void,
): AsyncGenerator<StageOfPass, Drawn, undefined> {
  const { request, index, initImage, mask, controls = [], mix, watch, open } = subject
  const { model } = opened
  const [first, ...later] = legsOf(request)
  const shape = { ...latentShape(model, request), latentScale: model.latentScale }
  const noise = turningNoise(request, index, shape, plan.brownian)
  const { steps } = plan

  yield { phase: 'encoding', step: 0, steps }
  const texts = await mixedPrompts(mix, first.request, (of) =>
    encodeTexts(opened, of, { plan, evaluationsBefore }),
  )
  const encode = (planes: Float32Array) =>
    encodePicture(model, planes, request, noise.posterior, beforeEvaluation)
  const fromNoise = startsFromNoise(request, mask)
  const encoded =
    start?.data ??
    (initImage && !(fromNoise && knowsMasks(model)) ? await encode(pixelsToPlanes(initImage)) : null)
  const firstNoise = mixedNoise(mix, noise.initial(), (of) => imageNoise(of, 0, shape).initial())
  const inpainting = await prepareInpainting(model, { request, initImage, mask }, encode)
  const known = withContent(encoded, firstNoise, request, inpainting)
  const references = await encodeReferences(model, lookedAt(model, subject), beforeEvaluation)

  yield { phase: 'denoising', step: 0, steps }
  const place: Place = { evaluation: -1, step: 0 }
  const beside = { controls, channels: inpainting?.channels ?? null, references }
  const circumstances = { shape, plan, evaluationsBefore, ...beside, place, beforeEvaluation }
  const predict = await openPredictions({ model, request: first.request, texts, plan }, circumstances)
  const begun = { opened, request: first.request, plan, predict }
  const legs = runLegs(begun, later, { circumstances, beginning, noise, open })
  const denoise: Denoise = async (x, sigma) => {
    place.evaluation++
    // The first x is as it should be: with the picture, or pure noise where nothing of it is to be left.
    if (place.evaluation > 0) {
      const remaining = plan.timestepOf(sigma) / plan.timestepOf(plan.sigmas[0])
      putBack(x, { known, noise: firstNoise, share: plan.kept(sigma), remaining }, inpainting)
    }
    await legs.turn(x, sigma, denoise)
    const leg = legs.now()
    const prediction = await leg.predict(x, sigma)
    const { denoised } = prediction
    // Of a guess of pixels only what lies within a picture is sampled on.
    const told = model.latentScale === 1 ? withinPicture(denoised) : denoised
    watch?.({ ...prediction, denoised: told, x, sigma, timestep: leg.plan.timestepOf(sigma) })
    return prediction
  }

  let latents = plan.start(firstNoise, fromNoise ? null : known)
  for await (const { x, denoised } of throughTurns(plan.run(denoise, latents, noise.step))) {
    latents = x
    place.step++
    const step = Math.min(place.step, steps)
    yield { phase: 'denoising', step, steps, denoised: withData(shape, denoised) }
  }
  legs.checkDone()
  latents = plan.finish(latents)
  const ended = { known, noise: firstNoise, share: { picture: 1, noise: 0 }, remaining: 0 }
  putBack(latents, ended, inpainting)
  checkLatents(latents)
  return { latents: withData(shape, latents), origin: noise.origin, by: legs.now().opened }
}
