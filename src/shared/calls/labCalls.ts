import { z } from 'zod'
import { sizeSchema } from '../request/fields.ts'

/**
 * The part of the studio's contract that is for looking into a model. Nothing of it is kept but what is asked to be, and each call makes way for
 * jobs and for the next one: it then answers null.
 */

/** Numbers as they cross the contract: base64 of little-endian float32, or of float16 where it says so. */
export type PackedNumbers = string

/** Latents [channels, height, width], row-major. */
export interface PackedLatents {
  channels: number
  height: number
  width: number
  data: PackedNumbers
}

export const packedLatentsSchema = z.object({
  channels: z.number().int().min(1).max(256),
  height: z.number().int().min(1).max(1024),
  width: z.number().int().min(1).max(1024),
  data: z.string().max(2 ** 24),
})

/** A picture of the history or of the inputs, seen by a model. */
const latentsSchema = z.object({
  model: z.string().max(4000),
  imageId: z.string().max(200).nullable().default(null),
  inputId: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable()
    .default(null),
  seed: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).default(0),
  /** In pixels, to which it is cut; null: its own where the model takes that. */
  size: z.object({ width: sizeSchema, height: sizeSchema }).nullable().default(null),
})

const decodeSchema = z.object({ model: z.string().max(4000), latents: packedLatentsSchema })

/** What a model sees of a picture, and everything that noise is added to it with. */
export interface PictureLatents {
  /** Clean latents as the sampler works on them. */
  latents: PackedLatents
  /** The noise of variance one that a picture of this seed begins with. */
  noise: PackedNumbers
  /** ᾱ of every training timestep, from clean to noise. */
  alphasCumprod: number[]
  /** For red, green and blue in -1..1: a weight for every channel, then what is added. */
  toRgb: number[][]
  /** In pixels, of the picture as the model was shown it, and as it was. */
  width: number
  height: number
  originalWidth: number
  originalHeight: number
  /** The picture among the inputs, to start from. */
  inputId: string
}

/** One prediction of a run: what the network was shown, and what it made of it. All in float16. */
export interface TracedStep {
  /** The noise level of x = clean latents + sigma * noise. */
  sigma: number
  timestep: number
  x: PackedNumbers
  /** The guess of the clean latents after guidance. */
  denoised: PackedNumbers
  /** The guesses with the prompt and with the negative one; null where there was no guidance. */
  conditional: PackedNumbers | null
  unconditional: PackedNumbers | null
}

/** A picture's run as it went, prediction by prediction. */
export interface Trace {
  channels: number
  height: number
  width: number
  toRgb: number[][]
  steps: TracedStep[]
  /** What was left out for want of memory: the guesses before guidance, then steps too. */
  fewer: 'guesses' | 'steps' | null
  /** Of the file beside the picture that keeps it; null: there is none. */
  keptBytes: number | null
}

/** What was heard so far of a picture that is being made. */
export interface LiveTrace extends Omit<Trace, 'keptBytes'> {
  jobId: string
  /** Which image of the job. */
  image: number
}

export interface LabCalls {
  /** Throws `missing-part` for a model that cannot read pictures. */
  latents(asked: z.input<typeof latentsSchema>): Promise<PictureLatents | null>
  /** The address of the PNG that a tiny VAE makes of latents; the model's own where there is none. */
  decodeLatents(asked: z.input<typeof decodeSchema>): Promise<string | null>
  /** Runs a picture's own request again, first pass alone, and tells of every prediction. */
  trace(asked: { imageId: string }): Promise<Trace | null>
  /**
   * What was heard of the image of a running job that is being made, from a prediction on, counted from 0; null: nothing
   * yet. The engine tells of it only while this is asked.
   */
  liveTrace(asked: { jobId: string; from: number }): Promise<LiveTrace | null>
  /** Keeps the steps of a picture's run in a file beside it, which goes with it. Throws `cancelled` while a job runs. */
  keepTrace(imageId: string): Promise<Trace>
  /** Removes that file. */
  forgetTrace(imageId: string): Promise<void>
}

export const labCallSchemas = {
  latents: z.tuple([latentsSchema]),
  decodeLatents: z.tuple([decodeSchema]),
  trace: z.tuple([z.object({ imageId: z.string().max(200) })]),
  liveTrace: z.tuple([z.object({ jobId: z.string().max(200), from: z.number().int().min(0) })]),
  keepTrace: z.tuple([z.string().max(200)]),
  forgetTrace: z.tuple([z.string().max(200)]),
} as const
