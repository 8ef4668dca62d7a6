import { readTopLeft, storedShape } from './images.ts'

/** How far the pixels of two pictures are from each other, in levels of 0 to 255 over all channels. */
export interface PixelDifference {
  max: number
  mean: number
  /** Share of the pixels that differ, 0 to 1. */
  share: number
}

/** Compares PNGs pixel by pixel. null: they are of different sizes, or one cannot be decoded. */
export async function comparePictures(one: Uint8Array, other: Uint8Array): Promise<PixelDifference | null> {
  const [shape, otherShape] = await Promise.all([storedShape(one), storedShape(other)])
  if (!shape || shape.width !== otherShape?.width || shape.height !== otherShape.height) return null
  const { width, height } = shape
  const [a, b] = await Promise.all([readTopLeft(one, width, height), readTopLeft(other, width, height)])
  if (!a || a.channels !== b?.channels) return null
  return pixelDifference(a.data, b.data, a.channels)
}

function pixelDifference(a: Uint8Array, b: Uint8Array, channels: number): PixelDifference {
  let max = 0
  let sum = 0
  let differing = 0
  for (let pixel = 0; pixel < a.length; pixel += channels) {
    let most = 0
    for (let channel = pixel; channel < pixel + channels; channel++) {
      const distance = Math.abs(a[channel] - b[channel])
      sum += distance
      most = Math.max(most, distance)
    }
    max = Math.max(max, most)
    if (most > 0) differing++
  }
  return { max, mean: sum / a.length, share: differing / (a.length / channels) }
}
