import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { branchFrom } from '../../src/shared/request/legs.ts'
import type { Prediction } from '../../src/shared/engine/engineLooks.ts'
import type { BranchChange } from '../../src/shared/request/branch.ts'
import {
  generationRequestSchema,
  type GenerationRequestInput,
  type ResolvedRequest,
} from '../../src/shared/request/request.ts'
import { samplers } from '../../src/shared/models/samplers.ts'
import type { Model } from '../../src/engine/model/model.ts'
import { openModel } from '../../src/engine/model/openModel.ts'
import { paint } from '../../src/engine/pipeline.ts'
import type { Opened } from '../../src/engine/predictions.ts'
import { openTokenizers } from '../../src/engine/text/textEmbeddings.ts'

const models = fileURLToPath(new URL('../../resources/models/', import.meta.url))
let starter: Opened

const opened = async (model: Model): Promise<Opened> => ({
  model,
  tokenizers: await openTokenizers(model),
})

beforeAll(async () => {
  starter = await opened(await openModel(`${models}starter`, 'cpu'))
})
afterAll(() => starter.model.release())

const requestOf = (input: GenerationRequestInput): ResolvedRequest => ({
  ...generationRequestSchema.parse({ steps: 4, prompt: 'a blue circle', guidanceScale: 1, ...input }),
  seed: 7,
  width: 64,
  height: 64,
})

const branchOf = (request: ResolvedRequest, at: number, change: BranchChange = {}): ResolvedRequest => {
  const image = { id: 'parent', request, model: { id: request.model, name: 'starter', hash: 'abc' } }
  // As a row holds it.
  return { ...request, ...generationRequestSchema.parse(branchFrom(image, at, change)) } as ResolvedRequest
}

interface Run {
  /** Finished: what decides the pixels. */
  latents: Float32Array
  predictions: Prediction[]
}

async function run(request: ResolvedRequest, open?: (leg: number) => Promise<Opened>): Promise<Run> {
  const predictions: Prediction[] = []
  const subject = {
    ...{ request, index: 0, initImage: null, mask: null },
    watch: ({ x, ...prediction }: Prediction) => predictions.push({ ...prediction, x: x.slice() }),
    ...(open && { open }),
  }
  const painting = paint(starter.model, starter.tokenizers, subject, () => {})
  for await (const { finished } of painting) if (finished) return { latents: finished.data, predictions }
  throw new Error('It ended without latents.')
}

describe('a branch with nothing changed is the picture it was taken from', () => {
  it.each(samplers.map(({ name }) => name))('%s', async (sampler) => {
    const request = requestOf({ sampler })
    const parent = await run(request)
    // Another text of the same words: the predictions are made anew, and the sampler has to run on.
    const branch = branchOf(request, Math.ceil(parent.predictions.length / 2), { prompt: ' a  blue circle' })
    expect(await run(branch)).toEqual(parent)
  })

  it('under guidance that ends where it changes nothing, with forecast predictions', async () => {
    const request = requestOf({ sampler: 'Euler', steps: 12, guidanceScale: 3, fast: {} })
    expect(await run(branchOf(request, 5))).toEqual(await run(request))
  })

  it.each(['ComfyUI', 'diffusers', 'InvokeAI'] as const)(
    'with the seed of the picture for its later noise, as %s draws it',
    async (seedConvention) => {
      for (const sampler of ['Euler a', 'DPM++ SDE'] as const) {
        const request = requestOf({ sampler, seedConvention })
        expect(await run(branchOf(request, 2, { laterSeed: 7 }))).toEqual(await run(request))
      }
    },
  )

  it('a branch of a branch, from before and after its own beginning', async () => {
    const request = requestOf({ sampler: 'DPM++ 2M' })
    const parent = await run(request)
    const once = branchOf(request, 2, { prompt: 'a red square' })
    const first = await run(once)
    expect(first.latents).not.toEqual(parent.latents)
    const after = branchOf(once, 3)
    expect(after.branch!.before.map(({ until, prompt }) => [until, prompt])).toEqual([
      [2, 'a blue circle'],
      [3, 'a red square'],
    ])
    expect(await run(after)).toEqual(first)
    const before = branchOf(once, 1, { prompt: 'a blue circle' })
    expect(before.branch!.before.map(({ until }) => until)).toEqual([1])
    expect(await run(before)).toEqual(parent)
  })
})

