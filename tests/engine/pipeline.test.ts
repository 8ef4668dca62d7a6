import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fileURLToPath } from 'node:url'
import type { Pixels } from '../../src/shared/engine/engineContract.ts'
import { StudioError } from '../../src/shared/errors.ts'
import {
  generationRequestSchema,
  type GenerationRequestInput,
  type ResolvedRequest,
} from '../../src/shared/request/request.ts'
import { byFilter, type Enlarge } from '../../src/engine/hires.ts'
import type { Model } from '../../src/engine/model/model.ts'
import { openModel, readModel } from '../../src/engine/model/openModel.ts'
import { newTallies } from '../../src/engine/model/runtime/tallies.ts'
import { planesToPixels } from '../../src/engine/picture/picture.ts'
import { paint, type Painted, type Stage } from '../../src/engine/pipeline.ts'
import {
  encodePrompts,
  openTokenizers,
  type ScheduledEmbeddings,
} from '../../src/engine/text/textEmbeddings.ts'
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
  ...generationRequestSchema.parse({ steps: 4, prompt: 'a blue circle', ...input }),
  seed: input.seed ?? 7,
  width: input.width ?? 128,
  height: input.height ?? 128,
})

interface Circumstances {
  index?: number
  initImage?: Pixels | null
  mask?: Pixels | null
  beforeEvaluation?: () => void
  enlarge?: Enlarge
}

async function run(
  input: GenerationRequestInput,
  { index = 0, initImage = null, mask = null, beforeEvaluation = () => {}, enlarge }: Circumstances = {},
): Promise<{ painted: Painted; stages: Stage[] }> {
  const stages: Stage[] = []
  const painting = paint(
    model,
    tokenizers,
    { request: request(input), index, initImage, mask },
    beforeEvaluation,
    undefined,
    enlarge,
  )
  for (;;) {
    const { value, done } = await painting.next()
    if (done) return { painted: value, stages }
    stages.push(value)
  }
}

/** The largest difference of two pictures, in levels of 256. */
const difference = (a: Pixels, b: Pixels): number =>
  a.data.reduce((largest, value, i) => Math.max(largest, Math.abs(value - b.data[i])), 0)

const gradient = (width: number, height: number): Pixels => ({
  width,
  height,
  data: Uint8Array.from(
    { length: width * height * 3 },
    (_, i) => [40, Math.floor(i / 3) % width, 200][i % 3] % 256,
  ),
})

