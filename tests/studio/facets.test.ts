import { join } from 'node:path'
import DatabaseFile from 'better-sqlite3'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  generationRequestSchema,
  type GenerationRequestInput,
  type ResolvedRequest,
} from '../../src/shared/request/request.ts'
import type { FacetName } from '../../src/shared/pictureQuery/facets.ts'
import { noMarks } from '../../src/shared/library/marks.ts'
import { withChosen } from '../../src/shared/pictureQuery/editQuery.ts'
import { openDatabase } from '../../src/studio/history/database/database.ts'
import { addFacts } from '../../src/studio/history/facts/factsShape.ts'
import { openHistory, type History } from '../../src/studio/history/history.ts'
import type { NewImage } from '../../src/studio/history/images/imageRow.ts'
import { migrations } from '../../src/studio/history/database/migrations.ts'
import { newImage } from './fixtures/pictures.ts'
import { temporaryFolder } from './fixtures/testStudio.ts'

function openTestHistory(folder = temporaryFolder()): History {
  const database = openDatabase(join(folder, 'studio.db'))
  onTestFinished(() => void database.close())
  return openHistory(database, (file) => file)
}

const request = (asked: GenerationRequestInput): ResolvedRequest =>
  generationRequestSchema.parse({ seed: 1, width: 64, height: 64, ...asked }) as ResolvedRequest

const image = (index: number, asked: GenerationRequestInput, changes: Partial<NewImage> = {}): NewImage =>
  newImage(index, { request: request(asked), ...changes })

const find = (history: History, search: string): number[] =>
  history
    .page({ search, cursor: null, limit: 500, trashed: false })
    .items.map(({ id }) => Number(id.slice(-2)) - 1)
    .reverse()

const july = new Date(2026, 6, 31, 23, 59).getTime()
const input = { id: 'a'.repeat(64) }
const lora = { kind: 'lora' as const, name: 'Paper Cut', hash: 'a'.repeat(64) }

const some: NewImage[] = [
  image(0, { prompt: 'a red house', steps: 20, sampler: 'Euler', seed: '18446744073709551615' }),
  image(1, { prompt: 'a red cat', steps: 30, sampler: 'Euler a', guidanceScale: 7.5, seed: 5 }),
  image(2, { prompt: 'a blue cat', steps: 40, sampler: 'DPM++ 2M', eta: 0.5, files: [lora] }),
  image(3, { prompt: 'a cat', steps: 40, initImage: input, denoiseStrength: 0.6 }, { createdAt: july }),
  image(4, { prompt: 'a cat', initImage: input, mask: input, hires: {} }, { width: 512, height: 768 }),
  image(
    5,
    { prompt: 'gone' },
    { trashedAt: 1, device: 'webgpu', model: { id: 'm', name: 'Déjà vu', hash: 'ff00' } },
  ),
  image(6, { prompt: 'fast' }, { device: 'webgpu', model: { id: 'm', name: 'Déjà vu', hash: 'ff00' } }),
]

