import type { Phase } from '../shared/contract.ts'
import type { EngineImage, Pixels } from '../shared/engineContract.ts'
import type { ResolvedRequest } from '../shared/request.ts'
import { denoiser, guidance, type Denoise } from './denoiser.ts'
import { withData, type Latents, type LatentShape } from './latents.ts'
import type { AddedConditions, Model } from './model/model.ts'
import { noiseSchedule } from './noiseSchedule.ts'
import { checkLatents, pixelsToPlanes, planesToPixels } from './picture.ts'
import { imageNoise } from './random/imageNoise.ts'
import { planSampling } from './sampling.ts'
import { embeddingsAt, encodePrompt, levelTokens } from './textEmbeddings.ts'
import type { Tokenizer } from './tokenizer.ts'

/** What to paint: a request, which image of its batch, and the picture to start from, if any. */
export interface Subject {
  request: ResolvedRequest
  index: number
  /** Already at the request's width and height. */
  initImage: Pixels | null
}

/** Where a picture stands; with the predicted clean latents after each step. */
export interface Stage {
  phase: Extract<Phase, 'encoding' | 'denoising' | 'decoding'>
  step: number
  steps: number
  denoised: Latents | null
}

/** A finished picture and what makes it again alone. */
export type Painted = Pick<EngineImage, 'pixels' | 'seed' | 'batchStart' | 'batchOf' | 'variationSeed'>

/**
 * Text to image and image to image, from the prompt to the pixels. `beforeEvaluation` is called before every run of
 * the U-Net and may throw to end the picture there. Throws `bad-image` when what comes out is no picture.
 */
export async function* paint(
  model: Model,
  tokenizers: readonly Tokenizer[],
  { request, index, initImage }: Subject,
  beforeEvaluation: () => void,
): AsyncGenerator<Stage, Painted, undefined> {
  const shape = latentShape(model, request)
  const plan = planSampling(request, { ...model, noiseSchedule: noiseSchedule(model.noiseSchedule) })
  const noise = imageNoise(request, index, shape, plan.brownian)
  const { steps } = plan

  yield { phase: 'encoding', step: 0, steps, denoised: null }
  const encoding = { clipSkip: request.clipSkip ?? model.clipSkip, evaluations: plan.steps }
  const positive = await encodePrompt(model, tokenizers, request.prompt, { ...encoding, negative: false })
  const negative = await encodePrompt(model, tokenizers, request.negativePrompt, {
    ...encoding,
    negative: true,
  })
  const { prompts, tokens } = levelTokens([...negative, ...positive])
  const initLatents = initImage && (await encodePicture(model, initImage, noise.posterior, request))

  yield { phase: 'denoising', step: 0, steps, denoised: null }
  const unet = await model.openUnet(shape.height, shape.width, tokens)
  let evaluation = -1
  const [unconditional, ...conditions] = prompts.map((prompt, i) => ({
    weight: prompt.weight,
    predict: denoiser(
      (input, timestep) => {
        beforeEvaluation()
        const { context, pooled } = embeddingsAt(prompt, evaluation)
        return unet.run(input, timestep, context, addedConditions(model, request, pooled, i === 0))
      },
      model.predictionType,
      plan.timestepOf,
    ),
  }))
  const { guidanceScale: scale, guidanceRescale: rescale } = request
  const guided = guidance(conditions, unconditional!.predict, { scale, rescale, ...plan.guidance })
  const denoise: Denoise = (x, sigma) => {
    evaluation++
    return guided(x, sigma)
  }

  let latents = plan.start(noise.initial(), initLatents)
  let step = 0
  for await (const { x, denoised } of plan.run(denoise, latents, noise.step)) {
    latents = x
    yield { phase: 'denoising', step: ++step, steps, denoised: withData(shape, denoised) }
  }
  latents = plan.finish(latents)
  checkLatents(latents)

  yield { phase: 'decoding', step, steps, denoised: null }
  const planes = await model.decode(withData(shape, latents))
  return { pixels: planesToPixels(planes, request.width, request.height), ...noise.origin }
}

function latentShape(model: Model, { width, height }: ResolvedRequest): LatentShape {
  const { latentScale, latentChannels: channels } = model
  return { channels, height: height / latentScale, width: width / latentScale }
}

/**
 * A picture as clean latents. diffusers samples the autoencoder's posterior with the image's noise (Kingma and
 * Welling 2014, section 2.4); the other tools take its mean.
 */
async function encodePicture(
  model: Model,
  picture: Pixels,
  posterior: () => Float32Array,
  { seedConvention }: ResolvedRequest,
): Promise<Float32Array> {
  const { mean, logvar } = await model.encode(pixelsToPlanes(picture), picture.height, picture.width)
  const samples = seedConvention === 'diffusers' || seedConvention === 'InvokeAI'
  const noise = samples ? posterior() : null
  return mean.data.map((value, i) => {
    const sampled = noise
      ? value + Math.exp(0.5 * Math.min(20, Math.max(-30, logvar.data[i]!))) * noise[i]!
      : value
    return (sampled - model.shiftFactor) * model.scalingFactor
  })
}

/** The aesthetic scores SDXL's refiner is told for what is wanted and what is not (its published defaults). */
const aestheticScore = { positive: 6, negative: 2.5 }

/** What SDXL is told beside the text: pooled text, original size, crop and target size (Podell et al. 2023, 2.2). */
function addedConditions(
  model: Model,
  { width, height }: ResolvedRequest,
  pooled: Float32Array | null,
  negative: boolean,
): AddedConditions | undefined {
  if (!pooled || (model.conditioning !== 'sdxl' && model.conditioning !== 'sdxl-refiner')) return undefined
  const tail =
    model.conditioning === 'sdxl'
      ? [height, width]
      : [negative ? aestheticScore.negative : aestheticScore.positive]
  return { pooled, timeIds: Float32Array.from([height, width, 0, 0, ...tail]) }
}
