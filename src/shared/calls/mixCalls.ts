import { z } from 'zod'
import { packedLatentsSchema } from './labCalls.ts'
import { fraction } from '../request/fields.ts'

/**
 * The part of the studio's contract that draws what lies between pictures. Nothing of it is kept, and each call makes way
 * for jobs and for the next look: it then answers null.
 */

/** Files that a walk can be written as; MP4 only where ffmpeg is. */
export const walkFormats = ['webp', 'gif', 'mp4'] as const
export type WalkFormat = (typeof walkFormats)[number]

export const walkLimits = { frames: { min: 2, max: 60 }, framesASecond: 12 } as const

const imageId = z.string().max(200)

const mixSchema = z.object({
  imageId,
  /** What is mixed in: another picture's noise and texts, or the picture's own prompt with a word more. */
  other: z.union([z.object({ imageId }), z.object({ word: z.string().trim().min(1).max(300) })]),
  /** 0: the picture's own noise, 1: the other's. */
  noise: fraction.default(0),
  /** 0: the picture's own texts, 1: the other's; on the line through both. */
  text: z.number().min(-2).max(2).default(0),
})

const walkSchema = z.object({
  frames: z.number().int().min(walkLimits.frames.min).max(walkLimits.frames.max),
  format: z.enum(walkFormats),
  /** Latents that are decoded, or a picture that is drawn with more and more of another in it. */
  between: z.union([
    z.object({ model: z.string().max(4000), from: packedLatentsSchema, to: packedLatentsSchema }),
    z.object({ imageId, otherId: imageId, noise: z.boolean(), text: z.boolean() }),
  ]),
})

/** An animation, and what it has become. */
export interface Walk {
  url: string
  bytes: number
  width: number
  height: number
}

export interface WalkProgress {
  /** Frames that are drawn. */
  done: number
  frames: number
}

export interface MixCalls {
  /**
   * Runs a picture's request again, first pass alone, with another mixed in; answers the address of a PNG. Throws
   * `bad-request` for texts that cannot be mixed, `unsupported-model` for a model that reads none.
   */
  mix(asked: z.input<typeof mixSchema>): Promise<string | null>
  /** Draws the frames from one end to the other, and tells of each. */
  walk(asked: z.input<typeof walkSchema>): Promise<Walk | null>
  /** Those that can be written here. */
  walkFormats(): Promise<WalkFormat[]>
}

export const mixCallSchemas = {
  mix: z.tuple([mixSchema]),
  walk: z.tuple([walkSchema]),
  walkFormats: z.tuple([]),
} as const