describe('fewer evaluations', () => {
  const counted = async (input: GenerationRequestInput) => {
    let evaluations = 0
    const { painted, stages } = await run({ steps: 20, ...input }, { beforeEvaluation: () => evaluations++ })
    return { pixels: painted.pixels, evaluations, stages }
  }

  it('draws nearly the same picture with two thirds of them or fewer, every step told, and the same again', async () => {
    const ownSize = { width: 256, height: 256 }
    const exact = await counted(ownSize)
    const fast = await counted({ ...ownSize, fast: {} })
    expect(exact.evaluations).toBe(40)
    expect(fast.evaluations).toBeLessThanOrEqual(27)
    expect(fast.stages.filter(({ denoised }) => denoised)).toHaveLength(20)
    // On the mean less than one level of 256; another seed is off by nearly three.
    const off = fast.pixels.data.reduce((sum, value, i) => sum + Math.abs(value - exact.pixels.data[i]), 0)
    expect(off / fast.pixels.data.length).toBeLessThan(1)
    expect((await counted({ ...ownSize, fast: {} })).pixels.data).toEqual(fast.pixels.data)
  })

  it('draws exactly the same picture with nothing of it turned on', async () => {
    const nothing = await counted({ fast: { forecast: null, agreement: null } })
    expect(nothing.pixels.data).toEqual((await counted({})).pixels.data)
  })

  it('guides only inside an interval', async () => {
    const fast = { forecast: null, agreement: null, guidanceInterval: { min: 1, max: 20 } }
    const { evaluations } = await counted({ fast })
    expect(evaluations).toBeGreaterThan(20)
    expect(evaluations).toBeLessThan(40)
  })

  it.each(['Euler a', 'DPM++ SDE', 'Heun', 'PLMS', 'Restart', 'Euler CFG++'])(
    'saves some with %s',
    async (sampler) => {
      const guidanceScale = sampler.endsWith('CFG++') ? 1 : 4
      const exact = await counted({ sampler, guidanceScale, steps: 14 })
      const fast = await counted({ sampler, guidanceScale, steps: 14, fast: {} })
      expect(fast.evaluations).toBeLessThan(exact.evaluations)
      expect(fast.stages).toHaveLength(exact.stages.length)
    },
  )

  it('computes all of them where the sampler sizes its steps by them, and where there are few steps', async () => {
    const adaptive = { sampler: 'DPM adaptive', steps: 10 }
    const evaluations = async (input: GenerationRequestInput) => (await counted(input)).evaluations
    expect(await evaluations({ ...adaptive, fast: { agreement: null } })).toBe(await evaluations(adaptive))
    expect(await evaluations({ steps: 8, fast: { agreement: null } })).toBe(16)
  })

  it('computes anew what follows a change of the prompt', async () => {
    const still = await counted({ prompt: 'a blue circle', fast: {} })
    const edited = await counted({ prompt: 'a [blue:red:0.5] circle', fast: {} })
    const alternating = await counted({ prompt: 'a [blue|red] circle', fast: { agreement: null } })
    expect(edited.evaluations).toBeGreaterThan(still.evaluations)
    expect(alternating.evaluations).toBe(40)
  })

  it('saves some in both passes over a picture to start from, and of an enlarged one', async () => {
    const initImage = gradient(128, 128)
    const start = { initImage: { id: '0'.repeat(64) }, denoiseStrength: 0.9 }
    let evaluations = 0
    const beforeEvaluation = () => evaluations++
    await run({ ...start, steps: 20, fast: {} }, { initImage, beforeEvaluation })
    expect(evaluations).toBeLessThan(36)
    const hires = { scale: 1.5, steps: 12, denoiseStrength: 1, upscaler: 'Latent' }
    const both = await counted({ steps: 12, hires, fast: {} })
    const first = await counted({ steps: 12, fast: {} })
    expect(both.evaluations - first.evaluations).toBeLessThan(24)
  })
})

describe('text to image', () => {
  it('paints the same pixels for the same request, and others for another seed', async () => {
    const { painted: first } = await run({})
    const { painted: again } = await run({})
    const { painted: other } = await run({ seed: 8 })
    expect(again.pixels.data).toEqual(first.pixels.data)
    expect(difference(first.pixels, other.pixels)).toBeGreaterThan(20)
  })

  it('tells of every step, with the clean latents that are foreseen', async () => {
    const { stages } = await run({ steps: 5 })
    expect(stages.map(({ phase }) => phase)).toEqual([
      'encoding',
      ...Array<string>(6).fill('denoising'),
      'decoding',
    ])
    expect(stages.filter(({ denoised }) => denoised).map(({ step }) => step)).toEqual([1, 2, 3, 4, 5])
  })

  it('paints other sizes than the model was trained on', async () => {
    const { painted } = await run({ width: 96, height: 160, steps: 2 })
    expect([painted.pixels.width, painted.pixels.height]).toEqual([96, 160])
  })

  it.each(['Euler a', 'DDIM', 'DDPM', 'Euler', 'DPM++ 2M'])('paints with %s', async (sampler) => {
    const { painted } = await run({ sampler, schedule: 'Karras' })
    expect(painted.pixels.data).toHaveLength(128 * 128 * 3)
  })
})

describe('an image of a batch', () => {
  it.each(['AUTOMATIC1111 CPU', 'ComfyUI'] as const)(
    'is painted alone from what it stores, as in %s',
    async (seedConvention) => {
      const batch = { seedConvention, batchSize: 3, sampler: 'Euler a' }
      const { painted: third } = await run(batch, { index: 2 })
      const { seed, batchStart, batchOf } = third
      const { painted: alone } = await run({ ...batch, batchSize: 1, seed, batchStart, batchOf })
      expect(alone.pixels.data).toEqual(third.pixels.data)
    },
  )
})

describe('image to image', () => {
  it('keeps more of the picture the lower the strength is', async () => {
    const initImage = gradient(128, 128)
    const changes = []
    for (const denoiseStrength of [0.2, 0.9]) {
      const { painted } = await run(
        { denoiseStrength, initImage: { id: '0'.repeat(64) }, steps: 10 },
        { initImage },
      )
      changes.push(
        painted.pixels.data.reduce((sum, value, i) => sum + Math.abs(value - initImage.data[i]), 0),
      )
    }
    expect(changes[0]).toBeLessThan(changes[1] / 1.5)
  })
})

