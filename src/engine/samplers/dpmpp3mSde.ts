import type { Ancestral } from './eulerAncestral.ts'
import { combine, type Sampler } from './step.ts'

/** DPM-Solver++(3M) of the diffusion SDE: the third-order multistep form of dpmpp2mSde (k-diffusion). */
export const dpmpp3mSde: Sampler<Ancestral> = async function* (denoise, x, sigmas, noise, { eta, sNoise }) {
  let history: { denoised: Float32Array; h: number }[] = []
  for (let i = 0; i + 1 < sigmas.length; i++) {
    const sigma = sigmas[i]
    const next = sigmas[i + 1]
    const { denoised } = await denoise(x, sigma)
    const h = Math.log(sigma / next)
    if (next === 0) {
      x = denoised
    } else {
      const hEta = h * (1 + eta)
      x = combine(
        [Math.exp(-hEta), x],
        [-Math.expm1(-hEta), denoised],
        ...corrections(denoised, history, h, hEta),
      )
      const up = next * Math.sqrt(-Math.expm1(-2 * eta * h)) * sNoise
      if (eta > 0) x = combine([1, x], [up, noise(sigma, next)])
    }
    history = [{ denoised, h }, ...history].slice(0, 2)
    yield { x, denoised }
  }
}

/** The second- and third-order terms, as weights of the last predictions. */
function corrections(
  denoised: Float32Array,
  [last, beforeLast]: { denoised: Float32Array; h: number }[],
  h: number,
  hEta: number,
): (readonly [number, Float32Array])[] {
  if (!last) return []
  const phi2 = Math.expm1(-hEta) / hEta + 1
  const r0 = last.h / h
  if (!beforeLast) {
    return [
      [phi2 / r0, denoised],
      [-phi2 / r0, last.denoised],
    ]
  }
  const phi3 = phi2 / hEta - 0.5
  const r1 = beforeLast.h / h
  // First differences d10 and d11, and their weights in phi2 * d1 - phi3 * d2.
  const d10 = phi2 * (1 + r0 / (r0 + r1)) - phi3 / (r0 + r1)
  const d11 = -phi2 * (r0 / (r0 + r1)) + phi3 / (r0 + r1)
  return [
    [d10 / r0, denoised],
    [-d10 / r0 + d11 / r1, last.denoised],
    [-d11 / r1, beforeLast.denoised],
  ]
}
