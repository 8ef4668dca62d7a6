import { combine, type Sampler } from './step.ts'

export interface DdpmOptions {
  sNoise: number
  /** The posterior's variance, or the forward step's: Ho et al. 2020, section 3.2. */
  variance: 'small' | 'large'
  /** The sigma of timestep 0, from which no noise is added. */
  sigmaClean: number
}

/** Ancestral sampling: Ho et al. 2020, eq. 7 and Algorithm 2, between any two noise levels. */
export const ddpm: Sampler<DdpmOptions> = async function* (denoise, x, sigmas, noise, options) {
  for (let i = 0; i + 1 < sigmas.length; i++) {
    const sigma = sigmas[i]
    const next = sigmas[i + 1]
    const { denoised } = await denoise(x, sigma)
    const kept = (next / sigma) ** 2
    x = combine([kept, x], [1 - kept, denoised])
    const forward = (1 - kept) * sigma * sigma
    const up = Math.sqrt(
      options.variance === 'small' ? forward * kept : (forward * (1 + next * next)) / (1 + sigma * sigma),
    )
    if (up > 0 && sigma > options.sigmaClean) x = combine([1, x], [up * options.sNoise, noise(sigma, next)])
    yield { x, denoised }
  }
}
