import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Pixels } from '../../src/shared/engine/engineContract.ts'
import type { Mix } from '../../src/shared/engine/engineLooks.ts'
import {
  generationRequestSchema,
  type GenerationRequestInput,
  type ResolvedRequest,
} from '../../src/shared/request/request.ts'
import type { Model } from '../../src/engine/model/model.ts'
import { openModel } from '../../src/engine/model/openModel.ts'
import { paint } from '../../src/engine/pipeline.ts'
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

const request = (input: GenerationRequestInput): ResolvedRequest => ({
  ...generationRequestSchema.parse({ steps: 2, sampler: 'Euler', guidanceScale: 3, ...input }),
  ...{ seed: input.seed ?? 7, width: 128, height: 128 },
})

async function draw(of: ResolvedRequest, mix?: Mix): Promise<Pixels> {
  const subject = { request: of, index: 0, initImage: null, mask: null, ...(mix && { mix }) }
  const painting = paint(model, tokenizers, subject, () => {})
  for (;;) {
    const { value, done } = await painting.next()
    if (done) return value.pixels
  }
}

const one = request({ prompt: 'a red circle', negativePrompt: 'a square', seed: 1 })
const other = request({ prompt: 'a [blue:green:0.5] square', seed: 13 })

it('with nothing of the other it is the picture’s own run, with all of it the other’s', async () => {
  expect(await draw(one, { request: other, noise: 0, text: 0 })).toEqual(await draw(one))
  expect(await draw(one, { request: other, noise: 1, text: 1 })).toEqual(await draw(other))
})

it('noise and texts are mixed each by itself', async () => {
  const otherSeed = { ...one, seed: other.seed }
  expect(await draw(one, { request: other, noise: 1, text: 0 })).toEqual(await draw(otherSeed))
  const otherWords = { ...other, seed: one.seed }
  expect(await draw(one, { request: other, noise: 0, text: 1 })).toEqual(await draw(otherWords))
})

it('between both lies another picture, and beyond too', async () => {
  const halfway = await draw(one, { request: other, noise: 0.5, text: 0.5 })
  expect(halfway).not.toEqual(await draw(one))
  expect(halfway).not.toEqual(await draw(other))
  expect(await draw(one, { request: other, noise: 0, text: -2 })).not.toEqual(await draw(one))
})

it('a text mixed with itself stays what it is', async () => {
  expect(await draw(one, { request: one, noise: 0, text: 0.3 })).toEqual(await draw(one))
})

it('texts of different lengths are brought to one', async () => {
  const long = request({ prompt: `a red circle${', a blue square'.repeat(12)}`, seed: 1 })
  const mixed = await draw(one, { request: long, noise: 0, text: 0.5 })
  expect(mixed).not.toEqual(await draw(one))
  expect(await draw(one, { request: long, noise: 0, text: 1 })).toEqual(await draw(long))
})

it('refuses prompts that are joined of different numbers of parts', async () => {
  const both = request({ prompt: 'a red circle AND a blue square' })
  await expect(draw(one, { request: both, noise: 0, text: 0.5 })).rejects.toMatchObject({
    code: 'bad-request',
    message: expect.stringContaining('joined of 1 parts by AND, the other of 2') as string,
  })
})
