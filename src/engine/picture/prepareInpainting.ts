import type { Pixels } from '../../shared/engineContract.ts'
import type { ResolvedRequest } from '../../shared/request.ts'
import { latentShape } from '../latents.ts'
import type { Kept } from '../plan/route.ts'
import type { Model } from '../model/model.ts'
import { inpaintingChannels, keepKnown, latentMask, maskedPlanes, smoothLatentMask } from './inpaint.ts'

/** Whether the U-Net was trained to inpaint, and reads mask and masked picture beside the latents. */
export const knowsMasks = ({ unetChannels, latentChannels }: Model): boolean => unetChannels > latentChannels

/** What painting a part needs: the mask over the latents, and what an inpainting U-Net reads beside them. */
export interface Inpainting {
  mask: Float32Array
  /** [unetChannels - latentChannels, height, width]; null for models that know nothing of masks. */
  channels: Float32Array | null
}

/** null when everything is painted by a model that knows nothing of masks. */
export async function prepareInpainting(
  model: Model,
  { request, initImage, mask }: { request: ResolvedRequest; initImage: Pixels | null; mask: Pixels | null },
  encode: (planes: Float32Array) => Promise<Float32Array>,
): Promise<Inpainting | null> {
  const shape = latentShape(model, request)
  if (!mask && !knowsMasks(model)) return null
  const { takesMean } = model.family
  const asLatents = model.latentScale > 8 ? smoothLatentMask : latentMask
  const overLatents = mask ? asLatents(mask, shape) : new Float32Array(shape.height * shape.width).fill(1)
  // diffusers encodes the masked picture for every model, and so draws its noise.
  if (!knowsMasks(model) && (takesMean || request.seedConvention !== 'diffusers'))
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
export function putBack(
  x: Float32Array,
  known: Float32Array | null,
  noise: Float32Array,
  share: Kept,
  inpainting: Inpainting | null,
): void {
  if (known && inpainting?.channels === null) keepKnown(x, known, noise, share, inpainting.mask)
}

/** Latents as the U-Net reads them, with an inpainting model's further channels behind. */
export function withChannels(input: Float32Array, channels: Float32Array | null): Float32Array {
  if (!channels) return input
  const joined = new Float32Array(input.length + channels.length)
  joined.set(input)
  joined.set(channels, input.length)
  return joined
}
