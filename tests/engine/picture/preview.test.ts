import { describe, expect, it } from 'vitest'
import { fitPreview, latentsToPixels } from '../../../src/engine/picture/preview.ts'
import type { Latents } from '../../../src/engine/latents.ts'

const scale = 2
const weights = [
  [0.2, -0.1, 0.05],
  [0.1, 0.1, -0.05],
  [-0.15, 0.02, 0.1],
]
const offset = [0.1, -0.2, 0.3]

/** A decoder that is linear: every pixel has the colour of its latent. */
function decode({ data, channels, height, width }: Latents): Promise<Float32Array> {
  const rgb = new Float32Array(3 * height * width * scale * scale)
  for (let colour = 0; colour < 3; colour++)
    for (let y = 0; y < height * scale; y++)
      for (let x = 0; x < width * scale; x++) {
        let value = offset[colour]
        for (let channel = 0; channel < channels; channel++) {
          const at = (channel * height + Math.floor(y / scale)) * width + Math.floor(x / scale)
          value += weights[colour][channel] * data[at]
        }
        rgb[(colour * height * scale + y) * width * scale + x] = value
      }
  return Promise.resolve(rgb)
}

describe('the preview', () => {
  it('finds the colours of a linear decoder exactly', async () => {
    const map = await fitPreview({ latentChannels: 3, latentScale: scale, decode })
    map.forEach((row, colour) =>
      [...weights[colour], offset[colour]].forEach((weight, i) => expect(row[i]).toBeCloseTo(weight, 2)),
    )
    const pixels = latentsToPixels({ data: Float32Array.of(1, 2, -1), channels: 3, height: 1, width: 1 }, map)
    const expected = weights.map((row, colour) => (offset[colour] + row[0] + 2 * row[1] - row[2] + 1) * 127.5)
    expected.forEach((value, i) => expect(Math.abs(pixels.data[i] - value)).toBeLessThan(2))
  })

  it('of a model of pixels shows them as they are', async () => {
    const clamped = (picture: Latents) =>
      Promise.resolve(picture.data.map((value) => Math.min(1, Math.max(-1, value))))
    const map = await fitPreview({ latentChannels: 3, latentScale: 1, decode: clamped })
    const picture = { data: Float32Array.of(-1, 0, 0.6), channels: 3, height: 1, width: 1 }
    expect([...latentsToPixels(picture, map).data]).toEqual([0, 128, 204])
  })
})
