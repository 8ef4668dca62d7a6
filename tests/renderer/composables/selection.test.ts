import fc from 'fast-check'
import { expect, test } from 'vitest'
import { gridMove, toggled, upTo } from '../../../src/renderer/composables/pictures/selection.ts'

const ids = ['a', 'b', 'c', 'd', 'e']

test('a click adds to the selection, a second takes away again', () => {
  const once = toggled(new Set(['a']), 'b')
  expect([...once]).toEqual(['a', 'b'])
  expect([...toggled(once, 'b')]).toEqual(['a'])
})

test('a range holds both ends, whichever way it was drawn, and keeps what was selected', () => {
  expect([...upTo(new Set(['e']), ids, 0, 2)].sort()).toEqual(['a', 'b', 'c', 'e'])
  expect(upTo(new Set(), ids, 3, 1)).toEqual(upTo(new Set(), ids, 1, 3))
})

test('a moving key never leaves the grid, and up undoes down', () => {
  const keys = fc.constantFrom(
    'ArrowLeft',
    'ArrowRight',
    'ArrowUp',
    'ArrowDown',
    'PageUp',
    'PageDown',
    'Home',
    'End',
  )
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 500 }),
      fc.integer({ min: 1, max: 12 }),
      fc.nat(),
      fc.integer({ min: 1, max: 9 }),
      keys,
      (count, columns, place, rows, key) => {
        const from = place % count
        const to = gridMove(key, from, columns, count, rows)!
        expect(to).toBeGreaterThanOrEqual(0)
        expect(to).toBeLessThan(count)
        const down = gridMove('ArrowDown', from, columns, count, rows)!
        if (down !== from) expect(gridMove('ArrowUp', down, columns, count, rows)).toBe(from)
        if (key.startsWith('Page')) expect(Math.abs(to - from) % columns).toBe(0)
      },
    ),
  )
})

test('a key that does not move leads nowhere', () => {
  expect(gridMove('x', 0, 3, 9, 2)).toBeNull()
})
