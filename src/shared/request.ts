import { z } from 'zod'
import { controlSchema } from './controls.ts'
import {
  findSchedule,
  nearestMethods,
  samplers,
  schedules,
  splitFusedName,
  type SamplerName,
  type ScheduleName,
} from './samplers.ts'

/**
 * The generation request: everything that decides the pixels, with limits and defaults. It is what the window
 * sends, what a job keeps, what an image row stores, and what embedded metadata is read into.
 */

/** Whole numbers 0 to 2^64-1. Within a double's exact range a number, beyond it a decimal string. */
export type Seed = number | string

const seedRange = 'must be a whole number from 0 to 18446744073709551615'

export const seedSchema = z
  .union([z.number().int().min(0).max(Number.MAX_SAFE_INTEGER), z.string().regex(/^\d{1,20}$/, seedRange)])
  // Checks run even after the ones before them failed, and BigInt throws for what is no whole number.
  .refine((seed) => !/^\d+$/.test(String(seed)) || BigInt(seed) < 2n ** 64n, seedRange)
  .transform((seed): Seed => normalSeed(BigInt(seed)))

/** The one spelling of a seed: a number where that is exact, else a decimal string. */
export const normalSeed = (seed: bigint): Seed =>
  seed <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(seed) : seed.toString()

/** Whose noise, batch, ancestral and image-to-image conventions a seed follows. */
export const seedConventions = [
  'AUTOMATIC1111 GPU',
  'AUTOMATIC1111 CPU',
  'ComfyUI',
  'diffusers',
  'InvokeAI',
  'stable-diffusion.cpp',
] as const
export type SeedConvention = (typeof seedConventions)[number]

export const devices = ['auto', 'cpu', 'webgpu', 'dml', 'coreml', 'cuda'] as const
export type Device = (typeof devices)[number]

/** How a picture of another shape becomes width × height: cut the edges, fit and fill them, or stretch. */
export const resizeModes = ['crop', 'fit', 'stretch'] as const
export type ResizeMode = (typeof resizeModes)[number]

export const limits = {
  steps: { min: 1, max: 200 },
  guidanceScale: { min: 0, max: 30 },
  size: { min: 64, max: 2048, multipleOf: 8 },
  batchSize: { min: 1, max: 64 },
  clipSkip: { min: 1, max: 12 },
  promptLength: 20_000,
  adapterStrength: { min: -10, max: 10 },
  upscale: { min: 1, max: 8 },
  /** Of what a second pass draws. */
  hiresSize: { min: 64, max: 4096 },
} as const

const samplerSchema = z.string().transform((text, context): SamplerName => {
  const found = splitFusedName(text)
  if (found && !found.schedule) return found.sampler
  context.addIssue(
    found
      ? `"${text}" is the sampler ${found.sampler} with the schedule ${found.schedule}: give the two apart`
      : `there is no sampler called "${text}"; the nearest are ${nearestMethods(samplers, text).join(', ')}`,
  )
  return z.NEVER
})

const scheduleSchema = z.string().transform((text, context): ScheduleName => {
  const found = findSchedule(text)
  if (found) return found
  context.addIssue(
    `there is no schedule called "${text}"; the nearest are ${nearestMethods(schedules, text).join(', ')}`,
  )
  return z.NEVER
})

/** A side of a picture in pixels. */
export const sizeSchema = z
  .number()
  .int()
  .min(limits.size.min)
  .max(limits.size.max)
  .refine((size) => size % limits.size.multipleOf === 0, 'must be a multiple of 8')

const fraction = z.number().min(0).max(1)

/** The picture to start from: its content hash among the studio's inputs, and how it is brought to size. */
const initImageSchema = z.object({
  id: z.string().regex(/^[0-9a-f]{64}$/),
  resizeMode: z.enum(resizeModes).default('crop'),
})

/** What SDXL is told of the picture's past: the size it was scaled from, where it was cut, and what it shall be. */
const sizeConditioningSchema = z.object({
  originalWidth: z.number().int().min(1).max(16_384),
  originalHeight: z.number().int().min(1).max(16_384),
  cropLeft: z.number().int().min(0).max(16_384).default(0),
  cropTop: z.number().int().min(0).max(16_384).default(0),
  targetWidth: z.number().int().min(1).max(16_384),
  targetHeight: z.number().int().min(1).max(16_384),
})

/** -1 means random, as in other programs; so does null. */
const openSeedSchema: z.ZodType<Seed | null, Seed | null> = z.preprocess(
  (seed) => (seed === -1 || seed === '-1' ? null : seed),
  seedSchema.nullable(),
)

/** Whether every image of a batch has choices of its own ({a|b}, wildcards), or all have those of the first. */
export const batchChoices = ['each', 'same'] as const

const promptSchema = z.string().max(limits.promptLength)

const strengthSchema = z.number().min(limits.adapterStrength.min).max(limits.adapterStrength.max)
const fileNameSchema = z.string().min(1).max(300)

