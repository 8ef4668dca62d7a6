import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { overTiles, tileStarts, type Planes } from '../../../src/engine/picture/tiles.ts'

const picture = (channels: number, height: number, width: number): Planes => ({
  data: Float32Array.from({ length: channels * height * width }, (_, i) => Math.sin(i * 0.13)),
  channels,
  height,
  width,
})

/** Each pixel becomes scale × scale pixels. */
const enlarge =
  (scale: number) =>
  async (tile: Planes): Promise<Planes> => {
    const [height, width] = [tile.height * scale, tile.width * scale]
    const data = Float32Array.from({ length: tile.channels * height * width }, (_, i) => {
      const channel = Math.floor(i / (height * width))
      const y = Math.floor((Math.floor(i / width) % height) / scale)
      return tile.data[(channel * tile.height + y) * tile.width + Math.floor((i % width) / scale)]
    })
    return { data, channels: tile.channels, height, width }
  }

const furthest = (a: Planes, b: Planes): number =>
  a.data.reduce((most, value, i) => Math.max(most, Math.abs(value - b.data[i])), 0)

const lengths = fc.record({
  length: fc.integer({ min: 1, max: 300 }),
  size: fc.integer({ min: 9, max: 64 }),
  overlap: fc.integer({ min: 0, max: 8 }),
})

describe('stretches along an axis', () => {
  it('cover it, overlap as told and stay inside', () =>
    fc.assert(
      fc.property(lengths, ({ length, size, overlap }) => {
        const starts = tileStarts(length, { size, overlap })
        const ends = starts.map((start) => Math.min(length, start + size))
        expect(starts[0]).toBe(0)
        expect(ends.at(-1)).toBe(length)
        for (const [index, start] of starts.slice(1).entries())
          expect(ends[index] - start).toBeGreaterThanOrEqual(overlap)
      }),
    ))
})

describe('a network over tiles', () => {
  it('that answers each place by itself answers as over the whole', () =>
    fc.assert(
      fc.asyncProperty(
        lengths,
        fc.integer({ min: 1, max: 90 }),
        fc.integer({ min: 1, max: 3 }),
        async ({ length, size, overlap }, width, scale) => {
          const whole = picture(2, length, width)
          const tiled = await overTiles(whole, { size, overlap }, enlarge(scale))
          const expected = await enlarge(scale)(whole)
          expect({ ...tiled, data: null }).toEqual({ ...expected, data: null })
          // A place is the float32 sum of as many weighted answers as there are tiles over it, and is divided once.
          const tilesOver = Math.ceil(size / (size - overlap)) ** 2
          expect(furthest(tiled, expected)).toBeLessThan((tilesOver + 2) * 2 ** -23)
        },
      ),
      { numRuns: 40 },
    ))

  it('whose tiles disagree shows no edge: neighbouring rows differ by no more than the ramp makes them', async () => {
    let answers = 0
    const flat = async ({ data, ...shape }: Planes): Promise<Planes> => ({
      ...shape,
      data: data.map(() => answers % 2),
    })
    const { data } = await overTiles(picture(1, 100, 8), { size: 30, overlap: 10 }, async (tile) => {
      answers++
      return flat(tile)
    })
    const rows = Array.from({ length: 100 }, (_, y) => data[y * 8])
    const steps = rows.slice(1).map((value, y) => Math.abs(value - rows[y]))
    expect(Math.max(...steps)).toBeLessThan(0.16)
    expect(Math.max(...rows) - Math.min(...rows)).toBe(1)
  })

  it('tells of every tile before it, and ends where that throws', async () => {
    const told: [number, number][] = []
    const walk = overTiles(picture(1, 20, 20), { size: 10, overlap: 0 }, enlarge(1), (done, parts) => {
      told.push([done, parts])
      if (done === 2) throw new Error('enough')
    })
    await expect(walk).rejects.toThrow('enough')
    expect(told).toEqual([
      [0, 4],
      [1, 4],
      [2, 4],
    ])
  })
})