describe('inpainting', () => {
  it('paints where the mask is white and keeps the picture where it is black', async () => {
    const initImage = gradient(128, 128)
    const half = { width: 128, height: 128, data: new Uint8Array(128 * 128 * 3) }
    half.data.fill(255, 0, half.data.length / 2)
    const { painted } = await run(
      { denoiseStrength: 1, initImage: { id: '0'.repeat(64) }, mask: { id: '1'.repeat(64) }, steps: 8 },
      { initImage, mask: half },
    )
    const { painted: kept } = await run(
      { denoiseStrength: 0, initImage: { id: '0'.repeat(64) } },
      { initImage },
    )
    const change = (from: number, to: number) =>
      painted.pixels.data
        .subarray(from, to)
        .reduce((sum, value, i) => sum + Math.abs(value - kept.pixels.data[from + i]), 0)
    // What is kept shifts a little: the decoder's group norms look at the whole picture.
    const quarter = half.data.length / 4
    expect(change(0, quarter)).toBeGreaterThan(2 * change(3 * quarter, 4 * quarter))
  })
})

describe('painting a part of a picture', () => {
  const both = { initImage: { id: '0'.repeat(64) }, mask: { id: '1'.repeat(64) } }
  /** White in a rectangle. */
  const maskOf = (width: number, height: number, isWhite: (x: number, y: number) => boolean): Pixels => ({
    width,
    height,
    data: Uint8Array.from({ length: width * height * 3 }, (_, i) => {
      const pixel = Math.floor(i / 3)
      return isWhite(pixel % width, Math.floor(pixel / width)) ? 255 : 0
    }),
  })
  const inSquare = (from: number, to: number) => (x: number, y: number) =>
    x >= from && x < to && y >= from && y < to
  const square = maskOf(128, 128, inSquare(40, 88))
  /** How many levels under the mask, and elsewhere, are others than in a picture. */
  const changes = (found: Pixels, picture: Pixels, mask: Pixels) => {
    const changed = (level: number): number =>
      found.data.filter((value, i) => mask.data[i] === level && value !== picture.data[i]).length
    return { masked: changed(255), unmasked: changed(0) }
  }

  it.each(['original', 'fill', 'noise', 'nothing'] as const)(
    'leaves the pixels outside as they are, from %s',
    async (content) => {
      const initImage = gradient(128, 128)
      const inpaint = { content, maskBlur: 0 }
      const painting = { ...both, inpaint, denoiseStrength: 0.8 }
      const { painted } = await run(painting, { initImage, mask: square })
      const { masked, unmasked } = changes(painted.pixels, initImage, square)
      expect(unmasked).toBe(0)
      expect(masked).toBeGreaterThan(2000)
      const { painted: again } = await run(painting, { initImage, mask: square })
      expect(again.pixels).toEqual(painted.pixels)
    },
  )

  it('begins from what is asked for', async () => {
    const initImage = gradient(128, 128)
    const results: string[] = []
    for (const content of ['original', 'fill', 'noise', 'nothing'] as const) {
      const asked = { ...both, inpaint: { content }, denoiseStrength: 0.5 }
      results.push((await run(asked, { initImage, mask: square })).painted.pixels.data.join())
    }
    expect(new Set(results).size).toBe(4)
  })

  it('paints the masked area alone at the size asked for, and puts it into the whole picture', async () => {
    const initImage = gradient(300, 200)
    const mask = maskOf(300, 200, (x, y) => x >= 200 && x < 240 && y >= 20 && y < 60)
    const inpaint = { area: 'masked', padding: 16, maskBlur: 0 } as const
    const asked = { ...both, inpaint, denoiseStrength: 0.9 }
    const { painted, stages } = await run(asked, { initImage, mask })
    expect([painted.pixels.width, painted.pixels.height]).toEqual([300, 200])
    expect(stages.at(-1)!.finished).toMatchObject({ height: 16, width: 16 })
    const { masked, unmasked } = changes(painted.pixels, initImage, mask)
    expect(unmasked).toBe(0)
    expect(masked).toBeGreaterThan(1000)
  })

  it('paints softly where the mask is grey: the lighter, the more', async () => {
    const initImage = gradient(128, 128)
    const level = (x: number): number => [0, 85, 170, 255][Math.floor(x / 32)]
    const data = Uint8Array.from({ length: 128 * 128 * 3 }, (_, i) => level(Math.floor(i / 3) % 128))
    const asked = { ...both, denoiseStrength: 0.9, steps: 12, inpaint: { soft: true, maskBlur: 0 } }
    const { painted } = await run(asked, { initImage, mask: { width: 128, height: 128, data } })
    const change = [0, 0, 0, 0]
    painted.pixels.data.forEach((value, i) => {
      change[Math.floor((Math.floor(i / 3) % 128) / 32)] += Math.abs(value - initImage.data[i])
    })
    expect(change[0]).toBe(0)
    expect(change[3]).toBeGreaterThan(1.5 * change[1])
  })

  it('fails for a mask that is black', async () => {
    const initImage = gradient(128, 128)
    const mask = maskOf(128, 128, () => false)
    await expect(run({ ...both, inpaint: {} }, { initImage, mask })).rejects.toMatchObject({
      code: 'bad-request',
    })
  })
})

