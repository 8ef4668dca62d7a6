import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import DatabaseFile from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import type { ImageRecord } from '../../src/shared/library/history.ts'
import type { ImportState } from '../../src/shared/library/imports.ts'
import { encodePng } from '../../src/studio/pictures/images.ts'
import type { Studio } from '../../src/studio/studio.ts'
import { openTestStudio, runToEnd, temporaryFolder } from './fixtures/testStudio.ts'

const cases = fileURLToPath(new URL('metadata/cases', import.meta.url))
const importProgram = fileURLToPath(new URL('../../src/cli/import.ts', import.meta.url))
const made = [
  'forge-neo.png',
  'invokeai-images-list.png',
  'swarmui-init-picture.png',
  'draw-things.jpg',
  'novelai-v45.webp',
]

const photo = (level: number): Promise<Buffer> =>
  encodePng({ width: 40, height: 30, data: new Uint8Array(40 * 30 * 3).fill(level) })

/** Pictures of which no two are the same. */
const numbered = (number: number): Promise<Buffer> =>
  encodePng({ width: 2, height: 1, data: Uint8Array.from([number % 256, number >> 8, 1, 2, 3, 4]) })

function countRows(dataFolder: string): number {
  try {
    const database = new DatabaseFile(join(dataFolder, 'studio.db'), { readonly: true })
    try {
      return database.prepare('SELECT count(*) FROM importedFiles').pluck().get() as number
    } finally {
      database.close()
    }
  } catch {
    // It is being made.
    return 0
  }
}

/** Pictures of other programs, a photo, and what is none. */
async function folderOfPictures(): Promise<string> {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'below'))
  for (const name of made) copyFileSync(join(cases, name), join(folder, 'below', name))
  writeFileSync(join(folder, 'photo.png'), await photo(90))
  writeFileSync(join(folder, 'no picture.png'), 'words')
  return folder
}

/** Looks through the folders, and answers when that is done. */
async function lookedThrough(studio: Studio, change?: string[]): Promise<ImportState> {
  await (change ? studio.calls.changeSettings({ importFolders: change }) : studio.calls.lookForImports())
  await expect.poll(async () => (await studio.calls.imports()).phase).toBe('idle')
  return studio.calls.imports()
}

const found = async (studio: Studio, search = '', trashed = false): Promise<ImageRecord[]> =>
  (await studio.calls.history({ search, trashed, limit: 500 })).items

const names = (images: readonly ImageRecord[]): string[] =>
  images.map(({ path }) => path.split(/[/\\]/).at(-1)!).sort()