/** A LoRA or another adapter beside those that tags in the prompt name. */
const adapterSchema = z.object({
  name: fileNameSchema,
  /** Strengths in the U-Net and in the text encoders: 1 as trained, 0 off, below 0 the opposite. */
  unet: strengthSchema.default(1),
  text: strengthSchema.default(1),
  /** What the strengths are multiplied by in each block: BASE (the text encoders), IN00 to IN11, M00, OUT00 to OUT11. */
  blocks: z.array(strengthSchema).length(26).nullable().default(null),
})
export type Adapter = z.output<typeof adapterSchema>

/** Kinds of files that a request names beside its model. */
export const usedFileKinds = ['lora', 'embedding', 'vae', 'controlnet', 'upscaler'] as const

/** Which file a name stands for: what it is found by on another machine, or after it was renamed. */
const usedFileSchema = z.object({
  kind: z.enum(usedFileKinds),
  name: fileNameSchema,
  /** The sha256 of the file, of which other programs may give the first digits alone, or of what follows its header. */
  hash: z.string().regex(/^[0-9a-f]{8,64}$/, 'must be 8 to 64 hexadecimal digits'),
  /** Of a LoRA: the first twelve digits of the hash that AUTOMATIC1111 writes (AutoV3). */
  autoV3: z
    .string()
    .regex(/^[0-9a-f]{12}$/, 'must be 12 hexadecimal digits')
    .nullable()
    .default(null),
})
export type UsedFile = z.output<typeof usedFileSchema>

/** What a model may have a default of its own for. */
const perModel = {
  steps: z.number().int().min(limits.steps.min).max(limits.steps.max),
  guidanceScale: z.number().min(limits.guidanceScale.min).max(limits.guidanceScale.max),
  sampler: samplerSchema,
  schedule: scheduleSchema,
  /** 1: the last hidden state of the text encoder; 2: the one before; null: the model's own. */
  clipSkip: z.number().int().min(limits.clipSkip.min).max(limits.clipSkip.max).nullable(),
  /** The name of another VAE than the model's own; null: its own. */
  vae: fileNameSchema.nullable(),
}
/** What a model takes where nothing is asked for; what it leaves open is as for any model. */
export const modelDefaultsSchema = z.strictObject(perModel).partial()
export type ModelDefaults = z.output<typeof modelDefaultsSchema>

/**
 * Fewer evaluations of the U-Net, for a picture that is a little another one. The numbers are those with which the
 * picture was made; what they are by default was chosen by `npm run bench -- fast`.
 */
export const fastSchema = z.object({
  /**
   * How far a forecast prediction may be off, between 0 (only straight lines) and 2; null: every prediction is computed.
   */
  forecast: z.number().min(0).max(2).nullable().default(0.2),
  /** Guidance ends once the predictions with and without the prompt are as alike as this (cosine); null: it never does. */
  agreement: z.number().min(0.9).max(1).nullable().default(0.9999),
  /** The sigmas between which guidance is used; null: everywhere. */
  guidanceInterval: z
    .object({ min: z.number().min(0).default(0), max: z.number().positive().nullable().default(null) })
    .nullable()
    .default(null),
})
export type Fast = z.output<typeof fastSchema>

const scaleSchema = z.number().min(limits.upscale.min).max(limits.upscale.max)

/** A second pass over the enlarged picture, as AUTOMATIC1111's "Hires. fix". Only without a picture to start from. */
const hiresSchema = z.object({
  /** How many times as wide and as high. */
  scale: scaleSchema.default(2),
  /** Where one is given it counts instead of the scale; both: the picture covers that size. */
  width: sizeSchema.nullable().default(null),
  height: sizeSchema.nullable().default(null),
  /** One of `latentUpscalers` or `filterUpscalers`, or the name of a network. */
  upscaler: fileNameSchema.default('Latent'),
  /** 0: as many as the first pass. */
  steps: z.number().int().min(0).max(limits.steps.max).default(0),
  denoiseStrength: fraction.default(0.7),
  /** null: as in the first pass. */
  sampler: perModel.sampler.nullable().default(null),
  schedule: perModel.schedule.nullable().default(null),
  guidanceScale: perModel.guidanceScale.nullable().default(null),
  prompt: promptSchema.nullable().default(null),
  negativePrompt: promptSchema.nullable().default(null),
  /** What was written before styles and wildcards were put in; null: the prompts themselves. */
  promptTemplate: promptSchema.nullable().default(null),
  negativePromptTemplate: promptSchema.nullable().default(null),
})
export type Hires = z.output<typeof hiresSchema>

/** Enlarges the finished picture: by one of `filterUpscalers`, or the name of a network. */
export const upscaleSchema = z.object({ upscaler: fileNameSchema, scale: scaleSchema.default(2) })
export type Upscale = z.output<typeof upscaleSchema>

