import type { ResolvedRequest } from '../../shared/request/request.ts'
import type { Denoise, PredictionType } from '../denoiser.ts'
import type { NoiseSchedule } from './noiseSchedule.ts'
import type { BrownianRange } from '../random/imageNoise.ts'
import type { Method, MethodOptions } from '../samplers/methods.ts'
import type { Noise, Step } from '../samplers/step.ts'

/** What sampling needs to know of a model. */
export interface SampledModel {
  noiseSchedule: NoiseSchedule
  predictionType: PredictionType
  /** The scheduler_config.json of a diffusers folder. */
  schedulerConfig: Record<string, unknown> | null
  /** It has no autoencoder: clean latents are a picture in -1..1. */
  ofPixels?: boolean
  /** See `Family`; where it is left out the scheduler says it. */
  flowMu?: ((tokens: number, steps: number) => number) | null
}

/** Shares of a known picture and of noise. */
export interface Kept {
  picture: number
  noise: number
}

/** The way of a run from noise to clean latents: over which sigmas, from where, and with which sampler. */
export interface Route {
  /** The noise levels on the way, descending. */
  sigmas: Float64Array
  /** How many steps `run` will yield; a guess where the sampler sizes its own steps. */
  steps: number
  /** The timestep with which the network is called at a sigma. */
  timestepOf(sigma: number): number
  brownian: BrownianRange
  /** How much of a known picture and of noise is put back before an evaluation at `sigma`. */
  kept(sigma: number): Kept
  /** The first x, out of noise of variance one and the clean latents of a picture to start from. */
  start(noise: Float32Array, initLatents: Float32Array | null): Float32Array
  /** Over its own sigmas, or over others: what is left of a run that began on another route. */
  run(
    denoise: Denoise,
    x: Float32Array,
    noise: Noise,
    left?: Float64Array,
  ): AsyncGenerator<Step, void, undefined>
  /** Clean latents out of the last x, where sampling stops above sigma 0. */
  finish(x: Float32Array): Float32Array
}

/**
 * The noise that is kept as diffusers' pipelines for inpainting have it: they take every evaluation for a step of its own, and the
 * noise from its place in `scheduler.sigmas`. Between two of the listed sigmas that is the next one's, where the second
 * evaluation of KDPM2 and DPMSolverSDE belongs (add_noise of HeunDiscreteScheduler).
 */
export const nextListed =
  (sigmas: Float64Array) =>
  (sigma: number): Kept => ({
    picture: 1,
    noise: sigmas.find((listed) => listed <= sigma * (1 + rounding)) ?? sigma,
  })

/** An evaluation that lies at a listed sigma may be told it rounded to float32. */
const rounding = 1e-6

/**
 * What a run begins with: noise; a picture, of which its strength leaves some steps to do; or the enlarged picture of a
 * first pass, for which AUTOMATIC1111 plans so many steps that all that were asked for are done.
 */
export type Beginning = 'noise' | 'picture' | 'enlarged picture'

/** Everything a route is laid out from. */
export interface RouteRequest {
  request: ResolvedRequest
  beginning: Beginning
  method: Method
  options: MethodOptions
  model: SampledModel
}
