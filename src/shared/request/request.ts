import { z } from 'zod'
import { controlSchema } from './controls.ts'
import { adapterSchema, usedFileSchema } from './adapters.ts'
import { turboFindings } from './automaticTurbo.ts'
import { branchSchema } from './branch.ts'
import { fastSchema } from './fast.ts'
import { fraction, promptSchema, sizeSchema } from './fields.ts'
import { gridCellSchema } from './gridCell.ts'
import { editOfSchema } from './edit.ts'
import { inpaintSchema } from './inpaint.ts'
import { limits } from './limits.ts'
import { modelDefaultsSchema, perModel } from './modelDefaults.ts'
import { hiresSchema, upscaleSchema } from './passes.ts'
import { openSeedSchema, type Seed } from './seed.ts'

/**
 * The generation request: everything that decides the pixels, with limits and defaults. It is what the window
 * sends, what a job keeps, what an image row stores, and what embedded metadata is read into.
 */

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

/** Whether every image of a batch has choices of its own ({a|b}, wildcards), or all have those of the first. */
export const batchChoices = ['each', 'same'] as const

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
  /** The guided prediction of the noise is made no larger than so many times the one under the prompt; null: it is left. */
  guidanceLimit: z.number().positive().max(100).nullable().default(null),
  sampler: perModel.sampler.default('DPM++ 2M'),
  schedule: perModel.schedule.default('Automatic'),
  /** Noise levels from 1 to 0 in place of evenly spaced ones, of a flow matching model and before its shift: one a step. */
  sigmas: z.array(fraction).min(1).max(limits.steps.max).nullable().default(null),
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
  /**
   * How the masked part is painted; needs a mask, or sides to add. null: as diffusers' pipelines do, the whole at once with
   * a hard edge, and what is kept goes through the autoencoder.
   */
  inpaint: inpaintSchema.nullable().default(null),
  /** 0 keeps the picture, 1 ignores it. Only with an initImage. */
  denoiseStrength: fraction.default(0.6),
  /** Pictures that the model looks at, and changes as the prompt says; for models that read any. */
  references: z
    .array(initImageSchema.pick({ id: true }))
    .max(8)
    .default([]),
  /** Pictures that steer the drawing through ControlNets and T2I-Adapters, all at once. */
  controls: z.array(controlSchema).max(8).default([]),

  hires: hiresSchema.nullable().default(null),
  /** null: exact. */
  fast: fastSchema.nullable().default(null),
  /**
   * What draws in 8 bits where it runs on the CPU: faster, and a picture that is a little another one. `auto`: where this
   * machine's self-test found it faster and near enough; it is decided when a job is queued, and recorded as one of the two.
   */
  turbo: z.union([z.boolean(), z.literal('auto')]).default(false),
  /** What was recorded of why automatic chose so; null: a person chose. It decides no pixel. */
  turboBecause: z.enum(turboFindings).nullable().default(null),
  /**
   * What was recorded of a picture that a large U-Net drew on the CPU: for how many evaluations its weights were widened in
   * the run, then for how many they had been before, and so on in turn. null: as the studio finds it.
   */
  unetWidening: z.array(z.number().int().min(0)).max(1000).nullable().default(null),
  /**
   * What was recorded of a picture that a graphics card drew with guidance: whether its two predictions were made in one run.
   * null: as is faster there.
   */
  guidanceTogether: z.boolean().nullable().default(null),
  upscale: upscaleSchema.nullable().default(null),
  /**
   * The picture that `upscale` enlarged, among the inputs, and which image of the history it was: nothing was drawn, and
   * all else in the request says how that picture was made. null: `upscale` follows the drawing.
   */
  upscaleOf: z
    .object({ id: initImageSchema.shape.id, imageId: z.string().max(200).nullable().default(null) })
    .nullable()
    .default(null),
  /** The picture that was turned, cut or toned, and how: nothing was drawn, as with `upscaleOf`. */
  editOf: editOfSchema.nullable().default(null),
  branch: branchSchema.nullable().default(null),
  grid: gridCellSchema.nullable().default(null),

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

/** Whether a picture was drawn, not made out of another one that was there already. */
export const isDrawn = ({ upscaleOf, editOf }: Pick<GenerationRequest, 'upscaleOf' | 'editOf'>): boolean =>
  upscaleOf === null && editOf === null

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
