import { expect, it } from 'vitest'
import { imageNoise } from '../../../src/engine/random/imageNoise.ts'
import { generationRequestSchema, type GenerationRequestInput } from '../../../src/shared/request/request.ts'

const shape = { channels: 4, height: 8, width: 8, latentScale: 8 }

function stepNoise(input: GenerationRequestInput & { seed: number }): Float32Array {
  const request = {
    ...generationRequestSchema.parse(input),
    seed: input.seed,
    width: 64,
    height: 64,
  }
  return imageNoise(request, 0, shape, { min: 0.1, max: 10 }).step(5, 2)
}

it('InvokeAI draws the path of DPM++ SDE from seed 0, of other samplers from the seed of the image', () => {
  const invoke = { seedConvention: 'InvokeAI' } as const
  const fixed = stepNoise({ ...invoke, sampler: 'DPM++ SDE', seed: 1 })
  expect(stepNoise({ ...invoke, sampler: 'DPM++ SDE', seed: 2 })).toEqual(fixed)
  expect(stepNoise({ sampler: 'DPM++ SDE', seed: 0 })).toEqual(fixed)
  expect(stepNoise({ ...invoke, sampler: 'DPM++ 2M SDE', seed: 2 })).not.toEqual(fixed)
})
