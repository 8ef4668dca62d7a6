import { noiseSchedule } from '../noiseSchedule.ts'
import type { NoiseScheduleConfig } from '../noiseScheduleConfig.ts'
import type { DiffusersRequest, DiffusersRun } from './laidOut.ts'
import { hoppingRun } from './hoppingRun.ts'
import { pndmRun } from './pndmRun.ts'
import { readSchedulerConfig, type SchedulerClass } from './schedulerConfig.ts'
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
  if (config.class === 'PNDMScheduler') return pndmRun(config, model, request)
  return hoppers.includes(config.class)
    ? hoppingRun(config, model, request)
    : solverRun(config, model, request)
}

/** ᾱ of the last timestep under zero terminal SNR: 2^-24 where a class needs a finite sigma, else as good as 0. */
const terminalAlpha = (name: SchedulerClass): number =>
  hoppers.includes(name) || name === 'PNDMScheduler' ? 1e-20 : 2 ** -24
