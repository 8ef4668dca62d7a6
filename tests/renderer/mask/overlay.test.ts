import { describe, expect, it } from 'vitest'
import { emptyMask, type Mask } from '../../../src/renderer/mask/mask.ts'
import { drawRectangle } from '../../../src/renderer/mask/drawing.ts'
import { overlayOf, seenOf } from '../../../src/renderer/mask/overlay.ts'

const whole = ({ width, height }: Mask) => ({ left: 0, top: 0, right: width, bottom: height })
const full = (side: number): Mask => ({
  ...emptyMask(side, side),
  data: new Uint8Array(side * side).fill(255),
})

/** WCAG 2.2's relative luminance. */
function luminance(rgb: readonly number[]): number {
  const [r, g, b] = rgb.map((value) => {
    const share = value / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
function contrast(one: readonly number[], other: readonly number[]): number {
  const [darker, lighter] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (lighter + 0.05) / (darker + 0.05)
}

/** A pixel of the overlay over a colour. */
function over(below: readonly number[], word: number): number[] {
  const share = (word >>> 24) / 255
  return below.map((value, i) => (1 - share) * value + share * ((word >>> (8 * i)) & 255))
}

describe('the mask over a picture', () => {
  it('stands out from any colour, its own too, at the edge and within', () => {
    const mask = full(48)
    const inner = { left: 10, top: 10, right: 38, bottom: 38 }
    const levels = [0, 128, 255]
    const colours = levels.flatMap((r) => levels.flatMap((g) => levels.map((b) => [r, g, b])))
    for (const colour of [...colours, [0xf2, 0xa3, 0x3c]])
      for (const part of [whole(mask), inner]) {
        const seen = [...overlayOf(mask, part)].map((word) => contrast(over(colour, word), colour))
        expect(Math.max(...seen), `on ${colour.join()}`).toBeGreaterThan(3)
      }
  })

  it('draws no more than what is masked, and of a change all that looks different after it', () => {
    const mask = emptyMask(1000, 90)
    const before = overlayOf(mask, whole(mask))
    expect(before.every((word) => word === 0)).toBe(true)
    const drawn = drawRectangle(mask, { x: 20, y: 20 }, { x: 60, y: 60 }, false)!
    drawRectangle(mask, { x: 60, y: 20 }, { x: 100, y: 60 }, false)
    const after = overlayOf(mask, whole(mask))
    const changed = [...after].flatMap((word, i) => (word === 0 ? [] : [[i % 1000, Math.floor(i / 1000)]]))
    expect(changed).toHaveLength(80 * 40)

    const erased = drawRectangle(mask, { x: 60, y: 0 }, { x: 120, y: 90 }, true)!
    const seen = seenOf(mask, erased)
    overlayOf(mask, whole(mask)).forEach((word, i) => {
      const [x, y] = [i % 1000, Math.floor(i / 1000)]
      const isSeen = x >= seen.left && x < seen.right && y >= seen.top && y < seen.bottom
      if (!isSeen && word !== after[i]) expect(word, `${x},${y}`).toBe(after[i])
    })
    expect(seen.left).toBeLessThan(erased.left)
    expect(seenOf(mask, drawn).left).toBeGreaterThanOrEqual(0)
  })
})
