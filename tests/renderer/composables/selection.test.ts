import fc from 'fast-check'
import { expect, test } from 'vitest'
import { gridMove, toggled } from '../../../src/renderer/composables/pictures/selection.ts'

test('a click adds to the selection, a second takes away again', () => {
  const once = toggled(new Set(['a']), 'b')
  expect([...once]).toEqual(['a', 'b'])
  expect([...toggled(once, 'b')]).toEqual(['a'])
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
