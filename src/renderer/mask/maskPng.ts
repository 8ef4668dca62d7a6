import { emptyMask, type Mask } from './mask.ts'

/** A mask as a grey picture. */
export async function maskToPng({ width, height, data }: Mask): Promise<Blob> {
  const canvas = new OffscreenCanvas(width, height)
  const pixels = new ImageData(width, height)
  const words = new Uint32Array(pixels.data.buffer)
  for (let i = 0; i < data.length; i++) words[i] = 0xff000000 | (data[i] * 0x010101)
  canvas.getContext('2d')!.putImageData(pixels, 0, 0)
  return canvas.convertToBlob({ type: 'image/png' })
}

/**
 * What a picture says is painted, brought to a size: where it has transparency the parts that are more than half opaque, else
 * its lightness (AUTOMATIC1111 1.10.1, processing.create_binary_mask).
 */
export async function maskFromPicture(file: Blob, width: number, height: number): Promise<Mask> {
  const picture = await createImageBitmap(file)
  const context = new OffscreenCanvas(width, height).getContext('2d')!
  context.drawImage(picture, 0, 0, width, height)
  picture.close()
  const { data } = context.getImageData(0, 0, width, height)
  const mask = emptyMask(width, height)
  const byLightness = mask.data.every((_, at) => data[at * 4 + 3] === 255)
  for (let at = 0, from = 0; at < mask.data.length; at++, from += 4) {
    const lightness = Math.round((data[from] * 299 + data[from + 1] * 587 + data[from + 2] * 114) / 1000)
    mask.data[at] = byLightness ? lightness : data[from + 3] > 128 ? 255 : 0
  }
  return mask
}
