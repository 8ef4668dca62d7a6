import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import sharp from 'sharp'
import type { Model } from '../../src/engine/model/model.ts'
import { openModel } from '../../src/engine/model/openModel.ts'
import { noiseScheduleConfig, predictionType } from '../../src/engine/model/sources/schedulerConfig.ts'
import { paint, type Subject } from '../../src/engine/pipeline.ts'
import { openTokenizers } from '../../src/engine/text/textEmbeddings.ts'
import type { Tokenizer } from '../../src/engine/text/tokenizer.ts'
import type { Pixels } from '../../src/shared/engine/engineContract.ts'
import { generationRequestSchema } from '../../src/shared/request/request.ts'
import { headerKind, type CaseResult, type GoldenFile, type GoldenKind } from './kind.ts'
import { floats, largestDifference } from './numbers.ts'

/**
 * Complete runs of the diffusers pipelines, from the prompt to the PNG: ours on the same folder, with the scheduler
 * of the run and "seed as in diffusers", must call the U-Net with the same numbers and end in the same picture.
 */
export const pipelineRuns: GoldenKind = {
  recognises: (file) => headerKind(file) === 'complete pipeline runs',
  async *run(file) {
    for (const run of file.json.runs as GoldenRun[]) yield await comparedRun(file, run)
  },
}

/** The fields of a run that are read here. */
interface GoldenRun {
  name: string
  folder: string
  args: {
    prompt: string
    prompt_2?: string
    negative_prompt?: string
    negative_prompt_2?: string
    num_inference_steps: number
    num_images_per_prompt?: number
    guidance_scale: number
    guidance_rescale?: number
    clip_skip?: number
    eta?: number
    strength?: number
    height?: number
    width?: number
    image?: string
    mask_image?: string
    original_size?: [height: number, width: number]
    crops_coords_top_left?: [top: number, left: number]
    target_size?: [height: number, width: number]
  }
  seed: number | number[]
  scheduler: { config: Record<string, unknown> }
  unet_timesteps_in_call_order: number[]
  first_call: { x_shape: number[]; x_base64: string; out_base64: string; context_base64?: string }
  final_latents_base64: string
  fp64_rerun_maxdiff: { latents: number; image: number }
  image_base64?: string
  png: string[]
}

/** What one image of ours did on its way. */
interface Trace {
  timesteps: number[]
  firstInputs: Float32Array[]
  firstOutputs: Float32Array[]
  contexts: Float32Array[]
  latents: Float32Array
  image: Float32Array
  pixels: Pixels
}

/** One of the things compared: the largest difference and what it may be. */
interface Part {
  what: string
  found: number
  allowed: number
}

async function comparedRun(file: GoldenFile, run: GoldenRun): Promise<CaseResult> {
  const folder = await wholeFolder(join(file.folder, run.folder))
  try {
    const model = await openModel(folder.path, 'cpu')
    const parts: Part[] = []
    const images = imagesOf(run)
    for (const [image, drawn] of images.entries()) {
      const trace = await paintRun(file, run, underScheduler(model, run), drawn)
      parts.push(...(await compareTrace(file, run, trace, { image, images: images.length })))
    }
    await model.release()
    return toCase(run, parts)
  } finally {
    await folder.remove()
  }
}

/** Where the noise of an image comes from: a generator of its own, or its place in the draws for the whole batch. */
interface Drawn {
  seed: number
  batchSize: number
  index: number
}

/** A list of seeds is one generator an image; one seed is one generator for all. */
function imagesOf({ seed, args }: GoldenRun): Drawn[] {
  if (Array.isArray(seed)) return seed.map((own) => ({ seed: own, batchSize: 1, index: 0 }))
  const batchSize = args.num_images_per_prompt ?? 1
  return Array.from({ length: batchSize }, (_, index) => ({ seed, batchSize, index }))
}

/** A pipeline folder with the parts that it shares with another one in their places. */
async function wholeFolder(path: string): Promise<{ path: string; remove(): Promise<void> }> {
  const sharing = join(path, 'SHARED.json')
  if (!existsSync(sharing)) return { path, remove: async () => {} }
  const { shared } = JSON.parse(await readFile(sharing, 'utf8')) as { shared: Record<string, string> }
  const whole = await mkdtemp(join(tmpdir(), 'golden-pipeline-'))
  for (const own of await readdir(path)) await symlink(resolve(path, own), join(whole, own))
  for (const [part, place] of Object.entries(shared)) await symlink(resolve(path, place), join(whole, part))
  return { path: whole, remove: () => rm(whole, { recursive: true }) }
}

