import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { hasRedis } from '../../../scripts/redis.ts'
import { linkToStudio } from '../../../src/studio/farm/worker/studioLink.ts'
import { defaultEnginePath } from '../../../src/studio/paths.ts'
import { studioAs } from '../../../src/studio/jobs/queue/asking.ts'
import { openTestFarm, startRedis } from '../fixtures/farmParts.ts'
import { hasEnded, openTestStudio, runToEnd, temporaryFolder, untilJob } from '../fixtures/testStudio.ts'

describe.skipIf(!hasRedis())('a farm', () => {
  it('draws a batch image by image, each once, and records who drew it', async () => {
    const redis = await startRedis()
    const { studio, addWorker } = await openTestFarm(redis)
    await Promise.all(['one', 'two'].map((name) => addWorker(name)))
    const job = await runToEnd(studio, { prompt: 'a slow batch', batchSize: 6 })
    expect(job).toMatchObject({ state: 'done', error: null })
    const images = await Promise.all(job.imageIds.map((id) => studio.calls.image(id)))
    expect(new Set(images.map(({ id }) => id)).size).toBe(6)
    expect(new Set(images.map(({ worker }) => worker))).toEqual(new Set(['one', 'two']))
    expect(images.map(({ request }) => request.seed).toSorted()).toEqual(
      Array.from({ length: 6 }, (_, i) => Number(job.request.seed) + i),
    )
  })

  it('an image whose worker is killed in the middle goes to another one', async () => {
    const redis = await startRedis()
    const { studio, addWorker } = await openTestFarm(redis)
    const first = await addWorker('first')
    const job = await studio.calls.enqueue({ prompt: 'slow', steps: 30 })
    await untilJob(studio, job.id, ({ progress }) => (progress?.step ?? 0) > 2)
    first.kill('SIGKILL')
    await addWorker('second')
    const done = await untilJob(studio, job.id, hasEnded)
    expect(done).toMatchObject({ state: 'done' })
    const { items } = await studio.calls.history({})
    expect(items.map(({ worker }) => worker)).toEqual(['second'])
  })

  it('R38: images of several askers take turns, and what a worker has brought is theirs', async () => {
    const { studio, addWorker } = await openTestFarm(await startRedis())
    await addWorker('one')
    const many = await studio.calls.enqueue({ prompt: 'slow', steps: 3, batchSize: 12 })
    await untilJob(studio, many.id, ({ imageIds }) => imageIds.length > 0)
    const ada = studioAs(studio, { id: 'person:1', name: 'Ada' })
    const few = await ada.calls.enqueue({ prompt: 'slow', steps: 3 })
    expect(await untilJob(studio, few.id, hasEnded)).toMatchObject({ state: 'done', asker: { name: 'Ada' } })
    const [behind] = (await studio.calls.jobs()).filter(({ id }) => id === many.id)
    expect(behind.imageIds.length).toBeLessThan(8)
    await studio.calls.stopNow(many.id)
  })

  it('says that a damaged list of paused workers pauses nobody', async () => {
    const dataFolder = temporaryFolder()
    writeFileSync(join(dataFolder, 'farm.json'), '{"paused": ["one"')
    const { studio } = await openTestFarm(await startRedis(), { dataFolder })
    const { notices } = await studio.calls.status()
    expect(notices.map(({ message }) => message)).toEqual([
      expect.stringMatching(/farm\.json cannot be understood, so no worker is paused any more/),
    ])
  })

  it('R37: a paused worker draws nothing, after a restart of the studio and of itself too, until it is resumed', async () => {
    const redis = await startRedis()
    const first = await openTestFarm(redis)
    const worker = await first.addWorker('one')
    await first.studio.calls.pauseWorker('one', true)
    worker.kill('SIGKILL')
    await first.close()
    const { studio, addWorker } = await openTestFarm(redis, { dataFolder: first.dataFolder })
    await addWorker('one')
    const job = await studio.calls.enqueue({ prompt: 'a gradient', steps: 1 })
    await expect
      .poll(async () => (await studio.calls.farm())?.workers)
      .toMatchObject([{ name: 'one', state: 'paused', isPaused: true }])
    await addWorker('two')
    await untilJob(studio, job.id, hasEnded)
    await studio.calls.pauseWorker('one', false)
    await studio.calls.pauseWorker('two', true)
    await runToEnd(studio, { prompt: 'again', steps: 1 })
    const { items } = await studio.calls.history({})
    expect(items.map((image) => image.worker)).toEqual(['one', 'two'])
  })

  it('R37: a studio that comes back while workers hold pictures has each of them once', async () => {
    const redis = await startRedis()
    const first = await openTestFarm(redis)
    await first.addWorker('one')
    const job = await first.studio.calls.enqueue({ prompt: 'slow', steps: 3, batchSize: 4 })
    await untilJob(first.studio, job.id, ({ imageIds }) => imageIds.length > 0)
    await first.close()
    const { studio } = await openTestFarm(redis, {
      dataFolder: first.dataFolder,
      port: Number(new URL(first.address).port),
    })
    expect(await untilJob(studio, job.id, hasEnded)).toMatchObject({ state: 'done' })
    const { items } = await studio.calls.history({})
    expect(new Set(items.map(({ request }) => request.seed)).size).toBe(4)
    expect(items).toHaveLength(4)
  })

  it('draws the pixels that the studio itself draws, by a model that the worker fetches', async () => {
    const enginePath = defaultEnginePath
    const asked = { prompt: 'a red house', model: 'starter', seed: 7, steps: 2, width: 64, height: 64 }
    const { studio, addWorker } = await openTestFarm(await startRedis(), { enginePath })
    await addWorker('one')
    const home = await openTestStudio(temporaryFolder(), { enginePath })
    const [far, near] = await Promise.all(
      [studio, home].map(async (one) => {
        const { imageIds, error } = await runToEnd(one, asked)
        expect(error).toBeNull()
        return one.calls.image(imageIds[0])
      }),
    )
    expect([far.worker, near.worker]).toEqual(['one', null])
    const pixels = ({ path }: { path: string }) => sharp(path).raw().toBuffer()
    expect((await pixels(far)).equals(await pixels(near))).toBe(true)
  })

  it('workers reach a studio over TLS by its certificate, and are told how where they have none', async () => {
    const { studio, addWorker, dataFolder, address, key } = await openTestFarm(await startRedis(), {
      overTls: true,
    })
    await expect(linkToStudio(address, key).bytes('/farm/x')).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringMatching(/certificate.*NODE_EXTRA_CA_CERTS\.$/) as string,
    })
    await addWorker('one', { env: { NODE_EXTRA_CA_CERTS: join(dataFolder, 'tls', 'certificate.pem') } })
    expect(await runToEnd(studio, { prompt: 'a gradient' })).toMatchObject({ state: 'done' })
  })

  it('R37: Redis may go and come back empty, and a stop is heard by who draws', async () => {
    const redis = await startRedis()
    const { studio, addWorker } = await openTestFarm(redis)
    await addWorker('one')
    const running = await studio.calls.enqueue({ prompt: 'slow', steps: 10, batchSize: 3 })
    await untilJob(studio, running.id, ({ progress }) => (progress?.step ?? 0) > 1)
    await redis.stop()
    await expect.poll(async () => (await studio.calls.farm())?.isConnected).toBe(false)
    const waiting = await studio.calls.enqueue({ prompt: 'later', steps: 3 })
    await redis.start()
    expect((await untilJob(studio, running.id, hasEnded)).imageIds).toHaveLength(3)
    expect(await untilJob(studio, waiting.id, hasEnded)).toMatchObject({ state: 'done' })
    expect((await studio.calls.history({})).total).toBe(4)

    const endless = await studio.calls.enqueue({ prompt: 'endless', steps: 5 })
    await untilJob(studio, endless.id, ({ progress }) => (progress?.step ?? 0) > 0)
    await studio.calls.cancel(endless.id)
    expect(await untilJob(studio, endless.id, hasEnded)).toMatchObject({ state: 'cancelled' })
    // The worker has stopped too: it draws another one.
    expect(await runToEnd(studio, { prompt: 'next' })).toMatchObject({ state: 'done' })
    const failed = await runToEnd(studio, { prompt: 'nan' })
    expect(failed).toMatchObject({ state: 'failed', error: { code: 'bad-image' } })
    expect((await studio.calls.farm())?.deadLetters).toMatchObject([
      { jobId: failed.id, reason: { code: 'bad-image' } },
    ])
  })
})
