import { exponentialAdamsWeights } from './exponentialAdams.ts'
import { combine, noiseIn, type Sampler } from './step.ts'

/** DEIS with polynomials in log rho: Zhang and Chen 2023, eq. 15, with the integrals in closed form (diffusers). */
export const deisLogRho: Sampler<{ orders: readonly number[] }> = async function* (
  denoise,
  x,
  sigmas,
  _noise,
  { orders },
) {
  let slopes: Float32Array[] = []
  for (let i = 0; i + 1 < sigmas.length; i++) {
    const sigma = sigmas[i]
    const next = sigmas[i + 1]
    const { denoised } = await denoise(x, sigma)
    slopes = [noiseIn(x, denoised, sigma), ...slopes].slice(0, 3)
    const used = slopes.slice(0, orders[i])
    const nodes = used.map((_, k) => Math.log(sigmas[i - k] / next))
    const weights = used.length === 1 ? [(next - sigma) / next] : exponentialAdamsWeights(nodes, nodes[0], 1)
    x = combine([1, x], ...used.map((slope, k) => [next * weights[k], slope] as const))
    yield { x, denoised }
  }
}
