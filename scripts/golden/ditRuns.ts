import { join } from 'node:path'
import type { Model } from '../../src/engine/model/model.ts'
import { openModel } from '../../src/engine/model/openModel.ts'
import { paint, type Subject } from '../../src/engine/pipeline.ts'
import { openTokenizers } from '../../src/engine/text/textEmbeddings.ts'
import type { Pixels } from '../../src/shared/engine/engineContract.ts'
import { generationRequestSchema } from '../../src/shared/request/request.ts'
import { itemOf, kindOfFile, latentsOf } from './ditNetworks.ts'
import { held, numbers, type Held } from './held.ts'
import { eachCase, headerKind, type CaseResult, type GoldenFile, type GoldenKind } from './kind.ts'
import { floats, largestDifference } from './numbers.ts'
import { readPixels } from './pipelines.ts'

/** Complete runs of the newer families: the same timesteps, first outputs, latents and picture as in diffusers. */
export const ditRuns: GoldenKind = {
  recognises: (file) => headerKind(file) === 'complete pipeline runs' && kindOfFile(file) !== undefined,
  run: (file) =>
    eachCase(
      'pipelines',
      file.json.runs as any[],
      ({ name }) => name,
      (run) => wholeRun(file, run),
    ),
}

/** How a pipeline writes down what its transformer is asked and answers, where that differs from ours. */
interface Notation {
  /** The time that it is called with. */
  time(timestep: number): number
  /** Of what it answers, against the velocity. */
  sign: 1 | -1
  /** Its guidance scale as ours, where 1 is none. */
  guidance(scale: number): number
  /** Latents of one item of a batch, as [channels, height, width]. */
  latents(all: { shape: number[]; base64: string }, item: number, grid: Grid): Float32Array
}

interface Grid {
  height: number
  width: number
}

const pictures: Notation = {
  time: (timestep) => (1000 - timestep) / 1000,
  sign: -1,
  guidance: (scale) => scale + 1,
  latents: (all, item) => itemOf(numbers(all), all.shape[0], item),
}

const tokens: Notation = {
  time: (timestep) => timestep / 1000,
  sign: 1,
  guidance: (scale) => scale,
  latents: (all, item, grid) =>
    latentsOf(itemOf(numbers(all), all.shape[0], item), all.shape[2], { from: 0, ...grid }).data,
}

async function wholeRun({ folder }: GoldenFile, run: any): Promise<CaseResult> {
  const { args } = run
  const model = await openModel(join(folder, run.folder as string), 'cpu')
  const chat = { ...model.family.chat!, maxTokens: args.max_sequence_length ?? model.family.chat!.maxTokens }
  const under = {
    ...model,
    family: { ...model.family, chat },
    schedulerConfig: run.scheduler.config,
    guidanceDistilled: run.is_distilled ?? model.guidanceDistilled,
  }
  const seeds = Array.isArray(run.seed)
    ? run.seed.map((seed: number) => ({ seed, batchSize: 1, index: 0 }))
    : Array.from({ length: args.num_images_per_prompt ?? 1 }, (_, index) => ({
        seed: run.seed,
        batchSize: args.num_images_per_prompt ?? 1,
        index,
      }))
  const parts: Held[] = []
  for (const [image, drawn] of seeds.entries())
    parts.push(...(await oneImage(folder, run, under, { ...drawn, image, images: seeds.length })))
  await model.release()
  return held('pipelines', run.name as string, parts)
}

interface DrawnImage {
  seed: number
  batchSize: number
  index: number
  image: number
  images: number
}

async function oneImage(
  folder: string,
  run: any,
  model: Model,
  { image, images, ...drawn }: DrawnImage,
): Promise<Held[]> {
  const { args, tolerances } = run
  const notation = run.latents_layout ? tokens : pictures
  const trace = noting(model)
  const { initImage, mask, references } = await picturesOf(folder, run)
  const given = initImage ?? references[0]
  const unit = model.info.sizeMultiple
  const size = {
    width: args.width ?? Math.floor(given.width / unit) * unit,
    height: args.height ?? Math.floor(given.height / unit) * unit,
  }
  const request = generationRequestSchema.parse({
    prompt: Array.isArray(args.prompt) ? args.prompt[image] : args.prompt,
    negativePrompt: args.negative_prompt ?? '',
    sampler: 'Model default',
    schedule: 'Model default',
    seedConvention: 'diffusers',
    seed: drawn.seed,
    batchSize: drawn.batchSize,
    steps: args.num_inference_steps,
    guidanceScale: notation.guidance(args.guidance_scale as number),
    guidanceLimit: args.cfg_normalization ?? null,
    sigmas: args.sigmas ?? null,
    // diffusers counts time from the noise on, and up to which there is guidance.
    fast: args.cfg_truncation === undefined ? null : onlyFrom(1 - args.cfg_truncation),
    denoiseStrength: args.strength ?? 1,
    initImage: initImage && { id: '0'.repeat(64) },
    mask: mask && { id: '0'.repeat(64) },
  })
  const subject = {
    request: { ...request, seed: drawn.seed, ...size },
    index: drawn.index,
    initImage,
    mask,
    references,
  }
  const pixels = await painted(trace.model, subject)
  const grid = { height: size.height / model.latentScale, width: size.width / model.latentScale }
  const times = trace.calls.map(({ timestep }) => notation.time(timestep))
  const calls = trace.calls.filter(({ timestep }) => timestep === trace.calls[0].timestep)
  // At no noise there is nothing to do: such a call changes nothing, and is not made here.
  const expectedTimes = (run.model_timesteps as number[]).filter((time) => time !== notation.time(0))
  const timesOff = largestDifference(onePerCall(times, expectedTimes), expectedTimes)
  const png = await readPixels(join(folder, run.png[image] as string))
  const parts: Held[] = [
    { what: 'timesteps', found: timesOff, allowed: 1e-6 },
    // With guidance ours asks for what to keep away from first.
    ...calls.flatMap((call, i) =>
      firstCall(run, call, {
        notation,
        grid,
        item: image,
        images,
        isNegative: calls.length === 2 && i === 0,
      }),
    ),
    {
      what: 'final latents',
      found: largestDifference(trace.latents!, notation.latents(run.final_latents, image, grid)),
      allowed: tolerances.latents_abs,
    },
    { what: 'PNG', found: largestDifference(pixels.data, png.data), allowed: 2 },
    {
      what: 'PNG values off by 2',
      found: pixels.data.filter((value, i) => Math.abs(value - png.data[i]) > 1).length,
      allowed: 3,
    },
  ]
  if (run.image_base64)
    parts.push({
      what: 'image',
      found: largestDifference(
        interleaved(trace.planes!),
        itemOf(floats(run.image_base64 as string), images, image),
      ),
      allowed: tolerances.image_abs,
    })
  return parts
}

