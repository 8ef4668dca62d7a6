import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { generationRequestSchema, type GenerationRequestInput } from '../../src/shared/request/request.ts'
import type { Evaluation } from '../../src/shared/engine/engineContract.ts'
import { samplers } from '../../src/shared/models/samplers.ts'
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
async function painted(
  input: GenerationRequestInput,
  known: readonly Evaluation[] = [],
  recorded: readonly number[] | null = null,
) {
  const asked = generationRequestSchema.parse({ prompt: 'a [blue:red:0.5] circle', steps: 6, ...input })
  const request = { ...asked, seed: 3, width: 64, height: 64 }
  const answers = copies(known)
  const before = model.tallies.unet.runs
  let differs = 0
  const evaluations = replaying(copies(known), recorded, {
    hear: (evaluation) => answers.push(...copies([evaluation])),
    differs: () => differs++,
  })
  const painting = paint(
    evaluations.of(model),
    tokenizers,
    { request, index: 0, initImage: null, mask: null },
    () => {},
  )
  for (;;) {
    const { value, done } = await painting.next()
    if (!done) continue
    const computed = model.tallies.unet.runs - before
    const [widening, together] = [evaluations.widening(), evaluations.together()]
    return { pixels: value.pixels, answers, computed, differs, widening, together }
  }
}

/** Samplers go on with what they are given. */
const copies = (evaluations: readonly Evaluation[]): Evaluation[] =>
  evaluations.map(({ answer, ...how }) => ({ answer: answer.slice(), ...how }))

/** Goes on in the middle, and must end as if it had never stopped. */
async function expectToGoOn(input: GenerationRequestInput): Promise<void> {
  const whole = await painted(input)
  expect(whole.answers).toHaveLength(whole.computed)
  const half = Math.floor(whole.answers.length / 2)
  const rest = await painted(input, whole.answers.slice(0, half))
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

describe('weights that are widened beside the run', () => {
  beforeAll(() => model.useMemory({ unetMakesRoom: false, widening: 'beside the run' }))
  afterAll(() => model.useMemory({ unetMakesRoom: false, widening: 'at opening' }))

  it('are recorded, and make the same pixels again when they are open already', async () => {
    const first = await painted({ seed: 5 })
    expect(first.widening![0]).toBeGreaterThan(1)
    expect(first.widening!.reduce((sum, evaluations) => sum + evaluations)).toBe(first.answers.length)
    const warm = await painted({ seed: 5 }, [], [2, 4, 1])
    expect(warm.widening).toEqual([2, 4, 1, first.answers.length - 7])
    expect(warm.answers).not.toEqual(first.answers)
    expect(await painted({ seed: 5 }, [], first.widening)).toMatchObject({
      ...{ pixels: first.pixels, answers: first.answers, widening: first.widening, differs: 0 },
    })
    expect(await painted({ seed: 5 }, [], warm.widening)).toMatchObject({
      ...{ pixels: warm.pixels, answers: warm.answers, widening: warm.widening, differs: 0 },
    })
  })

  it('count on where a picture goes on in the middle', async () => {
    const whole = await painted({}, [], [3, 100])
    const rest = await painted({}, whole.answers.slice(0, 5), [3, 100])
    expect(rest).toMatchObject({ pixels: whole.pixels, widening: whole.widening })
  })

  it('tell once that they must stay in their file', async () => {
    model.useMemory({ unetMakesRoom: false, widening: 'in the run' })
    const { differs, widening, answers } = await painted({}, [], [0, 100])
    expect({ differs, widening }).toEqual({ differs: 1, widening: [answers.length] })
  })
})

describe('guidance in one run', () => {
  const usual = { unetMakesRoom: false, widening: 'at opening' } as const
  beforeAll(() => model.useMemory({ ...usual, together: true }))
  afterAll(() => model.useMemory(usual))

  /** The same with one evaluation after the other. */
  async function inTurn(input: GenerationRequestInput) {
    model.useMemory(usual)
    const picture = await painted(input)
    model.useMemory({ ...usual, together: true })
    return picture
  }

  it('makes the same picture in half as many runs, and that is recorded', async () => {
    const [before, now] = [await inTurn({}), await painted({})]
    const furthest = now.pixels.data.reduce(
      (most, value, i) => Math.max(most, Math.abs(value - before.pixels.data[i])),
      0,
    )
    expect(furthest).toBeLessThanOrEqual(1)
    expect(now.computed).toBe(before.computed / 2)
    expect(now.answers).toHaveLength(before.answers.length)
    expect([before.together, now.together]).toEqual([false, true])
  })

  it.each([4, 5])('goes on in the middle to the same pixels: %i answers', async (known) => {
    const whole = await painted({})
    const rest = await painted({}, whole.answers.slice(0, known))
    expect(rest.computed).toBe(Math.ceil((whole.answers.length - known) / 2))
    expect(rest).toMatchObject({ pixels: whole.pixels, answers: whole.answers, together: true })
  })

  it.each<GenerationRequestInput>([
    { guidanceScale: 1 },
    { prompt: 'a blue circle AND a red square' },
    { fast: {}, steps: 14 },
  ])('is not for predictions that are not always made of two: %o', async (input) => {
    const [before, now] = [await inTurn(input), await painted(input)]
    expect(now.pixels).toEqual(before.pixels)
    expect([now.computed, now.together]).toEqual([before.computed, null])
  })
})
