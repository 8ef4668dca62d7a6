import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import DatabaseFile from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openDatabase } from '../../src/studio/history/database/database.ts'
import { writeFileDurably } from '../../src/studio/files.ts'
import { migrations } from '../../src/studio/history/database/migrations.ts'
import { claimOwnership } from '../../src/studio/ownership.ts'
import { findNodeBinary } from '../../src/studio/paths.ts'
import { openTestStudio, runToEnd, temporaryFolder, untilJob, hasEnded } from './fixtures/testStudio.ts'

const writerProgram = fileURLToPath(new URL('fixtures/writerProcess.ts', import.meta.url))
const program = fileURLToPath(new URL('fixtures/storageProcess.ts', import.meta.url))
const namespace = ['--mount', '--map-root-user']

/** Whether this machine lets us mount in a namespace of our own. */
function canMount(): boolean {
  try {
    execFileSync('unshare', [...namespace, 'mount', '-t', 'tmpfs', 'none', '/mnt'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

async function inOwnMounts(scenario: string): Promise<Record<string, unknown>> {
  const args = [...namespace, findNodeBinary(), program, scenario, temporaryFolder()]
  const { stdout } = await promisify(execFile)('unshare', args)
  return JSON.parse(stdout) as Record<string, unknown>
}

describe.skipIf(!canMount())('a data folder that cannot be written', () => {
  it('because the disk is full fails the job, loses nothing, and takes the job up again', async () => {
    const seen = await inOwnMounts('fullDisk')
    expect(seen).toMatchObject({
      first: { state: 'done' },
      failed: { state: 'failed', code: 'disk-full' },
      retried: { state: 'done', images: 9 },
      totalAfter: 10,
      statuses: Array(10).fill(200),
    })
    expect(seen.total).toBeLessThan(10)
  })

  it('R21: because the disk is full can be closed, and its job goes on once there is room', async () => {
    expect(await inOwnMounts('closeOnFullDisk')).toEqual({ isOpenStill: false, stateAfter: 'done' })
  })

  it('R20: because a download fills the disk pauses it, and it goes on once there is room', async () => {
    expect(await inOwnMounts('fullModelDisk')).toMatchObject({
      first: { state: 'paused', error: { code: 'disk-full' } },
      left: [],
      second: { state: 'done', error: null },
      isWhole: true,
    })
  })

  it('because its images are read-only fails the job, which works once that is mended', async () => {
    expect(await inOwnMounts('readOnlyImages')).toMatchObject({
      failed: { state: 'failed', code: 'read-only', images: 0 },
      retried: { state: 'done', images: 1 },
    })
  })

  it('at all is not opened, and it is said why', async () => {
    const { error } = await inOwnMounts('readOnlyFolder')
    expect(error).toMatchObject({ code: 'read-only', message: expect.stringContaining('data') as string })
  })
})

describe.skipIf(process.platform === 'win32')('a data folder that is a link', () => {
  it('R20: to nowhere is refused as one that cannot be written, by name', async () => {
    const link = join(temporaryFolder(), 'unplugged')
    symlinkSync('/nowhere/at/all', link)
    const refusal = { code: 'read-only', message: expect.stringContaining(link) as string }
    await expect(openTestStudio(link)).rejects.toMatchObject(refusal)
    await expect(openTestStudio(join(link, 'below'))).rejects.toMatchObject({ code: 'read-only' })
  })

  it('to itself is refused too', async () => {
    const link = join(temporaryFolder(), 'loop')
    symlinkSync(link, link)
    await expect(openTestStudio(link)).rejects.toMatchObject({ code: 'read-only' })
  })

  it('to a folder is worked in', async () => {
    const link = join(temporaryFolder(), 'linked')
    symlinkSync(temporaryFolder(), link)
    expect(await runToEnd(await openTestStudio(link), { prompt: 'x' })).toMatchObject({ state: 'done' })
  })
})

describe('a damaged database', () => {
  it.each([
    ['overwritten', (file: string) => writeFileSync(file, 'this is no database')],
    ['cut short', (file: string) => truncateSync(file, 20_000)],
    ['scrambled', (file: string) => writeFileSync(file, scrambled(readFileSync(file)))],
  ])('(%s) is kept aside, rebuilt from the images, and that is said', async (_how, damage) => {
    const folder = temporaryFolder()
    const before = await openTestStudio(folder)
    const job = await runToEnd(before, { prompt: 'three castles', batchSize: 3, seed: 5 })
    const records = await Promise.all(job.imageIds.map((id) => before.calls.image(id)))
    await before.close()
    damage(join(folder, 'studio.db'))

    const after = await openTestStudio(folder)
    const page = await after.calls.history({ search: 'castle' })
    expect(page.items).toEqual(expect.arrayContaining(records))
    expect(page.total).toBe(3)
    const { notices } = await after.calls.status()
    expect(notices).toMatchObject([
      {
        level: 'warning',
        message: expect.stringMatching(
          /damaged.*3 came back.*(queue and the marks of the trash|queue could)/,
        ) as string,
      },
    ])
    expect(readdirSync(folder).filter((name) => /^studio-damaged-.*\.db$/.test(name))).toHaveLength(1)
    expect(await runToEnd(after, { prompt: 'x' })).toMatchObject({ state: 'done' })
  })

  it('of which the queue and the trash can still be read keeps those too', async () => {
    const folder = temporaryFolder()
    const before = await openTestStudio(folder)
    const { imageIds } = await runToEnd(before, { prompt: 'many', batchSize: 2 })
    await before.calls.trash([imageIds[0]])
    const queued = await before.calls.enqueue({ prompt: 'slow', steps: 3 })
    await before.close()
    damageIndex(join(folder, 'studio.db'))

    const after = await openTestStudio(folder)
    expect((await after.calls.status()).notices).toHaveLength(1)
    expect((await after.calls.history({ trashed: true })).items.map(({ id }) => id)).toEqual([imageIds[0]])
    expect(await untilJob(after, queued.id, hasEnded)).toMatchObject({ state: 'done' })
  })
})

describe('the database', () => {
  it('is not opened when a newer version wrote it, nor set aside', () => {
    const folder = temporaryFolder()
    const database = openDatabase(join(folder, 'studio.db'))
    database.pragma(`user_version = ${migrations.length + 1}`)
    database.close()
    expect(() => openDatabase(join(folder, 'studio.db'))).toThrow(
      expect.objectContaining({ code: 'bad-request' }),
    )
    expect(readdirSync(folder)).toEqual(['studio.db'])
  })

  it('survives a power cut after every commit', () => {
    const database = openDatabase(join(temporaryFolder(), 'studio.db'))
    expect(database.pragma('journal_mode', { simple: true })).toBe('wal')
    expect(database.pragma('synchronous', { simple: true })).toBe(2)
    database.close()
  })
})

describe('ownership of a data folder', () => {
  it('is seen by others while it is held, and not after', () => {
    const folder = temporaryFolder()
    const one = claimOwnership(folder)
    const other = claimOwnership(folder)
    expect(other.isAlive(one.id)).toBe(true)
    expect(one.isAlive(one.id)).toBe(true)
    one.release()
    expect(other.isAlive(one.id)).toBe(false)
    expect(other.isAlive('never-was')).toBe(false)
    other.release()
    expect(readdirSync(join(folder, 'locks'))).toEqual([])
  })

  it('clears away what studios that were killed left, but no lock that is held or just made', () => {
    const folder = temporaryFolder()
    const held = claimOwnership(folder)
    const lockFile = (id: string): string => join(folder, 'locks', `${id}.lock`)
    const longAgo = new Date(Date.now() - 120_000)
    utimesSync(lockFile(held.id), longAgo, longAgo)
    writeFileSync(lockFile('killed'), '')
    utimesSync(lockFile('killed'), longAgo, longAgo)
    writeFileSync(lockFile('young'), '')
    const next = claimOwnership(folder)
    expect(existsSync(lockFile('killed'))).toBe(false)
    expect(existsSync(lockFile('young'))).toBe(true)
    expect(next.isAlive(held.id)).toBe(true)
    held.release()
    next.release()
  })
})

describe('writing a file', () => {
  it('leaves the old content and no remains when it cannot be done', async () => {
    const folder = temporaryFolder()
    const path = join(folder, 'file')
    await writeFileDurably(path, 'old', 'writer')
    const unwritable = { length: 1 } as unknown as Uint8Array
    await expect(writeFileDurably(path, unwritable, 'writer')).rejects.toThrow()
    expect(readFileSync(path, 'utf8')).toBe('old')
    expect(readdirSync(folder)).toEqual(['file'])
  })

  it.skipIf(process.platform === 'win32')(
    'that was ended by a kill is cleared away when the data folder is opened, unlike one going on',
    async () => {
      const folder = temporaryFolder()
      const unfinished = (): string[] =>
        readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.part'))
      const writers = [spawnWriter(folder), spawnWriter(folder)]
      const [living, killed] = writers
      const ended = once(killed, 'close')
      const stopBoth = async (): Promise<number> => {
        for (const writer of writers) writer.kill('SIGCONT')
        await wait(10)
        for (const writer of writers) writer.kill('SIGSTOP')
        await wait(30)
        return unfinished().length
      }
      await expect.poll(stopBoth, { interval: 1 }).toBe(2)
      killed.kill('SIGKILL')
      await ended
      await openTestStudio(folder)
      await expect.poll(() => unfinished().length).toBe(1)
      living.kill('SIGKILL')
      await once(living, 'close')
      await openTestStudio(folder)
      await expect.poll(() => unfinished().length).toBe(0)
    },
  )
})

function spawnWriter(folder: string): ChildProcess {
  const writer = spawn(findNodeBinary(), [writerProgram, folder], { stdio: 'ignore' })
  onTestFinished(() => void writer.kill('SIGKILL'))
  return writer
}

function scrambled(bytes: Buffer): Buffer {
  for (let at = 4096; at < bytes.length; at += 7) bytes[at] ^= 0xff
  return bytes
}

/** Breaks one index of the images so that the check fails while tables can still be read. */
function damageIndex(file: string): void {
  const database = new DatabaseFile(file)
  database.pragma('wal_checkpoint(TRUNCATE)')
  const page = database
    .prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'imagesByJob'")
    .pluck()
    .get() as number
  const pageSize = database.pragma('page_size', { simple: true }) as number
  database.close()
  const bytes = readFileSync(file)
  bytes.fill(0xff, (page - 1) * pageSize, page * pageSize)
  writeFileSync(file, bytes)
}
