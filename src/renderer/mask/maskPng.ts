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

/** The red of a picture as a mask, brought to a size. */
export async function maskFromPicture(file: Blob, width: number, height: number): Promise<Mask> {
  const picture = await createImageBitmap(file)
  const context = new OffscreenCanvas(width, height).getContext('2d')!
  context.drawImage(picture, 0, 0, width, height)
  picture.close()
  const { data } = context.getImageData(0, 0, width, height)
  const mask = emptyMask(width, height)
  for (let i = 0; i < mask.data.length; i++) mask.data[i] = data[i * 4]
  return mask
}
