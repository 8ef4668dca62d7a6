import type { Denoise } from '../denoiser.ts'
import type { Ancestral } from './eulerAncestral.ts'
import { combine, type Noise, type Sampler } from './step.ts'

/**
 * SEEDS, stochastic exponential derivative-free solvers: Gonzalez et al. 2023, Algorithms 2 and 3, data prediction.
 * Two or three evaluations a step at fixed fractions of the way in log sigma, with one noise path through them.
 */
export const seeds2: Sampler<Ancestral> = seeds([1 / 2])
export const seeds3: Sampler<Ancestral> = seeds([1 / 3, 2 / 3])

function seeds(fractions: readonly number[]): Sampler<Ancestral> {
  return async function* (denoise, x, sigmas, noise, options) {
    for (let i = 0; i + 1 < sigmas.length; i++) {
      const { denoised } = await denoise(x, sigmas[i])
      x =
        sigmas[i + 1] === 0
          ? denoised
          : await exponentialStep(denoise, x, denoised, [sigmas[i], sigmas[i + 1]], fractions, noise, options)
      yield { x, denoised }
    }
  }
}

async function exponentialStep(
  denoise: Denoise,
  x: Float32Array,
  denoised: Float32Array,
  [sigma, next]: readonly [number, number],
  fractions: readonly number[],
  noise: Noise,
  { eta, sNoise }: Ancestral,
): Promise<Float32Array> {
  const h = Math.log(sigma / next)
  const predictions = [denoised]
  let path: Float32Array | undefined
  let from = 0
  let reached = x
  for (const [stage, r] of [...fractions, 1].entries()) {
    const there = sigma * Math.exp(-r * h)
    const weights = stageWeights(fractions, stage, h * (1 + eta))
    const terms = weights.map((weight, k) => [weight, predictions[k]] as const)
    reached = combine([Math.exp(-r * h * (1 + eta)), x], ...terms)
    if (eta > 0 && sNoise > 0) {
      const width = (r - from) * h * eta
      const fresh = Math.sqrt(-Math.expm1(-2 * width))
      const drawn = noise(sigma * Math.exp(-from * h), there)
      path = path ? combine([Math.exp(-width), path], [fresh, drawn]) : combine([fresh, drawn])
      reached = combine([1, reached], [there * sNoise, path])
    }
    from = r
    if (r < 1) predictions.push((await denoise(reached, there)).denoised)
  }
  return reached
}

/** Weights of the predictions at a stage, in h φ_k of the stage's own step. */
function stageWeights(fractions: readonly number[], stage: number, h: number): number[] {
  const hPhi1 = (step: number): number => Math.expm1(step)
  const hPhi2 = (step: number): number => (Math.expm1(step) - step) / step
  if (stage === 0) return [-hPhi1(-fractions[0] * h)]
  if (fractions.length === 1) {
    // With one stage in the middle the two predictions are mixed, not fitted.
    const share = 1 / (2 * fractions[0])
    return [-hPhi1(-h) * (1 - share), -hPhi1(-h) * share]
  }
  const [r1, r2] = fractions as [number, number]
  if (stage === 1) {
    const last = (r2 / r1) * hPhi2(-r2 * h)
    return [last - hPhi1(-r2 * h), -last]
  }
  const last = hPhi2(-h) / r2
  return [last - hPhi1(-h), 0, -last]
}
