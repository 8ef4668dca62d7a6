import type { Pixels } from '../../shared/engine/engineContract.ts'
import type { LatentShape } from '../latents.ts'
import type { Kept } from '../plan/route.ts'
import { pixelsToPlanes } from './picture.ts'
import { resample } from './resample.ts'

/**
 * Painting a part of a picture anew. A mask is white where to paint and black where to keep; grey counts as the
 * nearer of the two. Over latents it is the share that is painted.
 */

const isWhite = (mask: Pixels, pixel: number): boolean => mask.data[pixel * 3] > 127

/** The mask at the size of the latents, [height, width]: 1 where to paint, 0 where to keep; nearest pixel. */
export function latentMask(mask: Pixels, { height, width }: LatentShape): Float32Array {
  const scale = mask.width / width
  return Float32Array.from({ length: height * width }, (_, i) => {
    const y = Math.floor(Math.floor(i / width) * scale)
    const x = Math.floor((i % width) * scale)
    return isWhite(mask, y * mask.width + x) ? 1 : 0
  })
}

/** The same where a latent stands for many pixels: shares between its neighbours, as torch's interpolate (bilinear). */
export function smoothLatentMask(mask: Pixels, { height, width }: LatentShape): Float32Array {
  const data = Float32Array.from({ length: mask.width * mask.height }, (_, i) => (isWhite(mask, i) ? 1 : 0))
  const plane = { data, channels: 1, height: mask.height, width: mask.width }
  return resample(plane, height, width, { filter: 'bilinear', antialias: false }).data
}

/**
 * The mask at the size of the latents, [height, width], by Pillow's bicubic filter as AUTOMATIC1111 does it: the share of
 * what is painted from 0 to 1, or whether it is a half.
 */
export function latentShares(mask: Pixels, { height, width }: LatentShape, soft: boolean): Float32Array {
  const level = Float32Array.from({ length: mask.width * mask.height }, (_, pixel) => mask.data[pixel * 3])
  const planes = { data: level, channels: 1, width: mask.width, height: mask.height }
  const { data } = resample(planes, height, width, { filter: 'bicubic', antialias: true })
  return data.map((level) => {
    const share = Math.min(255, Math.max(0, Math.round(level))) / 255
    return soft ? share : Math.round(share)
  })
}

/** The picture's planes in -1..1 with what will be painted greyed out (0). */
export function maskedPlanes(picture: Pixels, mask: Pixels): Float32Array {
  const planes = pixelsToPlanes(picture)
  const area = picture.width * picture.height
  return planes.map((value, i) => (isWhite(mask, i % area) ? 0 : value))
}

/**
 * Puts the known picture back where the mask keeps it, with the noise of its level; of a share, as much of it. Changes `x`
 * in place. Lugmayr et al. 2022 (RePaint), equation 8a, without resampling. `remaining` is the part of the noise that is
 * left, from 1 to 0: then shares below it are kept still and the others painted, each over a stretch as long as its share
 * (Levin and Fried 2023, "Differential Diffusion", algorithm 1).
 */
export function keepKnown(
  x: Float32Array,
  known: Float32Array,
  noise: Float32Array,
  share: Kept,
  mask: Float32Array,
  remaining: number | null = null,
): void {
  const least = remaining === null ? null : Math.min(1, remaining)
  for (let i = 0; i < x.length; i++) {
    const painted = mask[i % mask.length]
    if (painted === 1) continue
    const kept = share.picture * known[i] + share.noise * noise[i]
    if (painted === 0) x[i] = kept
    else if (least === null) x[i] = painted * x[i] + (1 - painted) * kept
    else if (painted < least) x[i] = kept
  }
}

/** Latents with others in place of them, by the shares of a mask. */
export const mixedUnder = (mask: Float32Array, latents: Float32Array, others: Float32Array): Float32Array =>
  latents.map((value, i) => value + mask[i % mask.length] * (others[i] - value))

/** What an inpainting U-Net reads behind the noisy latents: [1 + channels, height, width], mask and masked picture. */
export function inpaintingChannels(mask: Float32Array, masked: Float32Array): Float32Array {
  const channels = new Float32Array(mask.length + masked.length)
  channels.set(mask)
  channels.set(masked, mask.length)
  return channels
}
