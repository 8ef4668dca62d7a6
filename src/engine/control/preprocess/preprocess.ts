import type { Preprocessor } from '../../../shared/request/controls.ts'
import type { Pixels } from '../../../shared/engine/engineContract.ts'
import { gaussianBlur } from './blur.ts'
import { cannyEdges } from './canny.ts'
import { darkLines, roughStrokes } from './lines.ts'

type Settings = Readonly<Record<string, number>>

/** One value a pixel as grey. */
const grey = ({ width, height }: Pixels, values: Uint8Array): Pixels => ({
  width,
  height,
  data: Uint8Array.from({ length: 3 * values.length }, (_, i) => values[Math.floor(i / 3)]),
})

const mapped = (picture: Pixels, change: (value: number) => number): Pixels => ({
  ...picture,
  data: picture.data.map(change),
})

const methods: Record<Preprocessor, (picture: Pixels, settings: Settings) => Pixels> = {
  none: (picture) => picture,
  canny: (picture, { low, high }) => grey(picture, cannyEdges(picture, low, high)),
  lineart: (picture, { sigma }) => grey(picture, darkLines(picture, sigma)),
  scribble: (picture, { threshold }) => grey(picture, roughStrokes(picture, threshold)),
  threshold: (picture, { threshold }) => grey(picture, lighterThan(picture, threshold)),
  invert: (picture) => mapped(picture, (value) => 255 - value),
  blur: blurred,
  tile: (picture, { rate }) => (rate === 1 ? picture : squares(picture, rate, 'smooth')),
  colour: (picture, { square }) => squares(picture, square, 'flat'),
}

/** Makes a control picture, of the same size. `settings` holds every number that the preprocessor has. */
export const preprocess = (picture: Pixels, preprocessor: Preprocessor, settings: Settings): Pixels =>
  methods[preprocessor](picture, settings)

/** 255 where all three channels are above the threshold. */
function lighterThan({ width, height, data }: Pixels, threshold: number): Uint8Array {
  const darkest = (at: number): number => Math.min(data[3 * at], data[3 * at + 1], data[3 * at + 2])
  return Uint8Array.from({ length: width * height }, (_, at) => (darkest(at) > threshold ? 255 : 0))
}

function blurred({ width, height, data }: Pixels, { sigma }: Settings): Pixels {
  const image = gaussianBlur({ width, height, channels: 3, data: Float32Array.from(data) }, sigma)
  return { width, height, data: Uint8Array.from(image.data, Math.round) }
}

/** The means of squares of `side` pixels, spread over them again: each flat, or between their middles in straight lines. */
function squares({ width, height, data }: Pixels, side: number, form: 'flat' | 'smooth'): Pixels {
  const [columns, rows] = [Math.ceil(width / side), Math.ceil(height / side)]
  const [sums, counts] = [new Float64Array(3 * columns * rows), new Float64Array(columns * rows)]
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const square = Math.floor(y / side) * columns + Math.floor(x / side)
      counts[square]++
      for (let channel = 0; channel < 3; channel++)
        sums[3 * square + channel] += data[3 * (y * width + x) + channel]
    }
  const mean = (row: number, column: number, channel: number): number => {
    const square = Math.min(rows - 1, Math.max(0, row)) * columns + Math.min(columns - 1, Math.max(0, column))
    return sums[3 * square + channel] / counts[square]
  }
  const spread = new Uint8Array(data.length)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let channel = 0; channel < 3; channel++) {
        const place =
          form === 'flat'
            ? [Math.floor(y / side), Math.floor(x / side)]
            : [(y + 0.5) / side - 0.5, (x + 0.5) / side - 0.5]
        spread[3 * (y * width + x) + channel] = Math.round(between(mean, place[0], place[1], channel))
      }
  return { width, height, data: spread }
}

/** Bilinear interpolation of a table; at whole places its own value. */
function between(
  value: (row: number, column: number, channel: number) => number,
  y: number,
  x: number,
  channel: number,
): number {
  const [top, left] = [Math.floor(y), Math.floor(x)]
  const [down, right] = [y - top, x - left]
  const upper = value(top, left, channel) * (1 - right) + value(top, left + 1, channel) * right
  const lower = value(top + 1, left, channel) * (1 - right) + value(top + 1, left + 1, channel) * right
  return upper * (1 - down) + lower * down
}
