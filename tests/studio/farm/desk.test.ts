import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { packed, versionHeader } from '../../../src/studio/farm/wire.ts'
import { applicationVersion } from '../../../src/studio/paths.ts'
import { imageName } from '../../../src/studio/pictures/imageFiles.ts'
import { encodePng } from '../../../src/studio/pictures/images.ts'
import { hasRedis } from '../../../scripts/redis.ts'
import { openTestFarm, startRedis } from '../fixtures/farmParts.ts'
import { hasEnded, untilJob } from '../fixtures/testStudio.ts'

const report = { name: 'by hand', devices: ['cpu'], memoryBytes: 1e9, models: [] }

describe.skipIf(!hasRedis())('what a studio answers the workers of its farm', () => {
  it('R37: keeps a picture once that comes twice, refuses a damaged one, another version and a wrong key', async () => {
    const { studio, address, key } = await openTestFarm(await startRedis())
    const post = async (
      path: string,
      head: object,
      bytes?: Uint8Array,
      version = applicationVersion,
      shown = key,
    ) => {
      const headers = { Authorization: `Bearer ${shown}`, [versionHeader]: version }
      const answer = await fetch(new URL(path, address), {
        method: 'POST',
        headers,
        body: packed(head, bytes),
      })
      return { status: answer.status, said: (await answer.json()) as Record<string, unknown> }
    }
    const other = await post('/farm/workers', report, undefined, '9.8.7')
    expect(other).toMatchObject({ status: 400, said: { code: 'bad-request' } })
    expect(other.said['message']).toContain('9.8.7')
    expect(other.said['message']).toContain(applicationVersion)
    expect(await post('/farm/workers', report, undefined, applicationVersion, 'ls-wrong')).toMatchObject({
      status: 403,
    })

    expect(await post('/farm/workers', report)).toMatchObject({ status: 200, said: { isPaused: false } })
    const job = await studio.calls.enqueue({ prompt: 'a gradient', seed: 5 })
    await untilJob(studio, job.id, ({ progress }) => progress !== null)
    await expect.poll(async () => (await studio.calls.farm())?.waiting).toBe(1)
    const id = imageName(job, 0)
    await expect
      .poll(async () => (await post(`/farm/images/${id}/take`, { worker: report.name })).status)
      .toBe(200)

    const png = await encodePng({ width: 8, height: 8, data: new Uint8Array(192).fill(7) })
    const sha256 = createHash('sha256').update(png).digest('hex')
    const timings = {
      load: 0,
      textEncode: 0,
      denoise: 1,
      decode: 0,
      total: 1,
      unetRuns: 1,
      unetRunMs: 1,
      runMs: 1,
    }
    const drawn = {
      worker: report.name,
      engineVersion: '1',
      onnxRuntimeVersion: '2',
      width: 8,
      height: 8,
      index: 0,
    }
    const origin = {
      seed: 5,
      batchStart: 0,
      batchOf: null,
      variationSeed: null,
      unetWidening: null,
      guidanceTogether: null,
    }
    const head = { ...drawn, ...origin, sha256, timings, device: 'cpu', dtype: 'float32' }
    const damaged = await post(`/farm/images/${id}/picture`, head, png.subarray(1))
    expect(damaged.said['code']).toBe('bad-download')
    const twice = await Promise.all([1, 2].map(() => post(`/farm/images/${id}/picture`, head, png)))
    expect(twice.map(({ status }) => status)).toContain(200)
    const done = await untilJob(studio, job.id, hasEnded)
    expect(done.imageIds).toEqual([id])
    expect(await studio.calls.image(id)).toMatchObject({ worker: 'by hand', width: 8 })
    expect((await post(`/farm/images/${id}/picture`, head, png)).said['code']).toBe('not-found')
    expect((await studio.calls.history({})).total).toBe(1)
  })
})
