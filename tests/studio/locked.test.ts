import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import DatabaseFile from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { storageError } from '../../src/studio/history/database/storageErrors.ts'
import { hasEnded, openTestStudio, runToEnd, temporaryFolder, untilJob } from './fixtures/testStudio.ts'

/** Locks the database as another program does; answers what lets go of it. */
function lock(folder: string): () => void {
  const other = new DatabaseFile(join(folder, 'studio.db'))
  other.exec('BEGIN IMMEDIATE')
  let isOpen = true
  const release = (): void => {
    if (isOpen) other.close()
    isOpen = false
  }
  onTestFinished(release)
  return release
}

/** The longest time the event loop was held up while something went on, in ms. */
async function longestPause(work: Promise<unknown>): Promise<number> {
  let longest = 0
  let isDone = false
  void work.catch(() => {}).finally(() => (isDone = true))
  while (!isDone) {
    const before = performance.now()
    await wait(10)
    longest = Math.max(longest, performance.now() - before - 10)
  }
  return longest
}

describe('a database that another program has locked', () => {
  it('R20: R21: holds up nothing else, and what was asked for is done when it is let go', async () => {
    const folder = temporaryFolder()
    const studio = await openTestStudio(folder)
    const { imageIds } = await runToEnd(studio, { prompt: 'x', batchSize: 2 })
    const release = lock(folder)
    const asked = Promise.all([
      studio.calls.enqueue({ prompt: 'first', steps: 1 }),
      studio.calls.enqueue({ prompt: 'second', steps: 1 }),
      studio.calls.trash([imageIds[0]]),
    ])
    const pause = longestPause(asked)
    await wait(1500)
    expect((await studio.calls.history({})).total).toBe(2)
    expect((await studio.calls.jobs()).length).toBe(1)
    release()
    const [first, second] = await asked
    // A wait of better-sqlite3's own would be five seconds long, and nothing would let go meanwhile.
    expect(await pause).toBeLessThan(2500)
    expect(await untilJob(studio, first.id, hasEnded)).toMatchObject({ state: 'done' })
    expect(await untilJob(studio, second.id, hasEnded)).toMatchObject({ state: 'done' })
    expect((await studio.calls.history({ trashed: true })).total).toBe(1)
    const order = (await studio.calls.jobs()).map(({ request }) => request.prompt)
    expect(order).toEqual(['x', 'first', 'second'])
  })

  it('R20: for long is told as such, and the finished picture is kept', async () => {
    const folder = temporaryFolder()
    const studio = await openTestStudio(folder)
    await runToEnd(studio, { prompt: 'x' })
    const job = await studio.calls.enqueue({ prompt: 'slow', steps: 3 })
    await untilJob(studio, job.id, ({ state }) => state === 'running')
    const release = lock(folder)
    await expect(studio.calls.enqueue({ prompt: 'y' })).rejects.toMatchObject({
      code: 'database-locked',
      message: expect.stringMatching(/Close what has it open/) as string,
    })
    const failed = await untilJob(studio, job.id, hasEnded)
    expect(failed).toMatchObject({ state: 'failed', error: { code: 'database-locked' } })
    expect(
      readdirSync(join(folder, 'images'), { recursive: true, encoding: 'utf8' }).filter((name) =>
        name.endsWith('.png'),
      ),
    ).toHaveLength(2)
    release()
    await studio.calls.retry(job.id)
    const done = await untilJob(studio, job.id, hasEnded)
    expect(done).toMatchObject({ state: 'done', imageIds: [expect.any(String)] })
    expect((await studio.calls.history({})).total).toBe(2)
  })

  it('R1: R21: does not keep the studio from closing, nor lose what was queued', async () => {
    const folder = temporaryFolder()
    const studio = await openTestStudio(folder)
    await runToEnd(studio, { prompt: 'x' })
    const running = await studio.calls.enqueue({ prompt: 'slow one', steps: 20 })
    const queued = await studio.calls.enqueue({ prompt: 'two', steps: 1 })
    await untilJob(studio, running.id, ({ state }) => state === 'running')
    const release = lock(folder)
    await studio.close()
    release()
    const after = await openTestStudio(folder)
    for (const { id } of [running, queued]) {
      expect(await untilJob(after, id, hasEnded)).toMatchObject({ state: 'done' })
    }
  })

  it('R20: is waited for at the start', async () => {
    const folder = temporaryFolder()
    const before = await openTestStudio(folder)
    await before.close()
    const other = new DatabaseFile(join(folder, 'studio.db'))
    other.pragma('locking_mode = EXCLUSIVE')
    other.exec('BEGIN EXCLUSIVE')
    setTimeout(() => other.close(), 1500)
    const after = await openTestStudio(folder)
    expect(await runToEnd(after, { prompt: 'x' })).toMatchObject({ state: 'done' })
  })
})

describe('what SQLite throws', () => {
  it.each([
    ['SQLITE_FULL', 'disk-full'],
    ['SQLITE_IOERR', 'disk-full'],
    ['SQLITE_IOERR_WRITE', 'disk-full'],
    ['SQLITE_BUSY', 'database-locked'],
    ['SQLITE_BUSY_SNAPSHOT', 'database-locked'],
    ['SQLITE_LOCKED', 'database-locked'],
    ['SQLITE_READONLY_DBMOVED', 'read-only'],
  ])('R20: %s is told as %s', (thrown, code) => {
    const error = Object.assign(new Error('it failed'), { code: thrown })
    expect(storageError(error, 'studio.db')).toMatchObject({ code })
  })
})
