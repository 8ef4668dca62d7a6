import { withPromptsOf } from '../../shared/request/batch.ts'
import type { EngineTask, Pixels } from '../../shared/engine/engineContract.ts'
import type { EncodedPicture, EncodeTask, EngineTrace } from '../../shared/engine/engineLooks.ts'
import { StudioError } from '../../shared/errors.ts'
import type { Latents } from '../latents.ts'
import type { Model } from '../model/model.ts'
import { planesToPixels } from '../picture/picture.ts'
import { encodeMean } from '../picture/pictureLatents.ts'
import { fitColours, type LatentToRgb } from '../picture/preview.ts'
import { keepPredictions } from './keptPredictions.ts'
import { paint, type Subject } from '../pipeline.ts'
import { noiseSchedule } from '../plan/noiseSchedule.ts'
import type { Opened } from '../predictions.ts'
import { imageNoise } from '../random/imageNoise.ts'

/** Looks into a model that make no picture. `stopIfCancelled` may throw to end one. */

/** A picture as clean latents, with the noise of its request's first image. */
export async function encodePicture(
  model: Model,
  { picture, request }: Pick<EncodeTask, 'picture' | 'request'>,
  stopIfCancelled: () => void,
): Promise<EncodedPicture> {
  const latents = await encodeMean(model, picture, stopIfCancelled)
  return {
    latents,
    noise: imageNoise(request, 0, { ...latents, latentScale: model.latentScale }).initial(),
    alphasCumprod: noiseSchedule(model.noiseSchedule).alphasCumprod,
    toRgb: await colours(model),
  }
}

/** Throws `bad-request` for latents that another kind of model made. */
export function checkChannels({ latentChannels }: Model, { channels }: Latents): void {
  if (channels === latentChannels) return
  const message = `latents: this model's have ${latentChannels} channels, found ${channels}. Take those that it made.`
  throw new StudioError('bad-request', message)
}

/** Latents at any noise level as the model's own decoder draws them. */
export async function decodeLatents(
  model: Model,
  latents: Latents,
  stopIfCancelled: () => void,
): Promise<Pixels> {
  const { width, height } = latents
  const planes = await model.decode(latents, stopIfCancelled)
  return planesToPixels(planes, width * model.latentScale, height * model.latentScale)
}

/**
 * The first pass of a task's first image, prediction by prediction, up to its clean latents. `open` gives the model of each
 * leg of a branch.
 */
export async function traceRun(
  open: (leg: number) => Promise<Opened>,
  { request, initImage, mask, references = [], controls }: EngineTask,
  stopIfCancelled: () => void,
): Promise<EngineTrace> {
  const kept = keepPredictions()
  const first = await open(0)
  let { model } = first
  const subject: Subject = {
    request: { ...withPromptsOf(request, 0), hires: null },
    index: 0,
    initImage,
    mask,
    references,
    controls,
    watch: kept.add,
    async open(leg) {
      const opened = await open(leg)
      model = opened.model
      return opened
    },
  }
  for await (const { finished } of paint(model, first.tokenizers, subject, stopIfCancelled)) {
    if (!finished) continue
    const { channels, height, width } = finished
    return { channels, height, width, toRgb: await colours(model), ...kept.result() }
  }
  throw new Error('A painting ended before its latents were finished.')
}

const fitted = new WeakMap<Model['tallies'], { stamp: string | null; map: Promise<LatentToRgb> }>()

/** The linear map from latents to colours, fitted once for an autoencoder. */
export function colours(model: Model): Promise<LatentToRgb> {
  const { tallies, vaeStamp: stamp } = model
  const known = fitted.get(tallies)
  if (known?.stamp === stamp) return known.map
  // A tiny VAE draws what the model's own does.
  const map = fitColours(stamp === null ? model : { ...model, openPreviewVae: null })
  fitted.set(tallies, { stamp, map })
  return map
}
