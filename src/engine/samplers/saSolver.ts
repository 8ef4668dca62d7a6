import { solveLinear } from './linearSystem.ts'
import { combine, type Sampler } from './step.ts'

export interface SaSolverOptions {
  sNoise: number
  /** How stochastic a step to a sigma is: 0 the ODE, 1 the SDE. */
  tau: (sigma: number) => number
  predictorOrder?: number
  correctorOrder?: number
  /** Evaluate once more after correcting. */
  evaluateCorrected?: boolean
}

/**
 * SA-Solver, stochastic Adams predictor and corrector: Xue et al. 2023, Algorithm 1, eq. 15 and 18 (data
 * prediction), as ComfyUI runs it: lower orders towards sigma 0, no correction before it.
 */
export const saSolver: Sampler<SaSolverOptions> = async function* (denoise, x, sigmas, noise, options) {
  const { sNoise, tau, predictorOrder = 3, correctorOrder = 4, evaluateCorrected = false } = options
  const steps = sigmas.length - 1
  const toZero = sigmas[steps] === 0
  const lambdas = sigmas.map((sigma) => -Math.log(sigma))
  let predicted = x
  let predictions: Float32Array[] = []
  let last: { tau: number; noise: Float32Array | null } = { tau: 0, noise: null }
  for (let i = 0; i < steps; i++) {
    const sigma = sigmas[i]!
    const next = sigmas[i + 1]!
    let { denoised } = await denoise(predicted, sigma)
    predictions = [denoised, ...predictions].slice(0, Math.max(predictorOrder, correctorOrder))
    const left = toZero ? steps - i : Infinity
    const correct = i > 0 && (next > 0 || evaluateCorrected)
    const corrections = correct ? Math.min(correctorOrder, predictions.length, left) : 0
    if (corrections > 0) {
      x = adams(x, predictions, lambdas, i, corrections, i - 1, last)
      if (evaluateCorrected) {
        ;({ denoised } = await denoise(x, sigma))
        predictions[0] = denoised
      }
    } else {
      x = predicted
    }
    if (next === 0) {
      x = predicted = denoised
    } else {
      const stochastic = tau(next)
      const h = lambdas[i + 1]! - lambdas[i]!
      const up = next * Math.sqrt(-Math.expm1(-2 * stochastic ** 2 * h)) * sNoise
      last = { tau: stochastic, noise: up > 0 ? combine([up, noise(sigma, next)]) : null }
      predicted = adams(x, predictions, lambdas, i, Math.min(predictorOrder, predictions.length, left - 1), i, last)
    }
    yield { x: predicted, denoised }
  }
}

/** One Adams step from lambdas[from] to lambdas[from + 1], through the `order` predictions at lambdas[at] and before. */
function adams(
  x: Float32Array,
  predictions: readonly Float32Array[],
  lambdas: Float64Array,
  at: number,
  order: number,
  from: number,
  { tau, noise }: { tau: number; noise: Float32Array | null },
): Float32Array {
  const start = lambdas[from]!
  const end = lambdas[from + 1]!
  const h = end - start
  const nodes = Array.from({ length: order }, (_, k) => lambdas[at - k]! - end)
  const terms = adamsWeights(nodes, -h, 1 + tau * tau).map((weight, k) => [weight, predictions[k]!] as const)
  return combine([Math.exp(-h * (1 + tau * tau)), x], ...terms, ...(noise ? [[1, noise] as const] : []))
}

/** Integrals of the nodes' Lagrange polynomials against scale e^(scale λ) from `start` to 0: eq. 15 with end at 0. */
function adamsWeights(nodes: readonly number[], start: number, scale: number): number[] {
  // By parts: I_p = [λ^p e^(scale λ)] - p / scale * I_(p-1).
  const moments: number[] = []
  for (let p = 0; p < nodes.length; p++) {
    const ends = (p === 0 ? 1 : 0) - start ** p * Math.exp(scale * start)
    moments.push(p === 0 ? -Math.expm1(scale * start) : ends - (p / scale) * moments[p - 1]!)
  }
  return solveLinear(
    nodes.map((_, power) => nodes.map((node) => node ** power)),
    moments,
  )
}
