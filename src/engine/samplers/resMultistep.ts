import type { Ancestral } from './eulerAncestral.ts'
import { ancestralStep, combine, type Sampler } from './step.ts'

/**
 * RES, refined exponential solver: Zhang et al. 2023, "Improved Order Analysis and Design of Exponential Integrator",
 * second order multistep, with ComfyUI's ancestral and CFG++ forms.
 */
export const resMultistep: Sampler<Ancestral> = async function* (denoise, x, sigmas, noise, { eta, sNoise }) {
  let last: { anchor: Float32Array; down: number; sigma: number } | undefined
  for (let i = 0; i + 1 < sigmas.length; i++) {
    const sigma = sigmas[i]
    const next = sigmas[i + 1]
    const { denoised, anchor } = await denoise(x, sigma)
    const { down, up } = ancestralStep(sigma, next, eta)
    const ratio = down / sigma
    if (down === 0 || !last) {
      x = combine([1, denoised], [ratio, x], [-ratio, anchor])
    } else {
      const h = Math.log(sigma / down)
      const c2 = Math.log(last.down / last.sigma) / h
      const phi1 = -Math.expm1(-h) / h
      const phi2 = (1 - phi1) / h
      // c2 is 0 after a step without fresh noise to its own start, which leaves the first order.
      const second = c2 === 0 ? 0 : (h * phi2) / c2
      x = combine([ratio, x], [ratio, denoised], [h * phi1 - second - ratio, anchor], [second, last.anchor])
    }
    if (up > 0) x = combine([1, x], [up * sNoise, noise(sigma, next)])
    last = { anchor, down, sigma }
    yield { x, denoised }
  }
}