describe('R35: a folder of pictures', () => {
  it('shows in the library with what its files tell, beside our own, and is only read', async () => {
    const folder = await folderOfPictures()
    const before = listing(folder)
    const studio = await openTestStudio()
    await runToEnd(studio, { prompt: 'our own' })
    const state = await lookedThrough(studio, [folder])
    expect(state.folders).toEqual([{ path: folder, pictures: made.length + 1, problem: null }])
    expect(names(await found(studio, 'is:imported'))).toEqual([...made, 'photo.png'].sort())
    expect(await found(studio, '-is:imported')).toHaveLength(1)
    expect(names(await found(studio, 'tool:none'))).toEqual(['photo.png'])
    expect(names(await found(studio, 'tool:"Forge Neo"'))).toEqual(['forge-neo.png'])
    // What a photo does not tell is nothing: neither our defaults nor what a search would take for them.
    expect(names(await found(studio, 'tool:none steps<1000'))).toEqual([])
    expect(names(await found(studio, 'is:imported -batch:1'))).toEqual([...made, 'photo.png'].sort())
    const { tool, sampler } = await studio.calls.facets({ search: 'is:imported' })
    expect(tool).toHaveLength(made.length + 1)
    expect(sampler.map(({ value }) => value)).not.toContain('')
    const [forge] = await found(studio, 'tool:"Forge Neo"')
    expect(await studio.calls.importedGeneration(forge.id)).toMatchObject({ source: 'Forge Neo' })
    expect(await studio.calls.imageText(forge.id)).toContain('Steps: ')
    for (const { url, thumbnailUrl } of await found(studio, 'is:imported')) {
      expect((await studio.assets(new Request(`http://localhost${url}`))).status).toBe(200)
      expect((await studio.assets(new Request(`http://localhost${thumbnailUrl}`))).status).toBe(200)
    }
    await expect(studio.calls.rerun(forge.id)).rejects.toMatchObject({ code: 'bad-request' })
    expect(listing(folder)).toEqual(before)
  })

  it('keeps its files when its pictures go, and does not take them in again', async () => {
    const folder = await folderOfPictures()
    const before = listing(folder)
    const studio = await openTestStudio()
    await lookedThrough(studio, [folder])
    const [forge] = await found(studio, 'tool:"Forge Neo"')
    await studio.calls.trash([forge.id])
    await lookedThrough(studio)
    expect(names(await found(studio, '', true))).toEqual(['forge-neo.png'])
    expect(await studio.calls.emptyTrash()).toBe(1)
    expect(listing(folder)).toEqual(before)
    await lookedThrough(studio)
    expect(await found(studio, 'tool:"Forge Neo"')).toEqual([])
    await lookedThrough(studio, [])
    expect(await found(studio)).toEqual([])
    await lookedThrough(studio, [folder])
    expect(await found(studio)).toHaveLength(made.length + 1)
    expect(listing(folder)).toEqual(before)
  })

  it('may be moved about in: pictures keep their marks, and what is gone leaves the library', async () => {
    const folder = await folderOfPictures()
    const studio = await openTestStudio()
    await lookedThrough(studio, [folder])
    const [forge] = await found(studio, 'tool:"Forge Neo"')
    await studio.calls.mark([forge.id], { rating: 4 })
    renameSync(join(folder, 'below', 'forge-neo.png'), join(folder, 'moved.png'))
    rmSync(join(folder, 'photo.png'))
    await lookedThrough(studio)
    expect(await found(studio, 'rating:4')).toMatchObject([{ id: forge.id, path: join(folder, 'moved.png') }])
    expect(await found(studio)).toHaveLength(made.length)
  })

  it('that lies in another one stays with what is said of it when the other one is taken out', async () => {
    const folder = await folderOfPictures()
    const studio = await openTestStudio()
    await lookedThrough(studio, [folder, join(folder, 'below')])
    const [forge] = await found(studio, 'tool:"Forge Neo"')
    const [swarm] = await found(studio, 'tool:SwarmUI')
    await studio.calls.mark([forge.id], { rating: 4 })
    await studio.calls.trash([swarm.id])
    const { folders } = await lookedThrough(studio, [join(folder, 'below')])
    expect(folders).toMatchObject([{ pictures: made.length, problem: null }])
    expect(names(await found(studio))).toEqual(made.filter((name) => !name.startsWith('swarm')).sort())
    expect(names(await found(studio, 'rating:4'))).toEqual(['forge-neo.png'])
  })

  it('may hold files changed in place, files of one moment, thumbnails, and files nobody may read', async () => {
    const folder = await folderOfPictures()
    mkdirSync(join(folder, 'thumbnails'))
    copyFileSync(join(folder, 'photo.png'), join(folder, 'thumbnails', 'photo.webp'))
    const together = new Date(2020, 0, 1)
    for (let level = 0; level < 40; level++) {
      writeFileSync(join(folder, `${level}.png`), await photo(level))
      utimesSync(join(folder, `${level}.png`), together, together)
    }
    const studio = await openTestStudio()
    const { folders } = await lookedThrough(studio, [folder])
    expect(folders).toMatchObject([{ pictures: made.length + 41, problem: null }])
    const [changing] = (await found(studio, 'tool:none')).filter(({ path }) => path.endsWith('photo.png'))
    await studio.calls.mark([changing.id], { addTags: ['kept'] })
    writeFileSync(join(folder, 'photo.png'), await photo(91))
    mkdirSync(join(folder, 'as a folder.png'))
    if (process.getuid?.() !== 0) {
      writeFileSync(join(folder, 'closed.png'), await photo(92))
      chmodSync(join(folder, 'closed.png'), 0)
    }
    const after = await lookedThrough(studio)
    expect(await found(studio, 'tag:kept')).toMatchObject([{ path: join(folder, 'photo.png') }])
    expect(await found(studio)).toHaveLength(made.length + 41)
    if (process.getuid?.() !== 0) expect(after.folders[0].problem?.message).toContain('closed.png')
  })

  it('cut off by a kill in the middle, loses no picture and doubles none', async () => {
    const [folder, dataFolder] = [await folderOfPictures(), temporaryFolder()]
    const count = 300
    for (let number = 0; number < count; number++)
      writeFileSync(join(folder, `${number}.png`), await numbered(number))
    for (const least of [20, 150]) {
      const reading = spawn(process.execPath, [importProgram, '--data', dataFolder, folder])
      const closed = once(reading, 'close')
      await expect
        .poll(() => countRows(dataFolder), { timeout: 60_000, interval: 5 })
        .toBeGreaterThanOrEqual(least)
      reading.kill('SIGKILL')
      await closed
    }
    const studio = await openTestStudio(dataFolder)
    const { folders } = await lookedThrough(studio)
    expect(folders).toMatchObject([{ pictures: count + made.length + 1, problem: null }])
    const images = await found(studio)
    expect(names(images)).toEqual(
      listing(folder)
        .filter((name) => /\d\.png$|photo/.test(name) || name.startsWith('below/'))
        .map((name) => name.replace('below/', ''))
        .sort(),
    )
  })

  it('that vanishes is said, and its pictures stay known', async () => {
    const folder = await folderOfPictures()
    const studio = await openTestStudio()
    await lookedThrough(studio, [folder])
    renameSync(folder, `${folder}-away`)
    const { folders } = await lookedThrough(studio)
    expect(folders).toMatchObject([
      { pictures: made.length + 1, problem: { message: expect.stringContaining('not there') as string } },
    ])
    expect((await studio.calls.status()).notices.at(-1)!.message).toContain(folder)
    expect(await found(studio)).toHaveLength(made.length + 1)
    const [{ url }] = await found(studio)
    expect((await studio.assets(new Request(`http://localhost${url}`))).status).toBe(404)
    mkdirSync(folder)
    expect((await lookedThrough(studio)).folders).toMatchObject([
      { problem: { message: expect.stringContaining('empty') as string } },
    ])
    expect(await found(studio)).toHaveLength(made.length + 1)
    rmSync(folder, { recursive: true })
    renameSync(`${folder}-away`, folder)
    expect((await lookedThrough(studio)).folders).toMatchObject([{ problem: null }])
  })

  it.skipIf(process.platform === 'win32')(
    'may hold pipes, circles, and links that lead elsewhere or nowhere',
    async () => {
      const [folder, elsewhere] = [await folderOfPictures(), temporaryFolder()]
      writeFileSync(join(elsewhere, 'linked.png'), await photo(10))
      execFileSync('mkfifo', [join(folder, 'pipe.png')])
      symlinkSync(folder, join(folder, 'below', 'up'))
      symlinkSync('nowhere.png', join(folder, 'broken.png'))
      symlinkSync(elsewhere, join(folder, 'elsewhere'))
      symlinkSync(join(folder, 'photo.png'), join(folder, 'same.png'))
      const studio = await openTestStudio()
      await lookedThrough(studio, [folder, join(folder, 'below')])
      expect(await found(studio)).toHaveLength(made.length + 2)
      expect(names(await found(studio))).toContain('linked.png')
    },
  )

  it.each([
    [
      'damaged',
      (dataFolder: string) => writeFileSync(join(dataFolder, 'studio-damaged.txt'), 'a row is missing'),
      1,
    ],
    ['missing', (dataFolder: string) => rmSync(join(dataFolder, 'studio.db')), 0],
  ])('R12: comes back when the database is %s, with its marks', async (_how, harm, trashed) => {
    const [folder, dataFolder] = [await folderOfPictures(), temporaryFolder()]
    const first = await openTestStudio(dataFolder)
    await runToEnd(first, {})
    await lookedThrough(first, [folder])
    const [forge] = await found(first, 'tool:"Forge Neo"')
    const [gone] = await found(first, 'tool:none')
    await first.calls.mark([forge.id], { addTags: ['kept'] })
    await first.calls.trash([gone.id])
    await first.close()
    harm(dataFolder)
    const second = await openTestStudio(dataFolder)
    await lookedThrough(second)
    expect(names(await found(second, 'tag:kept'))).toEqual(['forge-neo.png'])
    expect(await found(second, '', true)).toHaveLength(trashed)
    expect(await found(second, 'is:imported')).toHaveLength(made.length + 1 - trashed)
  })

  it('is followed: a new picture comes while the studio runs', async () => {
    const folder = temporaryFolder()
    const studio = await openTestStudio(temporaryFolder(), { followFolders: true })
    await lookedThrough(studio, [folder])
    copyFileSync(join(cases, 'forge-neo.png'), join(folder, 'new.png'))
    await expect.poll(() => found(studio, 'is:imported')).toHaveLength(1)
  })

  it('is not one of our own', async () => {
    const dataFolder = temporaryFolder()
    const studio = await openTestStudio(dataFolder)
    await runToEnd(studio, {})
    const own = studio.calls.changeSettings({ importFolders: [join(dataFolder, 'images')] })
    await expect(own).rejects.toMatchObject({ code: 'bad-request' })
    await expect(studio.calls.changeSettings({ importFolders: ['/nowhere/at/all'] })).rejects.toMatchObject({
      code: 'not-found',
    })
  })
})

function listing(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()
}
