import { rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import DatabaseFile from 'better-sqlite3'
import sharp, { type Sharp } from 'sharp'
import { describe, expect, it } from 'vitest'
import type { Page } from '../../src/shared/library/history.ts'
import type { Studio } from '../../src/studio/studio.ts'
import { openTestStudio, runToEnd, temporaryFolder } from './fixtures/testStudio.ts'

/** Soft patches of light; every number gives others. */
function scene(number: number): Sharp {
  let state = number * 7919 + 1
  const level = (): number => (state = (state * 48_271) % 2_147_483_647) % 256
  const data = Buffer.from(Array.from({ length: 6 * 6 * 3 }, level))
  return sharp(data, { raw: { width: 6, height: 6, channels: 3 } }).resize(300, 240, { fit: 'fill' })
}

/** Three scenes, and two copies of the first. */
async function folderOfScenes(): Promise<string> {
  const folder = temporaryFolder()
  const write = async (name: string, picture: Sharp): Promise<void> =>
    writeFileSync(join(folder, name), await picture.toBuffer())
  for (const number of [1, 2, 3]) await write(`scene ${number}.png`, scene(number).png())
  const whole = await scene(1).png().toBuffer()
  await write('smaller.jpg', sharp(whole).resize(120, 96).jpeg({ quality: 60 }))
  await write('toned.webp', sharp(whole).modulate({ brightness: 0.9, saturation: 0.4 }).webp())
  return folder
}

async function takenIn(studio: Studio, folder: string): Promise<void> {
  await studio.calls.changeSettings({ importFolders: [folder] })
  await expect.poll(() => studio.calls.history({}), { timeout: 60_000 }).toMatchObject({ total: 5 })
}

const idOf = async (studio: Studio, name: string): Promise<string> =>
  (await studio.calls.history({})).items.find(({ path }) => basename(path) === name)!.id

const names = ({ items }: Page): string[] => items.map(({ path }) => basename(path))

/** What is like a picture, once all were looked at. */
async function likeIt(studio: Studio, search: string): Promise<Page> {
  await expect
    .poll(() => studio.calls.history({ search }), { timeout: 60_000 })
    .toMatchObject({ notLookedAt: 0 })
  return studio.calls.history({ search })
}

describe('R36: pictures that look alike', () => {
  it('are found by one of them, the nearest first, page by page, and with all else that is asked', async () => {
    const studio = await openTestStudio(temporaryFolder(), { followFolders: true })
    await takenIn(studio, await folderOfScenes())
    const id = await idOf(studio, 'scene 1.png')
    const found = await likeIt(studio, `similar:${id}`)
    expect(names(found)).toEqual(['scene 1.png', expect.anything(), expect.anything()])
    expect(names(found).sort()).toEqual(['scene 1.png', 'smaller.jpg', 'toned.webp'])
    expect(found).toMatchObject({ total: 3, nextCursor: null })
    const first = await studio.calls.history({ search: `similar:${id}`, limit: 2 })
    const last = await studio.calls.history({ search: `similar:${id}`, limit: 2, cursor: first.nextCursor })
    expect([...names(first), ...names(last)]).toEqual(names(found))
    expect(names(await likeIt(studio, `similar:${id} size:120x96`))).toEqual(['smaller.jpg'])
    expect(names(await likeIt(studio, `-similar:${id}`)).sort()).toEqual(['scene 2.png', 'scene 3.png'])
    const other = await idOf(studio, 'scene 2.png')
    expect(await likeIt(studio, `similar:${id},${other}`)).toMatchObject({ total: 4 })
    const { size } = await studio.calls.facets({ search: `similar:${id}` })
    expect(size).toContainEqual({ value: '120x96', count: 1 })
    await studio.calls.trash([await idOf(studio, 'toned.webp')])
    expect(await likeIt(studio, `similar:${id}`)).toMatchObject({ total: 2 })
  })

  it('are known also of pictures that were there before, after a restart, and are forgotten with them', async () => {
    const [dataFolder, folder] = [temporaryFolder(), await folderOfScenes()]
    const before = await openTestStudio(dataFolder)
    await takenIn(before, folder)
    const id = await idOf(before, 'scene 1.png')
    // Nothing looks at pictures here but what asks for one.
    expect(await before.calls.history({ search: `similar:${id}` })).toMatchObject({
      total: 1,
      notLookedAt: 4,
    })
    await before.close()
    const after = await openTestStudio(dataFolder, { followFolders: true })
    expect(await likeIt(after, `similar:${id}`)).toMatchObject({ total: 3 })
    await after.calls.trash([id])
    await after.calls.emptyTrash()
    await expect(after.calls.history({ search: `similar:${id}` })).rejects.toMatchObject({
      code: 'not-found',
    })
    await after.close()
    const database = new DatabaseFile(join(dataFolder, 'studio.db'), { readonly: true })
    expect(database.prepare('SELECT count(*) FROM perceptualHashes').pluck().get()).toBe(4)
    database.close()
  })

  it('are looked at once they are saved; a file that is gone holds up no other', async () => {
    const dataFolder = temporaryFolder()
    const first = await openTestStudio(dataFolder)
    await runToEnd(first, { seed: 5 })
    await runToEnd(first, { seed: 5 })
    const [gone, { id }] = (await first.calls.history({})).items
    await first.close()
    rmSync(gone.path)
    rmSync(join(dataFolder, 'thumbnails'), { recursive: true, force: true })
    const studio = await openTestStudio(dataFolder, { followFolders: true })
    await runToEnd(studio, { seed: 5 })
    await expect
      .poll(() => studio.calls.history({ search: `similar:${id}` }), { timeout: 60_000 })
      .toMatchObject({ total: 2, notLookedAt: 1 })
  })
})
