import type { NoiseSchedule } from '../noiseSchedule.ts'
import { ddpm } from '../../samplers/ddpm.ts'
import { eulerAncestral } from '../../samplers/eulerAncestral.ts'
import { hopping } from '../../samplers/hopping.ts'
import { consistencyBoundary, lcm } from '../../samplers/lcm.ts'
import { tcd } from '../../samplers/tcd.ts'
import type { DiffusersRequest, DiffusersRun } from './laidOut.ts'
import type { SchedulerConfig } from './schedulerConfig.ts'
import { shaped } from './shaping.ts'
import { bind, type BoundSampler } from './solvers.ts'
import { distilledTimesteps, trainingTimesteps } from './timesteps.ts'
import { timestepTable } from './timestepTable.ts'

/** DDIM, DDPM, LCM and TCD: one hop after another between noise levels that need not meet. */
export function hoppingRun(
  config: SchedulerConfig,
  model: NoiseSchedule,
  request: DiffusersRequest,
): DiffusersRun {
  const total = model.sigmas.length
  const distilled = config.class === 'LCMScheduler' || config.class === 'TCDScheduler'
  const timesteps = distilled
    ? distilledTimesteps(request.steps, total, config.number('original_inference_steps', 50))
    : trainingTimesteps(request.steps, total, config)
  const froms = Float64Array.from(timesteps, (t) => model.sigmas[t])
  const targets = Float64Array.from(timesteps, (t, i) =>
    hopTarget(config, model, request.steps, t, timesteps[i + 1]),
  )
  const keptFroms = froms.subarray(request.firstStep)
  return {
    sigmas: Float64Array.of(...froms, targets.at(-1)!),
    timesteps: Float64Array.from(timesteps),
    sigmaStart: keptFroms[0],
    noiseScale: Math.hypot(1, froms[0]),
    timestepOf: timestepTable({ timesteps: Float64Array.from(timesteps), sigmas: froms }, model),
    finalSigma: targets.at(-1)!,
    yields: keptFroms.length,
    lastListed: [],
    run: (denoise, x, noise) =>
      hopping(
        hop(config, model, request),
        shaped(config, denoise, request),
        x,
        keptFroms,
        targets.subarray(request.firstStep),
        noise,
      ),
  }
}

/** Where a step from timestep `t` goes. */
function hopTarget(
  config: SchedulerConfig,
  model: NoiseSchedule,
  steps: number,
  t: number,
  next: number | undefined,
): number {
  if (config.class === 'TCDScheduler') return model.sigmas[next ?? 0]
  if (config.class === 'LCMScheduler') return next === undefined ? 0 : model.sigmas[next]
  // DDIM steps back by a whole stride, which is not always where the next step starts.
  const previous =
    config.class === 'DDPMScheduler' ? (next ?? -1) : t - Math.floor(model.sigmas.length / steps)
  if (previous >= 0) return model.sigmas[previous]
  const toClean = config.class === 'DDPMScheduler' || config.flag('set_alpha_to_one', true)
  return toClean ? 0 : model.sigmaMin
}

function hop(config: SchedulerConfig, model: NoiseSchedule, { eta, sNoise }: DiffusersRequest): BoundSampler {
  if (config.class === 'DDIMScheduler') return bind(eulerAncestral, { eta, sNoise })
  if (config.class === 'DDPMScheduler') {
    const type = config.choice(
      'variance_type',
      ['fixed_small', 'fixed_small_log', 'fixed_large'],
      'fixed_small',
    )
    const variance = type === 'fixed_large' ? 'large' : 'small'
    return bind(ddpm, { sNoise, variance, sigmaClean: model.sigmaMin })
  }
  if (config.class === 'LCMScheduler') {
    const scaling = config.number('timestep_scaling', 10)
    return bind(lcm, { boundary: (sigma) => consistencyBoundary(model.nearestTimestep(sigma) * scaling) })
  }
  const jump = (sigma: number): number => model.sigmas[Math.floor((1 - eta) * model.nearestTimestep(sigma))]
  return bind(tcd, { sNoise, jump })
}
