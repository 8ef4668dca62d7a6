import { combine, type Noise } from './step.ts'

/** Fresh noise before a step: Karras et al. 2022, Algorithm 2, S_churn, S_tmin, S_tmax and S_noise. */
export interface Churn {
  sChurn: number
  sTmin: number
  sTmax: number
  sNoise: number
  /** k-diffusion draws a noise at every step, used or not; ComfyUI and diffusers only where it is used. */
  drawUnused: boolean
}

/** x raised to a little more noise than sigmas[i], or as it was. */
export function churn(
  x: Float32Array,
  sigmas: Float64Array,
  i: number,
  noise: Noise,
  { sChurn, sTmin, sTmax, sNoise, drawUnused }: Churn,
): { x: Float32Array; sigma: number } {
  const sigma = sigmas[i]
  const gamma = sigma >= sTmin && sigma <= sTmax ? Math.min(sChurn / (sigmas.length - 1), Math.SQRT2 - 1) : 0
  if (gamma === 0) {
    if (drawUnused && sChurn > 0) noise(sigma, sigmas[i + 1])
    return { x, sigma }
  }
  const raised = sigma * (gamma + 1)
  const added = sNoise * Math.sqrt(raised * raised - sigma * sigma)
  return { x: combine([1, x], [added, noise(sigma, sigmas[i + 1])]), sigma: raised }
}
