import { solveLinear } from './linearSystem.ts'

/** B(h) = h, B(h) = e^h - 1, or coefficients that vary with the steps: Zhao et al. 2023, section 3.2 and Appendix C. */
export type UnipcVariant = 'bh1' | 'bh2' | 'vary_coeff'

interface Terms {
  /** Weights of the scaled differences D_m / r_m of the older predictions. */
  weights: readonly number[]
  /** Weight of the difference of the prediction at the step's end; 0 in the predictor. */
  weightThere: number
}

/**
 * The weights of a step's differences. `ratios`: r_m of the older predictions, relative to the step; `hh`: the step
 * in log sigma, negative for data prediction.
 */
export function unipcTerms(
  variant: UnipcVariant,
  ratios: readonly number[],
  hh: number,
  correct: boolean,
): Terms {
  if (ratios.length === 0 && !correct) return { weights: [], weightThere: 0 }
  const terms =
    variant === 'vary_coeff' ? varyingTerms(ratios, hh, correct) : residualTerms(variant, ratios, hh, correct)
  return { weights: terms.slice(0, ratios.length), weightThere: correct ? terms.at(-1)! : 0 }
}

/** Solves R ρ = b, Zhao et al. 2023, eq. 5, but for the two orders where ρ is fixed to 1/2. */
function residualTerms(
  variant: 'bh1' | 'bh2',
  ratios: readonly number[],
  hh: number,
  correct: boolean,
): number[] {
  const scale = variant === 'bh1' ? hh : Math.expm1(hh)
  const nodes = correct ? [...ratios, 1] : ratios
  if (nodes.length === 1) return [scale / 2]
  const phis = hPhis(hh, nodes.length + 1)
  const matrix = nodes.map((_, power) => nodes.map((node) => node ** power))
  const right = nodes.map((_, i) => (phis[i + 1] * factorial(i + 1)) / scale)
  return solveLinear(matrix, right).map((rho) => scale * rho)
}

/** Rows of the inverse of the matrix of Taylor coefficients, each times its h φ: Zhao et al. 2023, Appendix C. */
function varyingTerms(ratios: readonly number[], hh: number, correct: boolean): number[] {
  const nodes = correct ? [...ratios, 1] : ratios
  const phis = hPhis(hh, nodes.length + 1)
  const matrix = nodes.map((node) => nodes.map((_, k) => node ** k / factorial(k + 1)))
  const columns = nodes.map((_, m) => solveLinear(matrix, unit(nodes.length, m)))
  const rows = ratios.length
  const sum = (m: number): number =>
    phis.slice(1, rows + 1).reduce((total, phi, k) => total + phi * columns[m][k], 0)
  const terms = ratios.map((_, m) => sum(m))
  // The authors' corrector leaves out the last row, and gives the row before it the last φ.
  return correct ? [...terms, phis[nodes.length] * columns[rows][Math.max(rows - 1, 0)]] : terms
}

const unit = (size: number, at: number): number[] =>
  Array.from({ length: size }, (_, i) => (i === at ? 1 : 0))

/** h φ_1(h), h φ_2(h), …: φ_{k+1} = (φ_k - 1/k!) / h. */
function hPhis(hh: number, count: number): number[] {
  const phis = [Math.expm1(hh)]
  for (let k = 1; k < count; k++) phis.push(phis[k - 1] / hh - 1 / factorial(k))
  return phis
}

const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1))
