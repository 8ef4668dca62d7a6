import { basis } from './lagrange.ts'
import { combine, noiseIn, type Sampler } from './step.ts'

/**
 * DEIS with tabulated polynomials in time (tAB): Zhang and Chen 2023, eq. 15, with the time of the continuous
 * variance preserving process between sigma 0.002 and 80 (zju-pi's diff-solvers, ComfyUI).
 */
export const deis: Sampler<{ order?: number }> = async function* (denoise, x, sigmas, _noise, { order = 3 }) {
  let slopes: Float32Array[] = []
  for (let i = 0; i + 1 < sigmas.length; i++) {
    const sigma = sigmas[i]
    const next = sigmas[i + 1]
    const { denoised } = await denoise(x, sigma)
    slopes = [noiseIn(x, denoised, sigma), ...slopes].slice(0, order)
    if (slopes.length === 1 || next <= 0) {
      x = combine([1, x], [next - sigma, slopes[0]])
    } else {
      const times = slopes.map((_, k) => timeOf(sigmas[i - k]))
      const terms = slopes.map((slope, k) => [weight(times, k, timeOf(next)), slope] as const)
      x = combine([1, x], ...terms)
    }
    yield { x, denoised }
  }
}

/** log α(t) = -t² betaRange / 4 - t betaMin / 2, through sigma 0.002 at time 0.001 and sigma 80 at time 1. */
const timeMin = 1e-3
const [logMin, logMax] = [Math.log(0.002 ** 2 + 1), Math.log(80 ** 2 + 1)]
const betaRange = (2 * (logMin / timeMin - logMax)) / (timeMin - 1)
const betaMin = logMax - 0.5 * betaRange

const timeOf = (sigma: number): number =>
  (Math.sqrt(betaMin ** 2 + 2 * betaRange * Math.log(sigma ** 2 + 1)) - betaMin) / betaRange

/** dσ/dt, which is what the noise prediction is integrated against. */
function sigmaSlope(t: number): number {
  const logAlpha = -0.5 * t * t * betaRange - t * betaMin
  const alpha = Math.exp(logAlpha)
  return (0.5 * (t * betaRange + betaMin)) / Math.sqrt(alpha * -Math.expm1(logAlpha))
}

/** How many points the reference sums, both ends among them: its own small error is part of its numbers. */
const points = 10_000

function weight(times: readonly number[], k: number, end: number): number {
  const step = (end - times[0]) / (points - 1)
  let sum = 0
  for (let n = 0; n < points; n++) {
    const t = times[0] + n * step
    sum += sigmaSlope(t) * basis(times, k, t)
  }
  return (sum * (end - times[0])) / points
}
