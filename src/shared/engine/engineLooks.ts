import type { EngineLatents, EngineTask, Pixels } from './engineContract.ts'
import type { AttentionText, DrawnBlock, MapSize, UnetDials } from '../calls/insideCalls.ts'
import type { RaceChoices, RaceRules } from '../calls/raceCalls.ts'
import type { ResolvedRequest } from '../request/request.ts'

/** What is asked of the engine to look into a run, beside pictures; part of its contract. */

/** A picture for a model to read; the noise beside it is that of the request's first image. */
export type EncodeTask = Pick<EngineTask, 'jobId' | 'modelPath' | 'device' | 'request'> & { picture: Pixels }

/** What a model sees of a picture, and everything that noise is added to it with. */
export interface EncodedPicture {
  /** Clean, as the sampler works on them. */
  latents: EngineLatents
  noise: Float32Array
  /** ᾱ of every training timestep. */
  alphasCumprod: Float64Array
  /** For red, green and blue in -1..1: a weight for every channel, then what is added. */
  toRgb: readonly Float64Array[]
}

export type DecodeTask = Pick<EngineTask, 'jobId' | 'modelPath' | 'device'> & { latents: EngineLatents }

/** One prediction of a run: x at a noise level, and the guesses of its clean latents. */
export interface Prediction {
  sigma: number
  timestep: number
  x: Float32Array
  denoised: Float32Array
  /** With the prompt and with the negative one; there under guidance only. */
  conditional?: Float32Array
  unconditional?: Float32Array
}

/** The predictions of a run in their order. */
export type EngineTrace = Omit<EngineLatents, 'data'> &
  Pick<EncodedPicture, 'toRgb'> & {
    predictions: Prediction[]
    /** What was left out for want of memory: the guesses before guidance, then steps too. */
    fewer: 'guesses' | 'steps' | null
  }

/** Predictions of a picture that is being made, since those told before. */
export type ToldPredictions = EngineTrace & { jobId: string; image: number }

/** See `RaceGuess`: in numbers. */
export type EngineRaceGuess = EngineLatents & Pick<EncodedPicture, 'toRgb'>

/** See `RaceRun`: in numbers. */
export type EngineRaceRun = Omit<EngineLatents, 'data'> &
  Pick<EncodedPicture, 'toRgb'> & {
    steps: number
    evaluations: number
    guesses: Float32Array[]
    latents: Float32Array
  }

/** See `Attention`: maps in numbers. */
export interface EngineAttention {
  sizes: MapSize[]
  reduced: boolean
  encoders: number
  texts: AttentionText[]
  steps: {
    sigma: number
    timestep: number
    reads: { text: number; maps: Float32Array[] }[]
  }[]
}

/** See `UnetDrawing`. */
export interface EngineUnetDrawing {
  blocks: DrawnBlock[]
  parameters: number
  ms: number | null
  fromFile: boolean
  family: string
}

export interface EngineUnetRun {
  pixels: Pixels
  activations: {
    sigma: number
    timestep: number
    channels: number[]
    height: number
    width: number
    data: Float32Array
  }[]
}

/** What goes into a run beside its own request. */
export interface Mix {
  /** Whose noise and texts: its first image's. */
  request: ResolvedRequest
  /** 0: the run's own noise, 1: the other's; between them on the sphere. */
  noise: number
  /** 0: what the run's own request says, 1: what the other says; on the straight line through both, beyond them too. */
  text: number
}

export interface EngineLooks {
  /** Throws `missing-part` where the model cannot read pictures. */
  encodePicture(task: EncodeTask): Promise<EncodedPicture>
  /** By the tiny VAE where there is one that draws in the picture's size, else by the model's own. */
  decodeLatents(task: DecodeTask): Promise<Pixels>
  /** Runs a task's first image without decoding it, and tells of every prediction. Throws `cancelled` after a cancel. */
  trace(task: EngineTask): Promise<EngineTrace>
  /** The samplers and schedules that a request can be raced with on a model. */
  raceChoices(path: string, request: ResolvedRequest): Promise<RaceChoices>
  /**
   * Runs a task's first image in the most steps that ask for no more predictions than are given, without decoding it. Tells
   * its progress and its guesses. Throws `bad-request` for what the model does not take, `cancelled` after a cancel.
   */
  raceRun(task: EngineTask, rules: RaceRules): Promise<EngineRaceRun>
  /** Runs a task's first image again and tells where it looked in its prompt. Throws `unsupported-model`. */
  attention(task: EngineTask): Promise<EngineAttention>
  /** The U-Net that a task runs through, with what its blocks take. Throws `unsupported-model`. */
  unetDrawing(task: EngineTask): Promise<EngineUnetDrawing>
  /** Runs a task's first image through a U-Net that is turned. Throws `unsupported-model`. */
  unetRun(task: EngineTask, turn: { dials: UnetDials; block: string | null }): Promise<EngineUnetRun>
  /**
   * Runs a task's first image with another request mixed in, first pass alone, and tells its progress. Throws `bad-request`
   * for texts that cannot be mixed, `cancelled` after a cancel.
   */
  drawMix(task: EngineTask, mix: Mix): Promise<Pixels>
  /** Of which job predictions are told from now on; null: of none. Heard between evaluations. */
  watch(jobId: string | null): Promise<void>
}
