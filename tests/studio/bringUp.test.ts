import DatabaseFile from 'better-sqlite3'
import { spawn } from 'node:child_process'
import { on, once } from 'node:events'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { migrations } from '../../src/studio/history/database/migrations.ts'
import { addSettings } from '../../src/studio/history/facts/settingsShape.ts'
import { sayOpening, type Opening } from '../../src/shared/opening.ts'
import { whileNobodyOpens } from '../../src/studio/ownership.ts'
import { findNodeBinary } from '../../src/studio/paths.ts'
import { newImage } from './fixtures/pictures.ts'
import { openTestStudio, temporaryFolder } from './fixtures/testStudio.ts'

const rows = 20_000
const studioProgram = fileURLToPath(new URL('fixtures/studioProcess.ts', import.meta.url))

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

/** The version before the settings of parts were searched. */
const versionBefore = migrations.indexOf(addSettings)

/** A data folder of that version: every picture has the same recipe of then, and of each ten one has stars and one a tag. */
function folderBefore(): string {
  const folder = temporaryFolder()
  const old = new DatabaseFile(join(folder, 'studio.db'))
  for (const step of migrations.slice(0, versionBefore)) {
    if (typeof step === 'string') old.exec(step)
    else step(old, () => {})
  }
  old.exec(`
    PRAGMA user_version = ${versionBefore};
    WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${rows})
    INSERT INTO images (
      row, id, jobId, createdAt, file, width, height, request, modelId, modelName, modelHash, engineVersion,
      onnxRuntimeVersion, device, dtype, timings
    ) SELECT n, printf('20260101-000000-%08x-01', n), 'j', n, n, 64, 64, json_object(
        'prompt', 'a cat', 'negativePrompt', iif(n % 2, 'blurry', ''), 'seed', n, 'width', 64, 'height', 64,
        'styles', iif(n % 4, json('[]'), json('["Oil"]'))
      ), 'm', 'm', 'h', '1', '2', 'cpu', 'float32', '${JSON.stringify(newImage(0).timings)}' FROM numbers;
    UPDATE images SET request = 'not JSON' WHERE row = 9;
    INSERT INTO recipes VALUES (7, 'm', 'h', 'Euler', 'Automatic', 'cpu', 'float32', 'text', '[]', 64, 64, 20, 4, '{}');
    INSERT INTO prompts (words) VALUES ('a cat');
    INSERT INTO labels VALUES (1, 'tag', 'best');
    INSERT INTO imageFacts (row, state, recipe, day, seed, rating, isRejected, prompt)
      SELECT row, 0, 7, 20260101, row, iif(row % 10 = 0, 4, 0), row % 10 = 1, 1 FROM images;
    INSERT INTO imageLabels SELECT 1, row FROM images WHERE row % 10 = 2`)
  old.close()
  return folder
}

const sortedAs = (done: number): Opening => ({ code: 'picturesSorted', values: { done, count: rows } })

describe('a large database of the version before the settings of parts were searched', () => {
  it('R31: finds its pictures by them once it was opened, also where it was cut off, and keeps what was said of them', async () => {
    const folder = folderBefore()
    const child = spawn(findNodeBinary(), [studioProgram, folder], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    const told: unknown[] = []
    for await (const [message] of on(child, 'message')) if (told.push(message) === 2) break
    expect(told).toEqual([{ opening: sortedAs(0) }, { opening: sortedAs(10_000) }])
    const closed = once(child, 'close')
    child.kill('SIGKILL')
    await closed
    expect(version(folder)).toBe(versionBefore)

    const { calls } = await openTestStudio(folder, { tell: () => {} })
    const count = async (search: string): Promise<number> => (await calls.history({ search, limit: 1 })).total
    // One cannot be read: it has what was known of it.
    expect(await count('negative:blur')).toBe(rows / 2 - 1)
    expect(await count('style=oil')).toBe(rows / 4)
    expect(await count('rating:4')).toBe(rows / 10)
    expect(await count('is:rejected')).toBe(rows / 10)
    expect(await count('tag:best')).toBe(rows / 10)
    expect(await count('cat')).toBe(rows)
  })
})

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
    const child = spawn(findNodeBinary(), [studioProgram, folder], {
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
