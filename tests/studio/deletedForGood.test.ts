import { copyFileSync, existsSync, readdirSync, readFileSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import DatabaseFile from 'better-sqlite3'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import type { Job } from '../../src/shared/queue/jobs.ts'
import type { Studio } from '../../src/studio/studio.ts'
import { hasEnded, openTestStudio, runToEnd, temporaryFolder, untilJob } from './fixtures/testStudio.ts'

const word = (index: number): string => `secretword${index}`

/** Files of the database that hold a text, in any of SQLite's encodings of it. */
const filesHolding = (folder: string, text: string): string[] =>
  readdirSync(folder).filter(
    (name) => name.startsWith('studio.db') && readFileSync(join(folder, name)).includes(text),
  )

async function takeIn(studio: Studio, shade: number): Promise<string> {
  const png = await sharp({
    create: { width: 64, height: 64, channels: 3, background: { r: shade, g: 0, b: 0 } },
  })
    .png()
    .toBuffer()
  const answer = await studio.assets(
    new Request('http://x/inputs', { method: 'POST', body: new Uint8Array(png) }),
  )
  return ((await answer.json()) as { id: string }).id
}

describe('what was deleted for good', () => {
  it('R15: leaves no word of its prompt in the files of the database nor in the queue', async () => {
    const folder = temporaryFolder()
    const studio = await openTestStudio(folder)
    await runToEnd(studio, { prompt: 'stays here' })
    const ids: string[] = []
    for (let index = 0; index < 12; index++) {
      const prompt = `${word(index)} in a prompt of some length, ${'with more words, '.repeat(index * 20)}at dusk`
      ids.push(...(await runToEnd(studio, { prompt, steps: 1, negativePrompt: word(index) })).imageIds)
    }
    const words = ids.map((_, index) => word(index))
    expect(words.every((text) => filesHolding(folder, text).length > 0)).toBe(true)
    for (const id of ids) await studio.calls.trash([id])
    await studio.calls.restore(ids.slice(0, 3))
    await studio.calls.trash(ids.slice(0, 3))
    expect(await studio.calls.emptyTrash()).toBe(12)
    expect(words.filter((text) => filesHolding(folder, text).length > 0)).toEqual([])
    expect(JSON.stringify(await studio.calls.jobs())).not.toContain('secretword')
    expect((await studio.calls.jobs()).map(({ request }) => request.prompt)).toEqual(['stays here'])
    await studio.close()
    expect(words.filter((text) => filesHolding(folder, text).length > 0)).toEqual([])
    expect(filesHolding(folder, 'stays here')).toEqual(['studio.db'])
  })

  it('R15: leaves no copy that was made to study it, and takes no job along that made none of it', async () => {
    const folder = temporaryFolder()
    const studio = await openTestStudio(folder)
    const { imageIds } = await runToEnd(studio, { prompt: 'x', width: 64, height: 64 })
    const copies = (): string[] => readdirSync(join(folder, 'inputs'))
    await studio.calls.latents({ model: 'starter', imageId: imageIds[0] }).catch(() => {})
    expect(copies()).toHaveLength(1)
    const hangs = await studio.calls.enqueue({ prompt: 'hang' })
    const { id } = await studio.calls.rerun(imageIds[0])
    await studio.calls.cancel(id)
    await studio.calls.stopNow(hangs.id)
    await untilJob(studio, hangs.id, hasEnded)
    await studio.calls.trash(imageIds)
    await studio.calls.emptyTrash()
    expect(copies()).toEqual([])
    expect((await studio.calls.jobs()).map((job) => job.id)).toEqual([hangs.id, id])
  })

  it('R15: goes as a whole even when a job still has other images', async () => {
    const folder = temporaryFolder()
    const studio = await openTestStudio(folder)
    const { id, imageIds } = await runToEnd(studio, { prompt: 'shared', batchSize: 2 })
    await studio.calls.trash([imageIds[0]])
    await studio.calls.emptyTrash()
    expect((await studio.calls.jobs()).map((job) => job.id)).toEqual([id])
    await studio.calls.trash([imageIds[1]])
    await studio.calls.emptyTrash()
    expect(await studio.calls.jobs()).toEqual([])
  })

  it('R15: has its file removed at the next start when the studio ended in between', async () => {
    const folder = temporaryFolder()
    const before = await openTestStudio(folder)
    const { imageIds } = await runToEnd(before, { prompt: 'x', batchSize: 2 })
    const { path } = await before.calls.image(imageIds[0])
    await before.calls.latents({ model: 'starter', imageId: imageIds[0] }).catch(() => {})
    expect(readdirSync(join(folder, 'inputs'))).toHaveLength(1)
    await before.close()
    const database = new DatabaseFile(join(folder, 'studio.db'))
    database.exec(`INSERT INTO removedFiles SELECT file, id FROM images WHERE id = '${imageIds[0]}'`)
    database.exec(`DELETE FROM images WHERE id = '${imageIds[0]}'`)
    database.close()
    const after = await openTestStudio(folder)
    await expect.poll(() => existsSync(path)).toBe(false)
    await expect.poll(() => readdirSync(join(folder, 'inputs'))).toEqual([])
    await wait(200)
    expect((await after.calls.history({})).items.map(({ id }) => id)).toEqual([imageIds[1]])
    expect((await after.calls.status()).notices).toEqual([])
  })
})

describe('a thumbnail', () => {
  it('R15: of a picture nobody knows is removed at the start, no other', async () => {
    const folder = temporaryFolder()
    const before = await openTestStudio(folder)
    const { imageIds } = await runToEnd(before, { prompt: 'x' })
    const { thumbnailUrl } = await before.calls.image(imageIds[0])
    await before.assets(new Request(`http://x${thumbnailUrl}`))
    await before.close()
    const thumbnails = join(folder, 'thumbnails')
    copyFileSync(
      join(thumbnails, `${imageIds[0]}.webp`),
      join(thumbnails, '20200101-000000-0badcafe-01.webp'),
    )
    await openTestStudio(folder)
    await expect.poll(() => readdirSync(thumbnails)).toEqual([`${imageIds[0]}.webp`])
  })
})

describe('a starting picture', () => {
  const isKept = (folder: string, id: string): boolean => existsSync(join(folder, 'inputs', id))

  it('R16: goes with the last image that was made from it, not before', async () => {
    const folder = temporaryFolder()
    const studio = await openTestStudio(folder)
    const start = await takeIn(studio, 10)
    const mask = await takeIn(studio, 20)
    const other = await takeIn(studio, 30)
    const request = { prompt: 'x', initImage: { id: start }, mask: { id: mask }, width: 64, height: 64 }
    const one = await runToEnd(studio, request)
    const two = await runToEnd(studio, request)
    await runToEnd(studio, { ...request, initImage: { id: other }, mask: null })
    await studio.calls.trash(one.imageIds)
    await studio.calls.emptyTrash()
    expect([start, mask, other].map((id) => isKept(folder, id))).toEqual([true, true, true])
    await studio.calls.trash(two.imageIds)
    await studio.calls.emptyTrash()
    expect([start, mask, other].map((id) => isKept(folder, id))).toEqual([false, false, true])
  })

  it('R16: stays while a job refers to it, and goes at a start once it is old and unused', async () => {
    const folder = temporaryFolder()
    const before = await openTestStudio(folder)
    const [young, old, ofFailed] = [await takeIn(before, 1), await takeIn(before, 2), await takeIn(before, 3)]
    await runToEnd(before, { prompt: 'nan', initImage: { id: ofFailed }, width: 64, height: 64 })
    await before.close()
    const longAgo = new Date(Date.now() - 3 * 86_400_000)
    for (const id of [old, ofFailed]) utimesSync(join(folder, 'inputs', id), longAgo, longAgo)
    const after = await openTestStudio(folder)
    await expect.poll(() => isKept(folder, old)).toBe(false)
    expect([young, ofFailed].map((id) => isKept(folder, id))).toEqual([true, true])
    const [{ id }] = await after.calls.jobs()
    await after.calls.dismissJobs([id])
    await after.close()
    await openTestStudio(folder)
    await expect.poll(() => isKept(folder, ofFailed)).toBe(false)
  })
})

async function allJobs(studio: Studio): Promise<Job[]> {
  const all: Job[] = []
  let page = await studio.calls.jobs()
  while (page.length > 0) {
    all.push(...page)
    page = await studio.calls.jobs({ after: page.at(-1)!.id })
  }
  return all
}

describe('jobs that ended', () => {
  it('R5: are forgotten above a hundred, but never a failed one that nobody dismissed', async () => {
    const folder = temporaryFolder()
    const before = await openTestStudio(folder)
    const failed = await runToEnd(before, { prompt: 'nan' })
    const done = await runToEnd(before, { prompt: 'x', steps: 1 })
    await before.close()
    const database = new DatabaseFile(join(folder, 'studio.db'))
    const copy = database.prepare(
      'INSERT INTO jobs (id, state, request, createdAt, finishedAt) SELECT ?, state, request, createdAt, finishedAt FROM jobs WHERE id = ?',
    )
    for (let index = 0; index < 150; index++) copy.run(`copy-${index}`, done.id)
    for (let index = 0; index < 150; index++) copy.run(`failed-${index}`, failed.id)
    database.close()
    const studio = await openTestStudio(folder)
    const all = await allJobs(studio)
    expect(all.filter(({ state }) => state === 'failed')).toHaveLength(151)
    expect(all.filter(({ state }) => state === 'done')).toHaveLength(100)
    await runToEnd(studio, { prompt: 'y', steps: 1 })
    expect((await allJobs(studio)).filter(({ state }) => state === 'failed')).toHaveLength(151)
    await studio.calls.dismissJobs([failed.id])
    expect((await allJobs(studio)).filter(({ state }) => state === 'failed')).toHaveLength(150)
  })
})
