import { z } from 'zod'
import type { ErrorRecord } from '../errors.ts'
import type { PackedNumbers } from './labCalls.ts'
import { samplerSchema, scheduleSchema } from '../request/fields.ts'
import { limits } from '../request/limits.ts'
import type { ResolvedRequest } from '../request/request.ts'
import type { SamplerName, ScheduleName } from '../models/samplers.ts'

/**
 * The part of the studio's contract that runs a picture's noise under other samplers. Nothing of it is kept, and a run
 * makes way for jobs and for the next look: it then answers null.
 */

/** A sampler over the sigmas of a schedule. */
export interface Racer {
  sampler: SamplerName
  schedule: ScheduleName
}

const raceSchema = z.object({
  imageId: z.string().max(200),
  sampler: samplerSchema,
  schedule: scheduleSchema,
  /** Predictions that the run may ask for: it gets the most steps that stay within. */
  evaluations: z.number().int().min(1).max(limits.steps.max),
  /** The noise that a sampler adds is drawn from another seed; what the run begins with stays. */
  otherNoise: z.boolean().default(false),
  /** Whether the guesses on the way are told, and answered. */
  guesses: z.boolean().default(true),
})

/** See `raceSchema`. */
export type RaceRules = Pick<z.output<typeof raceSchema>, 'evaluations' | 'otherNoise' | 'guesses'>
export type RaceAsked = Pick<z.input<typeof raceSchema>, 'imageId' | keyof RaceRules> & Racer

/** A guess of the clean latents [channels, height, width], as it is made. */
export interface RaceGuess {
  channels: number
  height: number
  width: number
  toRgb: number[][]
  /** In float16. */
  denoised: PackedNumbers
}

/** A run of a race. */
export interface RaceRun extends Omit<RaceGuess, 'denoised'> {
  /** Steps of the sampler, and predictions that they asked for. */
  steps: number
  evaluations: number
  /** The guess of the clean latents after guidance, prediction by prediction, in float16. */
  guesses: PackedNumbers[]
  /** Where it ended, in float32. */
  latents: PackedNumbers
}

/** A name to choose, and why it cannot race on a model; null: it can. */
interface RaceChoice<Name extends string> {
  name: Name
  problem: ErrorRecord | null
}

export interface RaceChoices {
  samplers: RaceChoice<SamplerName>[]
  schedules: RaceChoice<ScheduleName>[]
}

/**
 * A picture's request as it is raced: from noise, in one pass, exactly, and with nothing turned on the sampler. What steers,
 * what is worn and what is said stay.
 */
export const racedRequest = (request: ResolvedRequest): ResolvedRequest => ({
  ...request,
  ...{ initImage: null, mask: null, branch: null, hires: null, upscale: null, fast: null },
  ...{ eta: null, sChurn: 0, sTmin: 0, sTmax: null, sNoise: 1, etaNoiseSeedDelta: 0 },
  ...{ sigmaMin: null, sigmaMax: null, rho: null, discardPenultimateSigma: null },
})

export interface RaceCalls {
  /** What the model of a picture can race with. */
  raceChoices(imageId: string): Promise<RaceChoices>
  /** Throws `bad-request` for a sampler or schedule that the model does not take. */
  race(asked: RaceAsked): Promise<RaceRun | null>
}

export const raceCallSchemas = {
  raceChoices: z.tuple([z.string().max(200)]),
  race: z.tuple([raceSchema]),
} as const
