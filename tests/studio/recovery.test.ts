import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import DatabaseFile from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openDatabase } from '../../src/studio/history/database/database.ts'
import { migrations } from '../../src/studio/history/database/migrations.ts'
import { findNodeBinary } from '../../src/studio/paths.ts'
import type { Studio } from '../../src/studio/studio.ts'
import { newImage, writePictures } from './fixtures/pictures.ts'
import { hasEnded, openTestStudio, runToEnd, temporaryFolder, untilJob } from './fixtures/testStudio.ts'

const studioProgram = fileURLToPath(new URL('fixtures/studioProcess.ts', import.meta.url))

const images = (count: number) => Array.from({ length: count }, (_, index) => newImage(index))

async function shownIds(studio: Studio, trashed = false): Promise<string[]> {
  const { items, total } = await studio.calls.history({ limit: 500, trashed })
  expect(total).toBe(items.length)
  return items.map(({ id }) => id).sort()
}

const messages = async (studio: Studio): Promise<string> =>
  (await studio.calls.status()).notices.map(({ message }) => message).join('\n')

/** Changes the database of a folder nobody has open. */
function change(folder: string, sql: string, ...values: unknown[]): void {
  const database = new DatabaseFile(join(folder, 'studio.db'))
  database.prepare(sql).run(...values)
  database.close()
}

describe('a database that is not what it was', () => {
  it.each([
    ['missing', (file: string) => rmSync(file)],
    ['empty', (file: string) => writeFileSync(file, '')],
    [
      'empty',
      (file: string) => {
        rmSync(file)
        openDatabase(file).close()
      },
    ],
  ])('R12: is rebuilt from the pictures when it is %s, and that is said', async (how, harm) => {
    const folder = temporaryFolder()
    const before = await openTestStudio(folder)
    const { imageIds } = await runToEnd(before, { prompt: 'kept', batchSize: 3 })
    await before.calls.trash([imageIds[0]])
    await before.close()
    harm(join(folder, 'studio.db'))
    const after = await openTestStudio(folder)
    expect(await shownIds(after)).toEqual([...imageIds].sort())
    expect(await messages(after)).toMatch(new RegExp(`${how}.*3 came back.*queue.*trash`))
  })

  it('R12: is not called empty when a job was cut off before its first picture had a row', async () => {
    const folder = temporaryFolder()
    const before = await openTestStudio(folder)
    const { id, imageIds } = await runToEnd(before, { prompt: 'kept' })
    await before.close()
    change(folder, 'DELETE FROM images')
    const after = await openTestStudio(folder)
    await expect.poll(() => shownIds(after)).toEqual(imageIds)
    expect(await messages(after)).not.toContain('rebuilt')
    expect((await after.calls.jobs()).map((job) => job.id)).toEqual([id])
  })

  it('R12: is not called missing in a folder without pictures of ours', async () => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'images'))
    writeFileSync(join(folder, 'images', 'holiday.png'), 'no picture of ours')
    expect(await messages(await openTestStudio(folder))).toBe('')
  })

  it('R12: is rebuilt from the beginning when the rebuild was cut off, wherever that was', async () => {
    const folder = temporaryFolder()
    const all = images(150)
    await writePictures(folder, all)
    writeFileSync(join(folder, 'studio.db'), 'this is no database')
    for (const delay of [0, 20, 60, 120, 200]) {
      const child = spawn(findNodeBinary(), [studioProgram, folder], { stdio: 'ignore' })
      onTestFinished(() => void child.kill('SIGKILL'))
      const closed = once(child, 'close')
      const hasBegun = (): boolean => existsSync(join(folder, 'studio-rebuild.db')) || child.exitCode !== null
      await expect.poll(hasBegun, { interval: 1 }).toBe(true)
      await wait(delay)
      child.kill('SIGKILL')
      await closed
    }
    const studio = await openTestStudio(folder)
    expect(await shownIds(studio)).toEqual(all.map(({ id }) => id).sort())
    expect(readdirSync(folder).filter((name) => /^studio-damaged-.*\.db$/.test(name))).toHaveLength(1)
    expect(existsSync(join(folder, 'studio-rebuild.db'))).toBe(false)
  })

  it.each([
    ['before the new one took its place', 'studio-rebuild.db'],
    ['before the old one was named', 'studio.db'],
  ])('R12: is put right when the rebuild was cut off %s', async (_when, place) => {
    const folder = temporaryFolder()
    const before = await openTestStudio(folder)
    const { imageIds } = await runToEnd(before, { prompt: 'kept', batchSize: 2 })
    await before.calls.trash([imageIds[0]])
    await before.close()
    renameSync(join(folder, 'studio.db'), join(folder, 'studio-damaged.db'))
    if (place === 'studio.db') {
      rmSync(join(folder, 'studio-damaged.db'))
      writeFileSync(join(folder, 'studio-damaged.db'), 'this is no database')
      const rebuilt = await openTestStudio(folder)
      await rebuilt.close()
      for (const name of readdirSync(folder).filter((name) => name.startsWith('studio-damaged-')))
        renameSync(join(folder, name), join(folder, 'studio-damaged.db'))
    } else writeFileSync(join(folder, place), 'half a database')
    const after = await openTestStudio(folder)
    expect((await shownIds(after)).length + (await shownIds(after, true)).length).toBe(2)
    expect(await messages(after)).toMatch(/damaged.*2 came back/)
    expect(readdirSync(folder).filter((name) => /^studio-damaged-.*\.db$/.test(name))).toHaveLength(1)
    expect(existsSync(join(folder, 'studio-damaged.db'))).toBe(false)
  })

  it('R12: is not replaced under another studio that works with it', async () => {
    const folder = temporaryFolder()
    const window = await openTestStudio(folder)
    await runToEnd(window, { prompt: 'kept' })
    writeFileSync(join(folder, 'studio-damaged.txt'), 'row missing from index')
    await expect(openTestStudio(folder)).rejects.toMatchObject({
      code: 'corrupt-database',
      message: expect.stringContaining('another Latent Studio') as string,
    })
    await window.close()
    const after = await openTestStudio(folder)
    expect(await messages(after)).toMatch(/damaged.*1 came back\.$/)
    expect(existsSync(join(folder, 'studio-damaged.txt'))).toBe(false)
  })

  it('R5: R12: is rebuilt with its jobs, the failed ones too', async () => {
    const folder = temporaryFolder()
    const before = await openTestStudio(folder)
    const failed = await runToEnd(before, { prompt: 'nan' })
    await runToEnd(before, { prompt: 'kept' })
    await before.close()
    writeFileSync(join(folder, 'studio-damaged.txt'), 'found by a check')
    const after = await openTestStudio(folder)
    expect(await after.calls.jobs()).toContainEqual(failed)
  })
})

