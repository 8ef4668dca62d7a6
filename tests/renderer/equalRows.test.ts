import { expect, test } from 'vitest'
import { rowsInSight, topThatShows } from '../../src/renderer/components/grid/equalRows.ts'

const rows = { count: 40_000, height: 100, before: 24 }

test('rows in sight are those of which a part shows', () => {
  const shown = (top: number): number[] => rowsInSight(rows, { top, height: 250 })
  expect(shown(0)).toEqual([0, 2])
  expect(shown(24)).toEqual([0, 2])
  expect(shown(74)).toEqual([0, 2])
  expect(shown(75)).toEqual([0, 3])
  expect(shown(124)).toEqual([1, 3])
  expect(shown(3_999_900)).toEqual([39_998, 39_999])
  // Above and below all of them, in a box without height, and where there are none.
  expect(rowsInSight({ ...rows, before: 900 }, { top: 0, height: 250 })).toEqual([0, 0])
  expect(shown(9_000_000)).toEqual([39_999, 39_999])
  expect(rowsInSight(rows, { top: 124, height: 0 })).toEqual([1, 0])
  expect(rowsInSight({ ...rows, count: 0 }, { top: 0, height: 250 })).toEqual([0, 0])
})

test('a row comes into sight whole, by as little scrolling as that takes', () => {
  const top = (row: number, from: number, height = 250): number =>
    topThatShows(row, rows, { top: from, height }, 4)
  expect(top(0, 0)).toBe(0)
  expect(top(1, 30)).toBe(30)
  expect(top(1, 500)).toBe(120)
  expect(top(9, 0)).toBe(774)
  // Of one that is higher than the box, its beginning.
  expect(top(9, 0, 60)).toBe(920)
})
