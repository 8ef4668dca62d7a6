import type { Ancestral } from './eulerAncestral.ts'
import { ancestralStep, combine, type Sampler } from './step.ts'

/**
 * DPM-Solver++ (Lu et al. 2022, Algorithm 1) as a stochastic solver: two ancestral steps from the same start, the
 * first to the fraction `r` of the way in log sigma (k-diffusion's `sample_dpmpp_sde`).
 */
export const dpmppSde: Sampler<Ancestral & { r?: number }> = async function* (
  denoise,
  x,
  sigmas,
  noise,
  { eta, sNoise, r = 0.5 },
) {
  for (let i = 0; i + 1 < sigmas.length; i++) {
    const sigma = sigmas[i]
    const next = sigmas[i + 1]
    const { denoised } = await denoise(x, sigma)
    if (next === 0) {
      x = denoised
      yield { x, denoised }
      continue
    }
    const middle = sigma * (next / sigma) ** r
    const first = ancestralStep(sigma, middle, eta)
    const halfway = combine(
      [first.down / sigma, x],
      [1 - first.down / sigma, denoised],
      [first.up * sNoise, noise(throughLog(sigma), throughLog(middle))],
    )
    const { denoised: denoisedThere } = await denoise(halfway, middle)
    const second = ancestralStep(sigma, next, eta)
    const towards = 1 - second.down / sigma
    x = combine(
      [second.down / sigma, x],
      [towards * (1 - 1 / (2 * r)), denoised],
      [towards / (2 * r), denoisedThere],
      [second.up * sNoise, noise(throughLog(sigma), throughLog(next))],
    )
    yield { x, denoised }
  }
}

/** Sigma as the reference asks its Brownian path for it: there and back through float32 logarithms. */
const throughLog = (sigma: number): number =>
  Math.fround(Math.exp(-Math.fround(-Math.log(Math.fround(sigma)))))