describe('a job that goes on after a rebuild', () => {
  it('R3: draws no image again whose file was adopted, and deletes none', async () => {
    const folder = temporaryFolder()
    const before = await openTestStudio(folder)
    const job = await before.calls.enqueue({ prompt: 'slow', steps: 3, batchSize: 4, seed: 5 })
    await untilJob(before, job.id, ({ imageIds }) => imageIds.length >= 2)
    await before.close()
    // What is left is an older copy of the database, in which the job has not begun.
    change(folder, 'UPDATE jobs SET imagesDone = 0')
    change(folder, 'DELETE FROM images')
    writeFileSync(join(folder, 'studio-damaged.txt'), 'found by a check')
    const files = (): string[] =>
      readdirSync(join(folder, 'images'), { recursive: true, encoding: 'utf8' }).filter((name) =>
        name.endsWith('.png'),
      )
    const drawn = files().map((name) => [name, readFileSync(join(folder, 'images', name))] as const)
    expect(drawn.length).toBeGreaterThanOrEqual(2)

    const after = await openTestStudio(folder)
    const done = await untilJob(after, job.id, hasEnded)
    expect(done).toMatchObject({ state: 'done', error: null })
    expect(new Set(done.imageIds).size).toBe(4)
    expect(await shownIds(after)).toEqual([...done.imageIds].sort())
    expect(files()).toHaveLength(4)
    for (const [name, bytes] of drawn) expect(readFileSync(join(folder, 'images', name))).toEqual(bytes)
  })
})

