import { churn, type Churn } from './churn.ts'
import { combine, noiseIn, type Sampler } from './step.ts'

/** Heun's second-order steps: Karras et al. 2022, Algorithm 2. The step to sigma 0 is Euler's. */
export const heun: Sampler<Churn> = async function* (denoise, x, sigmas, noise, options) {
  for (let i = 0; i + 1 < sigmas.length; i++) {
    const start = churn(x, sigmas, i, noise, options)
    const next = sigmas[i + 1]
    const { denoised } = await denoise(start.x, start.sigma)
    const slope = noiseIn(start.x, denoised, start.sigma)
    const down = next - start.sigma
    x = combine([1, start.x], [down, slope])
    if (next > 0) {
      const slopeThere = noiseIn(x, (await denoise(x, next)).denoised, next)
      x = combine([1, start.x], [down / 2, slope], [down / 2, slopeThere])
    }
    yield { x, denoised }
  }
}
