import { emptyMask, type Mask } from './mask.ts'

/** A mask as a grey picture, made beside the window: a large one takes longer than a frame. */
export async function maskToPng({ width, height, data }: Mask): Promise<Blob> {
  const worker = new Worker(new URL('./pngWorker.ts', import.meta.url), { type: 'module' })
  try {
    return await new Promise<Blob>((done, fail) => {
      worker.onmessage = (answer: MessageEvent<Blob>) => done(answer.data)
      worker.onerror = (event) => fail(new Error(event.message))
      worker.postMessage({ width, height, data })
    })
  } finally {
    worker.terminate()
  }
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
