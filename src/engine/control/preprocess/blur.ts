/** Numbers of a picture, interleaved: `data.length === width * height * channels`. */
export interface Image {
  width: number
  height: number
  channels: number
  data: Float32Array
}

/**
 * A Gaussian blur of standard deviation `sigma` in pixels, as OpenCV's GaussianBlur of float pictures: cut at four
 * deviations, the picture mirrored at its edges without repeating them.
 */
export function gaussianBlur(image: Image, sigma: number): Image {
  const kernel = gaussianKernel(sigma)
  return blurAlong(blurAlong(image, kernel, 'x'), kernel, 'y')
}

/** Weights at 0, 1, 2… pixels from the middle; on both sides they sum to 1. */
function gaussianKernel(sigma: number): number[] {
  const reach = Math.floor(Math.round(sigma * 8 + 1) / 2)
  const weights = Array.from({ length: reach + 1 }, (_, x) => Math.exp(-(x * x) / (2 * sigma * sigma)))
  const sum = weights.reduce((total, weight, x) => total + (x === 0 ? weight : 2 * weight), 0)
  return weights.map((weight) => weight / sum)
}

function blurAlong(image: Image, kernel: readonly number[], axis: 'x' | 'y'): Image {
  const { width, height, channels, data } = image
  const [length, lines] = axis === 'x' ? [width, height] : [height, width]
  const [step, lineStep] = axis === 'x' ? [channels, width * channels] : [width * channels, channels]
  const places = mirroredPlaces(length, kernel.length - 1)
  const blurred = new Float32Array(data.length)
  const reach = kernel.length - 1
  for (let line = 0; line < lines; line++)
    for (let at = 0; at < length; at++)
      for (let channel = 0; channel < channels; channel++) {
        const start = line * lineStep + channel
        let sum = kernel[0] * data[start + at * step]
        for (let x = 1; x <= reach; x++) {
          const [before, after] = [places[at - x + reach], places[at + x + reach]]
          sum += kernel[x] * (data[start + before * step] + data[start + after * step])
        }
        blurred[start + at * step] = sum
      }
  return { width, height, channels, data: blurred }
}

/** For every place from -reach on, the place inside the line that it mirrors. */
function mirroredPlaces(length: number, reach: number): Int32Array {
  const period = Math.max(1, 2 * (length - 1))
  return Int32Array.from({ length: length + 2 * reach }, (_, i) => {
    const place = Math.abs(i - reach) % period
    return Math.min(place, period - place)
  })
}
