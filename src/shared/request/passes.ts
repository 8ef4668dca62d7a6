import { z } from 'zod'
import { fileNameSchema, fraction, promptSchema, sizeSchema } from './fields.ts'
import { limits } from './limits.ts'
import { perModel } from './modelDefaults.ts'

const scaleSchema = z.number().min(limits.upscale.min).max(limits.upscale.max)

/** A second pass over the enlarged picture, as AUTOMATIC1111's "Hires. fix". Only without a picture to start from. */
export const hiresSchema = z.object({
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