describe('pictures are found by every parameter', () => {
  it.each<[string, number[]]>([
    ['steps>30', [2, 3]],
    ['steps:30..40 -sampler="Euler a"', [2, 3]],
    ['sampler:euler', [0, 1]],
    ['sampler="euler"', [0]],
    ['sampler:"dpm++"', [2, 3, 4, 6]],
    ['cfg=7.5', [1]],
    ['cat steps>=40', [2, 3]],
    ['cat -red', [2, 3, 4]],
    ['-cat', [0, 6]],
    ['seed:5', [1]],
    ['seed:18446744073709551615', [0]],
    ['eta:0.5', [2]],
    ['eta<1 eta>0', [2]],
    ['lora:paper', [2]],
    ['-lora:paper cat', [1, 3, 4]],
    ['source:image', [3]],
    ['source:inpainting,image', [3, 4]],
    ['strength:0.6', [3, 4]],
    ['size:512x768', [4]],
    ['width>100', [4]],
    ['is:hires', [4]],
    ['-is:hires cat', [1, 2, 3]],
    ['is:rated', []],
    ['date:2026-07', [3]],
    ['date<2026-07', [0, 1, 2, 4, 6]],
    ['date>2026-07-31', []],
    ['device:webgpu', [6]],
    ['model:deja', [6]],
    ['hash:ff00', [6]],
    ['precision:float32 house', [0]],
    ['cat steps>30 nothinglikethis', []],
  ])('%s', (search, expected) => {
    const history = openTestHistory()
    for (const each of some) history.add(each)
    const found = find(history, search)
    expect(found.sort()).toEqual(expected)
    expect(history.page({ search, cursor: null, limit: 1, trashed: false }).total).toBe(expected.length)
    const ids = history.ids({ search, trashed: false }, 100)
    expect(ids).toHaveLength(expected.length)
  })

  it('pages of such a search hold every picture once', () => {
    const history = openTestHistory()
    for (let index = 0; index < 90; index++)
      history.add(image(index, { prompt: 'x', steps: 20 + (index % 3) }))
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const page = history.page({ search: 'x steps>20', cursor, limit: 7, trashed: false })
      seen.push(...page.items.map(({ id }) => id))
      cursor = page.nextCursor
    } while (cursor !== null)
    expect(seen).toHaveLength(60)
    expect(seen).toEqual([...new Set(seen)].sort().reverse())
  })

  it('as a look at every picture would find them', () => {
    const history = openTestHistory()
    const images = Array.from({ length: 60 }, (_, index) =>
      image(index, {
        steps: 10 + (index % 7),
        guidanceScale: index % 5,
        sampler: index % 2 ? 'Euler' : 'Heun',
      }),
    )
    for (const each of images) history.add(each)
    const number = fc.integer({ min: 8, max: 18 })
    fc.assert(
      fc.property(number, number, fc.integer({ min: 0, max: 5 }), fc.boolean(), (from, to, cfg, isHeun) => {
        const search = `steps:${from}..${to} cfg>=${cfg} ${isHeun ? '' : '-'}sampler:heun`
        const expected = images.flatMap(({ request: { steps, guidanceScale, sampler } }, index) =>
          steps >= from && steps <= to && guidanceScale >= cfg && (sampler === 'Heun') === isHeun
            ? [index]
            : [],
        )
        expect(find(history, search)).toEqual(expected)
      }),
      { numRuns: 50 },
    )
  })
})

