import { StudioError } from '../../../shared/errors.ts'
import { noiseSchedule, type NoiseSchedule } from '../noiseSchedule.ts'
import type { NoiseScheduleConfig } from '../noiseScheduleConfig.ts'
import type { DiffusersRequest, DiffusersRun } from './laidOut.ts'
import { hoppingRun } from './hoppingRun.ts'
import { pndmRun } from './pndmRun.ts'
import { readSchedulerConfig, type SchedulerClass, type SchedulerConfig } from './schedulerConfig.ts'
import { solverRun } from './solverRun.ts'

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
  if (request.steps > model.sigmas.length)
    throw new StudioError(
      'bad-request',
      `steps: must be at most ${model.sigmas.length}, the timesteps that the model was trained with, found ${request.steps}.`,
    )
  const run = layOut(config, model, request)
  if (run.sigmas.every(Number.isFinite)) return run
  throw new StudioError(
    'bad-request',
    `steps: with ${request.steps} steps the model's scheduler (${config.class}, timestep_spacing "${config.spacing}", steps_offset ${config.stepsOffset}) asks for timesteps beyond the ${model.sigmas.length} there are. Ask for another number of steps, or choose a sampler by name instead of "Model default".`,
  )
}

function layOut(config: SchedulerConfig, model: NoiseSchedule, request: DiffusersRequest): DiffusersRun {
  if (config.class === 'PNDMScheduler') return pndmRun(config, model, request)
  const lay = hoppers.includes(config.class) ? hoppingRun : solverRun
  return lay(config, model, request)
}

/** ᾱ of the last timestep under zero terminal SNR: 2^-24 where a class needs a finite sigma, else as good as 0. */
const terminalAlpha = (name: SchedulerClass): number =>
  hoppers.includes(name) || name === 'PNDMScheduler' ? 1e-20 : 2 ** -24
