import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  joined,
  letGoAbove,
  readRows,
  rowsPerBand,
  type RowBands,
} from '../../../src/engine/picture/rowBands.ts'

const counting = (length: number): Float32Array => Float32Array.from({ length }, (_, i) => i + 1)

/** A picture of different numbers, whole and cut into bands. */
function cut(channels: number, height: number, width: number, rows: number) {
  const data = counting(channels * height * width)
  const bands: Float32Array[] = []
  for (let top = 0; top < height; top += rows) {
    const count = Math.min(rows, height - top)
    const part = (channel: number): number[] => [
      ...data.slice((channel * height + top) * width, (channel * height + top + count) * width),
    ]
    bands.push(Float32Array.from(Array.from({ length: channels }, (_, channel) => part(channel)).flat()))
  }
  const cutUp: RowBands = { channels, height, width, rows, bands }
  return { data, cutUp }
}

const shapes = fc.record({
  channels: fc.integer({ min: 1, max: 3 }),
  height: fc.integer({ min: 1, max: 20 }),
  width: fc.integer({ min: 1, max: 4 }),
  rows: fc.integer({ min: 1, max: 7 }),
})

describe('bands of rows', () => {
  it('give any rows of the picture, and zeros outside of it', () =>
    fc.assert(
      fc.property(
        shapes,
        fc.integer({ min: -2, max: 20 }),
        fc.integer({ min: 1, max: 9 }),
        (shape, from, count) => {
          const { channels, height, width, rows } = shape
          const { data, cutUp } = cut(channels, height, width, rows)
          const target = new Float32Array(channels * count * width).fill(-1)
          readRows(cutUp, from, count, target)
          const expected = Float32Array.from({ length: target.length }, (_, i) => {
            const channel = Math.floor(i / (count * width))
            const row = from + (Math.floor(i / width) % count)
            return row < 0 || row >= height ? 0 : data[(channel * height + row) * width + (i % width)]
          })
          expect(target).toEqual(expected)
        },
      ),
    ))

  it('become the whole again, and their memory is given back', () => {
    const { data, cutUp } = cut(2, 10, 3, 4)
    expect(joined(cutUp)).toEqual(data)
    expect(cutUp.bands.map(({ length }) => length)).toEqual([0, 0, 0])
  })

  it('are let go once all of their rows are above', () => {
    const { cutUp } = cut(1, 10, 1, 4)
    letGoAbove(cutUp, 7)
    expect(cutUp.bands.map(({ length }) => length)).toEqual([0, 4, 2])
    letGoAbove(cutUp, 10)
    expect(cutUp.bands.map(({ length }) => length)).toEqual([0, 0, 0])
  })
})

describe('the rows of a band', () => {
  it('divide the height, in the multiple asked for, and fit where they can', () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.constantFrom(1, 2),
        fc.integer({ min: 1, max: 50 }),
        (half, multiple, fitting) => {
          const height = half * multiple
          const rows = rowsPerBand(height, multiple, 100, 100 * fitting)
          expect(height % rows).toBe(0)
          expect(rows % multiple).toBe(0)
          if (rows > multiple) expect(rows).toBeLessThanOrEqual(fitting)
        },
      ),
    ))
})
