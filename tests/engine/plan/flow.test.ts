import { describe, expect, it } from 'vitest'
import { unguided, type Denoise } from '../../../src/engine/denoiser.ts'
import { noiseSchedule } from '../../../src/engine/plan/noiseSchedule.ts'
import { planSampling } from '../../../src/engine/plan/sampling.ts'
import { stableDiffusionNoise } from '../../../src/engine/model/sources/schedulerConfig.ts'
import { followsFlow } from '../../../src/engine/plan/flow/flowSamplers.ts'
import { mersenneTwister } from '../../../src/engine/random/mersenneTwister.ts'
import { generationRequestSchema } from '../../../src/shared/request/request.ts'

const model = {
  noiseSchedule: noiseSchedule(stableDiffusionNoise),
  predictionType: 'flow' as const,
  schedulerConfig: { _class_name: 'FlowMatchEulerDiscreteScheduler', shift: 3 },
}

const planned = (input: object) =>
  planSampling(
    { ...generationRequestSchema.parse({ prompt: '', ...input }), seed: 1, width: 64, height: 64 },
    model,
  )

it('given noise levels are shifted as the model is, and end where nothing is left to do', () => {
  expect([...planned({ sigmas: [1, 0.5, 0], sampler: 'Model default' }).sigmas]).toEqual([1, 0.75, 0])
})

/** Pictures of a normal distribution of this spread, which a perfect network knows: E[picture | x] is linear in x. */
const spread = 0.4
const perfect: Denoise = async (x, sigma) => {
  const variance = ((1 - sigma) * spread) ** 2 + sigma ** 2
  return unguided(x.map((value) => ((1 - sigma) * spread ** 2 * value) / variance))
}

async function sampled(input: object, noise: Float32Array, network = perfect): Promise<Float32Array> {
  const plan = planned(input)
  const { normals } = mersenneTwister(7n)
  let latents = plan.start(noise, null)
  for await (const { x } of plan.run(network, latents, () => normals(noise.length))) latents = x
  return plan.finish(latents)
}

const furthest = (found: Float32Array, expected: Float32Array): number =>
  Math.max(...found.map((value, i) => Math.abs(value - expected[i])))

describe('on a flow', () => {
  const noise = mersenneTwister(1n).normals(256)
  // The way of the equation itself, of which the spread is the only thing that changes.
  const exact = noise.map((value) => spread * value)

  it.each(followsFlow)(
    '%s comes the nearer to the exact solution the more steps it does',
    async (sampler) => {
      const [few, many] = [
        await sampled({ sampler, steps: 10 }, noise),
        await sampled({ sampler, steps: 80 }, noise),
      ]
      expect(furthest(many, exact)).toBeLessThan(furthest(few, exact) / 2)
      expect(furthest(many, exact)).toBeLessThan(0.1)
    },
  )

  const spreadOf = (values: Float32Array): number =>
    Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length)
  const much = mersenneTwister(3n).normals(20_000)

  it('Euler a makes pictures that come the nearer to the spread of all pictures the more steps it does', async () => {
    const off = async (steps: number) =>
      Math.abs(spreadOf(await sampled({ sampler: 'Euler a', steps }, much)) / spread - 1)
    const [few, many] = [await off(20), await off(160)]
    expect(many).toBeLessThan(few / 3)
    expect(many).toBeLessThan(0.06)
  })

  it('LCM, on a network that knows the end of every way, keeps the spread', async () => {
    const consistent: Denoise = async (x, sigma) => {
      const now = Math.hypot((1 - sigma) * spread, sigma)
      return unguided(x.map((value) => (value * spread) / now))
    }
    const pictures = await sampled({ sampler: 'LCM', steps: 4 }, much, consistent)
    expect(Math.abs(spreadOf(pictures) / spread - 1)).toBeLessThan(0.02)
  })

  it.each(['Simple', 'SGM Uniform', 'Beta', 'Normal', 'Karras'] as const)(
    '%s goes from noise to the picture',
    (schedule) => {
      const { sigmas } = planned({ sampler: 'Euler', schedule, steps: 8 })
      expect(sigmas[0]).toBeCloseTo(1, 6)
      expect(sigmas.at(-1)).toBe(0)
    },
  )

  it('a sampler that puts noise in by other rules is refused, with those that work', () => {
    expect(() => planned({ sampler: 'DPM++ 2M SDE' })).toThrow(
      /DPM\+\+ 2M SDE does not work on a flow.*Euler/s,
    )
  })

  it('a schedule of another model is refused, with those that work', () => {
    expect(() => planned({ sampler: 'Euler', schedule: 'Align Your Steps' })).toThrow(
      /not made for flow.*Simple/s,
    )
  })
})
