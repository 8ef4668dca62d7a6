import type { Ancestral } from './eulerAncestral.ts'
import { combine, type Sampler } from './step.ts'

/**
 * DPM-Solver++(2M) of the diffusion SDE: Lu et al. 2022 (DPM-Solver++), Appendix D, eq. for SDE-DPM-Solver++(2M), with
 * eta between the ODE (0) and the SDE (1); midpoint or Heun form of the second-order term.
 */
export const dpmpp2mSde: Sampler<Ancestral & { solver?: 'midpoint' | 'heun' }> = async function* (
  denoise,
  x,
  sigmas,
  noise,
  { eta, sNoise, solver = 'midpoint' },
) {
  let previous: Float32Array | undefined
  for (let i = 0; i + 1 < sigmas.length; i++) {
    const sigma = sigmas[i]
    const next = sigmas[i + 1]
    const { denoised } = await denoise(x, sigma)
    if (next === 0) {
      x = denoised
    } else {
      const h = Math.log(sigma / next)
      const hEta = h * (1 + eta)
      const towards = -Math.expm1(-hEta)
      let second = 0
      if (previous) {
        const ratio = Math.log(sigmas[i - 1] / sigma) / h
        second = (solver === 'heun' ? 1 - towards / hEta : towards / 2) / ratio
      }
      x = combine([Math.exp(-hEta), x], [towards + second, denoised], [-second, previous ?? denoised])
      const up = next * Math.sqrt(-Math.expm1(-2 * eta * h)) * sNoise
      if (eta > 0) x = combine([1, x], [up, noise(sigma, next)])
    }
    previous = denoised
    yield { x, denoised }
  }
}