describe('inpainting with a model that knows nothing of masks, as in diffusers', () => {
  const mask = (grey: (x: number) => number): Pixels => ({
    width: 128,
    height: 128,
    data: Uint8Array.from({ length: 128 * 128 * 3 }, (_, i) => grey(Math.floor(i / 3) % 128)),
  })
  // At half of white a pixel is painted: VaeImageProcessor.binarize.
  const soft = mask((x) => 2 * x)
  const hard = mask((x) => (x < 64 ? 0 : 255))

  /** Latents as they are decoded, [channels, height, width]. */
  async function lastLatents(input: GenerationRequestInput, painted: Pixels | null): Promise<Float32Array> {
    const initImage = gradient(128, 128)
    const { promise, resolve } = Promise.withResolvers<Float32Array>()
    const watched: Model = {
      ...model,
      schedulerConfig: { ...model.schedulerConfig, ...scheduler },
      decode(latents) {
        resolve(latents.data.slice())
        return model.decode(latents)
      },
    }
    const asked = request({
      sampler: 'Model default',
      seedConvention: 'diffusers',
      initImage: { id: '0'.repeat(64) },
      ...input,
    })
    const painting = paint(
      watched,
      tokenizers,
      { request: asked, index: 0, initImage, mask: painted },
      () => {},
    )
    while (!(await painting.next()).done);
    return promise
  }

  let scheduler: Record<string, unknown>
  it.each([
    { _class_name: 'DDIMScheduler', set_alpha_to_one: false },
    { _class_name: 'PNDMScheduler', skip_prk_steps: true, set_alpha_to_one: false },
    { _class_name: 'EulerDiscreteScheduler' },
    { _class_name: 'DPMSolverMultistepScheduler', final_sigmas_type: 'sigma_min' },
    { _class_name: 'DEISMultistepScheduler' },
  ])('a soft mask at strength 1 keeps the encoded picture itself, without noise: %j', async (config) => {
    scheduler = config
    const masked = { denoiseStrength: 1, mask: { id: '1'.repeat(64) } }
    const known = await lastLatents({ denoiseStrength: 0 }, null)
    const found = await lastLatents(masked, soft)
    const isKept = (i: number): boolean => i % 16 < 8
    found.forEach((value, i) => {
      if (isKept(i)) expect(value).toBe(known[i])
    })
    expect(found.some((value, i) => !isKept(i) && Math.abs(value - known[i]) > 0.1)).toBe(true)
    expect(found).toEqual(await lastLatents(masked, hard))
  })

  /** What the U-Net is asked, in sigma space once multiplied by the scale of its noise level. */
  async function questions(input: GenerationRequestInput): Promise<{ x: Float32Array; timestep: number }[]> {
    const asked: { x: Float32Array; timestep: number }[] = []
    const watched: Model = {
      ...model,
      schedulerConfig: { ...model.schedulerConfig, ...scheduler },
      async openUnet(use) {
        const unet = await model.openUnet(use)
        return {
          ...unet,
          run(x, timestep, ...rest) {
            asked.push({ x: x.slice(), timestep })
            return unet.run(x, timestep, ...rest)
          },
        }
      },
    }
    const subject = request({ ...input, initImage: { id: '0'.repeat(64) }, mask: { id: '1'.repeat(64) } })
    const circumstances = { request: subject, index: 0, initImage: gradient(128, 128), mask: hard }
    const painting = paint(watched, tokenizers, circumstances, () => {})
    while (!(await painting.next()).done);
    return asked
  }

  it.each([
    ['HeunDiscreteScheduler', (_from: number, to: number) => to],
    ['KDPM2DiscreteScheduler', (from: number, to: number) => Math.sqrt(from * to)],
    ['KDPM2AncestralDiscreteScheduler', null],
  ] as const)(
    '%s steps twice from one sigma to the next, and the picture is put back after both, with the noise of the next',
    async (name, middleOf) => {
      scheduler = { _class_name: name, timestep_spacing: 'linspace' }
      const settings = { sampler: 'Model default', seedConvention: 'diffusers', steps: 3 } as const
      const known = await lastLatents({ denoiseStrength: 0 }, null)
      const asked = await questions({ ...settings, guidanceScale: 1, denoiseStrength: 1 })
      expect(asked).toHaveLength(5)
      const sigmas = [999, 499.5, 0].map(sigmaBetween)
      const [first] = sigmas
      const noise = asked[0].x.map((value) => (value * Math.hypot(1, first)) / first)
      for (const step of [0, 1]) {
        const [from, to] = [sigmas[step], sigmas[step + 1]]
        const up = Math.sqrt((to ** 2 * (from ** 2 - to ** 2)) / from ** 2)
        const middle = middleOf?.(from, to) ?? Math.sqrt(from * Math.sqrt(to ** 2 - up ** 2))
        expectKept(asked[2 * step + 1].x, { known, noise, level: to, sigma: middle })
        expectKept(asked[2 * step + 2].x, { known, noise, level: to, sigma: to })
      }
    },
  )

  it.each([
    ['DPM2', 3],
    ['Restart', 20],
    ['DPM adaptive', 3],
  ] as const)(
    'elsewhere every evaluation sees the picture with its own noise: %s',
    async (sampler, steps) => {
      scheduler = {}
      const settings = { sampler, steps, schedule: 'Karras', seedConvention: 'AUTOMATIC1111 CPU' } as const
      const known = await lastLatents({ ...settings, seedConvention: 'ComfyUI', denoiseStrength: 0 }, null)
      const asked = await questions({ ...settings, guidanceScale: 1, denoiseStrength: 1 })
      const sigmas = asked.map(({ timestep }) => {
        const [low, high] = [Math.floor(timestep), Math.ceil(timestep)].map((t) => Math.log(sigmaBetween(t)))
        return Math.exp(low + (high - low) * (timestep - Math.floor(timestep)))
      })
      const noise = asked[0].x.map((value) => (value * Math.hypot(1, sigmas[0])) / sigmas[0])
      for (const [at, sigma] of sigmas.entries())
        if (at > 0) expectKept(asked[at].x, { known, noise, level: sigma, sigma })
    },
  )

  /** numpy.interp over the sigmas of the model's training timesteps. */
  function sigmaBetween(timestep: number): number {
    const sigmas: number[] = []
    let alphas = 1
    for (let t = 0; t < 1000; t++) {
      const root = Math.sqrt(0.0015) + (t / 999) * (Math.sqrt(0.0195) - Math.sqrt(0.0015))
      alphas *= 1 - root ** 2
      sigmas.push(Math.sqrt((1 - alphas) / alphas))
    }
    const low = Math.floor(timestep)
    const part = timestep - low
    return part === 0 ? sigmas[low] : sigmas[low] * (1 - part) + sigmas[low + 1] * part
  }

  function expectKept(
    x: Float32Array,
    at: { known: Float32Array; noise: Float32Array; level: number; sigma: number },
  ): void {
    const scale = 1 / Math.hypot(1, at.sigma)
    x.forEach((value, i) => {
      if (i % 16 < 8) expect(value).toBeCloseTo((at.known[i] + at.level * at.noise[i]) * scale, 3)
    })
  }
})

