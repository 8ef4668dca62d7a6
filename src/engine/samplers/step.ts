import type { Denoise } from '../denoiser.ts'

/** One step done. */
export interface Step {
  /** Latents at the next sigma. */
  x: Float32Array
  /** The clean latents predicted on the way, for previews. */
  denoised: Float32Array
}

/** Noise of variance one for the way from one sigma down to another. */
export type Noise = (sigma: number, sigmaNext: number) => Float32Array

/**
 * A sampling method: from x at sigmas[0] down to the last sigma, one yield a step. Pure: it owns no generator,
 * reports nothing and stops when its caller stops asking.
 */
export type Sampler<Options = object> = (
  denoise: Denoise,
  x: Float32Array,
  sigmas: Float64Array,
  noise: Noise,
  options: Options,
) => AsyncGenerator<Step, void, undefined>

type Term = readonly [weight: number, latents: Float32Array]

/** Σ weight * latents, summed in float64. A weight of 0 leaves its latents unread. */
export function combine(...terms: readonly Term[]): Float32Array {
  const [first, second, third, ...rest] = terms.filter(([weight]) => weight !== 0)
  const result = new Float32Array(terms[0][1].length)
  if (!first) return result
  // One loop for the common lengths: this runs over every latent of every step.
  if (!second) return result.map((_, i) => first[0] * first[1][i])
  if (!third) {
    const [[a, x], [b, y]] = [first, second]
    for (let i = 0; i < result.length; i++) result[i] = a * x[i] + b * y[i]
    return result
  }
  if (rest.length === 0) {
    const [[a, x], [b, y], [c, z]] = [first, second, third]
    for (let i = 0; i < result.length; i++) result[i] = a * x[i] + b * y[i] + c * z[i]
    return result
  }
  const sums = Float64Array.from(first[1], (value) => first[0] * value)
  for (const [weight, latents] of [second, third, ...rest]) {
    for (let i = 0; i < sums.length; i++) sums[i] += weight * latents[i]
  }
  result.set(sums)
  return result
}

/** The noise in x: (x - anchor) / sigma. */
export const noiseIn = (x: Float32Array, anchor: Float32Array, sigma: number): Float32Array =>
  combine([1 / sigma, x], [-1 / sigma, anchor])

/** Splits a step to `to` into a deterministic part and fresh noise, so that down² + up² = to². eta 0: no noise. */
export function ancestralStep(from: number, to: number, eta: number): { down: number; up: number } {
  if (eta === 0) return { down: to, up: 0 }
  const up = Math.min(to, eta * (to / from) * Math.sqrt(Math.max(from * from - to * to, 0)))
  return { down: Math.sqrt(to * to - up * up), up }
}
