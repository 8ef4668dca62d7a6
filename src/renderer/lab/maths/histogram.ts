/** How values are distributed, against the normal curve. */

export interface Histogram {
  /** The middle of every bin. */
  centres: Float64Array
  /** Share of all values per bin width: the area over all bins is that of the values inside. */
  density: Float64Array
}

/** Values from `from` to `to` in `bins` of one width; values outside count in none. */
export function histogram(values: ArrayLike<number>, bins: number, from: number, to: number): Histogram {
  const width = (to - from) / bins
  const density = new Float64Array(bins)
  const share = 1 / (values.length * width)
  for (let i = 0; i < values.length; i++) {
    const bin = Math.floor((values[i] - from) / width)
    if (bin >= 0 && bin < bins) density[bin] += share
  }
  return { centres: Float64Array.from({ length: bins }, (_, bin) => from + (bin + 0.5) * width), density }
}

/** Mean and variance of all values. */
export function moments(values: ArrayLike<number>): { mean: number; variance: number } {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]
  const mean = sum / values.length
  let squares = 0
  for (let i = 0; i < values.length; i++) squares += (values[i] - mean) ** 2
  return { mean, variance: squares / values.length }
}

/** The standard normal density. */
export const normalDensity = (x: number): number => Math.exp(-(x * x) / 2) / Math.sqrt(2 * Math.PI)
