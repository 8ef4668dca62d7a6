import { describe, expect, it } from 'vitest'
import type { Pixels } from '../../../src/shared/engine/engineContract.ts'
import { enlarge } from '../../../src/engine/upscale/enlarge.ts'
import { pixelsRead } from '../../../src/shared/models/upscalerWork.ts'
import type { Upscaler } from '../../../src/engine/upscale/upscaler.ts'

const picture = (width: number, height: number): Pixels => ({
  width,
  height,
  data: Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)]
    return Math.round(127 + 90 * Math.sin(x / 5 + (i % 3)) * Math.cos(y / 7))
  }),
})

/** Each pixel becomes scale × scale of the mean of itself and its neighbours to the left and above. */
function smoothing(scale: number, form: Partial<Upscaler> = {}): Upscaler & { sizes: string[] } {
  const sizes: string[] = []
  return {
    scale,
    multiple: 1,
    tile: null,
    sizes,
    async run(tile, height, width) {
      sizes.push(`${width}x${height}`)
      const [rows, columns] = [height * scale, width * scale]
      return Float32Array.from({ length: 3 * rows * columns }, (_, i) => {
        const [c, y, x] = [Math.floor(i / rows / columns), Math.floor(i / columns) % rows, i % columns]
        const at = (py: number, px: number): number =>
          tile[(c * height + Math.max(0, py)) * width + Math.max(0, px)]
        const [py, px] = [Math.floor(y / scale), Math.floor(x / scale)]
        return (at(py, px) + at(py - 1, px) + at(py, px - 1)) / 3
      })
    },
    release: async () => {},
    ...form,
  }
}

const wholeIn = async (upscaler: Upscaler, { width, height, data }: Pixels): Promise<Uint8Array> => {
  const planes = Float32Array.from({ length: 3 * width * height }, (_, i) => {
    return data[(i % (width * height)) * 3 + Math.floor(i / (width * height))] / 255
  })
  const answer = await upscaler.run(planes, height, width)
  const area = answer.length / 3
  return Uint8Array.from(answer, (_, i) => Math.round(answer[(i % 3) * area + Math.floor(i / 3)] * 255))
}

const furthest = (one: Uint8Array, other: Uint8Array): number =>
  one.reduce((most, value, i) => Math.max(most, Math.abs(value - other[i])), 0)

describe('an enlarged picture', () => {
  it('has no seams: in tiles it is what the network makes of the whole', async () => {
    const of = picture(500, 301)
    const upscaler = smoothing(2)
    const tiled = await enlarge(of, { width: 1000, height: 602 }, upscaler)
    expect(new Set(upscaler.sizes)).toEqual(new Set(['192x192']))
    expect(furthest(tiled.data, await wholeIn(smoothing(2), of))).toBeLessThanOrEqual(1)
  })

  it('of a network that reads one size only, is filled up to it and cut again', async () => {
    const of = picture(20, 50)
    const upscaler = smoothing(2, { tile: 32 })
    const enlarged = await enlarge(of, { width: 40, height: 100 }, upscaler)
    expect(new Set(upscaler.sizes)).toEqual(new Set(['32x32']))
    expect(furthest(enlarged.data, await wholeIn(smoothing(2), of))).toBeLessThanOrEqual(1)
  })

  it('goes through the network again while it is too small, then to the very size', async () => {
    const upscaler = smoothing(2)
    const { width, height } = await enlarge(picture(16, 16), { width: 50, height: 50 }, upscaler)
    expect(upscaler.sizes).toEqual(['16x16', '32x32'])
    expect([width, height]).toEqual([50, 50])
  })

  it.each([
    ['one tile, three runs', picture(16, 24), { width: 100, height: 150 }, 2],
    ['many tiles', picture(300, 193), { width: 600, height: 386 }, 2],
    ['tiles of the second run alone', picture(120, 40), { width: 480, height: 160 }, 2],
    ['a network that cleans', picture(200, 30), { width: 200, height: 30 }, 1],
  ])('reads as many pixels as it is expected to take time for: %s', async (_, of, to, scale) => {
    const upscaler = smoothing(scale)
    await enlarge(of, to, upscaler)
    const read = upscaler.sizes.map((size) => size.split('x').reduce((area, side) => area * Number(side), 1))
    expect(pixelsRead(of, to, scale)).toBe(read.reduce((sum, pixels) => sum + pixels, 0))
  })

  it('has sides that the network takes', async () => {
    const upscaler = smoothing(2, { multiple: 4 })
    const enlarged = await enlarge(picture(17, 9), { width: 34, height: 18 }, upscaler)
    expect(upscaler.sizes).toEqual(['20x12'])
    expect(furthest(enlarged.data, await wholeIn(smoothing(2), picture(17, 9)))).toBeLessThanOrEqual(1)
  })

  it('is told of before every tile, and ends where that throws', async () => {
    const told: [number, number][] = []
    const stopAtThird = (done: number, parts: number): void => {
      told.push([done, parts])
      if (done === 2) throw new Error('stopped')
    }
    const enlarging = enlarge(picture(400, 200), { width: 800, height: 400 }, smoothing(2), stopAtThird)
    await expect(enlarging).rejects.toThrow('stopped')
    expect(told).toEqual([
      [0, 6],
      [1, 6],
      [2, 6],
    ])
  })

  it('is refused when the network would make more than can be held', async () => {
    const of = { width: 4000, height: 3000, data: new Uint8Array() }
    await expect(enlarge(of, { width: 8000, height: 6000 }, smoothing(4))).rejects.toMatchObject({
      code: 'bad-request',
    })
  })

  it('by Lanczos keeps what is flat and by Nearest repeats pixels', async () => {
    const flat = { width: 3, height: 3, data: new Uint8Array(27).fill(77) }
    const lanczos = await enlarge(flat, { width: 7, height: 5 }, 'Lanczos')
    expect(new Set(lanczos.data)).toEqual(new Set([77]))
    const nearest = await enlarge(picture(4, 4), { width: 8, height: 8 }, 'Nearest')
    expect([...nearest.data.subarray(0, 6)]).toEqual(
      [0, 1].flatMap(() => [...picture(4, 4).data.subarray(0, 3)]),
    )
  })
})
