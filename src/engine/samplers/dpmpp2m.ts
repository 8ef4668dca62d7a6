import { combine, type Sampler } from './step.ts'

/**
 * DPM-Solver++(2M), Lu et al. 2022 (DPM-Solver++), Algorithm 2: second order from the last two predictions. Under
 * CFG++ the noise and the last prediction are the anchor's (ComfyUI's `sample_dpmpp_2m_cfg_pp`).
 */
export const dpmpp2m: Sampler = async function* (denoise, x, sigmas) {
  let previous: Float32Array | undefined
  for (let i = 0; i + 1 < sigmas.length; i++) {
    const sigma = sigmas[i]
    const next = sigmas[i + 1]
    const { denoised, anchor } = await denoise(x, sigma)
    const ratio = next / sigma
    // The last step, to sigma 0, is of first order: h is infinite there.
    const h = Math.log(sigma / next)
    const slope = previous && next > 0 ? ((1 - ratio) * h) / (2 * Math.log(sigmas[i - 1] / sigma)) : 0
    x = combine([ratio, x], [-ratio, anchor], [1 + slope, denoised], [-slope, previous ?? anchor])
    previous = anchor
    yield { x, denoised }
  }
}
