import type { Ancestral } from './eulerAncestral.ts'
import { ancestralStep, combine, type Sampler } from './step.ts'

/**
 * DPM-Solver++(2S), Lu et al. 2022 (DPM-Solver++), Algorithm 1 with r = 1/2, a little further down than asked, then
 * fresh noise. Under CFG++ x is first moved by what the guidance adds to the anchor (ComfyUI).
 */
export const dpmpp2sAncestral: Sampler<Ancestral> = async function* (
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
    const plusPlus = anchor === denoised ? 0 : 1
    const { down, up } = ancestralStep(sigma, next, eta)
    if (down > 0) {
      const middle = Math.sqrt(sigma * down)
      const half = middle / sigma
      const shift = half * plusPlus
      const halfway = combine([half, x], [1 - half + shift, denoised], [-shift, anchor])
      const there = await denoise(halfway, middle)
      const ratio = down / sigma
      x = combine(
        [ratio, x],
        [1 - ratio, there.denoised],
        [ratio * plusPlus, denoised],
        [-ratio * plusPlus, there.anchor],
      )
    } else {
      x = denoised
    }
    if (up > 0) x = combine([1, x], [up * sNoise, noise(sigma, next)])
    yield { x, denoised }
  }
}
