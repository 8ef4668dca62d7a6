import { describe, expect, it } from 'vitest'
import { changesOf } from '../../../src/renderer/mask/changes.ts'
import { drawLasso, drawRectangle, drawStroke } from '../../../src/renderer/mask/drawing.ts'
import { emptyMask, extent, isEmpty, type Mask } from '../../../src/renderer/mask/mask.ts'
import { cutOff } from '../../../src/renderer/mask/rect.ts'
import { clear, feather, grow, invert } from '../../../src/renderer/mask/reshaping.ts'

const at = ({ data, width }: Mask, x: number, y: number): number => data[y * width + x]
const painted = ({ data }: Mask): number => data.reduce((sum, level) => sum + level, 0) / 255

it('a rectangle is cut into rows of so many pixels at most, until nothing is left', () => {
  const rect = { left: 3, top: 2, right: 13, bottom: 9 }
  const [first, rest] = cutOff(rect, 39)
  expect([first, rest]).toEqual([
    { ...rect, bottom: 5 },
    { ...rect, top: 5 },
  ])
  expect(cutOff(rect, 70)).toEqual([rect, null])
  // A row at least, or it would never end.
  expect(cutOff(rect, 1)).toEqual([
    { ...rect, bottom: 3 },
    { ...rect, top: 3 },
  ])
})

describe('drawing on a mask', () => {
  it('a stroke is as wide as the brush, round at its ends, and smooth at its edge', () => {
    const mask = emptyMask(100, 60)
    const rect = drawStroke(mask, { x: 30, y: 30, radius: 10 }, { x: 70, y: 30, radius: 10 }, false)
    expect(rect).toEqual({ left: 19, top: 19, right: 81, bottom: 41 })
    expect([at(mask, 50, 30), at(mask, 50, 20), at(mask, 50, 18), at(mask, 20, 20)]).toEqual([255, 255, 0, 0])
    // A rectangle of 40 × 20 and a disc of radius 10.
    expect(Math.abs(painted(mask) - (40 * 20 + Math.PI * 100))).toBeLessThan(3)
    const levels = new Set(mask.data)
    expect(levels.size).toBeGreaterThan(5)
  })

  it('going over it again changes nothing; erasing takes away what it covers', () => {
    const mask = emptyMask(64, 64)
    const [from, to] = [
      { x: 10, y: 32, radius: 8 },
      { x: 50, y: 32, radius: 8 },
    ]
    drawStroke(mask, from, to, false)
    const once = mask.data.slice()
    drawStroke(mask, to, from, false)
    expect(mask.data).toEqual(once)
    drawStroke(mask, from, { ...to, radius: 10 }, true)
    expect(at(mask, 30, 32)).toBe(0)
    drawStroke(mask, { ...from, radius: 12 }, { ...to, radius: 12 }, true)
    expect(isEmpty(mask)).toBe(true)
  })

  it('a stroke that leaves the picture is cut, and one outside does nothing', () => {
    const mask = emptyMask(20, 20)
    expect(drawStroke(mask, { x: -50, y: -50, radius: 5 }, { x: -40, y: -50, radius: 5 }, false)).toBeNull()
    drawStroke(mask, { x: -5, y: 10, radius: 10 }, { x: -5, y: 10, radius: 10 }, false)
    expect(extent(mask)).toMatchObject({ left: 0, right: 5 })
  })

  it('a rectangle may be drawn from any corner', () => {
    const mask = emptyMask(20, 20)
    expect(drawRectangle(mask, { x: 12.4, y: 9 }, { x: 3.6, y: 2 }, false)).toEqual({
      left: 4,
      top: 2,
      right: 12,
      bottom: 9,
    })
    expect(painted(mask)).toBe(8 * 7)
    drawRectangle(mask, { x: 0, y: 0 }, { x: 20, y: 5 }, true)
    expect(extent(mask)).toMatchObject({ top: 5, bottom: 9 })
  })

  it('a lasso paints what it encloses, and not the hole of its own crossing', () => {
    const mask = emptyMask(60, 60)
    const triangle = [
      { x: 10, y: 10 },
      { x: 50, y: 10 },
      { x: 10, y: 50 },
    ]
    drawLasso(mask, triangle, false)
    expect(Math.abs(painted(mask) - 800)).toBeLessThan(3)
    const star = [0, 2, 4, 1, 3].map((point) => {
      const angle = (2 * Math.PI * point) / 5
      return { x: 30 + 25 * Math.sin(angle), y: 30 - 25 * Math.cos(angle) }
    })
    clear(mask)
    drawLasso(mask, star, false)
    expect([at(mask, 30, 30), at(mask, 30, 12)]).toEqual([0, 255])
    expect(drawLasso(mask, star.slice(0, 2), false)).toBeNull()
  })
})