const onlyFrom = (min: number) => ({ forecast: null, agreement: null, guidanceInterval: { min, max: null } })

/** diffusers may ask with and without the prompt in one call, where there is guidance. */
const onePerCall = (times: readonly number[], expected: readonly number[]): number[] =>
  times.length === expected.length ? [...times] : times.filter((time, i) => time !== times[i - 1])

/** The picture to start from, its mask, and what is looked at besides. */
async function picturesOf(folder: string, { image, images = [], mask_image: mask }: any) {
  const read = (name: string): Promise<Pixels> => readPixels(join(folder, name))
  const [first, ...others] = (image ? [image] : images) as string[]
  const isStart = image !== undefined || mask !== undefined
  const references = isStart ? others : [first, ...others].filter(Boolean)
  return {
    initImage: isStart ? await read(first) : null,
    mask: mask === undefined ? null : await read(mask as string),
    references: await Promise.all(references.map(read)),
  }
}

interface NotedCall {
  notation: Notation
  grid: Grid
  item: number
  images: number
  isNegative: boolean
}

/** A batch is asked in one call, what to keep away from behind it or in a second call. */
function firstCall(
  run: any,
  { input, output, context, references }: Call,
  { notation, grid, item, images, isNegative }: NotedCall,
): Held[] {
  const { tolerances } = run
  const inSecond = isNegative && run.second_call !== undefined
  const told = inSecond ? run.second_call : run.first_call
  const row = isNegative && !inSecond ? images + item : item
  const { latents, sign } = notation
  const expectedContext = Array.isArray(told.context)
    ? numbers(told.context[row])
    : itemOf(numbers(told.context), told.context.shape[0] as number, row)
  const encoded = Boolean(run.image ?? run.images)
  return [
    {
      what: 'first input',
      found: largestDifference(input, latents(run.first_call.x, isNegative && !inSecond ? row : item, grid)),
      allowed: encoded ? 3e-4 : 1e-5,
    },
    ...references.map((found, i) => ({
      what: `reference ${i}`,
      found: largestDifference(
        found.data,
        latents(run.reference_latents[i], 0, { height: found.height, width: found.width }),
      ),
      allowed: 3e-4,
    })),
    {
      what: 'context',
      found: largestDifference(context, expectedContext),
      allowed: tolerances.first_call_context_abs,
    },
    {
      what: 'first output',
      found: largestDifference(
        output.map((value) => sign * value),
        latents(told.out, row, grid),
      ),
      allowed: tolerances.first_call_out_abs,
    },
  ]
}

interface Call {
  input: Float32Array
  timestep: number
  context: Float32Array
  output: Float32Array
  references: readonly (Grid & { data: Float32Array })[]
}

/** The model, with what its networks are asked and answer noted down. */
function noting(model: Model) {
  const trace = {
    calls: [] as Call[],
    latents: null as Float32Array | null,
    planes: null as Float32Array | null,
    model: model,
  }
  trace.model = {
    ...model,
    async openUnet(use) {
      const network = await model.openUnet(use)
      return {
        async run(input, timestep, context, added) {
          const output = await network.run(input, timestep, context, added)
          const references = added?.references ?? []
          trace.calls.push({ input: input.slice(), timestep, context: context!, output, references })
          return output
        },
      }
    },
    async decode(latents) {
      trace.latents = latents.data.slice()
      return (trace.planes = await model.decode(latents))
    },
  }
  return trace
}

async function painted(model: Model, subject: Subject): Promise<Pixels> {
  const painting = paint(model, await openTokenizers(model), subject, () => {})
  for (;;) {
    const { value, done } = await painting.next()
    if (done) return value.pixels
  }
}

/** Planes in -1..1 as pixels in 0..1, colour after colour. */
const interleaved = (planes: Float32Array): Float32Array => {
  const area = planes.length / 3
  return Float32Array.from(planes, (_, i) =>
    Math.min(1, Math.max(0, planes[(i % 3) * area + Math.floor(i / 3)] / 2 + 0.5)),
  )
}
