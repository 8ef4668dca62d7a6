import { describe, expect, it } from 'vitest'
import { imageNoise, type BrownianRange } from '../../../src/engine/random/imageNoise.ts'
import { mersenneTwister } from '../../../src/engine/random/mersenneTwister.ts'
import { philox } from '../../../src/engine/random/philox.ts'
import {
  generationRequestSchema,
  seedConventions,
  type GenerationRequestInput,
  type ResolvedRequest,
} from '../../../src/shared/request/request.ts'
import type { Seed } from '../../../src/shared/request/seed.ts'

const shape = { channels: 4, height: 8, width: 8, latentScale: 8 }
const size = 256
const request = (input: GenerationRequestInput & { seed: Seed }): ResolvedRequest => ({
  ...generationRequestSchema.parse(input),
  seed: input.seed,
  width: 64,
  height: 64,
})

/** Everything an image draws, in order. */
function drawsOf(asked: ResolvedRequest, index: number, brownian: BrownianRange = null): number[][] {
  const noise = imageNoise(asked, index, shape, brownian)
  return [noise.posterior(), noise.initial(), noise.step(10, 5), noise.step(5, 1)].map((values) => [
    ...values,
  ])
}

describe.each(seedConventions)('as in %s', (seedConvention) => {
  const born = request({ seedConvention, seed: '18446744073709551614', batchSize: 4 })

  it.each([0, 1, 3])('image %i of a batch is drawn again alone from what its row stores', (index) => {
    const { seed, batchStart, batchOf } = imageNoise(born, index, shape).origin
    const alone = { ...born, seed, batchStart, batchOf, batchSize: 1 }
    expect(drawsOf(alone, 0)).toEqual(drawsOf(born, index))
    expect(drawsOf(alone, 0, { min: 0.03, max: 14 })).toEqual(drawsOf(born, index, { min: 0.03, max: 14 }))
  })

  it('the same holds where there is a variation', () => {
    const varied = { ...born, variationSeed: 7, variationStrength: 0.4 }
    const { seed, batchStart, batchOf, variationSeed } = imageNoise(varied, 2, shape).origin
    const alone = { ...varied, seed, batchStart, batchOf, variationSeed, batchSize: 1 }
    expect(drawsOf(alone, 0)).toEqual(drawsOf(varied, 2))
  })

  it('no two images of a batch begin alike', () => {
    const firsts = [0, 1, 2, 3].map((index) => imageNoise(born, index, shape).initial().join())
    expect(new Set(firsts).size).toBe(4)
  })
})

it('AUTOMATIC1111 goes on with the generator of the image, whose seed counts up', () => {
  const noise = imageNoise(request({ seedConvention: 'AUTOMATIC1111 CPU', seed: 40, batchSize: 3 }), 2, shape)
  const torch = mersenneTwister(42)
  expect([...noise.initial()]).toEqual([...torch.normals(size)])
  expect([...noise.step(3, 2)]).toEqual([...torch.normals(size)])
  expect(noise.origin.seed).toBe(42)
})

it('AUTOMATIC1111 begins again at seed plus delta for the noise after the first', () => {
  const asked = request({ seedConvention: 'AUTOMATIC1111 GPU', seed: 5, etaNoiseSeedDelta: 31337 })
  const noise = imageNoise(asked, 0, shape)
  expect([...noise.initial()]).toEqual([...philox(5).normals(size)])
  expect([...noise.step(3, 2)]).toEqual([...philox(31342).normals(size)])
})

it('ComfyUI draws the whole batch at once and its first ancestral noise is the initial one', () => {
  const noise = imageNoise(request({ seedConvention: 'ComfyUI', seed: 9, batchSize: 2 }), 1, shape)
  const whole = mersenneTwister(9).normals(2 * size)
  expect([...noise.initial()]).toEqual([...whole.subarray(size)])
  expect([...noise.step(3, 2)]).toEqual([...whole.subarray(size)])
})

it('diffusers draws the posterior first, and then batches from the same generator', () => {
  const noise = imageNoise(request({ seedConvention: 'diffusers', seed: 3, batchSize: 2 }), 0, shape)
  const torch = mersenneTwister(3)
  expect([...noise.posterior()]).toEqual([...torch.normals(size)])
  expect([...noise.initial()]).toEqual([...torch.normals(2 * size).subarray(0, size)])
  expect([...noise.step(3, 2)]).toEqual([...torch.normals(2 * size).subarray(0, size)])
})

it('InvokeAI seeds the noise of the steps with the complement of the seed', () => {
  const noise = imageNoise(request({ seedConvention: 'InvokeAI', seed: 1 }), 0, shape)
  noise.initial()
  expect([...noise.step(3, 2)]).toEqual([...mersenneTwister(0xfffffffe).normals(size)])
})

it('stable-diffusion.cpp begins the noise of the steps with the seed again', () => {
  const noise = imageNoise(request({ seedConvention: 'stable-diffusion.cpp', seed: 1 }), 0, shape)
  expect([...noise.initial()]).toEqual([...noise.step(3, 2)])
})

it('the seed beyond the largest is 0 again', () => {
  const asked = request({ seedConvention: 'AUTOMATIC1111 GPU', seed: '18446744073709551615', batchSize: 2 })
  expect(imageNoise(asked, 1, shape).origin.seed).toBe(0)
})

it('a seed is resized from a size in pixels of the model’s latents', () => {
  const asked = request({ seedConvention: 'AUTOMATIC1111 CPU', seed: 40 })
  const resized = { ...asked, seedResizeWidth: 128, seedResizeHeight: 128 }
  const ofKlein = { ...shape, latentScale: 16 }
  // The same size: nothing is cut off or added.
  expect(imageNoise(resized, 0, ofKlein).initial()).toEqual(imageNoise(asked, 0, ofKlein).initial())
})
