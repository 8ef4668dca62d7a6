import { exponentialAdamsWeights } from './exponentialAdams.ts'
import { combine, type Sampler } from './step.ts'

export interface SaSolverOptions {
  sNoise: number
  /** How stochastic a step between two sigmas is: 0 the ODE, 1 the SDE. */
  tau: (sigma: number, next: number) => number
  predictorOrder?: number
  correctorOrder?: number
  /** Evaluate once more after correcting. */
  evaluateCorrected?: boolean
  /** diffusers' forms: order 2 as in Appendix D, a first-order last step, and a noise for every step, used or not. */
  diffusers?: boolean
}

/**
 * SA-Solver, stochastic Adams predictor and corrector: Xue et al. 2023, Algorithm 1, eq. 15 and 18 (data
 * prediction), as ComfyUI runs it: lower orders towards sigma 0, no correction before it.
 */
export const saSolver: Sampler<SaSolverOptions> = async function* (denoise, x, sigmas, noise, options) {
  const {
    sNoise,
    tau,
    predictorOrder = 3,
    correctorOrder = 4,
    evaluateCorrected = false,
    diffusers = false,
  } = options
  const steps = sigmas.length - 1
  const toZero = sigmas[steps] === 0
  const lambdas = sigmas.map((sigma) => -Math.log(sigma))
  let predicted = x
  let predictions: Float32Array[] = []
  let last: { tau: number; noise: Float32Array | null } = { tau: 0, noise: null }
  for (let i = 0; i < steps; i++) {
    const sigma = sigmas[i]
    const next = sigmas[i + 1]
    let { denoised } = await denoise(predicted, sigma)
    predictions = [denoised, ...predictions].slice(0, Math.max(predictorOrder, correctorOrder))
    const left = toZero ? steps - i : Infinity
    const predictorLimit = diffusers ? steps - i : left - 1
    const correct = i > 0 && (next > 0 || evaluateCorrected)
    const corrections = correct ? Math.min(correctorOrder, predictions.length, left) : 0
    if (corrections > 0) {
      x = adams(x, predictions, lambdas, { at: i, from: i - 1, order: corrections, simple: diffusers }, last)
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
      const stochastic = tau(sigma, next)
      const h = lambdas[i + 1] - lambdas[i]
      const up = next * Math.sqrt(-Math.expm1(-2 * stochastic ** 2 * h)) * sNoise
      const drawn = up > 0 || diffusers ? noise(sigma, next) : null
      last = { tau: stochastic, noise: drawn && combine([up, drawn]) }
      const order = Math.min(predictorOrder, predictions.length, predictorLimit)
      predicted = adams(x, predictions, lambdas, { at: i, from: i, order, simple: diffusers }, last)
    }
    yield { x: predicted, denoised }
  }
}

/** One Adams step from lambdas[from] to lambdas[from + 1], through the `order` predictions at lambdas[at] and before. */
interface Adams {
  at: number
  from: number
  order: number
  /** Order 2 with the weights of Appendix D. */
  simple: boolean
}

function adams(
  x: Float32Array,
  predictions: readonly Float32Array[],
  lambdas: Float64Array,
  { at, from, order, simple }: Adams,
  { tau, noise }: { tau: number; noise: Float32Array | null },
): Float32Array {
  const end = lambdas[from + 1]
  const h = end - lambdas[from]
  const scale = 1 + tau * tau
  const nodes = Array.from({ length: order }, (_, k) => lambdas[at - k] - end)
  const weights =
    simple && order === 2 ? simpleWeights(nodes, h, scale) : exponentialAdamsWeights(nodes, -h, scale)
  const terms = weights.map((weight, k) => [weight, predictions[k]] as const)
  return combine([Math.exp(-h * scale), x], ...terms, ...(noise ? [[1, noise] as const] : []))
}

/** Xue et al. 2023, Appendix D: of the predictor, whose newest node is the step's start, and of the corrector. */
function simpleWeights(nodes: readonly number[], h: number, scale: number): number[] {
  const sum = -Math.expm1(-h * scale)
  const corrector = nodes[0] === 0
  const older = corrector ? sum - (scale * h) / 2 : (scale * h * h) / 2 / (nodes[1] - nodes[0])
  return [sum - older, older]
}
