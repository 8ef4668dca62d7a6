import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { GenerationRequestInput } from '../../src/shared/request/request.ts'
import type { Studio } from '../../src/studio/studio.ts'
import { nextDevice } from '../../src/studio/jobs/run/tryDevices.ts'
import { hasEnded, openTestStudio, runToEnd, untilJob } from './fixtures/testStudio.ts'

describe('after a failure a job is tried', () => {
  it.each([
    ['auto', ['webgpu'], 'engine-crashed', 'webgpu'],
    ['auto', ['webgpu'], 'out-of-memory', 'webgpu'],
    ['auto', ['webgpu'], 'bad-image', 'webgpu'],
    ['auto', ['webgpu'], 'bad-checkpoint', 'webgpu'],
    ['auto', ['webgpu'], 'internal', 'webgpu'],
    ['auto', ['webgpu'], 'device-unavailable', 'webgpu'],
    ['auto', ['webgpu', 'webgpu'], 'engine-crashed', 'cpu'],
    ['auto', ['webgpu', 'webgpu'], 'device-unavailable', 'cpu'],
    ['auto', ['webgpu', 'webgpu', 'cpu'], 'engine-crashed', null],
    ['auto', ['cpu'], 'engine-crashed', null],
    ['auto', ['webgpu'], 'cancelled', null],
    ['auto', ['webgpu'], 'unsupported-model', null],
    ['auto', ['webgpu', 'webgpu'], 'missing-weight', null],
    ['auto', ['webgpu'], 'card-too-small', 'cpu'],
    ['webgpu', ['webgpu'], 'card-too-small', null],
    ['cuda', ['cuda'], 'engine-crashed', 'cuda'],
    ['cuda', ['cuda', 'cuda'], 'engine-crashed', null],
    ['cuda', ['cuda'], 'device-unavailable', null],
    ['cpu', ['cpu'], 'engine-crashed', null],
    ['cpu', ['cpu'], 'bad-image', null],
  ] as const)('(asked %s, tried %j, %s) on %s', (asked, tried, code, expected) => {
    expect(nextDevice(asked, tried, code)).toBe(expected)
  })
})

/** A studio on a machine whose "auto" is WebGPU. */
async function openStudioWithGpu(): Promise<Studio> {
  vi.stubEnv('ENGINE_AUTOMATIC_DEVICE', 'webgpu')
  onTestFinished(() => void vi.unstubAllEnvs())
  return openTestStudio()
}

/** Runs a job to its end; answers it with the devices of its images and the notices there are then. */
async function outcomeOf(studio: Studio, request: GenerationRequestInput) {
  const { state, error, imageIds } = await runToEnd(studio, request)
  const images = await Promise.all(imageIds.map((id) => studio.calls.image(id)))
  const { notices } = await studio.calls.status()
  return {
    state,
    error,
    devices: images.map(({ device, request }) => [device, request.device]),
    seeds: images.map(({ request }) => request.seed),
    notices: notices.map(({ message }) => message),
  }
}

describe('a device that fails', () => {
  it('is tried again where it stopped, then left for the CPU, which is said', async () => {
    const studio = await openStudioWithGpu()
    const request = { prompt: 'crash@gpu later', batchSize: 4, seed: 7 }
    expect(await outcomeOf(studio, request)).toEqual({
      state: 'done',
      error: null,
      devices: ['webgpu', 'webgpu', 'cpu', 'cpu'].map((device) => [device, device]),
      seeds: [7, 8, 9, 10],
      notices: [
        'webgpu failed twice (The engine ended with exit code 3 while it was working), so the job goes on, more slowly, on the CPU; choose CPU as the device to spare the attempts.',
      ],
    })
  })

  it('and is too small for the run is left for the CPU at once, which is said', async () => {
    const studio = await openStudioWithGpu()
    expect(await outcomeOf(studio, { prompt: 'toolarge@gpu', seed: 7 })).toMatchObject({
      state: 'done',
      devices: [['cpu', 'cpu']],
      notices: ['This run needs 8.1 GB, so the job goes on, more slowly, on the CPU.'],
    })
    const named = await outcomeOf(studio, { prompt: 'toolarge@gpu', device: 'webgpu' })
    expect(named).toMatchObject({ state: 'failed', error: { code: 'card-too-small' } })
  })

  it('and comes right the second time makes no words', async () => {
    const studio = await openStudioWithGpu()
    expect(await outcomeOf(studio, { prompt: 'nan@gpu later', batchSize: 2 })).toMatchObject({
      state: 'done',
      devices: [
        ['webgpu', 'webgpu'],
        ['webgpu', 'webgpu'],
      ],
      notices: [],
    })
  })

  it('fails the job after two attempts when it was asked for by name, and the CPU is proposed', async () => {
    const studio = await openStudioWithGpu()
    expect(await outcomeOf(studio, { prompt: 'nan@gpu', device: 'webgpu' })).toMatchObject({
      state: 'failed',
      error: {
        code: 'bad-image',
        message: 'webgpu failed twice. Choose CPU as the device to do without it. The image has NaN values.',
      },
      notices: [],
    })
    expect((await studio.calls.status()).engine).toBe('absent')
  })

  it('fails the job for good when the CPU fails too', async () => {
    const studio = await openStudioWithGpu()
    expect(await outcomeOf(studio, { prompt: 'crash' })).toMatchObject({
      state: 'failed',
      error: { code: 'engine-crashed', message: expect.stringMatching(/^The engine ended/) as string },
      devices: [],
    })
    expect(await runToEnd(studio, { prompt: 'fine' })).toMatchObject({ state: 'done' })
  })

  it('R7: for want of memory leaves a fresh engine for the next try, on the CPU too', async () => {
    const studio = await openTestStudio()
    expect(await runToEnd(studio, { prompt: 'nan' })).toMatchObject({ error: { code: 'bad-image' } })
    expect((await studio.calls.status()).engine).toBe('idle')
    expect(await runToEnd(studio, { prompt: 'oom' })).toMatchObject({ error: { code: 'out-of-memory' } })
    expect((await studio.calls.status()).engine).toBe('absent')
  })

  it('is not tried again after a cancel', async () => {
    const studio = await openStudioWithGpu()
    const job = await studio.calls.enqueue({ prompt: 'hang@gpu', steps: 5 })
    await untilJob(studio, job.id, ({ progress }) => (progress?.step ?? 0) > 0)
    await studio.calls.stopNow(job.id)
    expect(await untilJob(studio, job.id, hasEnded)).toMatchObject({ state: 'cancelled', imageIds: [] })
    expect(await studio.calls.status()).toMatchObject({ engine: 'absent', notices: [] })
  })
})
