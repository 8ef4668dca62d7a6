import { describe, expect, it } from 'vitest'
import { generationRequestSchema } from '../../../src/shared/request/request.ts'
import { inpaintSchema, type Inpaint } from '../../../src/shared/request/inpaint.ts'
import type { Pixels } from '../../../src/shared/engine/engineContract.ts'
import { inShapeOf, laidInto, maskedArea, placedIn } from '../../../src/engine/picture/masked/area.ts'
import { blurredMask } from '../../../src/engine/picture/masked/blur.ts'
import { filled } from '../../../src/engine/picture/masked/fill.ts'
import { partToPaint } from '../../../src/engine/picture/masked/partToPaint.ts'

/** A mask of one channel, white in the rectangles. */
function maskOf(
  width: number,
  height: number,
  ...areas: [left: number, top: number, w: number, h: number][]
) {
  const data = new Float32Array(width * height)
  for (const [left, top, w, h] of areas)
    for (let y = top; y < top + h; y++) data.fill(255, y * width + left, y * width + left + w)
  return { data, channels: 1, width, height }
}

/** The same as a picture. */
function maskPixels(...given: Parameters<typeof maskOf>): Pixels {
  const { data, width, height } = maskOf(...given)
  return {
    width,
    height,
    data: Uint8Array.from({ length: 3 * data.length }, (_, i) => data[Math.floor(i / 3)]),
  }
}

/** Every pixel another one. */
const noisy = (width: number, height: number): Pixels => ({
  width,
  height,
  data: Uint8Array.from({ length: 3 * width * height }, (_, i) => (i * 73 + (i >> 5) * 31) % 256),
})

const plain = (width: number, height: number, level: number): Pixels => ({
  width,
  height,
  data: new Uint8Array(3 * width * height).fill(level),
})

describe('the masked area', () => {
  it('is what the mask shows with its padding, within the picture', () => {
    expect(maskedArea(maskOf(100, 80, [10, 20, 5, 6]), 8)).toEqual({
      left: 2,
      top: 12,
      width: 21,
      height: 22,
    })
    expect(maskedArea(maskOf(100, 80, [0, 0, 1, 1], [99, 79, 1, 1]), 32)).toEqual({
      left: 0,
      top: 0,
      width: 100,
      height: 80,
    })
    expect(maskedArea(maskOf(100, 80), 8)).toBeNull()
  })

  // masking.expand_crop_region(region, 512, 512, 640, 480) and the like, run by hand.
  it.each([
    [
      [100, 100, 128, 32],
      [512, 512],
      [100, 52, 128, 128],
    ],
    [
      [100, 100, 32, 128],
      [512, 512],
      [52, 100, 128, 128],
    ],
    [
      [0, 10, 128, 32],
      [512, 512],
      [0, 0, 128, 128],
    ],
    [
      [600, 400, 40, 20],
      [768, 512],
      [600, 397, 40, 26],
    ],
    [
      [0, 440, 300, 40],
      [512, 512],
      [0, 180, 300, 300],
    ],
    [
      [0, 0, 640, 100],
      [512, 512],
      [0, 0, 640, 480],
    ],
  ])('%j painted at %j is widened to %j in a picture of 640 × 480', (from, [width, height], to) => {
    const [left, top, w, h] = from
    const area = inShapeOf({ left, top, width: w, height: h }, { width, height }, { width: 640, height: 480 })
    expect([area.left, area.top, area.width, area.height]).toEqual(to)
  })

  it('is scaled into the size that is painted, centred, its edges continued', () => {
    expect(placedIn({ width: 640, height: 480 }, { width: 512, height: 512 })).toEqual({
      left: 0,
      top: 64,
      width: 512,
      height: 384,
    })
    expect(placedIn({ width: 2000, height: 1 }, { width: 512, height: 512 })).toMatchObject({ height: 1 })
    const planes = { data: Float32Array.of(1, 2), channels: 1, width: 2, height: 1 }
    const place = { left: 1, top: 1, width: 2, height: 1 }
    expect([...laidInto(planes, place, { width: 4, height: 3 }).data]).toEqual([
      1, 1, 2, 2, 1, 1, 2, 2, 1, 1, 2, 2,
    ])
  })
})