export const generationRequestSchema = z.object({
  prompt: promptSchema.default(''),
  negativePrompt: promptSchema.default(''),
  /** Names of styles (styles.csv) to put around the prompts. */
  styles: z.array(z.string().max(200)).max(20).default([]),
  /** What was written before styles and wildcards were put in; null: the prompts themselves. */
  promptTemplate: promptSchema.nullable().default(null),
  negativePromptTemplate: promptSchema.nullable().default(null),
  batchChoices: z.enum(batchChoices).default('each'),
  /** The prompts of each image of the batch where they differ; null: all have the ones above. */
  batchPrompts: z
    .array(
      z.object({
        prompt: promptSchema,
        negativePrompt: promptSchema,
        /** Those of the second pass. */
        hires: hiresSchema.pick({ prompt: true, negativePrompt: true }).nullable().default(null),
      }),
    )
    .max(limits.batchSize.max)
    .nullable()
    .default(null),
  /** What the second text encoder of SDXL reads; null: the same as the first. */
  prompt2: promptSchema.nullable().default(null),
  negativePrompt2: promptSchema.nullable().default(null),
  /** null: the size of the picture, uncut. Only SDXL listens. */
  sizeConditioning: sizeConditioningSchema.nullable().default(null),
  /** null: the studio picks one when the job is queued. */
  seed: openSeedSchema.default(null),
  steps: perModel.steps.default(20),
  guidanceScale: perModel.guidanceScale.default(4),
  /** 0 is off; see "Common Diffusion Noise Schedules and Sample Steps are Flawed", section 3.4. */
  guidanceRescale: fraction.default(0),
  sampler: perModel.sampler.default('DPM++ 2M'),
  schedule: perModel.schedule.default('Automatic'),
  /** null: the model's own size. */
  width: sizeSchema.nullable().default(null),
  height: sizeSchema.nullable().default(null),
  batchSize: z.number().int().min(limits.batchSize.min).max(limits.batchSize.max).default(1),
  /** Position of the first image in the batch it was born in, and how large that batch was: what some seed
   * conventions need to draw image k again alone. */
  batchStart: z.number().int().min(0).default(0),
  batchOf: z.number().int().min(1).nullable().default(null),
  clipSkip: perModel.clipSkip.default(null),
  model: z.string().min(1).default('starter'),
  device: z.enum(devices).default('auto'),
  adapters: z.array(adapterSchema).max(32).default([]),
  vae: perModel.vae.default(null),
  /** The files that the names in the request stand for. Resolved, it has all that are used. */
  files: z.array(usedFileSchema).max(200).default([]),

  initImage: initImageSchema.nullable().default(null),
  /** Inpainting: an input whose white parts are painted anew and whose black parts are kept. Only with an initImage. */
  mask: z.object({ id: initImageSchema.shape.id }).nullable().default(null),
  /** 0 keeps the picture, 1 ignores it. Only with an initImage. */
  denoiseStrength: fraction.default(0.6),
  /** Pictures that steer the drawing through ControlNets and T2I-Adapters, all at once. */
  controls: z.array(controlSchema).max(8).default([]),

  hires: hiresSchema.nullable().default(null),
  /** null: exact. */
  fast: fastSchema.nullable().default(null),
  /** The U-Net in 8 bits where it runs on the CPU: faster, and a picture that is a little another one. */
  turbo: z.boolean().default(false),
  upscale: upscaleSchema.nullable().default(null),
  /**
   * The picture that `upscale` enlarged, among the inputs, and which image of the history it was: nothing was drawn, and
   * all else in the request says how that picture was made. null: `upscale` follows the drawing.
   */
  upscaleOf: z
    .object({ id: initImageSchema.shape.id, imageId: z.string().max(200).nullable().default(null) })
    .nullable()
    .default(null),

  seedConvention: z.enum(seedConventions).default('AUTOMATIC1111 CPU'),
  variationSeed: openSeedSchema.default(null),
  variationStrength: fraction.default(0),
  seedResizeWidth: sizeSchema.nullable().default(null),
  seedResizeHeight: sizeSchema.nullable().default(null),
  /** AUTOMATIC1111's "ENSD": added to the seed of the noise drawn after the first. */
  etaNoiseSeedDelta: z.number().int().min(0).default(0),
  /** null: the sampler's own (1 for ancestral methods, 0 for DDIM). */
  eta: fraction.nullable().default(null),
  sChurn: z.number().min(0).max(100).default(0),
  sTmin: z.number().min(0).default(0),
  sTmax: z.number().min(0).nullable().default(null),
  sNoise: z.number().min(0).max(2).default(1),
  sigmaMin: z.number().positive().nullable().default(null),
  sigmaMax: z.number().positive().nullable().default(null),
  rho: z.number().positive().max(100).nullable().default(null),
  /** null: as the sampler's home tool does by default. */
  discardPenultimateSigma: z.boolean().nullable().default(null),
  /** null: as the model says. */
  zeroTerminalSnr: z.boolean().nullable().default(null),
})

/** The same with nothing filled in for what the model decides. */
export const openRequestSchema = generationRequestSchema.extend(modelDefaultsSchema.shape)

/** As a person or program writes it: everything may be left out. */
export type GenerationRequestInput = z.input<typeof generationRequestSchema>
/** Checked, with every default filled in. */
export type GenerationRequest = z.output<typeof generationRequestSchema>
/** What is left open in a request decided: what a job runs and what a row stores. */
export type ResolvedRequest = GenerationRequest & {
  seed: Seed
  width: number
  height: number
}
