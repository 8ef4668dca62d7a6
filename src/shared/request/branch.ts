import { z } from 'zod'
import { promptSchema } from './fields.ts'
import { perModel } from './modelDefaults.ts'
import { seedSchema } from './seed.ts'

/** What may change in the middle of a run. */
const turnedFields = {
  prompt: promptSchema,
  negativePrompt: promptSchema,
  prompt2: promptSchema.nullable().default(null),
  negativePrompt2: promptSchema.nullable().default(null),
  guidanceScale: perModel.guidanceScale,
  sampler: perModel.sampler,
  model: z.string().min(1),
  /** The seed that noise is drawn from once it begins; null: as before. */
  laterSeed: seedSchema.nullable().default(null),
}

/** A part of a run, up to where the next goes on. */
const earlierLegSchema = z.object({
  ...turnedFields,
  /** Predictions of the run that are made when it ends. */
  until: z.number().int().min(1).max(100_000),
  /** Of the model's files. */
  modelHash: z.string().max(100),
})
export type EarlierLeg = z.output<typeof earlierLegSchema>

/**
 * The picture goes on from the middle of another one's run: up to there it is drawn as that one was, from there as the
 * request says.
 */
export const branchSchema = z.object({
  /** The picture of the history that it was taken from. */
  imageId: z.string().max(200),
  /** What was drawn before, from the first prediction on. All that it does not say is as in the request. */
  before: z
    .array(earlierLegSchema)
    .min(1)
    .max(100)
    .refine(
      (legs) => legs.every(({ until }, i) => i === 0 || until > legs[i - 1].until),
      'must each end after the one before',
    ),
  laterSeed: turnedFields.laterSeed,
})

/** What a branch changes; what is left out stays as it was. */
export const branchChangeSchema = z
  .strictObject({ ...turnedFields, laterSeed: seedSchema.nullable() })
  .omit({ prompt2: true, negativePrompt2: true })
  .partial()
export type BranchChange = z.output<typeof branchChangeSchema>
