import DatabaseFile from 'better-sqlite3'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { migrations } from '../../src/studio/history/database/migrations.ts'
import { sayOpening, type Opening } from '../../src/shared/opening.ts'
import { whileNobodyOpens } from '../../src/studio/ownership.ts'
import { findNodeBinary } from '../../src/studio/paths.ts'
import { openTestStudio, temporaryFolder } from './fixtures/testStudio.ts'

const rows = 20_000

/** A data folder whose database is of the first version, with so many pictures. */
function oldFolder(): string {
  const folder = temporaryFolder()
  const old = new DatabaseFile(join(folder, 'studio.db'))
  old.exec(migrations[0] as string)
  old.exec(`
    PRAGMA user_version = 1;
    WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${rows})
    INSERT INTO images (
      id, jobId, createdAt, file, width, height, request, modelId, modelName, modelHash, engineVersion,
      onnxRuntimeVersion, device, dtype, timings
    ) SELECT n, 'j', n, n, 64, 64, '{"prompt":"a cat"}', 'm', 'm', 'h', '1', '2', 'cpu', 'float32', '{}' FROM numbers`)
  old.close()
  return folder
}

const version = (folder: string): unknown => {
  const database = new DatabaseFile(join(folder, 'studio.db'), { readonly: true })
  try {
    return database.pragma('user_version', { simple: true })
  } finally {
    database.close()
  }
}

const farAs = (done: number): Opening => ({ code: 'broughtUp', values: { done, count: rows } })

describe('a large database of the first version', () => {
  it('R31: is brought up to date beside everything else, and it is said how far', async () => {
    const folder = oldFolder()
    let turns = 0
    let isOpening = true
    const turning = (async () => {
      for (; isOpening; turns++) await setImmediate()
    })()
    const told: { opening: Opening; turns: number }[] = []
    const studio = await openTestStudio(folder, { tell: (opening) => void told.push({ opening, turns }) })
    isOpening = false
    await turning
    expect(told.map(({ opening }) => opening).slice(0, 2)).toEqual([farAs(0), farAs(10_000)])
    // Of a thread that is held up the loop turns once between the two.
    expect(told[1].turns - told[0].turns).toBeGreaterThan(100)
    await studio.close()
    const before = told.length
    await openTestStudio(folder, { tell: (opening) => void told.push({ opening, turns }) })
    expect(told).toHaveLength(before)
  })

  it('R31: cut off in the middle is as it was, and is brought up to date at the next start', async () => {
    const folder = oldFolder()
    const program = fileURLToPath(new URL('fixtures/studioProcess.ts', import.meta.url))
    const child = spawn(findNodeBinary(), [program, folder], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    const [told] = (await once(child, 'message')) as [unknown]
    expect(told).toEqual({ opening: farAs(0) })
    const closed = once(child, 'close')
    child.kill('SIGKILL')
    await closed
    expect(version(folder)).toBe(1)
    await openTestStudio(folder, { tell: () => {} })
    expect(version(folder)).toBe(migrations.length)
    const database = new DatabaseFile(join(folder, 'studio.db'), { readonly: true })
    onTestFinished(() => void database.close())
    for (const table of ['images', 'imageFacts'])
      expect(database.prepare(`SELECT count(*) FROM ${table}`).pluck().get()).toBe(rows)
  })

  it('R31: another studio that is opening the folder is waited for, and that is said', async () => {
    const folder = oldFolder()
    const { promise: told, resolve: tell } = Promise.withResolvers<Opening>()
    const held = whileNobodyOpens(
      folder,
      () => {},
      () => told,
    )
    await openTestStudio(folder, { tell })
    expect(sayOpening(await held)).toMatch(/^Another Latent Studio is opening /)
  })
})
