import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { noMarks } from '../../src/shared/library/marks.ts'
import { openDatabase } from '../../src/studio/history/database/database.ts'
import { openHistory, type History } from '../../src/studio/history/history.ts'
import { openMarkTable } from '../../src/studio/history/marks/markTable.ts'
import { newImage } from './fixtures/pictures.ts'
import { temporaryFolder } from './fixtures/testStudio.ts'

/** A history that two connections have open, as the window's studio and a command do. */
function openTwice(): { here: History; there: History; rate: (id: string, rating: number) => void } {
  const file = join(temporaryFolder(), 'studio.db')
  const [one, other] = [openDatabase(file), openDatabase(file)]
  onTestFinished(() => [one, other].forEach((database) => database.close()))
  const marks = openMarkTable(one)
  const rowOf = one.prepare('SELECT row FROM images WHERE id = ?').pluck()
  return {
    here: openHistory(one, (name) => name),
    there: openHistory(other, (name) => name),
    rate: (id, rating) => marks.write(rowOf.get(id) as number, { ...noMarks, rating }),
  }
}

interface Known {
  id: string
  createdAt: number
  words: string[]
  isTrashed: boolean
  rating: number
}

const vocabulary = ['red', 'house', 'cat', 'sea']
const question = { trashed: false, cursor: null }

/** What each search must find, as a look at every picture says. */
const searches: [string, (image: Known) => boolean][] = [
  ['', () => true],
  ['red', ({ words }) => words.includes('red')],
  ['-red', ({ words }) => !words.includes('red')],
  ['red house', ({ words }) => words.includes('red') && words.includes('house')],
  ['cat -sea', ({ words }) => words.includes('cat') && !words.includes('sea')],
  ['rating>=3', ({ rating }) => rating >= 3],
  ['-rating>=3 red', ({ rating, words }) => rating < 3 && words.includes('red')],
  ['-is:rated', ({ rating }) => rating === 0],
  ['ho', ({ words }) => words.includes('house')],
  ['-c rating<2', ({ words, rating }) => !words.includes('cat') && rating < 2],
]

type Change =
  | { kind: 'add'; at: number; words: string[] }
  | { kind: 'trash' | 'restore' | 'remove'; which: number }
  | { kind: 'rate'; which: number; rating: number }

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({
    kind: fc.constant('add' as const),
    at: fc.nat(1000),
    words: fc.subarray(vocabulary, { minLength: 1 }),
  }),
  fc.record({ kind: fc.constantFrom('trash' as const, 'restore' as const), which: fc.nat(1000) }),
  fc.record({ kind: fc.constant('remove' as const), which: fc.nat(1000) }),
  fc.record({
    kind: fc.constant('rate' as const),
    which: fc.nat(1000),
    rating: fc.integer({ min: 0, max: 5 }),
  }),
)

describe('pages by place', () => {
  it('are those of a look at every picture, whoever adds, marks, throws away, restores and removes meanwhile', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(change, fc.boolean()), { minLength: 1, maxLength: 40 }),
        fc.nat(40),
        fc.integer({ min: 1, max: 12 }),
        (changes, offset, limit) => {
          const { here, there, rate } = openTwice()
          let known: Known[] = []
          for (const [number, [what, isHere]] of changes.entries()) {
            const history = isHere ? here : there
            const image = 'which' in what ? known[what.which % Math.max(1, known.length)] : null
            if (what.kind === 'add') {
              const createdAt = 1_760_000_000_000 + what.at
              const { request } = newImage(number)
              const added = newImage(number, {
                createdAt,
                request: { ...request, prompt: what.words.join(' ') },
              })
              history.add(added)
              // Of one moment the one that was added later is the newer one.
              const before = known.filter((each) => each.createdAt > createdAt)
              const after = known.filter((each) => each.createdAt <= createdAt)
              const one = { id: added.id, createdAt, words: what.words, isTrashed: false, rating: 0 }
              known = [...before, one, ...after]
            } else if (!image) continue
            else if (what.kind === 'rate') {
              rate(image.id, what.rating)
              image.rating = what.rating
            } else if (what.kind === 'remove') {
              if (!image.isTrashed) continue
              history.removeTrashed(Number.MAX_SAFE_INTEGER, 1000)
              known = known.filter(({ isTrashed }) => !isTrashed)
            } else {
              history.setTrashed([image.id], what.kind === 'trash' ? 1 : null)
              image.isTrashed = what.kind === 'trash'
            }
            const [search, matches] = searches[number % searches.length]
            const found = known.filter((each) => !each.isTrashed && matches(each))
            const page = here.page({ ...question, search, offset, limit })
            expect(page.items.map(({ id }) => id)).toEqual(
              found.slice(offset, offset + limit).map(({ id }) => id),
            )
            expect(page).toMatchObject({ total: found.length, offset })
          }
        },
      ),
      { numRuns: 40 },
    )
  })

  const filled = (count: number): History => {
    const { here } = openTwice()
    for (let index = 0; index < count; index++) here.add(newImage(index))
    return here
  }
  const idOf = (index: number): string => newImage(index).id

  it('begin at the same picture again, whatever newer has come', () => {
    const history = filled(20)
    const first = history.page({ ...question, search: '', limit: 5 })
    history.add(newImage(20))
    history.add(newImage(21))
    const again = history.page({ ...question, search: '', cursor: first.cursor, limit: 5 })
    expect(again.items.map(({ id }) => id)).toEqual(first.items.map(({ id }) => id))
    expect(again).toMatchObject({ offset: 2, total: 22 })
    const further = history.page({ ...question, search: '', cursor: first.cursor, offset: 5, limit: 5 })
    expect(further.items[0].id).toBe(idOf(14))
    expect(further.offset).toBe(7)
  })

  it('have a picture in their middle; one in the trash has the place where it stood', () => {
    const history = filled(40)
    const around = (index: number) =>
      history.page({ ...question, search: '', around: idOf(index), limit: 10 }).items.map(({ id }) => id)
    expect(around(20)[5]).toBe(idOf(20))
    expect(around(39)[0]).toBe(idOf(39))
    history.setTrashed([idOf(20)], 1)
    expect(around(20)[5]).toBe(idOf(19))
  })

  it('end where the list ends', () => {
    const history = filled(12)
    expect(history.page({ ...question, search: '', offset: 10, limit: 5 })).toMatchObject({
      items: [{ id: idOf(1) }, { id: idOf(0) }],
      nextCursor: null,
    })
    expect(history.page({ ...question, search: '', offset: 50, limit: 5 })).toMatchObject({
      items: [],
      total: 12,
    })
  })

  it('and ids of a range are counted from the first picture named', () => {
    const history = filled(30)
    const between = (one: number, other: number, most: number) =>
      history.ids({ search: '', trashed: false, between: [idOf(one), idOf(other)] }, most)
    expect(between(12, 10, 100)).toEqual([12, 11, 10].map(idOf))
    expect(between(10, 12, 100)).toEqual([10, 11, 12].map(idOf))
    expect(between(25, 0, 2)).toEqual([25, 24].map(idOf))
    expect(between(0, 25, 2)).toEqual([0, 1].map(idOf))
    history.setTrashed([idOf(3)], 1)
    expect(history.ids({ search: '', trashed: false, among: [idOf(2), idOf(3), 'none'] }, 100)).toEqual([
      idOf(2),
    ])
  })
})
