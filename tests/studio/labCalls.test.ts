import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { expect, it } from 'vitest'
import type { Trace } from '../../src/shared/calls/labCalls.ts'
import type { RaceGuess } from '../../src/shared/calls/raceCalls.ts'
import { defaultEnginePath } from '../../src/studio/paths.ts'
import type { Studio } from '../../src/studio/studio.ts'
import { packFloat32, unpackFloat16, unpackFloat32 } from '../../src/renderer/lab/numbers.ts'
import { hasEnded, openTestStudio, runToEnd, temporaryFolder, untilJob } from './fixtures/testStudio.ts'

const openRealStudio = (): Promise<Studio> =>
  openTestStudio(temporaryFolder(), { enginePath: defaultEnginePath })

const request = {
  prompt: 'a red circle',
  steps: 3,
  sampler: 'Euler',
  schedule: 'Normal',
  guidanceScale: 3,
  seed: 5,
  device: 'cpu',
  width: 128,
  height: 128,
} as const

async function madePicture(studio: Studio): Promise<string> {
  const { imageIds, error } = await runToEnd(studio, request)
  expect(error).toBeNull()
  return imageIds[0]
}

it('a picture’s latents come with the noise of a seed, and are decoded to the picture', async () => {
  const studio = await openRealStudio()
  await studio.calls.changeSettings({ device: 'cpu' })
  const imageId = await madePicture(studio)
  const seen = (await studio.calls.latents({ model: 'starter', imageId, seed: 5 }))!
  expect(seen).toMatchObject({ width: 128, height: 128, originalWidth: 128, originalHeight: 128 })
  const { channels, height, width } = seen.latents
  const latents = unpackFloat32(seen.latents.data)
  expect(latents).toHaveLength(channels * height * width)
  expect(seen.toRgb.map((row) => row.length)).toEqual([channels + 1, channels + 1, channels + 1])
  expect(seen.alphasCumprod).toHaveLength(1000)

  const url = (await studio.calls.decodeLatents({
    model: 'starter',
    latents: { channels, height, width, data: packFloat32(latents) },
  }))!
  const fewer = packFloat32(latents.subarray(0, height * width))
  await expect(
    studio.calls.decodeLatents({
      model: 'starter',
      latents: { channels: 1, height, width, data: fewer },
    }),
  ).rejects.toMatchObject({ code: 'bad-request', message: expect.stringContaining('channels') as string })
  const drawn = Buffer.from(await (await studio.assets(new Request(`http://studio${url}`))).arrayBuffer())
  const pixels = async (file: Buffer | string): Promise<Buffer> => sharp(file).removeAlpha().raw().toBuffer()
  const [decoded, picture] = [await pixels(drawn), await pixels((await studio.calls.image(imageId)).path)]
  expect(decoded).toHaveLength(picture.length)
  // How much of what differs from pixel to pixel comes back.
  expect(correlation(decoded, picture)).toBeGreaterThan(0.9)

  // A picture of that seed begins with that noise, at the first noise level.
  const trace = (await studio.calls.trace({ imageId }))!
  const [first] = trace.steps
  const noise = unpackFloat32(seen.noise)
  const begun = unpackFloat16(first.x)
  begun.forEach((value, i) => {
    const scale = Math.max(1, Math.abs(noise[i])) * Math.sqrt(1 + first.sigma ** 2)
    expect(Math.abs(value - noise[i] * first.sigma) / scale).toBeLessThan(2e-3)
  })
})

function correlation(a: Buffer, b: Buffer): number {
  const centred = (values: Buffer): number[] => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    return Array.from(values, (value) => value - mean)
  }
  const [x, y] = [centred(a), centred(b)]
  const dot = (p: number[], q: number[]): number => p.reduce((sum, value, i) => sum + value * q[i], 0)
  return dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y))
}

