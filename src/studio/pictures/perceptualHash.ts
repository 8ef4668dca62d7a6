import { readGrey } from './images.ts'

/** 64 bits that say how a picture looks, as two unsigned numbers of 32 bits. */
export interface PerceptualHash {
  high: number
  low: number
}

/** Pixels a side that a picture is reduced to, and frequencies a side that are kept of them. */
const side = 32
const kept = 8

/** Rows of a discrete cosine transform (DCT-II), without the first, which is the brightness. */
const waves = Array.from({ length: kept }, (_, index) =>
  Float64Array.from({ length: side }, (_, at) =>
    Math.cos((Math.PI * (index + 1) * (2 * at + 1)) / (2 * side)),
  ),
)

/**
 * The perceptual hash of a picture's file: which of its 64 lowest frequencies are stronger than their median. It hardly changes
 * when the picture is scaled, toned or compressed. C. Zauner, "Implementation and Benchmarking of Perceptual Image Hash
 * Functions", 2010, 3.2.1. Throws what sharp throws for what is no picture.
 */
export async function perceptualHash(picture: string): Promise<PerceptualHash> {
  const strengths = lowFrequencies(await readGrey(picture, side))
  const sorted = strengths.toSorted()
  const median = (sorted[31] + sorted[32]) / 2
  const bits = (from: number): number => {
    let value = 0
    for (let at = from; at < from + 32; at++) value = (value << 1) | Number(strengths[at] > median)
    return value >>> 0
  }
  return { high: bits(0), low: bits(32) }
}

/** In whole levels: of a picture of one colour all are 0, and not what rounding left of it. */
function lowFrequencies(grey: Uint8Array): Float64Array {
  const ofRows = waves.map((wave) =>
    Float64Array.from({ length: side }, (_, row) => dot(wave, (at) => grey[row * side + at])),
  )
  return Float64Array.from({ length: kept * kept }, (_, place) =>
    Math.round(dot(waves[Math.floor(place / kept)], (row) => ofRows[place % kept][row])),
  )
}

function dot(wave: Float64Array, value: (at: number) => number): number {
  let sum = 0
  for (let at = 0; at < side; at++) sum += wave[at] * value(at)
  return sum
}
