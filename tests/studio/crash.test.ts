import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createEngineProcess } from '../../src/studio/engine/engineProcess.ts'
import { findNodeBinary } from '../../src/studio/paths.ts'
import {
  gradientEngine,
  hasEnded,
  openTestStudio,
  runToEnd,
  temporaryFolder,
  untilJob,
} from './fixtures/testStudio.ts'

const studioProgram = fileURLToPath(new URL('fixtures/studioProcess.ts', import.meta.url))

function spawnNode(program: string, ...args: string[]): ChildProcess {
  const child = spawn(findNodeBinary(), [program, ...args], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, ENGINE_END_FILE: join(args[0], 'engine-ended') },
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

async function kill(child: ChildProcess): Promise<void> {
  const closed = once(child, 'close')
  child.kill('SIGKILL')
  await closed
}

/** Runs a studio with these prompts until it has saved an image, then kills it. Answers its jobs and images. */
async function killAfterFirstImage(folder: string, ...prompts: string[]) {
  const child = spawnNode(studioProgram, folder, ...prompts)
  const images: string[] = []
  let jobs: string[] = []
  await new Promise<void>((resolve) => {
    child.on('message', (message: { image?: string; jobs?: string[] }) => {
      if (message.image) images.push(message.image)
      if (message.jobs) jobs = message.jobs
      if (images.length > 0) resolve()
    })
  })
  await kill(child)
  return { images, jobs }
}

describe('an engine that ends in the middle of a run', () => {
  it.each([
    ['crash', /exit code 3[^]*terminate called after/],
    ['abort', /SIGABRT|exit code 134/],
    // What it said before had nothing to do with it.
    ['kill', /SIGKILL[^]*memory[^]*fresh one\.$/],
  ])(
    '(%s) fails that job with engine-crashed and how it ended, and the next job works',
    async (word, message) => {
      const studio = await openTestStudio()
      const job = await studio.calls.enqueue({ prompt: word, steps: 4 })
      const next = await studio.calls.enqueue({ prompt: 'fine', steps: 4 })
      const failed = await untilJob(studio, job.id, hasEnded)
      expect(failed).toMatchObject({ state: 'failed', error: { code: 'engine-crashed' } })
      expect(failed.error?.message).toMatch(message)
      expect(await untilJob(studio, next.id, hasEnded)).toMatchObject({ state: 'done' })
    },
  )

  it('leaves the images of the batch that were finished', async () => {
    const studio = await openTestStudio()
    const job = await studio.calls.enqueue({ prompt: 'slow', steps: 3, batchSize: 50 })
    const running = await untilJob(studio, job.id, ({ imageIds }) => imageIds.length > 0)
    await studio.calls.stopNow(job.id)
    await untilJob(studio, job.id, hasEnded)
    expect((await studio.calls.image(running.imageIds[0])).jobId).toBe(job.id)
  })
})

/** A studio that has made a picture, and the process id of its engine, which has nothing to do now. */
async function studioWithIdleEngine() {
  const folder = temporaryFolder()
  const pidFile = join(folder, 'engine-pid')
  vi.stubEnv('ENGINE_PID_FILE', pidFile)
  onTestFinished(() => void vi.unstubAllEnvs())
  const studio = await openTestStudio(folder)
  await runToEnd(studio, { prompt: 'fine' })
  expect((await studio.calls.status()).engine).toBe('idle')
  return { studio, engine: Number(readFileSync(pidFile, 'utf8')) }
}

describe.skipIf(process.platform === 'win32')(
  'an engine that hears nothing though it has nothing to do',
  () => {
    it('R7: is replaced before the next job', async () => {
      const { studio, engine } = await studioWithIdleEngine()
      process.kill(engine, 'SIGSTOP')
      expect(await runToEnd(studio, { prompt: 'fine' })).toMatchObject({ state: 'done' })
      expect(isAlive(engine)).toBe(false)
    })

    it('R7: is noticed by itself, and ended', async () => {
      const { studio, engine } = await studioWithIdleEngine()
      process.kill(engine, 'SIGSTOP')
      await expect.poll(() => isAlive(engine), { interval: 200 }).toBe(false)
      expect((await studio.calls.status()).engine).toBe('absent')
      expect(await runToEnd(studio, { prompt: 'fine' })).toMatchObject({ state: 'done' })
    })

    it('and that does answer is left alone', async () => {
      const { studio, engine } = await studioWithIdleEngine()
      await wait(11_000)
      expect(isAlive(engine)).toBe(true)
      expect((await studio.calls.status()).engine).toBe('idle')
    })
  },
)

describe('an engine of a studio that was closed', () => {
  it('is not started again by a call that comes late', async () => {
    const studio = await openTestStudio()
    await studio.close()
    await expect(studio.calls.devices()).rejects.toMatchObject({ code: 'disconnected' })
  })
})

describe('an engine that ends while it is asked for its devices', () => {
  async function studioWhoseDevicesCrash(times: number) {
    const folder = temporaryFolder()
    const file = join(folder, 'crashes')
    writeFileSync(file, `${times}`)
    vi.stubEnv('ENGINE_DEVICE_CRASHES', file)
    onTestFinished(() => void vi.unstubAllEnvs())
    return openTestStudio(folder)
  }

  it('is asked again, until each device that a driver has was left alone', async () => {
    const studio = await studioWhoseDevicesCrash(4)
    expect(await studio.calls.devices()).toMatchObject([{ device: 'cpu', automatic: true }])
  })

  it('and that never stops ending is said, and asked anew the next time', async () => {
    const studio = await studioWhoseDevicesCrash(6)
    await expect(studio.calls.devices()).rejects.toMatchObject({ code: 'engine-crashed' })
    expect(await studio.calls.devices()).toMatchObject([{ device: 'cpu', automatic: true }])
  })
})

describe('an engine that fails or babbles', () => {
  it('fails the job with the code the engine gave and keeps the process', async () => {
    const studio = await openTestStudio()
    expect(await runToEnd(studio, { prompt: 'nan' })).toMatchObject({
      state: 'failed',
      error: { code: 'bad-image' },
    })
    expect((await studio.calls.status()).engine).toBe('idle')
    expect((await studio.calls.history({})).total).toBe(0)
  })

  it('sends what is no message without any harm', async () => {
    const studio = await openTestStudio()
    expect(await runToEnd(studio, { prompt: 'garbage' })).toMatchObject({ state: 'done' })
  })

  it('cannot be started: the call says why', async () => {
    const events = { progress() {}, evaluated() {}, preview() {}, image() {}, warning() {} }
    const missing = createEngineProcess({ nodePath: '/no/such/node', enginePath: gradientEngine, events })
    await expect(missing.calls.versions()).rejects.toMatchObject({
      code: 'engine-crashed',
      message: expect.stringContaining('could not be started') as string,
    })
    const program = join(temporaryFolder(), 'broken.mjs')
    writeFileSync(program, 'import "./nowhere.mjs"')
    const broken = createEngineProcess({ nodePath: findNodeBinary(), enginePath: program, events })
    await expect(broken.calls.versions()).rejects.toMatchObject({
      code: 'engine-crashed',
      message: expect.stringContaining('nowhere.mjs') as string,
    })
  })
})

describe('a studio that is killed in the middle of a run', () => {
  it('finds everything when it starts again: finished images, the running job, the queued ones', async () => {
    const folder = temporaryFolder()
    const killed = await killAfterFirstImage(folder, 'slow one', 'two')
    const studio = await openTestStudio(folder)
    for (const id of killed.images) {
      const { path, width, height } = await studio.calls.image(id)
      const { info } = await sharp(path).raw().toBuffer({ resolveWithObject: true })
      expect(info).toMatchObject({ width, height })
    }
    for (const jobId of killed.jobs) {
      const job = await untilJob(studio, jobId, hasEnded)
      expect(job).toMatchObject({ state: 'done', error: null })
      expect(new Set(job.imageIds).size).toBe(4)
    }
    expect((await studio.calls.jobs())[0].imageIds).toEqual(expect.arrayContaining(killed.images))
    const files = readdirSync(join(folder, 'images'), { recursive: true, encoding: 'utf8' })
    expect(files.filter((file) => file.endsWith('.png'))).toHaveLength(8)
    const seeds = (await studio.calls.history({ search: 'one' })).items.map(({ request }) =>
      Number(request.seed),
    )
    expect(seeds.toReversed()).toEqual([0, 1, 2, 3].map((index) => seeds.at(-1)! + index))
  })

  it('takes its engine along', async () => {
    const folder = temporaryFolder()
    await killAfterFirstImage(folder, 'slow')
    await expect.poll(() => existsSync(join(folder, 'engine-ended'))).toBe(true)
  })

  it('gives a job up that was running both times it was killed', async () => {
    const folder = temporaryFolder()
    const { jobs } = await killAfterFirstImage(folder, 'slow')
    await killAfterFirstImage(folder)
    const studio = await openTestStudio(folder)
    const job = (await studio.calls.jobs()).find(({ id }) => id === jobs[0])!
    expect(job).toMatchObject({ state: 'failed', error: { code: 'interrupted' } })
    expect(job.imageIds.length).toBeGreaterThanOrEqual(2)
  })
})
