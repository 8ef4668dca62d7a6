import type { Planes } from '../tiles.ts'

/** Radii of the blurs that are laid over each other, the widest below, and how often each is. */
const layers = [
  [256, 1],
  [64, 1],
  [16, 2],
  [4, 4],
  [2, 2],
] as const

/** Box blurs that one Gaussian is made of. */
const passes = 3

/**
 * A picture [3, height, width] with what a mask [1, height, width] shows, both in levels of 256, filled with the colours
 * around it, the nearest the strongest: AUTOMATIC1111's "fill" (masking.py, fill), in floating point where it rounds to levels in between.
 */
export function filled(picture: Planes, mask: Planes): Planes {
  const area = picture.width * picture.height
  // Red, green and blue by how much they are kept, and that share.
  const kept = new Float32Array(4 * area)
  for (let i = 0; i < area; i++) {
    const share = 1 - mask.data[i] / 255
    for (let colour = 0; colour < 3; colour++)
      kept[colour * area + i] = share * picture.data[colour * area + i]
    kept[3 * area + i] = share
  }
  const below = new Float32Array(4 * area)
  for (const [radius, times] of layers) {
    const blurred = gaussian({ ...picture, channels: 4, data: kept }, radius)
    for (let time = 0; time < times; time++) layOver(below, blurred)
  }
  layOver(below, kept)
  const data = Float32Array.from({ length: 3 * area }, (_, i) => {
    const share = below[3 * area + (i % area)]
    return share > 0 ? below[i] / share : 0
  })
  return { ...picture, data }
}

/** Lays colours that are multiplied by their opacity over others (Porter and Duff 1984, "over"). */
function layOver(below: Float32Array, above: Float32Array): void {
  const area = below.length / 4
  for (let i = 0; i < area; i++) {
    const through = 1 - above[3 * area + i]
    for (let plane = 0; plane < 4; plane++)
      below[plane * area + i] = above[plane * area + i] + through * below[plane * area + i]
  }
}

/** Pillow's GaussianBlur: three box blurs whose radius has a fraction (Gwosdek et al. 2011, equations 7, 11 and 14). */
function gaussian(planes: Planes, radius: number): Float32Array {
  const variance = radius ** 2 / passes
  const whole = Math.floor((Math.sqrt(12 * variance + 1) - 1) / 2)
  const fraction =
    ((2 * whole + 1) * (whole * (whole + 1) - 3 * variance)) / (6 * (variance - (whole + 1) ** 2))
  let { data } = planes
  for (let pass = 0; pass < passes; pass++) data = boxAcross(planes, data, whole, fraction)
  for (let pass = 0; pass < passes; pass++) data = boxDown(planes, data, whole, fraction)
  return data
}

/** Means over `whole` places on both sides and a fraction of the next; beyond its ends a line goes on as it ends. */
function boxAcross(
  { channels, width, height }: Planes,
  data: Float32Array,
  whole: number,
  fraction: number,
): Float32Array {
  const result = new Float32Array(data.length)
  const length = 2 * (whole + fraction) + 1
  for (let row = 0; row < channels * height; row++) {
    const at = (x: number): number => data[row * width + Math.min(width - 1, Math.max(0, x))]
    let sum = 0
    for (let x = -whole; x <= whole; x++) sum += at(x)
    for (let x = 0; x < width; x++) {
      result[row * width + x] = (sum + fraction * (at(x - whole - 1) + at(x + whole + 1))) / length
      sum += at(x + whole + 1) - at(x - whole)
    }
  }
  return result
}

/** The same down the columns, a row at a time. */
function boxDown(
  { channels, width, height }: Planes,
  data: Float32Array,
  whole: number,
  fraction: number,
): Float32Array {
  const result = new Float32Array(data.length)
  const length = 2 * (whole + fraction) + 1
  for (let channel = 0; channel < channels; channel++) {
    const row = (y: number): number => (channel * height + Math.min(height - 1, Math.max(0, y))) * width
    const sums = new Float64Array(width)
    for (let y = -whole; y <= whole; y++) for (let x = 0; x < width; x++) sums[x] += data[row(y) + x]
    for (let y = 0; y < height; y++) {
      const [before, first, next] = [row(y - whole - 1), row(y - whole), row(y + whole + 1)]
      for (let x = 0; x < width; x++) {
        result[row(y) + x] = (sums[x] + fraction * (data[before + x] + data[next + x])) / length
        sums[x] += data[next + x] - data[first + x]
      }
    }
  }
  return result
}
