import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { generationRequestSchema, type ResolvedRequest } from '../../src/shared/request/request.ts'
import { openDatabase } from '../../src/studio/history/database/database.ts'
import { openHistory, type History } from '../../src/studio/history/history.ts'
import type { NewImage } from '../../src/studio/history/images/imageRow.ts'
import { openTestStudio, runToEnd, temporaryFolder } from './fixtures/testStudio.ts'

function openTestHistory(): History {
  const folder = temporaryFolder()
  const database = openDatabase(join(folder, 'studio.db'))
  onTestFinished(() => void database.close())
  return openHistory(database, (file) => join(folder, 'images', file))
}

const newImage = (id: string, createdAt: number, prompt: string): NewImage => ({
  id,
  jobId: 'job',
  createdAt,
  width: 64,
  height: 64,
  file: `2026-01/${id}.png`,
  request: generationRequestSchema.parse({
    prompt,
    negativePrompt: 'blurry',
    seed: 1,
    width: 64,
    height: 64,
  }) as ResolvedRequest,
  model: { id: 'starter', name: 'starter', hash: '0123456789' },
  engineVersion: '1',
  onnxRuntimeVersion: '2',
  device: 'cpu',
  dtype: 'float32',
  timings: { load: 0, textEncode: 0, denoise: 0, decode: 0, total: 0, unetRuns: 1, unetRunMs: 0, runMs: 0 },
})

function fill(history: History, prompts: readonly string[]): void {
  prompts.forEach((prompt, index) => history.add(newImage(`image-${index}`, 1000 + index, prompt)))
}

const search = (history: History, text: string): string[] =>
  history
    .page({ search: text, cursor: null, limit: 100, trashed: false })
    .items.map(({ request }) => request.prompt)

describe('where a picture lies', () => {
  it('is told without its record: below the images, or where an imported one was found', () => {
    const history = openTestHistory()
    history.add(newImage('made', 1, 'x'))
    const imported = { tool: null, recorded: [], path: '/photos/sea.jpg' }
    history.add({ ...newImage('found', 2, 'y'), imported })
    for (const id of ['made', 'found']) expect(history.pathOf(id)).toBe(history.image(id).path)
    expect(history.pathOf('found')).toBe('/photos/sea.jpg')
    expect(() => history.pathOf('gone')).toThrow(expect.objectContaining({ code: 'not-found' }))
  })
})

describe('pages of the history', () => {
  it('come newest first and hold every image exactly once, whatever their size', () => {
    const history = openTestHistory()
    // Three images of each moment: the cursor has to tell them apart.
    for (let index = 0; index < 100; index++) {
      history.add(newImage(`image-${String(index).padStart(3, '0')}`, Math.floor(index / 3), 'x'))
    }
    for (const limit of [1, 7, 33, 100, 500]) {
      const seen: string[] = []
      let cursor: string | null = null
      do {
        const page = history.page({ search: '', cursor, limit, trashed: false })
        expect(page.total).toBe(100)
        seen.push(...page.items.map(({ id }) => id))
        cursor = page.nextCursor
      } while (cursor !== null)
      expect(seen).toHaveLength(100)
      expect(seen).toEqual([...new Set(seen)].sort().reverse())
    }
  })

  it('stay in place while new images come', () => {
    const history = openTestHistory()
    fill(history, Array<string>(10).fill('x'))
    const first = history.page({ search: '', cursor: null, limit: 5, trashed: false })
    history.add(newImage('later', 99_999, 'x'))
    const second = history.page({ search: '', cursor: first.nextCursor, limit: 5, trashed: false })
    expect(second.items.map(({ id }) => id)).toEqual([4, 3, 2, 1, 0].map((index) => `image-${index}`))
  })

  it.each(['x', '12', '.', '1.', "1.'; DROP TABLE images", '99999999999999999999.x'])(
    'are not given for a cursor that no page gave (%s)',
    (cursor) => {
      const query = { search: '', cursor, limit: 5, trashed: false }
      expect(() => openTestHistory().page(query)).toThrow(expect.objectContaining({ code: 'bad-request' }))
    },
  )
})

