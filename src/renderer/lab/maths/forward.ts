/** The forward process: Ho et al. 2020, section 2. */

/** x_t in one go: signal · x_0 + noise · ε, written into `out`. */
export function inOneGo(
  x0: Float32Array,
  epsilon: Float32Array,
  signal: number,
  noise: number,
  out: Float32Array,
): Float32Array {
  for (let i = 0; i < out.length; i++) out[i] = signal * x0[i] + noise * epsilon[i]
  return out
}

/**
 * x_t step by step, x_s = √(ᾱ_s/ᾱ_(s-1)) x_(s-1) + √(1 - ᾱ_s/ᾱ_(s-1)) ε_s over the given ᾱ, with fresh noise at each.
 * `combined` is the noise of variance one that gives the same x_t in one go.
 */
export function stepByStep(
  x0: Float32Array,
  alphas: readonly number[],
  normals: (count: number) => Float32Array,
): { x: Float32Array; combined: Float32Array } {
  const x = Float64Array.from(x0)
  const combined = new Float64Array(x0.length)
  let before = 1
  for (const alpha of alphas) {
    const kept = Math.sqrt(alpha / before)
    const added = Math.sqrt(1 - alpha / before)
    const epsilon = normals(x0.length)
    for (let i = 0; i < x.length; i++) {
      x[i] = kept * x[i] + added * epsilon[i]
      combined[i] = kept * combined[i] + added * epsilon[i]
    }
    before = alpha
  }
  const spread = Math.sqrt(1 - before)
  return { x: Float32Array.from(x), combined: Float32Array.from(combined, (value) => value / (spread || 1)) }
}

export function largestDifference(a: Float32Array, b: Float32Array): number {
  let largest = 0
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i] - b[i]))
  return largest
}
