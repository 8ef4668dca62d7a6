import type { Pixels } from '../../../shared/engine/engineContract.ts'
import { gaussianBlur, type Image } from './blur.ts'

/** Lines found by comparing a picture with its blurred self; one value a pixel, light on black. */

const asImage = ({ width, height, data }: Pixels): Image => ({
  width,
  height,
  channels: 3,
  data: Float32Array.from(data),
})

/** The least of the three channels of one picture minus another. */
function leastDifference(one: Image, other: Image): Float32Array {
  const least = new Float32Array(one.width * one.height)
  for (let at = 0; at < least.length; at++) {
    const difference = (channel: number): number => one.data[3 * at + channel] - other.data[3 * at + channel]
    least[at] = Math.min(difference(0), difference(1), difference(2))
  }
  return least
}

/**
 * Where the picture is darker than its surroundings (sd-webui-controlnet, lineart_standard): the difference, in the
 * scale of the median line.
 */
export function darkLines(picture: Pixels, sigma: number): Uint8Array {
  const image = asImage(picture)
  const intensity = leastDifference(gaussianBlur(image, sigma), image).map((value) =>
    Math.min(255, Math.max(0, value)),
  )
  const lines = intensity.filter((value) => value > 8).sort()
  const scale = 127 / Math.max(16, median(lines))
  return Uint8Array.from(intensity, (value) => Math.min(255, value * scale))
}

/** 0 of nothing; the mean of the two in the middle of an even number. */
const median = (sorted: Float32Array): number => {
  const middle = sorted.length >> 1
  if (sorted.length === 0) return 0
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/**
 * Rough strokes (sd-webui-controlnet, scribble_xdog; Winnemöller et al. 2012, XDoG): where two blurs of deviation 0.5
 * and 5 differ by more than half the threshold.
 */
export function roughStrokes(picture: Pixels, threshold: number): Uint8Array {
  const image = asImage(picture)
  const difference = leastDifference(gaussianBlur(image, 5), gaussianBlur(image, 0.5))
  return Uint8Array.from(difference, (value) => {
    const kept = Math.trunc(Math.min(255, Math.max(0, 255 - value)))
    return 2 * (255 - kept) > threshold ? 255 : 0
  })
}
