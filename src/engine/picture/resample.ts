import type { Planes } from './tiles.ts'

/** Pictures and latents at another size: the filters of torch's interpolate and of Pillow's resize. */

export type Resampling =
  | { filter: 'nearest' | 'nearest-exact' }
  /** `antialias`: when a picture becomes smaller, the filter widens over all that a place stands for. */
  | { filter: 'bilinear' | 'bicubic' | 'lanczos'; antialias: boolean }

/** Weights of the places that one place of the result is a mean of. */
interface Taps {
  places: Int32Array
  weights: Float64Array
}

/** Channels at another height and width, first along rows, then along columns. */
export function resample(picture: Planes, height: number, width: number, resampling: Resampling): Planes {
  const { channels, data } = picture
  const columns = tapsFor(picture.width, width, resampling)
  const rows = tapsFor(picture.height, height, resampling)
  const narrow = new Float32Array(channels * picture.height * width)
  for (let line = 0; line < channels * picture.height; line++)
    for (let x = 0; x < width; x++) {
      const { places, weights } = columns[x]
      let sum = 0
      for (let tap = 0; tap < weights.length; tap++)
        sum += weights[tap] * data[line * picture.width + places[tap]]
      narrow[line * width + x] = sum
    }
  const result = new Float32Array(channels * height * width)
  for (let channel = 0; channel < channels; channel++)
    for (let y = 0; y < height; y++) {
      const { places, weights } = rows[y]
      const to = (channel * height + y) * width
      for (let tap = 0; tap < weights.length; tap++) {
        const from = (channel * picture.height + places[tap]) * width
        for (let x = 0; x < width; x++) result[to + x] += weights[tap] * narrow[from + x]
      }
    }
  return { data: result, channels, height, width }
}

function tapsFor(from: number, to: number, resampling: Resampling): Taps[] {
  const step = from / to
  return Array.from({ length: to }, (_, index) => {
    if (!('antialias' in resampling)) {
      const centre = resampling.filter === 'nearest' ? 0 : 0.5
      return one(Math.min(from - 1, Math.floor((index + centre) * step)))
    }
    return resampling.antialias || resampling.filter === 'lanczos'
      ? windowed(index, step, from, resampling.filter)
      : clamped(index, step, from, resampling.filter)
  })
}

const one = (place: number): Taps => ({ places: Int32Array.of(place), weights: Float64Array.of(1) })

type Smooth = 'bilinear' | 'bicubic' | 'lanczos'
const reach: Readonly<Record<Smooth, number>> = { bilinear: 1, bicubic: 2, lanczos: 3 }

/** Pillow (Resample.c, precompute_coeffs), also torch with antialias: a window that ends where the picture does. */
function windowed(index: number, step: number, from: number, filter: Smooth): Taps {
  const wide = Math.max(1, step)
  const centre = (index + 0.5) * step
  const first = Math.max(0, Math.trunc(centre - reach[filter] * wide + 0.5))
  const end = Math.min(from, Math.trunc(centre + reach[filter] * wide + 0.5))
  const weights = Float64Array.from({ length: end - first }, (_, tap) =>
    weightAt(filter, (first + tap - centre + 0.5) / wide, -0.5),
  )
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return {
    places: Int32Array.from(weights, (_, tap) => first + tap),
    weights: weights.map((weight) => weight / sum),
  }
}

/** torch without antialias (align_corners=False): beyond its edges a picture goes on as it ends. */
function clamped(index: number, step: number, from: number, filter: Smooth): Taps {
  const centre = (index + 0.5) * step - 0.5
  const first = Math.floor(centre) - reach[filter] + 1
  const count = 2 * reach[filter]
  return {
    places: Int32Array.from({ length: count }, (_, tap) => Math.min(from - 1, Math.max(0, first + tap))),
    weights: Float64Array.from({ length: count }, (_, tap) => weightAt(filter, first + tap - centre, -0.75)),
  }
}

/** `a`: the slope of the cubic (Keys 1981), -0.5 in Pillow and -0.75 in torch. */
function weightAt(filter: Smooth, offset: number, a: number): number {
  const x = Math.abs(offset)
  if (x >= reach[filter]) return 0
  if (filter === 'bilinear') return 1 - x
  if (filter === 'lanczos')
    return x === 0 ? 1 : (3 * Math.sin(Math.PI * x) * Math.sin((Math.PI * x) / 3)) / (Math.PI * x) ** 2
  return x < 1 ? ((a + 2) * x - (a + 3)) * x * x + 1 : (((x - 5) * x + 8) * x - 4) * a
}