describe('a picture without a row', () => {
  it('R11: of a job that is given up is in the history at the next start', async () => {
    const folder = temporaryFolder()
    const before = await openTestStudio(folder)
    const { id, imageIds } = await runToEnd(before, { prompt: 'kept', batchSize: 3 })
    await before.close()
    change(folder, "DELETE FROM images WHERE id LIKE '%-03'")
    change(folder, "UPDATE jobs SET state = 'running', interruptions = 1, imagesDone = 2, owner = NULL")
    const after = await openTestStudio(folder)
    expect(await shownIds(after)).toEqual([...imageIds].sort())
    const job = (await after.calls.jobs()).find((one) => one.id === id)!
    expect(job).toMatchObject({ state: 'failed', error: { code: 'interrupted' }, imageIds })
    await after.calls.retry(id)
    expect(await untilJob(after, id, hasEnded)).toMatchObject({ state: 'done', imageIds })
  })

  it('R11: of no job we know gets one, and that is said', async () => {
    const folder = temporaryFolder()
    const before = await openTestStudio(folder)
    await runToEnd(before, { prompt: 'there already' })
    await before.close()
    const left = images(3)
    await writePictures(folder, left)
    const after = await openTestStudio(folder)
    await expect.poll(async () => (await shownIds(after)).length).toBe(4)
    await expect.poll(() => messages(after)).toMatch(/3 pictures on disk/)
    await after.close()
    expect(await messages(await openTestStudio(folder))).toBe('')
  })

  it('R10: keeps its file when the row cannot be written, and gets it when that works again', async () => {
    const folder = temporaryFolder()
    const studio = await openTestStudio(folder)
    const refuse = new DatabaseFile(join(folder, 'studio.db'))
    refuse.exec("CREATE TRIGGER refuse BEFORE INSERT ON images BEGIN SELECT RAISE(ABORT, 'no'); END")
    const failed = await runToEnd(studio, { prompt: 'finished' })
    expect(failed).toMatchObject({ state: 'failed' })
    refuse.exec('DROP TRIGGER refuse')
    refuse.close()
    expect(readdirSync(join(folder, 'images'), { recursive: true })).toHaveLength(2)
    await studio.calls.retry(failed.id)
    const done = await untilJob(studio, failed.id, hasEnded)
    expect(done).toMatchObject({ state: 'done', error: null })
    expect(await shownIds(studio)).toEqual(done.imageIds)
    // The file was taken in as it was, not drawn again.
    expect((await studio.calls.status()).engine).toBe('idle')
    expect(readdirSync(join(folder, 'images'), { recursive: true })).toHaveLength(2)
  })
})

describe('one entry that cannot be read', () => {
  it.each([
    ['no JSON', '{"prompt": "half'],
    ['null', 'null'],
    ['without a seed', '{"prompt": "x", "width": 64, "height": 64, "seed": null}'],
    ['of another type', '{"prompt": 7, "width": 64, "height": 64, "seed": 1}'],
  ])('R13: (%s) in the history is left out, said, and made again from its picture', async (_how, request) => {
    const folder = temporaryFolder()
    const before = await openTestStudio(folder)
    const { imageIds } = await runToEnd(before, { prompt: 'three', batchSize: 3 })
    await before.close()
    change(folder, 'UPDATE images SET request = ? WHERE id = ?', request, imageIds[1])
    const after = await openTestStudio(folder)
    expect(await shownIds(after)).toEqual([imageIds[0], imageIds[2]].sort())
    expect(await messages(after)).toContain(imageIds[1])
    await expect(after.calls.image(imageIds[1])).rejects.toMatchObject({ code: 'not-found' })
    await expect(after.calls.rerun(imageIds[1])).rejects.toMatchObject({ code: 'not-found' })
    expect(await runToEnd(after, { prompt: 'goes on' })).toMatchObject({ state: 'done' })
    await after.close()

    const mended = await openTestStudio(folder)
    await expect.poll(async () => (await shownIds(mended)).length).toBe(4)
    const { request: again } = await mended.calls.image(imageIds[1])
    expect(again.prompt).toBe('three')
    expect((await mended.calls.history({ search: 'three' })).total).toBe(3)
  })

  it('R13: in the timings of a picture in the trash is left out there', async () => {
    const folder = temporaryFolder()
    const before = await openTestStudio(folder)
    const { imageIds } = await runToEnd(before, { prompt: 'x', batchSize: 2 })
    await before.calls.trash(imageIds)
    await before.close()
    change(folder, "UPDATE images SET timings = '{}' WHERE id = ?", imageIds[0])
    const after = await openTestStudio(folder)
    expect(await shownIds(after, true)).toEqual([imageIds[1]])
    expect(await after.calls.emptyTrash()).toBe(2)
  })

  it.each([
    ['its request', 'request', 'no JSON'],
    ['its request without a size', 'request', '{"prompt": "x", "seed": 1}'],
  ])('R13: in the queue (%s) does not keep the studio from starting', async (_what, column, value) => {
    const folder = temporaryFolder()
    const before = await openTestStudio(folder)
    await runToEnd(before, { prompt: 'x' })
    const second = await runToEnd(before, { prompt: 'nan' })
    await before.close()
    change(folder, `UPDATE jobs SET ${column} = ?, state = 'queued' WHERE id <> ?`, value, second.id)
    const after = await openTestStudio(folder)
    expect((await after.calls.jobs()).map(({ id }) => id)).toEqual([second.id])
    expect(await messages(after)).toMatch(/Job .* cannot be read/)
    expect(await runToEnd(after, { prompt: 'goes on' })).toMatchObject({ state: 'done' })
    await after.close()
    expect(await messages(await openTestStudio(folder))).toBe('')
  })

  it('R13: of why a job failed is replaced', async () => {
    const folder = temporaryFolder()
    const before = await openTestStudio(folder)
    const { id } = await runToEnd(before, { prompt: 'nan' })
    await before.close()
    change(folder, "UPDATE jobs SET error = '[1'")
    const [job] = await (await openTestStudio(folder)).calls.jobs()
    expect(job).toMatchObject({ id, state: 'failed', error: { code: 'internal' } })
  })
})

