import { dpmSolverUpdate, predictsNoise, type DpmForm } from './dpmSolverUpdate.ts'
import { combine, noiseIn, type Sampler } from './step.ts'

export interface DpmOrders extends DpmForm {
  /** The highest order of each step. */
  orders: readonly number[]
}

interface Prediction {
  sigma: number
  output: Float32Array
}

/** DPM-Solver and DPM-Solver++ multistep of orders 1 to 3 (Lu et al. 2022), in diffusers' forms. */
export const dpmSolverMultistep: Sampler<DpmOrders> = async function* (denoise, x, sigmas, noise, options) {
  let history: Prediction[] = []
  for (let i = 0; i + 1 < sigmas.length; i++) {
    const sigma = sigmas[i]
    const next = sigmas[i + 1]
    const { denoised } = await denoise(x, sigma)
    history = [
      { sigma, output: predictsNoise(options) ? noiseIn(x, denoised, sigma) : denoised },
      ...history,
    ].slice(0, 3)
    const terms = taylorTerms(history.slice(0, options.orders[i]), Math.log(sigma / next))
    x = dpmSolverUpdate(x, sigma, next, terms, options, () => noise(sigma, next))
    yield { x, denoised }
  }
}

/** Divided differences of the last predictions over a step of h, the newest first. */
function taylorTerms(
  [m0, m1, m2]: readonly Prediction[],
  h: number,
): { d0: Float32Array; d1?: Float32Array; d2?: Float32Array } {
  if (!m0) throw new RangeError('a step needs a prediction')
  if (!m1) return { d0: m0.output }
  const r0 = Math.log(m1.sigma / m0.sigma) / h
  const d10 = combine([1 / r0, m0.output], [-1 / r0, m1.output])
  if (!m2) return { d0: m0.output, d1: d10 }
  const r1 = Math.log(m2.sigma / m1.sigma) / h
  const d11 = combine([1 / r1, m1.output], [-1 / r1, m2.output])
  return {
    d0: m0.output,
    d1: combine([1 + r0 / (r0 + r1), d10], [-r0 / (r0 + r1), d11]),
    d2: combine([1 / (r0 + r1), d10], [-1 / (r0 + r1), d11]),
  }
}
