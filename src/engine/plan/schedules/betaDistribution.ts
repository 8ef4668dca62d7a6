/** Inverse of the beta distribution's cumulative function: where a share `p` in [0, 1] of its mass lies below. */
export function betaQuantile(p: number, alpha: number, beta: number): number {
  if (p <= 0) return 0
  if (p >= 1) return 1
  let low = 0
  let high = 1
  // Bisection down to neighbouring doubles: the densities used here are infinite at both ends, where Newton fails.
  for (;;) {
    const middle = (low + high) / 2
    if (middle <= low || middle >= high) return middle
    if (betaCumulative(middle, alpha, beta) < p) low = middle
    else high = middle
  }
}

/** Regularised incomplete beta function: Abramowitz and Stegun 26.5.8, from the side where it converges fast. */
function betaCumulative(x: number, alpha: number, beta: number): number {
  const logScale = logGamma(alpha + beta) - logGamma(alpha) - logGamma(beta)
  const scale = Math.exp(logScale + alpha * Math.log(x) + beta * Math.log1p(-x))
  return x < (alpha + 1) / (alpha + beta + 2)
    ? (scale * continuedFraction(x, alpha, beta)) / alpha
    : 1 - (scale * continuedFraction(1 - x, beta, alpha)) / beta
}

/** Evaluated by Lentz's method. */
function continuedFraction(x: number, alpha: number, beta: number): number {
  const tiny = 1e-300
  const nonZero = (value: number): number => (Math.abs(value) < tiny ? tiny : value)
  let c = 1
  let d = 1 / nonZero(1 - ((alpha + beta) * x) / (alpha + 1))
  let result = d
  for (let m = 1; m < 500; m++) {
    const even = (m * (beta - m) * x) / ((alpha + 2 * m - 1) * (alpha + 2 * m))
    const odd = (-(alpha + m) * (alpha + beta + m) * x) / ((alpha + 2 * m) * (alpha + 2 * m + 1))
    let change = 1
    for (const term of [even, odd]) {
      d = 1 / nonZero(1 + term * d)
      c = nonZero(1 + term / c)
      change = c * d
      result *= change
    }
    if (Math.abs(change - 1) < 1e-15) break
  }
  return result
}

/** Lanczos' approximation with g = 7, good to 15 digits for positive arguments. */
function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x)
  const base = x - 1 + 7.5
  let sum = 0.99999999999980993
  lanczos.forEach((coefficient, i) => (sum += coefficient / (x + i)))
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(base) - base + Math.log(sum)
}

const lanczos = [
  676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
  -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
]
