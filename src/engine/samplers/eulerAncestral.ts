import { ancestralStep, combine, type Sampler } from './step.ts'

export interface Ancestral {
  /** How much of each step's noise is fresh: 0 none, 1 as much as the forward process has. */
  eta: number
  sNoise: number
}

/**
 * Euler steps a little further down than asked, then fresh noise up to the next sigma (k-diffusion's
 * `sample_euler_ancestral`). In sigma space this is DDIM with eta (Song et al. 2021, eq. 12 and 16), and with eta 1
 * DDPM's posterior (Ho et al. 2020, eq. 7). Under CFG++ the direction is the anchor's.
 */
export const eulerAncestral: Sampler<Ancestral> = async function* (
  denoise,
  x,
  sigmas,
  noise,
  { eta, sNoise },
) {
  for (let i = 0; i + 1 < sigmas.length; i++) {
    const sigma = sigmas[i]
    const next = sigmas[i + 1]
    const { denoised, anchor } = await denoise(x, sigma)
    const { down, up } = ancestralStep(sigma, next, eta)
    const ratio = down / sigma
    x = combine([1, denoised], [ratio, x], [-ratio, anchor])
    if (up > 0) x = combine([1, x], [up * sNoise, noise(sigma, next)])
    yield { x, denoised }
  }
}
