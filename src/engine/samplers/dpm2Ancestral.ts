import type { Ancestral } from './eulerAncestral.ts'
import { ancestralStep, combine, noiseIn, type Sampler } from './step.ts'

/** DPM-Solver-2 steps a little further down than asked, then fresh noise (k-diffusion's `sample_dpm_2_ancestral`). */
export const dpm2Ancestral: Sampler<Ancestral> = async function* (
  denoise,
  x,
  sigmas,
  noise,
  { eta, sNoise },
) {
  for (let i = 0; i + 1 < sigmas.length; i++) {
    const sigma = sigmas[i]
    const next = sigmas[i + 1]
    const { down, up } = ancestralStep(sigma, next, eta)
    const { denoised } = await denoise(x, sigma)
    let slope = noiseIn(x, denoised, sigma)
    if (down > 0) {
      // With eta 1 this is the next sigma, but for float32's rounding. diffusers may tell the network a rounded
      // timestep there and the exact one here, so the two stay distinct as in the references.
      const middle = Math.fround(Math.sqrt(sigma * down))
      const halfway = combine([1, x], [middle - sigma, slope])
      slope = noiseIn(halfway, (await denoise(halfway, middle)).denoised, middle)
    }
    x = combine([1, x], [down - sigma, slope])
    if (up > 0) x = combine([1, x], [up * sNoise, noise(sigma, next)])
    yield { x, denoised }
  }
}
