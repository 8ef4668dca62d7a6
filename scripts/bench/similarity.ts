import type { Pixels } from '../../src/shared/engine/engineContract.ts'

/** Peak signal-to-noise ratio of two pictures of one size, in dB over all three channels. */
export function peakSignalToNoise(one: Pixels, other: Pixels): number {
  const squares = one.data.reduce((sum, value, i) => sum + (value - other.data[i]) ** 2, 0)
  return 10 * Math.log10((255 ** 2 * one.data.length) / squares)
}

/**
 * Mean structural similarity of the luma (Wang et al. 2004, equation 13): a Gaussian window of 11 pixels with a standard
 * deviation of 1.5, K1 = 0.01, K2 = 0.03, over all places where the window fits.
 */
export function structuralSimilarity(one: Pixels, other: Pixels): number {
  const mean = (value: (i: number) => number): Float64Array => windowed(one, value)
  const [a, b] = [lumaOf(one), lumaOf(other)]
  const [meanA, meanB] = [mean((i) => a[i]), mean((i) => b[i])]
  const [squareA, squareB, product] = [
    mean((i) => a[i] ** 2),
    mean((i) => b[i] ** 2),
    mean((i) => a[i] * b[i]),
  ]
  const [c1, c2] = [(0.01 * 255) ** 2, (0.03 * 255) ** 2]
  const similarities = meanA.map((mu, i) => {
    const nu = meanB[i]
    const spread = squareA[i] - mu ** 2 + squareB[i] - nu ** 2
    const means = (2 * mu * nu + c1) / (mu ** 2 + nu ** 2 + c1)
    return (means * (2 * (product[i] - mu * nu) + c2)) / (spread + c2)
  })
  return similarities.reduce((sum, value) => sum + value) / similarities.length
}

const luma = [0.299, 0.587, 0.114]
const lumaOf = ({ width, height, data }: Pixels): Float64Array =>
  Float64Array.from({ length: width * height }, (_, i) =>
    luma.reduce((sum, weight, channel) => sum + weight * data[3 * i + channel], 0),
  )

const bell = Array.from({ length: 11 }, (_, i) => Math.exp(-((i - 5) ** 2) / (2 * 1.5 ** 2)))
const total = bell.reduce((sum, weight) => sum + weight)
const weights = bell.map((weight) => weight / total)

/** Weighted means around every place where the window fits, along the rows and then along the columns. */
function windowed({ width, height }: Pixels, value: (i: number) => number): Float64Array {
  const columns = width - weights.length + 1
  const rows = height - weights.length + 1
  const across = Float64Array.from({ length: columns * height }, (_, i) => {
    const start = Math.floor(i / columns) * width + (i % columns)
    return weights.reduce((sum, weight, k) => sum + weight * value(start + k), 0)
  })
  return Float64Array.from({ length: columns * rows }, (_, i) =>
    weights.reduce((sum, weight, k) => sum + weight * across[i + k * columns], 0),
  )
}
