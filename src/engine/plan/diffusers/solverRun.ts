import type { NoiseSchedule } from '../noiseSchedule.ts'
import type { DiffusersRequest, DiffusersRun } from './laidOut.ts'
import type { SchedulerClass, SchedulerConfig } from './schedulerConfig.ts'
import { shaped } from './shaping.ts'
import { solverOf } from './solvers.ts'
import { continuousSteps, wholeSteps, type DiffusersSteps } from './timesteps.ts'
import { timestepTable } from './timestepTable.ts'

/** Classes that work in sigma space, with fractional timesteps. */
const exploding: readonly SchedulerClass[] = [
  'EulerDiscreteScheduler',
  'EulerAncestralDiscreteScheduler',
  'HeunDiscreteScheduler',
  'KDPM2DiscreteScheduler',
  'KDPM2AncestralDiscreteScheduler',
  'LMSDiscreteScheduler',
  'DPMSolverSDEScheduler',
]

/** Euler, Heun, DPMSolver, UniPC and their like: one sigma after another. */
export function solverRun(
  config: SchedulerConfig,
  model: NoiseSchedule,
  request: DiffusersRequest,
): DiffusersRun {
  const inSigmaSpace = exploding.includes(config.class)
  const options = {
    spacing: config.class === 'DPMSolverSinglestepScheduler' ? ('linspace' as const) : config.spacing,
    stepsOffset: config.stepsOffset,
    sigmaSpacing:
      config.class === 'EulerAncestralDiscreteScheduler' ? ('timesteps' as const) : config.sigmaSpacing,
    rounded: roundsTimesteps(config, model),
  }
  const steps = inSigmaSpace
    ? continuousSteps(request.steps, model, options)
    : wholeSteps(request.steps, model, options, clippedTimesteps(config, model))
  const sigmas = Float64Array.of(...steps.sigmas, lastSigma(config, model, steps))
  const kept = sigmas.subarray(request.firstStep)
  const first = sigmas[0]
  const exact = inSigmaSpace && options.spacing !== 'leading'
  return {
    sigmas,
    timesteps: steps.timesteps,
    sigmaStart: kept[0],
    noiseScale: exact ? first : Math.hypot(1, first),
    timestepOf: timestepTable(steps, model),
    finalSigma: inSigmaSpace ? 0 : sigmas.at(-1)!,
    yields: kept.length - 1,
    lastListed: config.sigmaSpacing === 'logLinear' ? [0] : [],
    run: (denoise, x, noise) =>
      solverOf(config, model, request, sigmas)(shaped(config, denoise, request), x, kept, noise),
  }
}

/** KDPM2 makes Karras' timesteps whole; DPMSolver does not with the cosine betas, and so cuts them. */
function roundsTimesteps(config: SchedulerConfig, model: NoiseSchedule): boolean {
  if (exploding.includes(config.class)) return config.class.startsWith('KDPM2')
  return config.class !== 'DPMSolverMultistepScheduler' || model.config.betaSchedule !== 'squaredcos_cap_v2'
}

/** How many of the noisiest timesteps lie below the smallest log α/σ that a DPMSolver config allows. */
function clippedTimesteps(config: SchedulerConfig, { sigmas }: NoiseSchedule): number {
  const lowest = config.number('lambda_min_clipped', -Infinity)
  return config.class.startsWith('DPMSolver') ? sigmas.filter((sigma) => -Math.log(sigma) < lowest).length : 0
}

function lastSigma(config: SchedulerConfig, model: NoiseSchedule, { sigmas }: DiffusersSteps): number {
  if (config.class === 'DEISMultistepScheduler' || config.class === 'SASolverScheduler') {
    return config.sigmaSpacing === 'timesteps' ? model.sigmaMin : sigmas.at(-1)!
  }
  if (config.sigmaSpacing === 'logLinear') return model.sigmaMin
  const type = config.choice('final_sigmas_type', ['zero', 'sigma_min'], 'zero')
  return type === 'zero' ? 0 : model.sigmaMin
}