describe('cancelling', () => {
  it('is heard between two evaluations of the U-Net', async () => {
    let evaluations = 0
    const beforeEvaluation = () => {
      if (++evaluations > 3) throw new StudioError('cancelled', 'enough')
    }
    await expect(run({ steps: 20 }, { beforeEvaluation })).rejects.toMatchObject({ code: 'cancelled' })
    expect(evaluations).toBe(4)
  })
})

describe('prompts', () => {
  const long = Array.from({ length: 60 }, () => 'red circle').join(', ')
  const encode = (prompt: string, negativePrompt = '') =>
    encodePrompts(model, tokenizers, request({ prompt, negativePrompt }), {
      clipSkip: { positive: 1, negative: 1 },
      evaluations: 4,
      evaluationsBefore: 0,
    })
  const contextOf = ({ texts }: ScheduledEmbeddings) => texts[0].embeddings.context!

  it('of different lengths are repeated to a common one', async () => {
    const short = await encode('a red circle')
    const { tokens, positive, negative } = await encode(long, 'a red circle')
    expect(short.tokens).toBe(77)
    expect(tokens % 77).toBe(0)
    expect(tokens).toBeGreaterThan(77)
    const { width } = model.textEncoders[0]
    expect(contextOf(positive[0])).toHaveLength(tokens * width)
    const once = contextOf(short.positive[0])
    expect(contextOf(negative)).toEqual(
      Float32Array.from({ length: tokens * width }, (_, i) => once[i % once.length]),
    )
  })

  it('repeated do not change what the U-Net predicts by more than rounding', async () => {
    const context = contextOf((await encode('a red circle')).positive[0])
    const input = Float32Array.from({ length: 4 * 16 * 16 }, (_, i) => Math.sin(i))
    const once = (
      await (await model.openUnet({ height: 16, width: 16, contextTokens: 77 })).run(input, 500, context)
    ).slice()
    const twice = new Float32Array([...context, ...context])
    const repeated = await (
      await model.openUnet({ height: 16, width: 16, contextTokens: 154 })
    ).run(input, 500, twice)
    const largest = once.reduce((most, value, i) => Math.max(most, Math.abs(value - repeated[i])), 0)
    expect(largest).toBeLessThan(2e-5)
  })

  it.each(['fused', 'sliced'] as const)(
    'that keep their own lengths are predicted as with those lengths alone, with %s attention',
    async (attention) => {
      const dialect = { attention, precision: 'float32' } as const
      const networks = (await readModel(starter)).networks({ device: 'cpu', dialect, tallies: newTallies() })
      const one = contextOf((await encode('a red circle')).positive[0])
      const three = contextOf((await encode(long)).positive[0]).slice(0, 3 * one.length)
      const input = Float32Array.from({ length: 4 * 16 * 16 }, (_, i) => Math.sin(i))
      const varying = await networks.openUnet({
        height: 16,
        width: 16,
        contextTokens: 3 * 77,
        contextVaries: true,
      })
      for (const context of [three, one, three]) {
        const tokens = (77 * context.length) / one.length
        const fixed = await networks.openUnet({ height: 16, width: 16, contextTokens: tokens })
        const wanted = (await fixed.run(input, 500, context, {})).slice()
        const found = await varying.run(input, 500, context, {})
        expect(wanted.reduce((most, value, i) => Math.max(most, Math.abs(value - found[i])), 0)).toBe(0)
        await fixed.release()
      }
      await varying.release()
    },
  )

  it('of 27 and 26 chunks take no more tokens than the longer has, and are painted', async () => {
    const of = (chunks: number): string => Array<string>(chunks).fill('a red circle').join(' BREAK ')
    const { tokens, tokensVary, positive, negative } = await encode(of(27), of(26))
    expect([tokens, tokensVary]).toEqual([27 * 77, true])
    const { width } = model.textEncoders[0]
    expect([contextOf(positive[0]), contextOf(negative)].map(({ length }) => length / width / 77)).toEqual([
      27, 26,
    ])
    const { painted } = await run({ prompt: of(27), negativePrompt: of(26), steps: 2 })
    // Copies of one chunk are that chunk alone.
    const { painted: plain } = await run({ prompt: 'a red circle', negativePrompt: 'a red circle', steps: 2 })
    expect(difference(painted.pixels, plain.pixels)).toBeLessThanOrEqual(1)
  })

  it('that change while painting change the picture', async () => {
    const { painted: edited } = await run({ prompt: 'a [red:green:2] circle' })
    const { painted: red } = await run({ prompt: 'a red circle' })
    expect(difference(edited.pixels, red.pixels)).toBeGreaterThan(3)
  })

  it('far longer than one window, with another length of negative prompt, are painted', async () => {
    const { painted } = await run({ prompt: long, negativePrompt: 'a green square AND a star', steps: 2 })
    expect(painted.pixels.data.length).toBe(128 * 128 * 3)
  })
})