const underScheduler = (model: Model, { scheduler }: GoldenRun): Model => ({
  ...model,
  schedulerConfig: scheduler.config,
  noiseSchedule: noiseScheduleConfig(scheduler.config),
  predictionType: predictionType(scheduler.config),
})

async function paintRun(file: GoldenFile, run: GoldenRun, model: Model, drawn: Drawn): Promise<Trace> {
  const tokenizers = await openTokenizers(model)
  const subject = await subjectOf(file, run, tokenizers, model.clipSkip, drawn)
  const noted = { timesteps: [], firstInputs: [], firstOutputs: [], contexts: [] } as unknown as Trace
  const painting = paint(noting(model, noted), tokenizers, subject, () => {})
  for (;;) {
    const { value, done } = await painting.next()
    if (done) return { ...noted, pixels: value.pixels }
  }
}

/** The model, with the arguments and answers of its networks noted down. */
function noting(model: Model, trace: Trace): Model {
  return {
    ...model,
    async openUnet(use) {
      const unet = await model.openUnet(use)
      return {
        async run(input, timestep, context, added) {
          const output = await unet.run(input, timestep, context, added)
          if (trace.timesteps.length === 0 || trace.timesteps[0] === timestep) {
            trace.firstInputs.push(input.slice())
            trace.firstOutputs.push(output.slice())
            trace.contexts.push(context!)
          }
          trace.timesteps.push(timestep)
          return output
        },
      }
    },
    async decode(latents) {
      trace.latents = latents.data.slice()
      trace.image = await model.decode(latents)
      return trace.image
    },
  }
}

async function subjectOf(
  { folder }: GoldenFile,
  { args }: GoldenRun,
  tokenizers: readonly Tokenizer[],
  ownClipSkip: number,
  { seed, batchSize, index }: Drawn,
): Promise<Subject> {
  const initImage = args.image ? await readPixels(join(folder, 'inputs', args.image)) : null
  const mask = args.mask_image ? await readPixels(join(folder, 'inputs', args.mask_image)) : null
  const width = args.width ?? initImage!.width
  const height = args.height ?? initImage!.height
  const whole = { original: args.original_size, crop: args.crops_coords_top_left, target: args.target_size }
  const [first, second = first] = tokenizers
  const request = generationRequestSchema.parse({
    prompt: asRead(first, args.prompt),
    negativePrompt: asRead(first, args.negative_prompt ?? ''),
    prompt2: args.prompt_2 === undefined ? null : asRead(second, args.prompt_2),
    negativePrompt2: args.negative_prompt_2 === undefined ? null : asRead(second, args.negative_prompt_2),
    sampler: 'Model default',
    schedule: 'Model default',
    seedConvention: 'diffusers',
    seed,
    batchSize,
    steps: args.num_inference_steps,
    guidanceScale: args.guidance_scale,
    guidanceRescale: args.guidance_rescale ?? 0,
    clipSkip: args.clip_skip === undefined ? null : args.clip_skip + ownClipSkip,
    eta: args.eta ?? null,
    denoiseStrength: args.strength ?? 1,
    initImage: initImage && { id: '0'.repeat(64) },
    mask: mask && { id: '0'.repeat(64) },
    sizeConditioning: whole.original
      ? {
          originalHeight: whole.original[0],
          originalWidth: whole.original[1],
          cropTop: whole.crop?.[0],
          cropLeft: whole.crop?.[1],
          targetHeight: whole.target?.[0] ?? height,
          targetWidth: whole.target?.[1] ?? width,
        }
      : null,
  })
  return { request: { ...request, seed, width, height }, index, initImage, mask }
}

/** diffusers reads the first 75 tokens of a prompt and nothing behind. */
function asRead(tokenizer: Tokenizer, text: string): string {
  const ids = tokenizer.encode(text)
  return ids.length <= 75 ? text : tokenizer.decode(ids.slice(0, 75))
}

export async function readPixels(path: string): Promise<Pixels> {
  const { data, info } = await sharp(path)
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, data: new Uint8Array(data) }
}

