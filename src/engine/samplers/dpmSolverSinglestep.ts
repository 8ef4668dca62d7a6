import type { DpmOrders } from './dpmSolverMultistep.ts'
import { dpmSolverUpdate, predictsNoise } from './dpmSolverUpdate.ts'
import { combine, noiseIn, type Sampler } from './step.ts'

/**
 * DPM-Solver and DPM-Solver++ singlestep (Lu et al. 2022), in diffusers' form: each of a step's stages is a step of
 * its own, of order 1, 2, …, and all of them start from the latents of the first.
 */
export const dpmSolverSinglestep: Sampler<DpmOrders> = async function* (denoise, x, sigmas, noise, options) {
  let outputs: Float32Array[] = []
  let start = x
  for (let i = 0; i + 1 < sigmas.length; i++) {
    const next = sigmas[i + 1]
    const { denoised } = await denoise(x, sigmas[i])
    outputs = [predictsNoise(options) ? noiseIn(x, denoised, sigmas[i]) : denoised, ...outputs].slice(0, 3)
    const order = Math.min(options.orders[i], outputs.length)
    if (order === 1) start = x
    const first = sigmas[i - order + 1]
    const terms = stageTerms(outputs.slice(0, order), sigmas.subarray(i - order + 1, i + 2), options.solver)
    x = dpmSolverUpdate(start, first, next, terms, options, () => noise(first, next))
    yield { x, denoised }
  }
}

/** Taylor terms around the first stage. `outputs`: the newest first; `sigmas`: of the stages, then the step's end. */
function stageTerms(
  outputs: readonly Float32Array[],
  sigmas: Float64Array,
  solver: 'midpoint' | 'heun',
): { d0: Float32Array; d1?: Float32Array; d2?: Float32Array } {
  const d0 = outputs.at(-1)!
  if (outputs.length === 1) return { d0 }
  const h = Math.log(sigmas[0] / sigmas.at(-1)!)
  const slope = (k: number): { r: number; d: Float32Array } => {
    const r = Math.log(sigmas[0] / sigmas[k]) / h
    return { r, d: combine([1 / r, outputs[outputs.length - 1 - k]], [-1 / r, d0]) }
  }
  const one = slope(1)
  if (outputs.length === 2) return { d0, d1: one.d }
  const two = slope(2)
  const width = two.r - one.r
  // The midpoint form of order 3 takes the last stage's slope with the Heun weight, which a zero D2 selects.
  if (solver === 'midpoint') return { d0, d1: two.d, d2: new Float32Array(d0.length) }
  return {
    d0,
    d1: combine([two.r / width, one.d], [-one.r / width, two.d]),
    d2: combine([2 / width, two.d], [-2 / width, one.d]),
  }
}
