import { combine, type Sampler } from './step.ts'

export interface TcdOptions {
  sNoise: number
  /** The sigma to jump to before noise is added up to the next one: that of timestep (1 - γ) t. */
  jump: (sigmaNext: number) => number
}

/** Trajectory consistency distillation: Zheng et al. 2024, Algorithm 1, strategic stochastic sampling. */
export const tcd: Sampler<TcdOptions> = async function* (denoise, x, sigmas, noise, { sNoise, jump }) {
  for (let i = 0; i + 1 < sigmas.length; i++) {
    const sigma = sigmas[i]
    const next = sigmas[i + 1]
    const { denoised } = await denoise(x, sigma)
    const reached = jump(next)
    x = combine([reached / sigma, x], [1 - reached / sigma, denoised])
    const up = Math.sqrt(Math.max(next * next - reached * reached, 0))
    if (up > 0) x = combine([1, x], [up * sNoise, noise(sigma, next)])
    yield { x, denoised }
  }
}