it('a trace tells of every prediction of the run, and guidance is what its formula says', async () => {
  const studio = await openRealStudio()
  const imageId = await madePicture(studio)
  const trace = (await studio.calls.trace({ imageId }))!
  expect(trace.steps).toHaveLength(3)
  const sigmas = trace.steps.map(({ sigma }) => sigma)
  expect(sigmas).toEqual([...sigmas].sort((a, b) => b - a))
  for (const step of trace.steps) {
    const [denoised, conditional, unconditional] = [
      step.denoised,
      step.conditional!,
      step.unconditional!,
    ].map(unpackFloat16)
    denoised.forEach((value, i) => {
      const guided = unconditional[i] + 3 * (conditional[i] - unconditional[i])
      // Three numbers rounded to float16.
      expect(Math.abs(value - guided)).toBeLessThan(6e-3 * (1 + Math.abs(conditional[i]) + Math.abs(guided)))
    })
  }
  // Euler: x of the next step lies on the line from x to the guess.
  const [before, after] = trace.steps
  const [x, denoised, next] = [before.x, before.denoised, after.x].map(unpackFloat16)
  next.forEach((value, i) => {
    const expected = denoised[i] + (after.sigma / before.sigma) * (x[i] - denoised[i])
    expect(Math.abs(value - expected)).toBeLessThan(2e-3 * (1 + Math.abs(x[i])))
  })
  expect(await studio.calls.trace({ imageId })).toEqual(trace satisfies Trace)
})

it('latents of as many channels as transformers have are decoded too', async () => {
  const furtherFolders = [fileURLToPath(new URL('../golden/dit', import.meta.url))]
  const studio = await openTestStudio(temporaryFolder(), { enginePath: defaultEnginePath, furtherFolders })
  const { id } = (await studio.calls.models()).find(({ name }) => name === 'flux2klein')!
  const latents = { channels: 128, height: 4, width: 4, data: packFloat32(new Float32Array(128 * 16)) }
  const url = (await studio.calls.decodeLatents({ model: id, latents }))!
  const drawn = await (await studio.assets(new Request(`http://studio${url}`))).arrayBuffer()
  expect(await sharp(drawn).metadata()).toMatchObject({ width: 64, height: 64 })
})

it('looking makes way for a job', async () => {
  const studio = await openRealStudio()
  const imageId = await madePicture(studio)
  const job = await studio.calls.enqueue({ ...request, steps: 20 })
  await untilJob(studio, job.id, ({ state }) => state === 'running')
  expect(await studio.calls.trace({ imageId })).toBeNull()
  expect(await untilJob(studio, job.id, hasEnded)).toMatchObject({ state: 'done' })
  expect(await studio.calls.trace({ imageId })).not.toBeNull()
})

it('a race runs a picture’s noise under another sampler, within its evaluations', async () => {
  const studio = await openRealStudio()
  const imageId = await madePicture(studio)
  const { samplers } = await studio.calls.raceChoices(imageId)
  expect(samplers.find(({ name }) => name === 'DPM adaptive')!.problem).toMatchObject({
    code: 'bad-request',
    message: expect.stringContaining('decides on the way'),
  })
  expect(samplers.filter(({ problem }) => problem === null).length).toBeGreaterThan(30)

  const heard: RaceGuess[] = []
  const end = studio.subscribe({ raceGuess: (guess) => heard.push(guess) })
  const asked = { imageId, sampler: 'Heun', schedule: 'Karras', evaluations: 4 } as const
  const run = (await studio.calls.race(asked))!
  expect(run).toMatchObject({ steps: 2, evaluations: 3, channels: 4, height: 16, width: 16 })
  expect(run.guesses).toEqual(heard.map(({ denoised }) => denoised))
  end()
  // The picture itself is what its own sampler comes to.
  const own = (await studio.calls.race({ ...asked, sampler: 'Euler', schedule: 'Normal', evaluations: 3 }))!
  const { steps } = (await studio.calls.trace({ imageId }))!
  expect(own.guesses).toEqual(steps.map(({ denoised }) => denoised))

  await expect(studio.calls.race({ ...asked, sampler: 'DPM adaptive' })).rejects.toMatchObject({
    code: 'bad-request',
  })
})
