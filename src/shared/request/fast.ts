import { z } from 'zod'

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
