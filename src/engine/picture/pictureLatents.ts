import type { Pixels } from '../../shared/engine/engineContract.ts'
import type { ResolvedRequest } from '../../shared/request/request.ts'
import { withData, type Latents } from '../latents.ts'
import type { Model } from '../model/model.ts'
import { checkPlanes, pixelsToPlanes, planesToPixels } from './picture.ts'
import type { BeforePart } from './tiles.ts'

/** Pictures as the clean latents that a sampler works on, and back. */

/**
 * A picture (planes in -1..1) as clean latents. diffusers and InvokeAI sample the autoencoder's posterior (Kingma and
 * Welling 2014, section 2.4) with the image's own noise; the other tools take its mean.
 */
export async function encodePicture(
  model: Model,
  planes: Float32Array,
  { width, height, seedConvention }: ResolvedRequest,
  posteriorNoise: () => Float32Array,
  beforePart: BeforePart,
): Promise<Float32Array> {
  await model.makeRoom()
  const { mean, logvar } = await model.encode(planes, height, width, beforePart)
  const samples = seedConvention === 'diffusers' || seedConvention === 'InvokeAI'
  if (!samples || model.family.takesMean) return scaled(model, mean.data)
  const noise = posteriorNoise()
  const deviation = (i: number): number => Math.exp(0.5 * Math.min(20, Math.max(-30, logvar.data[i])))
  return scaled(
    model,
    mean.data.map((value, i) => value + deviation(i) * noise[i]),
  )
}

/** A picture as the mean of the posterior, whatever the tool. */
export async function encodeMean(model: Model, picture: Pixels, beforePart: BeforePart): Promise<Latents> {
  await model.makeRoom()
  const { mean } = await model.encode(pixelsToPlanes(picture), picture.height, picture.width, beforePart)
  return withData(mean, scaled(model, mean.data))
}

/** Latents of the autoencoder as the sampler works on them. */
const scaled = ({ shiftFactor, scalingFactor }: Model, latents: Float32Array): Float32Array =>
  latents.map((value) => (value - shiftFactor) * scalingFactor)

/** Latents as a picture. Throws `bad-image` when they are none. */
export async function decodePicture(model: Model, latents: Latents, beforePart: BeforePart): Promise<Pixels> {
  await model.makeRoom()
  const planes = await model.decode(latents, beforePart)
  checkPlanes(planes)
  return planesToPixels(planes, latents.width * model.latentScale, latents.height * model.latentScale)
}
