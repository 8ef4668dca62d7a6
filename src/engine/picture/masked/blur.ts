import type { Planes } from '../tiles.ts'

/**
 * A mask in levels of 256 with its edge blurred by a standard deviation in pixels, in whole levels: OpenCV's GaussianBlur
 * over 2 · ⌊2.5 σ + 0.5⌋ + 1 pixels, beyond its ends mirrored, as AUTOMATIC1111 blurs masks.
 */
export function blurredMask(mask: Planes, deviation: number): Planes {
  if (deviation === 0) return mask
  const reach = Math.floor(2.5 * deviation + 0.5)
  const weights = Float64Array.from({ length: reach + 1 }, (_, at) => Math.exp(-0.5 * (at / deviation) ** 2))
  const sum = weights.reduce((total, weight) => total + 2 * weight, -1)
  const kernel = weights.map((weight) => weight / sum)
  const across = alongRows(mask, kernel)
  return { ...mask, data: alongColumns(across, kernel).data.map(Math.round) }
}

const mirrored = (place: number, length: number): number => {
  if (length === 1) return 0
  const around = Math.abs(place) % (2 * (length - 1))
  return around < length ? around : 2 * (length - 1) - around
}

function alongRows(plane: Planes, kernel: Float64Array): Planes {
  const { data, width, height } = plane
  const result = new Float32Array(data.length)
  const reach = kernel.length - 1
  const line = new Float32Array(width + 2 * reach)
  for (let y = 0; y < height; y++) {
    for (let x = -reach; x < width + reach; x++) line[x + reach] = data[y * width + mirrored(x, width)]
    for (let x = 0; x < width; x++) {
      let sum = kernel[0] * line[x + reach]
      for (let at = 1; at <= reach; at++) sum += kernel[at] * (line[x + reach - at] + line[x + reach + at])
      result[y * width + x] = sum
    }
  }
  return { ...plane, data: result }
}

function alongColumns(plane: Planes, kernel: Float64Array): Planes {
  const { data, width, height } = plane
  const result = new Float32Array(data.length)
  const sums = new Float64Array(width)
  for (let y = 0; y < height; y++) {
    sums.fill(0)
    for (let at = 1 - kernel.length; at < kernel.length; at++) {
      const weight = kernel[Math.abs(at)]
      const from = mirrored(y + at, height) * width
      for (let x = 0; x < width; x++) sums[x] += weight * data[from + x]
    }
    result.set(sums, y * width)
  }
  return { ...plane, data: result }
}
