import { combine, type Sampler } from './step.ts'

/** DPM-Solver++(2M), Lu et al. 2022 (DPM-Solver++), Algorithm 2: second order from the last two predictions. */
export const dpmpp2m: Sampler = async function* (denoise, x, sigmas) {
  let previous: Float32Array | undefined
  for (let i = 0; i + 1 < sigmas.length; i++) {
    const sigma = sigmas[i]!
    const next = sigmas[i + 1]!
    const { denoised } = await denoise(x, sigma)
    const h = Math.log(sigma / next)
    // The last step, to sigma 0, is of first order: h is infinite there.
    const slope = previous && next > 0 ? h / (2 * Math.log(sigmas[i - 1]! / sigma)) : 0
    const towards = -Math.expm1(-h)
    x = combine(
      [next / sigma, x],
      [towards * (1 + slope), denoised],
      [-towards * slope, previous ?? denoised],
    )
    previous = denoised
    yield { x, denoised }
  }
}
