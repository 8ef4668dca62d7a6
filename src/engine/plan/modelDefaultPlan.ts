import { StudioError } from '../../shared/errors.ts'
import type { ResolvedRequest } from '../../shared/request/request.ts'
import { diffusersRun } from './diffusers/run.ts'
import { refuseDivisions } from './diffusers/schedulerConfig.ts'
import { combine } from '../samplers/step.ts'
import { nextListed, type Beginning, type Route, type SampledModel } from './route.ts'
import { noSteps } from './sigmaPlan.ts'

/** The route that the scheduler class of a diffusers folder lays out, with diffusers' rule for pictures to start from. */
export function modelDefaultPlan(
  request: ResolvedRequest,
  model: SampledModel & { schedulerConfig: Record<string, unknown> },
  beginning: Beginning,
): Route {
  const { steps, denoiseStrength } = request
  const kept = beginning !== 'noise' ? Math.min(Math.trunc(steps * denoiseStrength), steps) : steps
  const config = { ...model.schedulerConfig, ...spacingOverrides(request) }
  refuseDivisions(config)
  const run = diffusersRun(config, model.noiseSchedule.config, {
    steps,
    // A run of no steps at all keeps the picture; it is laid out as one of its last step and not begun.
    firstStep: Math.min(steps - kept, steps - 1),
    predictionType: model.predictionType,
    eta: request.eta ?? 0,
    sNoise: request.sNoise,
  })
  const remaining = kept === 0 ? new Float64Array() : run.sigmas.slice(-(run.yields + 1))
  return {
    sigmas: remaining,
    steps: kept === 0 ? 0 : run.yields,
    timestepOf: run.timestepOf,
    brownian: null,
    kept: nextListed(remaining),
    start: (noise, init) => {
      if (!init) return combine([run.noiseScale, noise])
      return kept === 0 ? init : combine([1, init], [run.sigmaStart, noise])
    },
    run(denoise, x, noise, left) {
      if (left) throw onlyFromTheStart
      return kept === 0 ? noSteps() : run.run(denoise, x, noise)
    },
    finish: (x) => (kept === 0 ? x : combine([1 / Math.hypot(1, run.finalSigma), x])),
  }
}

const onlyFromTheStart = new StudioError(
  'bad-request',
  'sampler: "Model default" runs over steps of its own, so it cannot go on from the middle of another run. Choose a sampler by its name.',
)

/** A schedule chosen by name replaces the config's where diffusers' schedulers know it. */
function spacingOverrides({ schedule }: ResolvedRequest): Record<string, boolean> {
  const flags: Record<string, string> = {
    Karras: 'use_karras_sigmas',
    Exponential: 'use_exponential_sigmas',
    Beta: 'use_beta_sigmas',
  }
  const chosen = flags[schedule]
  if (!chosen) return {}
  return Object.fromEntries(Object.values(flags).map((flag) => [flag, flag === chosen]))
}
