import { churn, type Churn } from './churn.ts'
import { combine, noiseIn, type Sampler } from './step.ts'

/**
 * Heun++ (Carzit's sampler, as ComfyUI carries it): up to two Euler steps ahead, and a mean of the slopes weighted
 * by their sigmas over the first sigma. The step to the last sigma is Euler's, the one before it looks one ahead.
 */
export const heunpp2: Sampler<Churn> = async function* (denoise, x, sigmas, noise, options) {
  for (let i = 0; i + 1 < sigmas.length; i++) {
    const start = churn(x, sigmas, i, noise, options)
    const { denoised } = await denoise(start.x, start.sigma)
    const slope = noiseIn(start.x, denoised, start.sigma)
    const ahead = Math.min(2, sigmas.length - 2 - i)
    const slopes: [weight: number, slope: Float32Array][] = []
    let [reached, sigma, along] = [start.x, start.sigma, slope]
    for (let k = 1; k <= ahead; k++) {
      const next = sigmas[i + k]
      reached = combine([1, reached], [next - sigma, along])
      along = noiseIn(reached, (await denoise(reached, next)).denoised, next)
      slopes.push([next / ((ahead + 1) * sigmas[0]), along])
      sigma = next
    }
    const rest = slopes.reduce((left, [weight]) => left - weight, 1)
    x = combine([1, start.x], [sigmas[i + 1] - start.sigma, combine([rest, slope], ...slopes)])
    yield { x, denoised }
  }
}
