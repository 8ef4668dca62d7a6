export interface DifferenceFacts {
  /** Levels of 0 to 255 over all channels. */
  max: number
  mean: number
  /** What the levels shown were multiplied by, so that small ones can be seen. */
  gain: number
}

async function pixelsOf(url: string): Promise<ImageData> {
  const bitmap = await createImageBitmap(await (await fetch(url)).blob())
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d', {
    willReadFrequently: true,
  })!
  context.drawImage(bitmap, 0, 0)
  return context.getImageData(0, 0, bitmap.width, bitmap.height)
}

/** The distances of two pictures of one size as a picture of their own. */
export async function differencePixels(
  one: string,
  other: string,
): Promise<DifferenceFacts & { pixels: ImageData }> {
  const [a, b] = await Promise.all([pixelsOf(one), pixelsOf(other)])
  const pixels = new ImageData(a.width, a.height)
  let max = 0
  let sum = 0
  for (let at = 0; at < a.data.length; at++) {
    const distance = Math.abs(a.data[at] - b.data[at])
    pixels.data[at] = distance
    max = Math.max(max, distance)
    sum += distance
  }
  const gain = max === 0 ? 1 : Math.max(1, Math.floor(255 / max))
  for (let at = 0; at < pixels.data.length; at++)
    pixels.data[at] = at % 4 === 3 ? 255 : pixels.data[at] * gain
  return { max, mean: sum / ((a.data.length / 4) * 3), gain, pixels }
}
