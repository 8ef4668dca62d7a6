// The model of pixels that is shipped: what the engine makes of it.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Pixels } from '../../src/shared/engine/engineContract.ts'
import type { Prediction } from '../../src/shared/engine/engineLooks.ts'
import { generationRequestSchema, type GenerationRequestInput } from '../../src/shared/request/request.ts'
import type { Model } from '../../src/engine/model/model.ts'
import { openModel } from '../../src/engine/model/openModel.ts'
import { paint } from '../../src/engine/pipeline.ts'
import { noiseSchedule } from '../../src/engine/plan/noiseSchedule.ts'

const side = 32
/** Of every 101st value of what training/pixel_export.py --reference predicted. */
const reference = JSON.parse(readFileSync(new URL('fixtures/pixels.json', import.meta.url), 'utf8')) as {
  timestep: number
  predicted: number[]
}[]
let model: Model
beforeAll(async () => {
  model = await openModel(
    fileURLToPath(new URL('../../resources/models/starter-pixels', import.meta.url)),
    'cpu',
  )
})
afterAll(() => model.release())

async function picture(input: GenerationRequestInput, watch?: (told: Prediction) => void): Promise<Pixels> {
  const request = {
    ...generationRequestSchema.parse({ guidanceScale: 1, ...input }),
    ...{ seed: input.seed ?? 1, width: side, height: side },
  } as const
  const painting = paint(
    model,
    [],
    { request, index: 0, initImage: null, mask: null, ...(watch && { watch }) },
    () => {},
  )
  for (;;) {
    const { value, done } = await painting.next()
    if (done) return value.pixels
  }
}

/** How far neighbours in a row differ, of 255: drawn scenes have areas, noise has none. */
function roughness({ data, width }: Pixels): number {
  let sum = 0
  for (let i = 3; i < data.length; i++) if (i % (3 * width) >= 3) sum += Math.abs(data[i] - data[i - 3])
  return sum / data.length
}

describe('the model of pixels', () => {
  it('is a small plain DDPM of the cosine schedule', () => {
    expect(model).toMatchObject({ family: { name: 'ddpm' }, latentScale: 1, latentChannels: 3 })
    expect(model.info).toMatchObject({
      title: 'Starter, pixels',
      hasTextEncoder: false,
      canEncodeImages: true,
      readsReferences: false,
      ...{ defaultWidth: side, defaultHeight: side, minSize: side },
      defaults: { sampler: 'Model default', guidanceScale: 1 },
    })
    expect(noiseSchedule(model.noiseSchedule).alphasCumprod[499]).toBeCloseTo(0.494, 2)
  })

  it('predicts the noise that PyTorch does with the weights it was trained as', async () => {
    const unet = await model.openUnet({ height: side, width: side, contextTokens: 0 })
    const input = Float32Array.from({ length: 3 * side * side }, (_, i) => Math.sin(i * 0.37) * 1.3)
    for (const { timestep, predicted } of reference) {
      const found = await unet.run(input, timestep, null)
      predicted.forEach((value, i) => expect(found[i * 101]).toBeCloseTo(value, 3))
    }
  })

  it.each(['Model default', 'DDPM', 'DPM++ 2M', 'Euler a'] as const)(
    'draws areas, not noise, with %s',
    async (sampler) => {
      const schedule = sampler === 'Model default' ? 'Model default' : 'Normal'
      const told: Prediction[] = []
      const drawn = await picture({ sampler, schedule, steps: 30, seed: 5 }, (step) => told.push(step))
      expect(roughness(drawn)).toBeLessThan(24)
      for (const { denoised } of told) expect(Math.max(...denoised.map(Math.abs))).toBeLessThanOrEqual(1)
    },
  )
})
