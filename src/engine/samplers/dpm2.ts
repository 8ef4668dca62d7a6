import { churn, type Churn } from './churn.ts'
import { combine, noiseIn, type Sampler } from './step.ts'

/** DPM-Solver-2 (Lu et al. 2022, DPM-Solver, Algorithm 1) in Karras' steps: the slope at the geometric mean sigma. */
export const dpm2: Sampler<Churn> = async function* (denoise, x, sigmas, noise, options) {
  for (let i = 0; i + 1 < sigmas.length; i++) {
    const start = churn(x, sigmas, i, noise, options)
    const next = sigmas[i + 1]
    const { denoised } = await denoise(start.x, start.sigma)
    let slope = noiseIn(start.x, denoised, start.sigma)
    if (next > 0) {
      const middle = Math.sqrt(start.sigma * next)
      const halfway = combine([1, start.x], [middle - start.sigma, slope])
      slope = noiseIn(halfway, (await denoise(halfway, middle)).denoised, middle)
    }
    x = combine([1, start.x], [next - start.sigma, slope])
    yield { x, denoised }
  }
}
