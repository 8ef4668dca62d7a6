import { solveLinear } from './linearSystem.ts'

/**
 * Weights of values at `nodes` whose interpolating polynomial is integrated against scale * e^(scale u) from `start`
 * to 0: what exponential Adams methods (SA-Solver, DEIS in log rho) sum. u is measured from the end of the step.
 */
export function exponentialAdamsWeights(nodes: readonly number[], start: number, scale: number): number[] {
  // By parts: I_p = [u^p e^(scale u)] - p / scale * I_(p-1).
  const moments = [-Math.expm1(scale * start)]
  for (let p = 1; p < nodes.length; p++) {
    moments.push(-(start ** p) * Math.exp(scale * start) - (p / scale) * moments[p - 1])
  }
  return solveLinear(
    nodes.map((_, power) => nodes.map((node) => node ** power)),
    moments,
  )
}
