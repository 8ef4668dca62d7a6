import { combine, type Sampler } from './step.ts'
import { churn, type Churn } from './churn.ts'

/**
 * Euler steps down the probability flow: Karras et al. 2022, Algorithm 2 with its first-order part only.
 * DDIM with eta 0 (Song et al. 2021, eq. 12) is the same step. Under CFG++ the direction is the anchor's.
 */
export const euler: Sampler<Churn> = async function* (denoise, x, sigmas, noise, options) {
  for (let i = 0; i + 1 < sigmas.length; i++) {
    const start = churn(x, sigmas, i, noise, options)
    const next = sigmas[i + 1]
    const { denoised, anchor } = await denoise(start.x, start.sigma)
    const ratio = next / start.sigma
    x = combine([1, denoised], [ratio, start.x], [-ratio, anchor])
    yield { x, denoised }
  }
}
