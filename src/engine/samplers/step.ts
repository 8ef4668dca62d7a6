import type { Denoise } from '../denoiser.ts'

/** One step done. */
export interface Step {
  /** Latents at the next sigma. The sampler goes on from this very array: whoever drives it may change it in place. */
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

/** Σ weight * latents, summed in float64. A weight of 0 leaves its latents unread. */
export function combine(
  ...terms: readonly (readonly [weight: number, latents: Float32Array])[]
): Float32Array {
  const used = terms.filter(([weight]) => weight !== 0)
  const result = new Float32Array(terms[0][1].length)
  const weights = used.map(([weight]) => weight)
  const sources = used.map(([, latents]) => latents)
  for (let i = 0; i < result.length; i++) {
    let sum = 0
    for (let k = 0; k < weights.length; k++) sum += weights[k] * sources[k][i]
    result[i] = sum
  }
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
