import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { generationRequestSchema, type GenerationRequestInput } from '../../src/shared/request.ts'
import { samplers } from '../../src/shared/samplers.ts'
import type { Model } from '../../src/engine/model/model.ts'
import { openModel } from '../../src/engine/model/openModel.ts'
import { paint } from '../../src/engine/pipeline.ts'
import { replaying } from '../../src/engine/replay.ts'
import { openTokenizers } from '../../src/engine/text/textEmbeddings.ts'
import type { Tokenizer } from '../../src/engine/text/tokenizer.ts'

const starter = fileURLToPath(new URL('../../resources/models/starter', import.meta.url))
let model: Model
let tokenizers: readonly Tokenizer[]

beforeAll(async () => {
  model = await openModel(starter, 'cpu')
  tokenizers = await openTokenizers(model)
})
afterAll(() => model.release())

/** A picture of which some answers are known, all answers there are then, and how many were computed for it. */
async function painted(input: GenerationRequestInput, known: readonly Float32Array[] = []) {
  const asked = generationRequestSchema.parse({ prompt: 'a [blue:red:0.5] circle', steps: 6, ...input })
  const request = { ...asked, seed: 3, width: 64, height: 64 }
  const answers = known.map((answer) => answer.slice())
  const before = model.tallies.unet.runs
  const kept = replaying(known, (answer) => answers.push(answer.slice()))(model)
  const painting = paint(kept, tokenizers, { request, index: 0, initImage: null, mask: null }, () => {})
  for (;;) {
    const { value, done } = await painting.next()
    if (done) return { pixels: value.pixels, answers, computed: model.tallies.unet.runs - before }
  }
}

/** Goes on in the middle, and must end as if it had never stopped. */
async function expectToGoOn(input: GenerationRequestInput): Promise<void> {
  const whole = await painted(input)
  expect(whole.answers).toHaveLength(whole.computed)
  const half = Math.floor(whole.answers.length / 2)
  const rest = await painted(
    input,
    whole.answers.slice(0, half).map((answer) => answer.slice()),
  )
  expect(rest.computed).toBe(whole.computed - half)
  expect(rest.pixels).toEqual(whole.pixels)
  expect(rest.answers).toEqual(whole.answers)
}

describe('a picture goes on in the middle to the same pixels', () => {
  it.each(samplers.map(({ name }) => name))('with %s', (sampler) => expectToGoOn({ sampler }))

  it('with Fast', () => expectToGoOn({ steps: 14, fast: {} }))

  it('in the first and in the second pass', async () => {
    const input = { steps: 4, hires: { scale: 1.5, upscaler: 'Lanczos' } }
    await expectToGoOn(input)
    const { answers, pixels } = await painted(input)
    const rest = await painted(input, answers.slice(0, -1))
    expect(rest.computed).toBe(1)
    expect(rest.pixels).toEqual(pixels)
  })

  it('and needs no network when all is known', async () => {
    const { answers, pixels } = await painted({})
    expect(await painted({}, answers)).toMatchObject({ computed: 0, pixels })
  })
})
