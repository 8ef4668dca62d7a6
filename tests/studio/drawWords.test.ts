import { describe, expect, it } from 'vitest'
import type { Pixels } from '../../src/shared/engine/engineContract.ts'
import { drawWords } from '../../src/studio/pictures/drawWords.ts'

const setting = { room: 400, size: 24, align: 'centre' } as const

/** The rows of a picture that have ink within a share of its columns. */
function inked({ width, height, data }: Pixels, share = 1): { first: number; last: number } {
  const rows = Array.from({ length: height }, (_, y) => {
    const row = data.subarray(3 * y * width, 3 * (y * width + Math.round(share * width)))
    return row.some((level) => level < 128)
  })
  return { first: rows.indexOf(true), last: rows.lastIndexOf(true) }
}

describe('labels', () => {
  it('stand on one baseline, whatever their letters reach', async () => {
    const [flat, deep, high, both] = await Promise.all(
      ['nnnn', 'nnggnn', 'nnÅn', 'Steps 20'].map((words) => drawWords(words, setting)),
    )
    expect([deep.height, high.height, both.height]).toEqual(Array(3).fill(flat.height))
    const baseline = inked(flat).last
    expect(inked(high).last).toBe(baseline)
    // The letters that reach down stand in the middle.
    expect(inked(deep, 0.2).last).toBe(baseline)
    expect(inked(deep).last).toBeGreaterThan(baseline)
    expect(inked(high).first).toBeLessThan(inked(flat).first)
  })

  it('of two lines are a line higher, and their last lines stand on one baseline', async () => {
    const one = await drawWords('nnnn', setting)
    const two = await drawWords('gggg\nnnnn', setting)
    const three = await drawWords('nnnn nnnn nnnn', { ...setting, room: 80 })
    const pitch = two.height - one.height
    expect(pitch).toBeGreaterThan(24)
    expect(three.height).toBe(one.height + 2 * pitch)
    expect(two.height - inked(two).last).toBe(one.height - inked(one).last)
    expect(three.height - inked(three).last).toBe(one.height - inked(one).last)
  })

  it('show marks of markup as they are written', async () => {
    const [plain, marked] = await Promise.all(
      ['nnnnnnnnnnnn', '<b>nnnnnnnnnnnn</b>'].map((words) => drawWords(words, setting)),
    )
    expect(marked.width).toBeGreaterThan(1.2 * plain.width)
  })
})