describe('from its beginning on a branch is drawn as it says', () => {
  const at = 2
  const base = { sampler: 'Euler a', guidanceScale: 3 } as const

  /** The predictions of a picture and of its branch, of which those before the turn are the same. */
  async function both(change: BranchChange, input: GenerationRequestInput = base) {
    const request = requestOf(input)
    const [parent, branch] = [await run(request), await run(branchOf(request, at, change))]
    expect(branch.predictions.slice(0, at)).toEqual(parent.predictions.slice(0, at))
    expect(branch.latents).not.toEqual(parent.latents)
    return { before: parent.predictions, after: branch.predictions }
  }

  it('under another prompt', async () => {
    const { before, after } = await both({ prompt: 'a red square' })
    expect(after[at].x).toEqual(before[at].x)
    expect(after[at].unconditional).toEqual(before[at].unconditional)
    expect(after[at].conditional).not.toEqual(before[at].conditional)
  })

  it('with other guidance', async () => {
    const { after } = await both({ guidanceScale: 6 })
    const { denoised, conditional, unconditional } = after[at]
    const guided = unconditional!.map((value, i) => Math.fround(value + 6 * (conditional![i] - value)))
    denoised.forEach((value, i) => expect(Math.abs(value - guided[i])).toBeLessThan(1e-5))
  })

  it('with another seed for the noise of its steps', async () => {
    const { before, after } = await both({ laterSeed: 8 })
    expect(after[at]).toEqual(before[at])
    expect(after[at + 1].sigma).toBe(before[at + 1].sigma)
    expect(after[at + 1].x).not.toEqual(before[at + 1].x)
  })

  it('by another sampler over the noise levels that are left, as if it had begun there', async () => {
    const { before, after } = await both({ sampler: 'Euler' })
    expect(after[at]).toEqual(before[at])
    expect(after.map(({ sigma }) => sigma)).toEqual(before.map(({ sigma }) => sigma))
    // Euler: x of the next step lies on the line from x to the guess.
    const [here, next] = after.slice(at)
    next.x.forEach((value, i) => {
      const expected = here.denoised[i] + (next.sigma / here.sigma) * (here.x[i] - here.denoised[i])
      expect(Math.abs(value - expected)).toBeLessThan(1e-5 * (1 + Math.abs(here.x[i])))
    })
  })

  it('by every other sampler after Euler', async () => {
    // Of two steps that are left, the first and the last are Euler's in multistep samplers too.
    const request = requestOf({ sampler: 'Euler', steps: 6 })
    const parent = await run(request)
    for (const { name: sampler } of samplers) {
      if (sampler === 'Euler' || sampler === 'Model default') continue
      const { latents, predictions } = await run(branchOf(request, at, { sampler }))
      expect(predictions.slice(0, at), sampler).toEqual(parent.predictions.slice(0, at))
      expect(latents.every(Number.isFinite), sampler).toBe(true)
      // Without noise DDIM takes Euler's very steps.
      if (sampler === 'DDIM') expect(latents).toEqual(parent.latents)
      else expect(latents, sampler).not.toEqual(parent.latents)
    }
  })

  it('by another model, which draws it to its end', async () => {
    const other = await opened(await openModel(`${models}starter-fast`, 'cpu'))
    const request = requestOf(base)
    const asked: number[] = []
    const open = (leg: number): Promise<Opened> => {
      asked.push(leg)
      return Promise.resolve(other)
    }
    const parent = await run(request)
    const branch = await run(branchOf(request, at, { model: 'starter-fast' }), open)
    await other.model.release()
    expect(asked).toEqual([1])
    expect(branch.predictions.slice(0, at)).toEqual(parent.predictions.slice(0, at))
    expect(branch.predictions[at].x).toEqual(parent.predictions[at].x)
    expect(branch.predictions[at].conditional).not.toEqual(parent.predictions[at].conditional)
  })
})

it('what cannot be gone on with is said', async () => {
  const request = requestOf({ sampler: 'Euler' })
  await expect(run(branchOf(request, 4))).rejects.toMatchObject({
    code: 'bad-request',
    message: expect.stringContaining('begins at prediction 5, and the run has only 4') as string,
  })
  await expect(run(branchOf(request, 2, { sampler: 'Model default' }))).rejects.toMatchObject({
    code: 'bad-request',
  })
})
