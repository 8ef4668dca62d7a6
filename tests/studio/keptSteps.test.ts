import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { defaultEnginePath } from '../../src/studio/paths.ts'
import { keepPredictions } from '../../src/engine/lab/keptPredictions.ts'
import { hasEnded, openTestStudio, runToEnd, temporaryFolder, untilJob } from './fixtures/testStudio.ts'

const request = {
  prompt: 'a red circle',
  steps: 4,
  sampler: 'Euler',
  guidanceScale: 3,
  seed: 5,
  device: 'cpu',
  width: 64,
  height: 64,
} as const

it('R33: the steps that are kept with a picture go with it, and are read without an engine', async () => {
  const studio = await openTestStudio(temporaryFolder(), { enginePath: defaultEnginePath })
  const { calls } = studio
  const { imageIds } = await runToEnd(studio, request)
  const { id, path } = await calls.image(imageIds[0])
  const file = path.replace(/\.png$/, '.steps.safetensors')

  const run = (await calls.trace({ imageId: id }))!
  expect(run).toMatchObject({ keptBytes: null, fewer: null })
  expect(existsSync(file)).toBe(false)
  // A look at something else does not take the place of what is to be kept.
  const keeping = calls.keepTrace(id)
  void calls.unetDrawing({ imageId: id })
  const kept = await keeping
  expect(kept.keptBytes).toBe(readFileSync(file).length)
  expect({ ...kept, keptBytes: null }).toEqual(run)

  // While another picture is made nothing is run, but what is kept can be read.
  const job = await calls.enqueue({ ...request, steps: 20 })
  await untilJob(studio, job.id, ({ state }) => state === 'running')
  expect(await calls.trace({ imageId: id })).toEqual(kept)
  await calls.forgetTrace(id)
  await expect(calls.keepTrace(id)).rejects.toMatchObject({ code: 'cancelled' })
  await untilJob(studio, job.id, hasEnded)

  await calls.keepTrace(id)

  // A file that cannot be read costs nothing but itself.
  writeFileSync(file, readFileSync(file).subarray(0, 2000))
  expect(await calls.trace({ imageId: id })).toEqual(run)
  expect((await calls.keepTrace(id)).keptBytes).toBe(kept.keptBytes)

  await calls.trash([id])
  expect(existsSync(file)).toBe(true)
  await calls.emptyTrash()
  expect(readdirSync(dirname(path)).map((name) => join(dirname(path), name))).not.toContain(file)
})

it('the predictions of a picture that is being made are told while somebody asks', async () => {
  const studio = await openTestStudio(temporaryFolder(), { enginePath: defaultEnginePath })
  const { calls } = studio
  const heard: { sigma: number; x: string }[] = []
  let asking = Promise.resolve()
  // As a window does: after every word of progress, one question at a time.
  studio.subscribe({
    progress: (jobId) => {
      asking = asking.then(async () => {
        const told = await calls.liveTrace({ jobId, from: heard.length })
        heard.push(...(told?.steps ?? []))
      })
    },
  })
  const done = await runToEnd(studio, { ...request, steps: 30 })
  await asking
  const { steps } = (await calls.trace({ imageId: done.imageIds[0] }))!
  expect(heard.length).toBeGreaterThan(5)
  // Those that were heard are predictions of the very run, one after the other.
  const first = steps.findIndex(({ sigma }) => sigma === heard[0].sigma)
  expect(heard).toEqual(steps.slice(first, first + heard.length))
})

it('a run that takes more memory than there is for it is kept with fewer outputs, said', () => {
  const latents = (): Float32Array => new Float32Array(100)
  const runOf = (most: number) => {
    const kept = keepPredictions(most)
    for (let sigma = 8; sigma > 0; sigma--)
      kept.add({
        ...{ sigma, timestep: sigma, x: latents(), denoised: latents() },
        ...{ conditional: latents(), unconditional: latents() },
      })
    const { predictions, fewer } = kept.result()
    return { fewer, sigmas: predictions.map(({ sigma }) => sigma), hasGuesses: !!predictions[0].conditional }
  }
  const all = [8, 7, 6, 5, 4, 3, 2, 1]
  expect(runOf(8 * 1600)).toEqual({ fewer: null, sigmas: all, hasGuesses: true })
  expect(runOf(8 * 800)).toEqual({ fewer: 'guesses', sigmas: all, hasGuesses: false })
  expect(runOf(4 * 800)).toEqual({ fewer: 'steps', sigmas: [8, 6, 4, 2], hasGuesses: false })
})