async function compareTrace(
  { folder }: GoldenFile,
  run: GoldenRun,
  trace: Trace,
  { image, images }: { image: number; images: number },
): Promise<Part[]> {
  const { first_call: first, fp64_rerun_maxdiff: rerun } = run
  /** The part of a batch that belongs to this image, of the `count`-th half of a guided call. */
  const own = (all: Float32Array, parts: number, at = image): Float32Array =>
    all.subarray((all.length / parts) * at, (all.length / parts) * (at + 1))
  const rows = first.x_shape[0]
  const guided = rows / images
  const latents = own(floats(run.final_latents_base64), images)
  const most = Math.max(1, ...latents.map(Math.abs))
  const parts: Part[] = [
    { what: 'timesteps', found: timestepDifference(run, trace, guided), allowed: 1e-3 },
    ...[...Array(guided).keys()].flatMap((half): Part[] => [
      ...inputParts(trace.firstInputs[half], own(floats(first.x_base64), rows, half * images + image), run),
      {
        what: 'first output',
        found: largestDifference(
          trace.firstOutputs[half],
          own(floats(first.out_base64), rows, half * images + image),
        ),
        allowed: 1e-4,
      },
      ...(first.context_base64
        ? [
            {
              what: 'context',
              found: largestDifference(
                trace.contexts[half],
                own(floats(first.context_base64), rows, half * images + image),
              ),
              allowed: 1e-4,
            },
          ]
        : []),
    ]),
    {
      what: 'final latents',
      found: largestDifference(trace.latents, latents),
      allowed: 1e-4 * most + 10 * rerun.latents,
    },
  ]
  if (run.image_base64) {
    const expected = own(floats(run.image_base64), images)
    parts.push({
      what: 'image',
      found: largestDifference(interleaved(trace), expected),
      allowed: 5e-4 + 10 * rerun.image,
    })
  }
  const png = await readPixels(join(folder, run.png[image]))
  parts.push({ what: 'PNG', found: largestDifference(trace.pixels.data, png.data), allowed: 2 })
  const off = trace.pixels.data.filter((value, i) => Math.abs(value - png.data[i]) > 1).length
  parts.push({ what: 'PNG values off by 2', found: off, allowed: 3 })
  return parts
}

/**
 * The first input of the U-Net. What comes out of the autoencoder (a picture to start from, the masked picture that
 * an inpainting model reads behind its latents) is held to the tolerance of networks, pure noise to that of noise.
 */
function inputParts(found: Float32Array, expected: Float32Array, { args, first_call }: GoldenRun): Part[] {
  const latents = (expected.length / first_call.x_shape[1]) * 4
  const fromNoise = args.image === undefined || (args.mask_image !== undefined && args.strength === 1)
  return [
    {
      what: 'first input',
      found: largestDifference(found.subarray(0, latents), expected.subarray(0, latents)),
      allowed: fromNoise ? 1e-5 : 1e-4,
    },
    {
      what: 'mask and encoded picture',
      found: largestDifference(found.subarray(latents), expected.subarray(latents)),
      allowed: 1e-4,
    },
  ]
}

/** The U-Net's timesteps in the order of the steps, each once where guidance runs it twice. */
function timestepDifference(run: GoldenRun, { timesteps }: Trace, guided: number): number {
  return largestDifference(
    timesteps.filter((_, i) => i % guided === 0),
    run.unet_timesteps_in_call_order,
  )
}

/** The decoder's planes as diffusers' [height, width, 3] in 0..1. */
function interleaved({ image }: Trace): Float32Array {
  const area = image.length / 3
  return Float32Array.from({ length: image.length }, (_, i) =>
    Math.min(1, Math.max(0, image[(i % 3) * area + Math.floor(i / 3)] / 2 + 0.5)),
  )
}

function toCase(run: GoldenRun, parts: readonly Part[]): CaseResult {
  const latents = parts.filter(({ what }) => what === 'final latents')
  const wrong = parts.filter(({ found, allowed }) => !(found <= allowed))
  const scale = Math.max(...floats(run.final_latents_base64).map(Math.abs))
  const maxAbs = Math.max(...latents.map(({ found }) => found))
  return {
    name: `${run.folder} ${run.name}`,
    kind: 'pipelines',
    pass: wrong.length === 0,
    maxAbs,
    maxRel: maxAbs / scale,
    tolerance: `final latents ${Math.min(...latents.map(({ allowed }) => allowed)).toPrecision(3)}, PNG 1`,
    note: wrong
      .map(({ what, found, allowed }) => `${what}: ${found.toPrecision(3)} > ${allowed.toPrecision(3)}`)
      .join('; '),
  }
}
