import type { Mask } from './mask.ts'

/** Answers a mask as a grey picture. */
onmessage = async ({ data: { width, height, data } }: MessageEvent<Mask>) => {
  const canvas = new OffscreenCanvas(width, height)
  const pixels = new ImageData(width, height)
  const words = new Uint32Array(pixels.data.buffer)
  for (let i = 0; i < data.length; i++) words[i] = 0xff000000 | (data[i] * 0x010101)
  canvas.getContext('2d')!.putImageData(pixels, 0, 0)
  postMessage(await canvas.convertToBlob({ type: 'image/png' }))
}
