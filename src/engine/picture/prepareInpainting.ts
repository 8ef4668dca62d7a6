import type { Pixels } from '../../shared/engine/engineContract.ts'
import type { ResolvedRequest } from '../../shared/request/request.ts'
import { latentShape } from '../latents.ts'
import type { Kept } from '../plan/route.ts'
import type { Model } from '../model/model.ts'
import {
  inpaintingChannels,
  keepKnown,
  latentMask,
  latentShares,
  maskedPlanes,
  mixedUnder,
  smoothLatentMask,
} from './inpaint.ts'

/** Whether the U-Net was trained to inpaint, and reads mask and masked picture beside the latents. */
export const knowsMasks = ({ unetChannels, latentChannels }: Model): boolean => unetChannels > latentChannels

/** What painting a part needs: the mask over the latents, and what an inpainting U-Net reads beside them. */
export interface Inpainting {
  /** [height, width], from 0 (kept) to 1 (painted). */
  mask: Float32Array
  /** [unetChannels - latentChannels, height, width]; null for models that know nothing of masks. */
  channels: Float32Array | null
  /** Whether the known picture is put back while painting goes on. */
  keeps: boolean
  /** Whether shares of the mask are strengths. */
  soft: boolean
}

/** diffusers leaves nothing of the picture under the mask at full strength: painting then begins with pure noise. */
export const startsFromNoise = (
  { inpaint, denoiseStrength }: ResolvedRequest,
  mask: Pixels | null,
): boolean => mask !== null && inpaint === null && denoiseStrength === 1

/** null when everything is painted by a model that knows nothing of masks. */
export async function prepareInpainting(
  model: Model,
  { request, initImage, mask }: { request: ResolvedRequest; initImage: Pixels | null; mask: Pixels | null },
  encode: (planes: Float32Array) => Promise<Float32Array>,
): Promise<Inpainting | null> {
  const { inpaint, seedConvention, width, height } = request
  const shape = latentShape(model, request)
  if (!mask && !knowsMasks(model)) return null
  const overLatents = mask
    ? maskOverLatents(model, mask, request)
    : new Float32Array(shape.height * shape.width).fill(1)
  const [keeps, soft] = [inpaint !== null || !knowsMasks(model), inpaint?.soft ?? false]
  // diffusers encodes the masked picture for every model, and so draws its noise.
  if (!knowsMasks(model) && (model.family.takesMean || seedConvention !== 'diffusers'))
    return { mask: overLatents, channels: null, keeps, soft }
  const planes = mask && initImage ? maskedPlanes(initImage, mask) : new Float32Array(3 * width * height)
  const masked = await encode(planes)
  const told = mask ? latentMask(mask, shape) : overLatents
  const channels = knowsMasks(model) ? inpaintingChannels(told, masked) : null
  return { mask: overLatents, channels, keeps, soft }
}

/** Where a latent stands for many pixels its share of the mask counts, softly painted or not. */
function maskOverLatents(model: Model, mask: Pixels, request: ResolvedRequest): Float32Array {
  const { inpaint } = request
  const shape = latentShape(model, request)
  if (inpaint?.soft) return latentShares(mask, shape, true)
  if (model.latentScale > 8) return smoothLatentMask(mask, shape)
  return inpaint ? latentShares(mask, shape, false) : latentMask(mask, shape)
}

/** The known picture with what painting begins from under its mask: noise, nothing, or what is there. */
export function withContent(
  known: Float32Array | null,
  noise: Float32Array,
  { inpaint }: ResolvedRequest,
  inpainting: Inpainting | null,
): Float32Array | null {
  if (!known || !inpainting) return known
  if (inpaint?.content === 'noise') return mixedUnder(inpainting.mask, known, noise)
  if (inpaint?.content === 'nothing')
    return mixedUnder(inpainting.mask, known, new Float32Array(known.length))
  return known
}

/** A known picture, and how much of it and of noise there is at a place of the run. */
interface Place {
  known: Float32Array | null
  noise: Float32Array
  share: Kept
  /** Of the noise that the run began with: what is left of its timesteps, from 1 to 0. */
  remaining: number
}

/**
 * The known picture is put back with the noise of an evaluation. Some schedules end above sigma 0; what is kept ends
 * without noise all the same.
 */
export function putBack(
  x: Float32Array,
  { known, noise, share, remaining }: Place,
  inpainting: Inpainting | null,
): void {
  if (known && inpainting?.keeps)
    keepKnown(x, known, noise, share, inpainting.mask, inpainting.soft ? remaining : null)
}

/** Latents as the U-Net reads them, with an inpainting model's further channels behind. */
export function withChannels(input: Float32Array, channels: Float32Array | null): Float32Array {
  if (!channels) return input
  const joined = new Float32Array(input.length + channels.length)
  joined.set(input)
  joined.set(channels, input.length)
  return joined
}