describe('a mask that is blurred', () => {
  it('falls off as a Gaussian in whole levels, and not beyond two and a half deviations', () => {
    const { data } = blurredMask(maskOf(60, 9, [0, 0, 30, 9]), 4)
    const row = [...data.subarray(4 * 60, 5 * 60)]
    // 255 · Φ((29.5 - x) / 4), within a level or two where the kernel is cut off.
    expect(Math.abs(row[29] - 255 * 0.5497)).toBeLessThan(2)
    expect(Math.abs(row[33] - 255 * 0.1908)).toBeLessThan(3)
    expect([row[19], row[20] < 255, row[39] > 0, row[40]]).toEqual([255, true, true, 0])
    expect(row.every(Number.isInteger)).toBe(true)
  })
})

describe('what lies under the mask filled', () => {
  it('has the colours around it, the nearest the strongest, and what is kept stays', () => {
    const picture = { data: new Float32Array(3 * 64 * 16), channels: 3, width: 64, height: 16 }
    for (let i = 0; i < 64 * 16; i++) picture.data[i] = i % 64 < 32 ? 200 : 40
    const mask = maskOf(64, 16, [16, 0, 32, 16])
    const { data } = filled(picture, mask)
    const row = data.subarray(8 * 64, 9 * 64)
    expect([row[4], row[60]].map(Math.round)).toEqual([200, 40])
    expect(row[18]).toBeGreaterThan(160)
    expect(row[45]).toBeLessThan(80)
    expect(Math.abs(row[31] + row[32] - 240)).toBeLessThan(2)
    expect(data.subarray(64 * 16).every((level) => level === 0)).toBe(true)
  })
})

describe('the part of a picture that is painted', () => {
  const part = (inpaint: Partial<Inpaint>, initImage: Pixels, mask: Pixels, width: number, height: number) =>
    partToPaint({
      request: { ...generationRequestSchema.parse({}), inpaint: inpaintSchema.parse(inpaint), width, height },
      initImage,
      mask,
    })

  it('is all of it at its own size, and comes back under the mask alone', () => {
    const picture = noisy(64, 48)
    const mask = maskPixels(64, 48, [20, 10, 10, 12])
    const { initImage, putInto } = part({ maskBlur: 0 }, picture, mask, 64, 48)
    expect(initImage).toEqual(picture)
    const result = putInto(plain(64, 48, 9))
    expect(result.data).toEqual(picture.data.map((level, i) => (mask.data[i] === 255 ? 9 : level)))
  })

  it.each(['whole', 'masked'] as const)('blurred (%s), leaves every pixel that is black after it', (area) => {
    const picture = noisy(96, 80)
    const mask = maskPixels(96, 80, [40, 30, 10, 12])
    const { putInto } = part({ area, padding: 4, maskBlur: 1 }, picture, mask, 64, 64)
    const result = putInto(plain(64, 64, 9))
    expect([result.width, result.height]).toEqual([96, 80])
    const reach = 3
    const isFar = (i: number): boolean => {
      const [x, y] = [Math.floor(i / 3) % 96, Math.floor(i / 3 / 96)]
      return x < 40 - reach || x >= 50 + reach || y < 30 - reach || y >= 42 + reach
    }
    const changed = result.data.filter((level, i) => isFar(i) && level !== picture.data[i])
    expect(changed).toHaveLength(0)
    const centre = (36 * 96 + 45) * 3
    expect([...result.data.subarray(centre, centre + 3)]).toEqual([9, 9, 9])
  })

  it('is the masked area at the size of the request where that alone is painted', () => {
    const picture = plain(200, 100, 10)
    for (let y = 40; y < 60; y++) picture.data.fill(210, (y * 200 + 90) * 3, (y * 200 + 110) * 3)
    const { initImage, mask } = part(
      { area: 'masked', padding: 10, maskBlur: 0 },
      picture,
      maskPixels(200, 100, [90, 40, 20, 20]),
      64,
      64,
    )
    // 40 × 40 pixels become 64 × 64: the square in their middle is 32 wide.
    const at = ({ data }: Pixels, x: number, y: number): number => data[(y * 64 + x) * 3]
    expect([at(initImage!, 32, 32), at(initImage!, 8, 32), at(mask!, 32, 32), at(mask!, 8, 8)]).toEqual([
      210, 10, 255, 0,
    ])
    expect([at(mask!, 15, 32) < 128, at(mask!, 16, 32) > 128, at(mask!, 48, 32) < 128]).toEqual([
      true,
      true,
      true,
    ])
  })

  it('needs something white in the mask', () => {
    expect(() => part({}, noisy(64, 64), maskPixels(64, 64), 64, 64)).toThrow(/black everywhere/)
  })
})