describe('facets', () => {
  it('count what is found, and those named by the search without what it says of them', () => {
    const history = openTestHistory()
    for (const each of some) history.add(each)
    const all = history.facets({ search: '', trashed: false })
    expect(all.model).toEqual([
      { value: 'starter', count: 5 },
      { value: 'Déjà vu', count: 1 },
    ])
    expect(all.lora).toEqual([{ value: 'Paper Cut', count: 1 }])
    expect(all.size).toContainEqual({ value: '512x768', count: 1 })
    expect(all.date[0]).toEqual({ value: '2026-07', count: 1 })
    const days = history.facets({ search: 'date:2026-07-31 steps>30', trashed: false }).date
    expect(days.map(({ value }) => value)).toEqual(['2026-07', '2026-07-31', '2025-10'])
    expect(all.source).toContainEqual({ value: 'inpainting', count: 1 })
    expect(all.rating).toEqual([])
    expect(history.facets({ search: '', trashed: true }).model).toEqual([{ value: 'Déjà vu', count: 1 }])

    const cats = history.facets({ search: 'cat steps>30', trashed: false })
    expect(cats.sampler).toEqual([{ value: 'DPM++ 2M', count: 2 }])
    const euler = history.facets({ search: 'red sampler="Euler a"', trashed: false })
    expect(euler.sampler).toEqual([
      { value: 'Euler', count: 1 },
      { value: 'Euler a', count: 1 },
    ])
    expect(euler.size).toEqual([{ value: '64x64', count: 1 }])
    expect(history.facets({ search: '!', trashed: false }).model).toEqual([])
  })

  it.each([
    '',
    'steps>20',
    'cat -blue',
    '-cat',
    '-sampler:euler -strength>0',
    'is:imported',
    'date:2026-07 steps>30',
    'rating:3 sampler="Euler a" tag=best',
    'red size:64x64 album=Sea',
  ])('say how many a search for the value finds, whatever else is asked: %s', (search) => {
    const history = openTestHistory()
    for (const [index, each] of some.entries())
      history.add({
        ...each,
        marks: { ...noMarks, rating: index % 4, tags: index % 2 ? ['best'] : [], albums: ['Sea'] },
      })
    for (const trashed of [false, true])
      for (const [name, values] of Object.entries(history.facets({ search, trashed })))
        for (const { value, count } of values) {
          const asked = withChosen(search, name as FacetName, value)
          const { total } = history.page({ search: asked, cursor: null, limit: 1, trashed })
          expect(count, asked).toBe(total)
        }
  })

  it('follow the trash, and forget names that no picture has any more', () => {
    const folder = temporaryFolder()
    const history = openTestHistory(folder)
    for (const each of some) history.add(each)
    history.setTrashed([some[2].id], 5)
    expect(history.facets({ search: '', trashed: false }).lora).toEqual([])
    expect(history.facets({ search: '', trashed: true }).lora).toHaveLength(1)
    history.removeTrashed(10, 100)
    const database = new DatabaseFile(join(folder, 'studio.db'), { readonly: true })
    onTestFinished(() => void database.close())
    const recipes = database.prepare('SELECT loras FROM recipes').pluck().all() as string[]
    expect(recipes.join()).not.toContain('Paper')
  })

  it('R31: are filled in a database of the version before; what cannot be read costs itself alone', () => {
    const folder = temporaryFolder()
    const file = join(folder, 'studio.db')
    const full = openTestHistory(temporaryFolder())
    for (const each of some) full.add(each)

    const old = new DatabaseFile(file)
    const version = migrations.indexOf(addFacts)
    for (const step of migrations.slice(0, version)) {
      if (typeof step === 'string') old.exec(step)
      else step(old, () => {})
    }
    old.pragma(`user_version = ${version}`)
    const insert =
      old.prepare(`INSERT INTO images VALUES (@row, @id, 'job', @createdAt, @trashedAt, NULL, @file, @width,
      @height, @request, @modelId, @name, @hash, '1', '2', @device, 'float32', '{}')`)
    some.forEach(({ request: asked, model, ...each }, index) => {
      const { id: modelId, name, hash } = model
      insert.run({
        trashedAt: null,
        ...each,
        timings: 0,
        row: index,
        modelId,
        name,
        hash,
        request: JSON.stringify(asked),
      })
    })
    old.prepare("UPDATE images SET request = 'not JSON' WHERE row = 1").run()
    old.close()

    const history = openTestHistory(folder)
    const database = new DatabaseFile(file, { readonly: true })
    onTestFinished(() => void database.close())
    // What cannot be read has facts too, so it is found, and told of.
    const rows = database.prepare('SELECT row FROM imageFacts ORDER BY row').pluck().all()
    expect(rows).toEqual(some.map((_, index) => index))
    const idsOf = (of: History, search: string, trashed: boolean) => of.ids({ search, trashed }, 10)
    expect(idsOf(history, 'house', false)).toEqual(idsOf(full, 'house', false))
    expect(idsOf(history, 'gone', true)).toEqual(idsOf(full, 'gone', true))
    expect(idsOf(history, 'red', false)).toEqual([some[0].id])
    expect(history.facets({ search: 'steps>30', trashed: false })).toEqual(
      full.facets({ search: 'steps>30', trashed: false }),
    )
  })
})

it('counts after every kind of change what another connection counts from the beginning', () => {
  const folder = temporaryFolder()
  const history = openTestHistory(folder)
  const counts = (from: History) => [false, true].map((trashed) => from.facets({ search: '', trashed }))
  const changes: ((from: History) => unknown)[] = [
    (from) => some.slice(0, 3).forEach((each) => from.add(each)),
    (from) => from.add(image(4, { steps: 50 })),
    (from) => from.add(image(3, { steps: 51 }, { createdAt: 1 })),
    (from) =>
      from.add({ ...some[1], marks: { ...noMarks, rating: 3, tags: ['sky', 'sea'], albums: ['one'] } }),
    (from) => from.add({ ...some[0], marks: { ...noMarks, tags: ['sky'] } }),
    (from) => from.add({ ...some[1], marks: { ...noMarks, tags: ['night'] } }),
    (from) => from.add({ ...some[1], marks: noMarks }),
    (from) => from.add({ ...some[2], marks: { ...noMarks, albums: ['two'], tags: ['sky', 'day'] } }),
    (from) => from.setTrashed([some[0].id, some[2].id], 5),
    (from) => from.setTrashed([some[2].id], null),
    (from) => from.removeTrashed(9, 9),
    (from) => from.add(some[0]),
  ]
  for (const change of changes) {
    change(history)
    expect(counts(history)).toEqual(counts(openTestHistory(folder)))
  }
  openTestHistory(folder).add(image(6, { steps: 52 }, { marks: { ...noMarks, tags: ['sea'] } }))
  expect(counts(history)).toEqual(counts(openTestHistory(folder)))
})
