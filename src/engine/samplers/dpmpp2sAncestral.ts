import type { Ancestral } from './eulerAncestral.ts'
import { ancestralStep, combine, type Sampler } from './step.ts'

/**
 * DPM-Solver++(2S), Lu et al. 2022 (DPM-Solver++), Algorithm 1 with r = 1/2, a little further down than asked, then
 * fresh noise. Under CFG++ the path is the anchor's and the guidance is added at the end of each step.
 */
export const dpmpp2sAncestral: Sampler<Ancestral> = async function* (denoise, x, sigmas, noise, { eta, sNoise }) {
  for (let i = 0; i + 1 < sigmas.length; i++) {
    const sigma = sigmas[i]!
    const next = sigmas[i + 1]!
    const { denoised, anchor } = await denoise(x, sigma)
    const { down, up } = ancestralStep(sigma, next, eta)
    let target = anchor
    if (down > 0) {
      const middle = Math.sqrt(sigma * down)
      const halfway = combine([middle / sigma, x], [1 - middle / sigma, anchor])
      target = (await denoise(halfway, middle)).anchor
    }
    x = combine([down / sigma, x], [1 - down / sigma, target])
    if (up > 0) x = combine([1, x], [up * sNoise, noise(sigma, next)])
    if (denoised !== anchor) x = combine([1, x], [1, denoised], [-1, anchor])
    yield { x, denoised }
  }
}
