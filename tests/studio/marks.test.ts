import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import DatabaseFile from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { noMarks, type Marks } from '../../src/shared/library/marks.ts'
import { findNodeBinary } from '../../src/studio/paths.ts'
import type { Studio } from '../../src/studio/studio.ts'
import { newImage, writePictures } from './fixtures/pictures.ts'
import { openTestStudio, temporaryFolder } from './fixtures/testStudio.ts'

const images = Array.from({ length: 4 }, (_, index) => newImage(index))
const [one, two, three, four] = images.map(({ id }) => id)

/** A studio on a folder with four pictures that all have entries. */
async function openWithPictures(folder: string): Promise<Studio> {
  await writePictures(folder, images)
  return openTestStudio(folder)
}

const marksOf = async (studio: Studio, id: string): Promise<Marks> => (await studio.calls.image(id)).marks
const ids = (studio: Studio, search: string): Promise<string[]> => studio.calls.historyIds({ search })
const marked: Marks = { rating: 4, isRejected: false, tags: ['cat', '猫'], albums: ['Best'] }

async function markOne(studio: Studio): Promise<void> {
  await studio.calls.mark([one], { rating: 4, addTags: ['cat', '猫'], addAlbums: ['Best'] })
}

describe('stars, rejected, tags and albums', () => {
  it('are changed, found, counted and taken back', async () => {
    const studio = await openWithPictures(temporaryFolder())
    await markOne(studio)
    await studio.calls.mark([two, three], { isRejected: true, addTags: ['dog'] })
    expect(await marksOf(studio, one)).toEqual(marked)
    expect(await ids(studio, 'rating>=4')).toEqual([one])
    expect(await ids(studio, 'tag:猫')).toEqual([one])
    expect(await ids(studio, 'tag:cat,dog -is:rejected')).toEqual([one])
    expect(await ids(studio, 'album="best"')).toEqual([one])
    expect(await ids(studio, '-is:tagged')).toEqual([four])
    expect((await studio.calls.facets({})).tag).toEqual([
      { value: 'cat', count: 1 },
      { value: 'dog', count: 2 },
      { value: '猫', count: 1 },
    ])

    const before = await studio.calls.mark([one, two, 'gone'], { rating: 1, removeTags: ['cat', 'dog'] })
    expect(before.map(({ id }) => id)).toEqual([one, two])
    expect((await studio.calls.facets({ search: 'rating:1' })).tag).toContainEqual({ value: '猫', count: 1 })
    await studio.calls.restoreMarks(before)
    expect(await marksOf(studio, one)).toEqual(marked)
    expect(await marksOf(studio, two)).toEqual({ ...noMarks, isRejected: true, tags: ['dog'] })
    expect(await studio.calls.mark([one], { rating: 4 })).toEqual([])
  })

  it('a name with a comma, too many stars and an unknown change are refused', async () => {
    const studio = await openWithPictures(temporaryFolder())
    for (const change of [{ addTags: ['a,b'] }, { rating: 6 }, { addTags: [''] }, { stars: 3 } as object])
      await expect(studio.calls.mark([one], change)).rejects.toMatchObject({ code: 'bad-request' })
    expect(await marksOf(studio, one)).toEqual(noMarks)
  })

  it.each([
    ['missing', (file: string) => rmSync(file)],
    ['damaged', (file: string) => writeFileSync(file, 'this is no database')],
  ])('R34: come back when the database is %s', async (_how, harm) => {
    const folder = temporaryFolder()
    const before = await openWithPictures(folder)
    await markOne(before)
    await before.calls.mark([two], { rating: 5 })
    await before.calls.mark([two], { rating: 2, isRejected: true })
    await before.close()
    harm(join(folder, 'studio.db'))
    const after = await openTestStudio(folder)
    expect(await marksOf(after, one)).toEqual(marked)
    expect(await marksOf(after, two)).toEqual({ ...noMarks, rating: 2, isRejected: true })
    expect(await marksOf(after, three)).toEqual(noMarks)
  })

  it('R34: come back without their file, as far as the damaged database can be read', async () => {
    const folder = temporaryFolder()
    const before = await openWithPictures(folder)
    await markOne(before)
    await before.close()
    rmSync(join(folder, 'images', 'marks.jsonl'))
    writeFileSync(join(folder, 'studio-damaged.txt'), 'found damaged')
    expect(await marksOf(await openTestStudio(folder), one)).toEqual(marked)
  })

  it('R34: stay when the entry of a picture is made again, and come with pictures that are put there', async () => {
    const folder = temporaryFolder()
    const before = await openWithPictures(folder)
    await markOne(before)
    await before.calls.mark([two], { rating: 3 })
    await before.close()
    const database = new DatabaseFile(join(folder, 'studio.db'))
    database.prepare("UPDATE images SET request = 'no JSON' WHERE id = ?").run(one)
    database.prepare('DELETE FROM images WHERE id = ?').run(two)
    database.close()
    const broken = await openTestStudio(folder)
    await expect
      .poll(() =>
        broken.calls.image(two).then(
          ({ marks }) => marks.rating,
          () => null,
        ),
      )
      .toBe(3)
    await broken.calls.history({})
    await broken.close()
    const mended = await openTestStudio(folder)
    await expect.poll(() => marksOf(mended, one).catch(() => null)).toEqual(marked)
  })

  it('R34: a line that was cut off costs itself alone', async () => {
    const folder = temporaryFolder()
    const file = join(folder, 'images', 'marks.jsonl')
    const before = await openWithPictures(folder)
    await markOne(before)
    await before.calls.mark([two], { rating: 5 })
    await before.close()
    truncateSync(file, readFileSync(file).length - 10)
    appendFileSync(file, '\n{"id":"../away","rating":1,"isRejected":false,"tags":[],"albums":[]}\n{"rating":')
    const between = await openTestStudio(folder)
    await between.calls.mark([three], { rating: 1 })
    await between.close()
    rmSync(join(folder, 'studio.db'))
    const after = await openTestStudio(folder)
    expect(await marksOf(after, one)).toEqual(marked)
    expect(await marksOf(after, two)).toEqual(noMarks)
    expect(await marksOf(after, three)).toEqual({ ...noMarks, rating: 1 })
  })

  it('R34: R22: what was answered is there after a kill in the middle, in the database and beside the pictures', async () => {
    const folder = temporaryFolder()
    await writePictures(folder, images)
    const program = fileURLToPath(new URL('fixtures/markProcess.ts', import.meta.url))
    const child = spawn(findNodeBinary(), [program, folder, one], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    let answered = 0
    const { promise: enough, resolve } = Promise.withResolvers<void>()
    child.on('message', (count: number) => {
      answered = count
      if (count === 40) resolve()
    })
    await enough
    const closed = once(child, 'close')
    child.kill('SIGKILL')
    await closed
    const tags = async (studio: Studio): Promise<number> => (await marksOf(studio, one)).tags.length
    const first = await openTestStudio(folder)
    expect(await tags(first)).toBeGreaterThanOrEqual(answered)
    await first.close()
    rmSync(join(folder, 'studio.db'))
    expect(await tags(await openTestStudio(folder))).toBeGreaterThanOrEqual(answered)
  })

  it('R15: go for good with the picture', async () => {
    const folder = temporaryFolder()
    const studio = await openWithPictures(folder)
    await studio.calls.mark([one, two], { addTags: ['secret'] })
    await studio.calls.mark([three], { rating: 1 })
    await studio.calls.trash([one, two])
    await studio.calls.emptyTrash()
    const file = join(folder, 'images', 'marks.jsonl')
    expect(readFileSync(file, 'utf8')).not.toContain('secret')
    expect(readFileSync(file, 'utf8')).toContain(three)
    expect((await studio.calls.facets({})).tag).toEqual([])
    await studio.calls.trash([three, four])
    await studio.calls.emptyTrash()
    expect(existsSync(file)).toBe(false)
    await studio.close()
    expect(readFileSync(join(folder, 'studio.db')).includes('secret')).toBe(false)
  })
})
