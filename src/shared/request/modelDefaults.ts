import { z } from 'zod'
import { fileNameSchema, samplerSchema, scheduleSchema } from './fields.ts'
import { limits } from './limits.ts'

/** What a model may have a default of its own for. */
export const perModel = {
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
