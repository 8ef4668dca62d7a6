import { z } from 'zod'
import { limits } from './limits.ts'

/** Black, white and the brightness between them, of values from 0 to 255. */
const levelsSchema = z
  .object({
    black: z.number().int().min(0).max(254).default(0),
    /** Above 1 the middle becomes lighter. */
    gamma: z.number().min(limits.gamma.min).max(limits.gamma.max).default(1),
    white: z.number().int().min(1).max(255).default(255),
  })
  .refine(({ black, white }) => black < white, { error: 'black must be below white' })
export type Levels = z.output<typeof levelsSchema>

const place = z.number().int().min(0).max(100_000)
const length = z.number().int().min(1).max(100_000)

/** What is done to a finished picture without a model, in this order. */
export const editSchema = z.object({
  /** Quarter turns, clockwise. */
  turns: z.number().int().min(0).max(3).default(0),
  /** Degrees, clockwise; what is left is the largest part of the same shape without empty corners. */
  straighten: z.number().min(-limits.straighten.max).max(limits.straighten.max).default(0),
  /** In pixels of the picture that was turned and straightened; null: all of it. */
  crop: z.object({ left: place, top: place, width: length, height: length }).nullable().default(null),
  levels: levelsSchema.nullable().default(null),
})
export type Edit = z.output<typeof editSchema>

/** Stands for the model of a picture of which nobody knows how it was made. */
export const unknownModel = 'unknown'

/** An edit, and the picture it was made of: its copy among the inputs, and which image of the history that was. */
export const editOfSchema = editSchema.extend({
  id: z.string().regex(/^[0-9a-f]{64}$/),
  /** null: it came as a file. */
  imageId: z.string().max(200).nullable(),
})
