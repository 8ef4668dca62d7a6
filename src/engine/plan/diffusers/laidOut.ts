import type { Denoise, PredictionType } from '../../denoiser.ts'
import type { Noise, Step } from '../../samplers/step.ts'

/** What a scheduler class needs to know of a run before it lays it out. */
export interface DiffusersRequest {
  steps: number
  /** How many of the steps a picture to start from leaves out. */
  firstStep: number
  predictionType: PredictionType
  eta: number
  sNoise: number
  /** DDIM only: the noise direction follows the clipped prediction. */
  useClippedOutput?: boolean
}

/** A run as the scheduler class of a diffusers folder lays it out. */
export interface DiffusersRun {
  /** The noise levels of the network's evaluations on the whole way, then the last one. */
  sigmas: Float64Array
  timesteps: Float64Array
  /** The sigma at which the run starts. */
  sigmaStart: number
  /** Scale of the noise that a run from nothing starts with. */
  noiseScale: number
  /** The timestep told to the network at a sigma. */
  timestepOf(sigma: number): number
  /** The sigma whose variance preserving latents are the result; 0 for classes that work in sigma space. */
  finalSigma: number
  yields: number
  /** Sigmas that the scheduler lists after these and never reaches. */
  lastListed: readonly number[]
  run(denoise: Denoise, x: Float32Array, noise: Noise): AsyncGenerator<Step, void, undefined>
}