describe('an entry that names a file outside the images', () => {
  it.each([
    ['../secret.png'],
    ['../../secret.png'],
    ['2026-01/../../secret.png'],
    ['/etc/hostname'],
    ['..'],
    [''],
    ['2026-01//../x.png'],
  ])('R14: (%s) shows and deletes nothing there', async (file) => {
    const folder = temporaryFolder()
    const before = await openTestStudio(folder)
    const { imageIds } = await runToEnd(before, { prompt: 'x', batchSize: 2 })
    await before.close()
    writeFileSync(join(folder, 'secret.png'), 'secret')
    change(folder, 'UPDATE images SET file = ? WHERE id = ?', file, imageIds[0])
    const after = await openTestStudio(folder)
    expect((await after.assets(new Request(`http://x/images/${imageIds[0]}.png`))).status).toBe(404)
    expect((await after.assets(new Request(`http://x/thumbnails/${imageIds[0]}.webp`))).status).toBe(404)
    expect(await shownIds(after)).toEqual([imageIds[1]])
    await after.close()
    change(folder, 'UPDATE images SET trashedAt = 1, problem = NULL')
    const emptied = await openTestStudio(folder)
    await emptied.calls.emptyTrash()
    expect(readFileSync(join(folder, 'secret.png'), 'utf8')).toBe('secret')
  })

  it('R14: by its id deletes nothing there either', async () => {
    const folder = temporaryFolder()
    const before = await openTestStudio(folder)
    await runToEnd(before, { prompt: 'x' })
    await before.close()
    writeFileSync(join(folder, 'secret.webp'), 'secret')
    change(folder, "UPDATE images SET id = '../secret', trashedAt = 1")
    const after = await openTestStudio(folder)
    expect(await shownIds(after, true)).toEqual([])
    await after.calls.emptyTrash()
    expect(readFileSync(join(folder, 'secret.webp'), 'utf8')).toBe('secret')
  })

  it.skipIf(process.platform === 'win32').each(['the file', 'its folder'])(
    'R14: by a symbolic link in the place of %s shows and deletes nothing there',
    async (what) => {
      const folder = temporaryFolder()
      const elsewhere = temporaryFolder()
      const studio = await openTestStudio(folder)
      const { imageIds } = await runToEnd(studio, { prompt: 'x' })
      const { path } = await studio.calls.image(imageIds[0])
      const moved = what === 'the file' ? path : join(path, '..')
      renameSync(moved, join(elsewhere, 'target'))
      symlinkSync(join(elsewhere, 'target'), moved)
      const answer = await studio.assets(new Request(`http://x/images/${imageIds[0]}.png`))
      expect(answer.status).toBe(404)
      expect(await answer.json()).toMatchObject({ message: expect.stringContaining('link') as string })
      await studio.calls.trash(imageIds)
      expect(await studio.calls.emptyTrash()).toBe(1)
      expect(readdirSync(elsewhere, { recursive: true }).length).toBe(what === 'the file' ? 1 : 2)
      await studio.close()
      // Nor is what lies there taken for a picture without a row.
      expect(await shownIds(await openTestStudio(folder))).toEqual([])
    },
  )
})

