import type { Denoise, PredictionType } from '../denoiser.ts'
import { noiseSchedule, type NoiseScheduleConfig } from '../noiseSchedule.ts'
import type { Noise, Step } from '../samplers/step.ts'
import { hoppingRun } from './hoppingRun.ts'
import { pndmRun } from './pndmRun.ts'
import { readSchedulerConfig, type SchedulerClass } from './schedulerConfig.ts'
import { solverRun } from './solverRun.ts'

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

/** Classes that keep variance preserving latents from step to step, and hop between training timesteps. */
const hoppers: readonly SchedulerClass[] = ['DDIMScheduler', 'DDPMScheduler', 'LCMScheduler', 'TCDScheduler']

/** Lays out a run of `request.steps` steps as diffusers' class does with this scheduler_config.json. */
export function diffusersRun(
  json: Record<string, unknown>,
  betas: NoiseScheduleConfig,
  request: DiffusersRequest,
): DiffusersRun {
  const config = readSchedulerConfig(json)
  const model = noiseSchedule({
    ...betas,
    precision: 'float32',
    terminalAlphaCumprod: terminalAlpha(config.class),
  })
  if (config.class === 'PNDMScheduler') return pndmRun(config, model, request)
  return hoppers.includes(config.class)
    ? hoppingRun(config, model, request)
    : solverRun(config, model, request)
}

/** ᾱ of the last timestep under zero terminal SNR: 2^-24 where a class needs a finite sigma, else as good as 0. */
const terminalAlpha = (name: SchedulerClass): number =>
  hoppers.includes(name) || name === 'PNDMScheduler' ? 1e-20 : 2 ** -24
