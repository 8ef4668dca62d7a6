import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  heldPlaces,
  isNear,
  pageLength,
  pagesAround,
  runAround,
  withFirst,
  withoutIds,
  withPage,
  type Held,
} from '../../../src/renderer/composables/pictures/places.ts'

interface Thing {
  id: string
}
const things = (count: number): Thing[] => Array.from({ length: count }, (_, at) => ({ id: `thing ${at}` }))
const pageOf = (all: readonly Thing[], number: number) => ({
  number,
  items: all.slice(number * pageLength, (number + 1) * pageLength),
})
const nothing: Held<Thing> = new Map()
const isNone = (): boolean => false

/** What is held stands where it stands in the whole list. */
function expectInPlace(held: Held<Thing>, all: readonly Thing[]): void {
  for (const [place, { id }] of held) expect(id).toBe(all[place]?.id)
}

test('pages in view come first, then the next and the one before; none lies outside the list', () => {
  expect(pagesAround({ first: 130, last: 190 }, 1000)).toEqual([2, 3, 4, 1])
  expect(pagesAround({ first: 0, last: 30 }, 1000)).toEqual([0, 1])
  expect(pagesAround({ first: 950, last: 999 }, 1000)).toEqual([15, 16, 14])
  expect(pagesAround({ first: 0, last: -1 }, 0)).toEqual([])
})

test('what is held stays bounded however far one goes, and is right where it stands', () => {
  const all = things(50_000)
  const page = fc.integer({ min: 0, max: Math.floor(50_000 / pageLength) })
  fc.assert(
    fc.property(fc.array(page, { maxLength: 80 }), (visited) => {
      let held = nothing
      const whole = new Set<number>()
      for (const number of visited) {
        const view = { first: number * pageLength, last: number * pageLength + 30 }
        held = withPage(held, pageOf(all, number), view, isNone)
        for (const other of whole) if (!isNear(other, view)) whole.delete(other)
        whole.add(number)
      }
      expectInPlace(held, all)
      expect(held.size).toBeLessThanOrEqual(2600)
      // A page is held as a whole, or not at all.
      const places = [...whole].flatMap((number) =>
        pageOf(all, number).items.map((_, at) => number * pageLength + at),
      )
      expect([...held.keys()].sort()).toEqual(places.sort())
    }),
    { numRuns: 30 },
  )
})

test('what is to be kept is held from anywhere', () => {
  const all = things(50_000)
  const first = withPage(nothing, pageOf(all, 0), { first: 0, last: 30 }, isNone)
  const far = withPage(first, pageOf(all, 800), { first: 48_000, last: 48_030 }, ({ id }) => id === 'thing 7')
  expect(far.get(7)?.id).toBe('thing 7')
  expect(far.has(8)).toBe(false)
})

test('a page puts right what moved: nothing stands in two places, and places behind the end are empty', () => {
  const held = withPage(nothing, pageOf(things(100), 0), { first: 0, last: 30 }, isNone)
  const now = things(100).slice(10)
  const after = withPage(held, pageOf(now, 0), { first: 0, last: 30 }, isNone)
  const second = withPage(after, pageOf(now, 1), { first: 0, last: 30 }, isNone)
  expectInPlace(second, now)
  expect([...second.keys()].sort((a, b) => a - b)).toEqual(Array.from({ length: 90 }, (_, at) => at))
})

test('places follow what comes first and what goes', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.constant(null), fc.nat(99)), { maxLength: 40 }), (changes) => {
      let all = things(100)
      let held = withPage(nothing, pageOf(all, 0), { first: 0, last: 30 }, isNone)
      for (const [number, change] of changes.entries()) {
        if (change === null) {
          const added = { id: `new ${number}` }
          all = [added, ...all]
          held = withFirst(held, added)
        } else {
          // Only what is here can be told to be gone.
          const gone = heldPlaces(held, all.length).at(change)
          if (!gone) continue
          all = all.filter(({ id }) => id !== gone.id)
          held = withoutIds(held, new Set([gone.id]))
        }
        expectInPlace(held, all)
      }
    }),
  )
})

test('a run ends where something is missing', () => {
  const held = new Map(things(20).map((thing, at) => [at < 12 ? at : at + 1, thing]))
  expect(runAround(held, 5)).toHaveLength(12)
  expect(runAround(held, 15)[0]?.id).toBe('thing 12')
  expect(runAround(held, 12)).toEqual([])
})