describe('a second pass', () => {
  const hires = { scale: 1.5, denoiseStrength: 0.5, steps: 3 }

  it('paints the enlarged picture again, the same for the same request', async () => {
    const { painted, stages } = await run({ hires })
    expect([painted.pixels.width, painted.pixels.height]).toEqual([192, 192])
    expect(stages.map(({ phase }) => phase).filter((phase, i, all) => phase !== all[i - 1])).toEqual([
      'encoding',
      'denoising',
      'upscaling',
      'encoding',
      'denoising',
      'decoding',
    ])
    // As AUTOMATIC1111 does: all the steps that are asked for, whatever the strength.
    expect(stages.at(-1)).toMatchObject({ step: 7, steps: 7 })
    expect(stages.map(({ step }) => step)).toEqual(stages.map(({ step }) => step).toSorted((a, b) => a - b))
    expect(difference(painted.pixels, (await run({ hires })).painted.pixels)).toBe(0)
  })

  it('at strength 0 leaves the stretched latents as they are', async () => {
    const { painted } = await run({ hires: { scale: 2, denoiseStrength: 0, upscaler: 'Latent (nearest)' } })
    const { stages } = await run({})
    const { data, channels, height, width } = stages.findLast(({ denoised }) => denoised)!.denoised!
    const doubled = Float32Array.from({ length: 4 * data.length }, (_, i) => {
      const [channel, y, x] = [
        Math.floor(i / (4 * height * width)),
        Math.floor(i / (2 * width)),
        i % (2 * width),
      ]
      return data[(channel * height + (Math.floor(y / 2) % height)) * width + Math.floor(x / 2)]
    })
    const planes = await model.decode({ data: doubled, channels, height: 2 * height, width: 2 * width })
    expect(difference(painted.pixels, planesToPixels(planes, 256, 256))).toBe(0)
  })

  it('enlarges the decoded picture by a filter, or by what it is handed', async () => {
    const asked: unknown[] = []
    const lanczos = await run({ hires: { ...hires, upscaler: 'Lanczos' } })
    const handed = await run(
      { hires: { ...hires, upscaler: 'some network' } },
      {
        enlarge: async (picture, size) => {
          asked.push([picture.width, picture.height, size])
          return byFilter('Lanczos')(picture, size)
        },
      },
    )
    expect(asked).toEqual([[128, 128, { width: 192, height: 192 }]])
    expect(difference(handed.painted.pixels, lanczos.painted.pixels)).toBe(0)
    const { painted: latent } = await run({ hires })
    expect(difference(latent.pixels, lanczos.painted.pixels)).toBeGreaterThan(0)
  })

  it('has prompts, sampler, steps and guidance of its own', async () => {
    const { painted: same } = await run({ hires })
    const own = [
      { prompt: 'a red square' },
      { negativePrompt: 'blue' },
      { sampler: 'Euler' as const },
      { schedule: 'Exponential' as const },
      { guidanceScale: 1 },
      { steps: 2 },
    ]
    for (const change of own) {
      const { painted } = await run({ hires: { ...hires, ...change } })
      expect(difference(painted.pixels, same.pixels)).toBeGreaterThan(0)
    }
    const { painted } = await run({ hires: { ...hires, prompt: 'a blue circle', sampler: 'DPM++ 2M' } })
    expect(difference(painted.pixels, same.pixels)).toBe(0)
  })

  it('covers a size that is asked for and cuts off what is too much', async () => {
    const { painted } = await run({ hires: { ...hires, width: 256, height: 128, denoiseStrength: 0 } })
    expect([painted.pixels.width, painted.pixels.height]).toEqual([256, 128])
    const { painted: whole } = await run({ hires: { ...hires, width: 256, denoiseStrength: 0 } })
    expect([whole.pixels.width, whole.pixels.height]).toEqual([256, 256])
  })
})