describe('a database of the first version', () => {
  it('R10: comes along with its rows in their order, its trash and its words', async () => {
    const folder = temporaryFolder()
    const made = images(6)
    await writePictures(folder, made)
    const old = new DatabaseFile(join(folder, 'studio.db'))
    old.exec(migrations[0] as string)
    old.pragma('user_version = 1')
    const insert = old.prepare(`
      INSERT INTO images (
        id, jobId, createdAt, trashedAt, file, width, height, request, modelId, modelName, modelHash, engineVersion,
        onnxRuntimeVersion, device, dtype, timings
      ) VALUES (?, ?, ?, ?, ?, 64, 64, ?, 'm', 'm', 'h', '1', '2', 'cpu', 'float32', ?)`)
    made.forEach(({ id, jobId, file, request, timings }, index) => {
      const text = index === 3 ? JSON.stringify({ ...request, seed: null }) : JSON.stringify(request)
      insert.run(
        id,
        jobId,
        1000 - Math.floor(index / 2),
        index === 5 ? 7 : null,
        file,
        text,
        JSON.stringify(timings),
      )
    })
    old.close()
    const studio = await openTestStudio(folder)
    expect((await studio.calls.history({})).items.map(({ id }) => id)).toEqual(
      [1, 0, 2, 4].map((index) => made[index].id),
    )
    expect((await studio.calls.history({ search: 'picture' })).total).toBe(4)
    expect(await shownIds(studio, true)).toEqual([made[5].id])
    expect((await studio.calls.history({ search: 'picture 5', trashed: true })).total).toBe(1)
    await studio.close()
    const mended = await openTestStudio(folder)
    await expect.poll(async () => (await shownIds(mended)).length).toBe(5)
  })
})

describe('a database too large to be looked through before it is used', () => {
  it('R12: R18: is looked through beside the work; damage is said, and mended at the next start', async () => {
    const folder = temporaryFolder()
    const file = join(folder, 'studio.db')
    const before = await openTestStudio(folder)
    const { imageIds } = await runToEnd(before, { prompt: 'kept', batchSize: 2 })
    await before.close()
    const database = new DatabaseFile(file)
    database.exec('CREATE TABLE ballast (bytes BLOB); INSERT INTO ballast VALUES (zeroblob(20000000))')
    const root = database
      .prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'unreadableImages'")
      .pluck()
      .get()
    const pageSize = database.pragma('page_size', { simple: true }) as number
    database.close()
    const whole = await openTestStudio(folder)
    await wait(500)
    expect(await messages(whole)).toBe('')
    await whole.close()
    const bytes = readFileSync(file)
    bytes.fill(0xff, ((root as number) - 1) * pageSize, (root as number) * pageSize)
    writeFileSync(file, bytes)

    const damaged = await openTestStudio(folder)
    await expect.poll(() => messages(damaged)).toMatch(/damaged.*Restart/)
    await damaged.close()
    const mended = await openTestStudio(folder)
    expect(await messages(mended)).toMatch(/damaged.*2 came back/)
    expect(await shownIds(mended)).toEqual([...imageIds].sort())
  })

  it.each([
    ['the end is missing', (bytes: Buffer) => bytes.subarray(0, bytes.length - 1_000_000)],
    ['its beginning is overwritten', (bytes: Buffer) => bytes.fill(0, 0, 100)],
  ])('R12: is rebuilt at once when %s', async (_what, harm) => {
    const folder = temporaryFolder()
    const file = join(folder, 'studio.db')
    const before = await openTestStudio(folder)
    await runToEnd(before, { prompt: 'kept', batchSize: 2 })
    await before.close()
    const database = new DatabaseFile(file)
    database.exec('CREATE TABLE ballast (bytes BLOB); INSERT INTO ballast VALUES (zeroblob(20000000))')
    database.close()
    writeFileSync(file, harm(readFileSync(file)))
    expect(await messages(await openTestStudio(folder))).toMatch(/damaged.*2 came back/)
  })
})