describe('search in the history', () => {
  it('finds all words of the prompt in any order and case, the last by its beginning', () => {
    const history = openTestHistory()
    fill(history, ['A red castle at dawn', 'a red boat', 'castles made of sand', 'Élan vital'])
    expect(search(history, 'red')).toEqual(['a red boat', 'A red castle at dawn'])
    expect(search(history, 'castle RED')).toEqual(['A red castle at dawn'])
    expect(search(history, 'red cast')).toEqual(['A red castle at dawn'])
    expect(search(history, 'cast')).toHaveLength(2)
    expect(search(history, 'cast red')).toEqual([])
    expect(search(history, 'elan')).toEqual(['Élan vital'])
    expect(search(history, '')).toHaveLength(4)
    expect(search(history, '  ')).toHaveLength(4)
  })

  it('looks at the prompt, not at the negative prompt', () => {
    const history = openTestHistory()
    fill(history, ['sharp'])
    expect(search(history, 'blurry')).toEqual([])
  })

  it('finds parts of a text in scripts without spaces', () => {
    const history = openTestHistory()
    fill(history, ['一个红色的圆', '海边的城堡', 'a red 圆 circle'])
    expect(search(history, '红色')).toEqual(['一个红色的圆'])
    expect(search(history, '圆')).toHaveLength(2)
    expect(search(history, 'red 圆')).toEqual(['a red 圆 circle'])
  })

  it.each(['"', 'red"', 'red AND', 'NEAR(red', 'red*', '(', "red'; --", 'red OR', '^red', '{prompt}:red'])(
    'takes %s for words, never for syntax',
    (text) => {
      const history = openTestHistory()
      fill(history, ['red'])
      expect(() => search(history, text)).not.toThrow()
    },
  )

  it('never fails but by saying what cannot be read, whatever is typed', () => {
    const history = openTestHistory()
    fill(history, ['red', 'green'])
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' })),
        (text) => {
          try {
            search(history, text)
          } catch (error) {
            expect(error).toMatchObject({
              code: 'bad-request',
              message: expect.stringMatching(/^The search, at character \d+: /) as string,
            })
          }
        },
      ),
      { numRuns: 500 },
    )
  })

  it('finds the prompt of every image by each of its words', () => {
    const history = openTestHistory()
    const word = fc.stringMatching(/^[a-zA-Zà-ž0-9]{1,12}$/)
    let count = 0
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 6 }), (words) => {
        const id = `image-${count++}`
        history.add(newImage(id, count, words.join(', ')))
        for (const wanted of words) {
          const { items } = history.page({ search: wanted, cursor: null, limit: 500, trashed: false })
          expect(items.map((image) => image.id)).toContain(id)
        }
      }),
      { numRuns: 100 },
    )
  })
})

describe('the trash', () => {
  it('hides images until they are restored, and removes files only when it is emptied', async () => {
    const folder = temporaryFolder()
    const studio = await openTestStudio(folder)
    const { imageIds } = await runToEnd(studio, { prompt: 'x', batchSize: 3 })
    const images = await Promise.all(imageIds.map((id) => studio.calls.image(id)))
    for (const { thumbnailUrl } of images) await studio.assets(new Request(`http://x${thumbnailUrl}`))
    const shown = async (trashed: boolean) =>
      (await studio.calls.history({ trashed })).items.map(({ id }) => id)

    await studio.calls.trash(imageIds.slice(0, 2))
    expect(await shown(false)).toEqual([imageIds[2]])
    expect(new Set(await shown(true))).toEqual(new Set(imageIds.slice(0, 2)))
    expect(images.every(({ path }) => existsSync(path))).toBe(true)

    await studio.calls.restore([imageIds[0]])
    expect(new Set(await shown(false))).toEqual(new Set([imageIds[0], imageIds[2]]))

    expect(await studio.calls.emptyTrash()).toBe(1)
    expect(images.map(({ path }) => existsSync(path))).toEqual([true, false, true])
    expect(existsSync(join(folder, 'thumbnails', `${imageIds[1]}.webp`))).toBe(false)
    await expect(studio.calls.image(imageIds[1])).rejects.toMatchObject({ code: 'not-found' })
    expect((await studio.calls.history({ search: 'x' })).total).toBe(2)
  })

  it('is emptied although a file has gone already', async () => {
    const studio = await openTestStudio()
    const { imageIds } = await runToEnd(studio, { prompt: 'x' })
    await studio.calls.trash(imageIds)
    rmSync((await studio.calls.image(imageIds[0])).path)
    expect(await studio.calls.emptyTrash()).toBe(1)
  })

  it('leaves nothing but the database and the log behind when all was thrown away', async () => {
    const folder = temporaryFolder()
    const studio = await openTestStudio(folder)
    const { imageIds } = await runToEnd(studio, { prompt: 'x', batchSize: 2 })
    await studio.calls.trash(imageIds)
    await studio.calls.emptyTrash()
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    )
    expect(files.map(({ name }) => name).filter((name) => !/^studio\.(db|log)|\.lock$/.test(name))).toEqual(
      [],
    )
  })
})
