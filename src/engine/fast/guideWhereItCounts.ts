import type { Denoise } from '../denoiser.ts'

/** Where guidance is used. */
export interface GuidanceReach {
  /** Cosine of the two predicted clean latents from which on they are taken as one; null: never. */
  agreement: number | null
  /** Sigmas, both ends included; null: everywhere. */
  interval: { min: number; max: number | null } | null
}

/**
 * Guidance only where it changes the picture, which saves one of two evaluations elsewhere: between two sigmas
 * (Kynkäänniemi et al. 2024, arXiv 2404.07724, equation 5), and until the conditional and the unconditional prediction
 * agree (Castillo et al. 2023, adaptive guidance, arXiv 2312.12487, section 4: a cosine over a threshold, after which the
 * rest of the run is unguided). The cosine is that of the predicted clean latents: the noise they share would hide how the
 * pictures differ.
 */
export function guideWhereItCounts(
  guided: Denoise,
  unguided: Denoise,
  { agreement, interval }: GuidanceReach,
): Denoise {
  let agree = false
  return async (x, sigma) => {
    if (agree || !isInside(interval, sigma)) return unguided(x, sigma)
    const found = await guided(x, sigma)
    const { conditional, unconditional } = found
    if (agreement !== null && conditional && unconditional)
      agree = cosine(conditional, unconditional) >= agreement
    return found
  }
}

export const isInside = (interval: GuidanceReach['interval'], sigma: number): boolean =>
  interval === null || (sigma >= interval.min && sigma <= (interval.max ?? Infinity))

function cosine(one: Float32Array, other: Float32Array): number {
  let [product, squares, otherSquares] = [0, 0, 0]
  for (let i = 0; i < one.length; i++) {
    product += one[i] * other[i]
    squares += one[i] ** 2
    otherSquares += other[i] ** 2
  }
  return product / Math.sqrt(squares * otherSquares)
}
