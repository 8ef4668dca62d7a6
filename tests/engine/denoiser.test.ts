import { describe, expect, it } from 'vitest'
import { denoiser, guidance, predictionTypes, type Network, type Predict } from '../../src/engine/denoiser.ts'

const clean = Float32Array.from({ length: 8 }, (_, i) => Math.sin(i))
const noise = Float32Array.from({ length: 8 }, (_, i) => Math.cos(3 * i))
const noised = (sigma: number): Float32Array => clean.map((value, i) => value + sigma * noise[i])

/** What a perfect network gives for each prediction type. */
const truths = {
  epsilon: () => noise,
  v_prediction: (sigma: number) => {
    const alpha = 1 / Math.hypot(1, sigma)
    return noise.map((value, i) => alpha * value - sigma * alpha * clean[i])
  },
  sample: () => clean,
  flow: () => noise.map((value, i) => value - clean[i]),
}

describe.each(predictionTypes)('a network that predicts %s', (type) => {
  it.each([0.05, 1, 14.6])('gives back the clean latents at sigma %d', async (sigma) => {
    const predict = denoiser(
      async () => truths[type](sigma),
      type,
      () => 0,
    )
    const mixed =
      type === 'flow' ? clean.map((value, i) => (1 - sigma) * value + sigma * noise[i]) : noised(sigma)
    const found = await predict(mixed, sigma)
    found.forEach((value, i) => expect(value).toBeCloseTo(clean[i], 5))
  })
})

it('the network receives latents of variance one and the timestep of the sigma', async () => {
  const seen: [Float32Array, number][] = []
  const network: Network = async (input, timestep) => {
    seen.push([input, timestep])
    return noise
  }
  await denoiser(network, 'epsilon', (sigma) => 10 * sigma)(noised(3), 3)
  const [input, timestep] = seen[0]
  expect(timestep).toBe(30)
  input.forEach((value, i) => expect(value).toBeCloseTo(noised(3)[i] / Math.sqrt(10), 6))
})

describe('guidance', () => {
  const plain = { scale: 1, rescale: 0, rescaleSpace: 'epsilon' as const, plusPlus: false }
  const conditional: Predict = async () => clean
  const unconditional: Predict = async () => noise
  const never: Predict = () => Promise.reject(new Error('the unconditional network was run'))
  const x = noised(2)

  it('leaves the unconditional network alone at scale 1', async () => {
    const { denoised, anchor } = await guidance([{ predict: conditional, weight: 1 }], never, plain)(x, 2)
    expect(denoised).toBe(clean)
    expect(anchor).toBe(clean)
  })

  it('is made of predictions that come together, where they do', async () => {
    const one = [{ predict: never, weight: 1 }]
    const guided = guidance(one, never, { ...plain, scale: 7.5 }, async () => [noise, clean])
    const apart = guidance([{ predict: conditional, weight: 1 }], unconditional, { ...plain, scale: 7.5 })
    expect(await guided(x, 2)).toEqual(await apart(x, 2))
  })

  it('goes scale times from the unconditional to the conditional prediction', async () => {
    const guided = guidance([{ predict: conditional, weight: 1 }], unconditional, { ...plain, scale: 7.5 })
    const { denoised } = await guided(x, 2)
    denoised.forEach((value, i) => expect(value).toBeCloseTo(noise[i] + 7.5 * (clean[i] - noise[i]), 4))
  })

  it('adds the weighted differences of prompts joined by AND, also at scale 1', async () => {
    const half: Predict = async () => clean.map((value) => value / 2)
    const conditions = [
      { predict: conditional, weight: 1 },
      { predict: half, weight: -0.5 },
    ]
    const { denoised } = await guidance(conditions, unconditional, plain)(x, 2)
    denoised.forEach((value, i) => {
      const expected = noise[i] + (clean[i] - noise[i]) - 0.5 * (clean[i] / 2 - noise[i])
      expect(value).toBeCloseTo(expected, 5)
    })
  })

  it('a limit shortens the guided noise to so many times that under the prompt, and lengthens nothing', async () => {
    const x = Float32Array.of(3, 4)
    const conditional = async (): Promise<Float32Array> => Float32Array.of(0, 0)
    const unconditional = async (): Promise<Float32Array> => Float32Array.of(3, 4)
    const noiseUnder = async (limit: number): Promise<number[]> => {
      const guide = guidance([{ predict: conditional, weight: 1 }], unconditional, {
        ...plain,
        scale: 3,
        limit,
      })
      const { denoised } = await guide(x, 1)
      return [...x].map((value, i) => value - denoised[i])
    }
    expect(await noiseUnder(10)).toEqual([9, 12])
    expect(await noiseUnder(1)).toEqual([3, 4])
  })

  it('rescale 1 gives the guided noise the spread of the conditional one', async () => {
    const guided = guidance([{ predict: conditional, weight: 1 }], unconditional, {
      ...plain,
      scale: 7.5,
      rescale: 1,
    })
    const { denoised } = await guided(x, 2)
    const spread = (latents: Float32Array): number => {
      const added = latents.map((value, i) => x[i] - value)
      const mean = added.reduce((sum, value) => sum + value) / added.length
      return Math.sqrt(added.reduce((sum, value) => sum + (value - mean) ** 2, 0))
    }
    expect(spread(denoised)).toBeCloseTo(spread(clean), 4)
  })

  it('CFG++ anchors the noise at the unconditional prediction, and runs it at scale 1 too', async () => {
    const guided = guidance([{ predict: conditional, weight: 1 }], unconditional, {
      ...plain,
      plusPlus: true,
    })
    const { denoised, anchor } = await guided(x, 2)
    expect(anchor).toBe(noise)
    denoised.forEach((value, i) => expect(value).toBeCloseTo(clean[i], 6))
  })
})
