import { combine } from './step.ts'

/** What a DPM-Solver predicts and whether it solves the ODE or the SDE: Lu et al. 2022 (both papers). */
export type DpmAlgorithm = 'dpmsolver' | 'dpmsolver++' | 'sde-dpmsolver' | 'sde-dpmsolver++'

export interface DpmForm {
  algorithm: DpmAlgorithm
  solver: 'midpoint' | 'heun'
}

/** Whether the algorithm works with predicted noise; else with predicted clean latents. */
export const predictsNoise = ({ algorithm }: DpmForm): boolean => !algorithm.endsWith('++')

const isStochastic = ({ algorithm }: DpmForm): boolean => algorithm.startsWith('sde')

/**
 * One step from `sigma` to `next` in sigma space with the predictions' Taylor terms D0, D1, D2: DPM-Solver eq. 3.7
 * and Appendix B, DPM-Solver++ eq. 8 and Appendix D, as diffusers writes them.
 */
export function dpmSolverUpdate(
  x: Float32Array,
  sigma: number,
  next: number,
  terms: { d0: Float32Array; d1?: Float32Array; d2?: Float32Array },
  form: DpmForm,
  noise: () => Float32Array,
): Float32Array {
  const h = Math.log(sigma / next)
  const noiseForm = predictsNoise(form)
  const stochastic = isStochastic(form)
  const z = noiseForm ? h : stochastic ? -2 * h : -h
  const scale = noiseForm ? (stochastic ? 2 * next : next) : 1
  const phi1 = Math.expm1(z)
  const weights: [number, Float32Array][] = [
    [noiseForm ? 1 : Math.exp(z), x],
    [-scale * phi1, terms.d0],
  ]
  if (terms.d1) {
    const half = form.solver === 'midpoint' && !terms.d2
    weights.push([-scale * (half ? phi1 / 2 : phi1 / z - 1), terms.d1])
  }
  if (terms.d2) {
    const phi3 = (phi1 - z) / (z * z)
    // diffusers subtracts the half here too in the stochastic form.
    weights.push([stochastic ? -phi3 - 0.5 : scale * (0.5 - phi3), terms.d2])
  }
  if (stochastic && next > 0) {
    const up = next * Math.sqrt(noiseForm ? Math.expm1(2 * h) : -Math.expm1(-2 * h))
    weights.push([up, noise()])
  }
  return combine(...weights)
}