describe('a whole mask', () => {
  const square = (): Mask => {
    const mask = emptyMask(50, 50)
    drawRectangle(mask, { x: 20, y: 20 }, { x: 30, y: 30 }, false)
    return mask
  }

  it('grows and shrinks by as many pixels, nearly round', () => {
    const mask = square()
    expect(grow(mask, 4)).toEqual({ left: 16, top: 16, right: 34, bottom: 34 })
    expect(extent(mask)).toEqual({ left: 16, top: 16, right: 34, bottom: 34 })
    expect(at(mask, 16, 16)).toBe(0)
    grow(mask, -4)
    expect(extent(mask)).toEqual({ left: 20, top: 20, right: 30, bottom: 30 })
    grow(mask, -6)
    expect(isEmpty(mask)).toBe(true)
    expect(grow(mask, 4)).toBeNull()
  })

  it('is feathered about its edge, and as white as before in all', () => {
    const mask = square()
    const before = painted(mask)
    feather(mask, 2)
    expect(at(mask, 25, 25)).toBeGreaterThan(225)
    expect(at(mask, 20, 25)).toBeGreaterThan(100)
    expect(at(mask, 20, 25)).toBeLessThan(200)
    expect(at(mask, 13, 25)).toBe(0)
    expect(Math.abs(painted(mask) - before)).toBeLessThan(before * 0.02)
  })

  it('is inverted and cleared', () => {
    const mask = square()
    invert(mask)
    expect([at(mask, 25, 25), at(mask, 0, 0)]).toEqual([0, 255])
    expect(clear(mask)).toEqual({ left: 0, top: 0, right: 50, bottom: 50 })
    expect(isEmpty(mask)).toBe(true)
  })
})

describe('changes of a mask', () => {
  it('are undone and done again in their order, and what is undone is gone with the next change', () => {
    const mask = emptyMask(40, 40)
    const changes = changesOf(mask)
    const states = [mask.data.slice()]
    for (const left of [0, 10, 20]) {
      changes.keep(drawRectangle(mask, { x: left, y: 0 }, { x: left + 15, y: 20 }, false))
      states.push(mask.data.slice())
    }
    for (const state of states.slice(0, -1).toReversed()) {
      expect(changes.undo()).not.toBeNull()
      expect(mask.data).toEqual(state)
    }
    expect([changes.undo(), changes.canUndo(), changes.canRedo()]).toEqual([null, false, true])
    for (const state of states.slice(1)) {
      changes.redo()
      expect(mask.data).toEqual(state)
    }
    changes.undo()
    changes.keep(invert(mask))
    expect(changes.canRedo()).toBe(false)
    changes.undo()
    expect(mask.data).toEqual(states[2])
  })

  it('that change nothing are not kept, and the oldest are forgotten where they take too much', () => {
    const mask = emptyMask(2048, 2048)
    const changes = changesOf(mask)
    changes.keep(drawRectangle(mask, { x: 0, y: 0 }, { x: 5, y: 5 }, true))
    expect(changes.canUndo()).toBe(false)
    for (let turn = 0; turn < 12; turn++) changes.keep(invert(mask))
    let undone = 0
    while (changes.undo()) undone++
    // 8 MiB each, of 64.
    expect(undone).toBe(8)
  })
})
