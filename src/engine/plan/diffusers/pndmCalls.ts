import { StudioError } from '../../../shared/errors.ts'
import type { NoiseSchedule } from '../noiseSchedule.ts'
import type { PndmCall } from '../../samplers/pndm.ts'
import type { SchedulerConfig } from './schedulerConfig.ts'
import { trainingTimesteps } from './timesteps.ts'

/**
 * The evaluations of diffusers' PNDM: with `skip_prk_steps` the second timestep is asked twice (an improved Euler
 * start), else the first three steps are of Runge-Kutta with four evaluations each.
 */
export function pndmCalls(
  steps: number,
  model: NoiseSchedule,
  config: SchedulerConfig,
  firstStep: number,
  finalSigma: number,
): { calls: PndmCall[]; timesteps: number[] } {
  const stride = Math.floor(model.sigmas.length / steps)
  const spaced = trainingTimesteps(steps, model.sigmas.length, config)
  const skip = config.flag('skip_prk_steps', false)
  if (!skip && steps < leastRungeKuttaSteps)
    throw new StudioError(
      'bad-request',
      `steps: must be at least ${leastRungeKuttaSteps}, found ${steps}: the model's scheduler (PNDM with skip_prk_steps false) begins with three steps of the Runge-Kutta method and one after them. Ask for more steps, or choose a sampler by name instead of "Model default".`,
    )
  const rungeKutta = skip ? [] : rungeKuttaTimesteps(spaced, stride)
  const multistep = skip ? [...spaced.slice(0, 2), ...spaced.slice(1)] : spaced.slice(3)
  const timesteps = [...rungeKutta, ...multistep].slice(firstStep)
  const sigmaAt = (t: number): number =>
    t < 0 ? finalSigma : model.sigmas[Math.min(t, model.sigmas.length - 1)]
  const calls = timesteps.map((t, call): PndmCall => {
    const at = { sigma: sigmaAt(t), from: sigmaAt(t), to: sigmaAt(t - stride), stage: 'multistep' as const }
    if (call < rungeKutta.length) {
      const to = t - (call % 2 ? 0 : Math.floor(stride / 2))
      return {
        sigma: at.sigma,
        from: sigmaAt(timesteps[call - (call % 4)]),
        to: sigmaAt(to),
        stage: (call % 4) as 0,
      }
    }
    return skip && call === 1
      ? { sigma: at.sigma, from: sigmaAt(t + stride), to: at.sigma, stage: 'again' }
      : at
  })
  return { calls, timesteps }
}

/** diffusers' pndm_order: fewer timesteps than these it does not take. */
const leastRungeKuttaSteps = 4

/** Of the first four timesteps: each, twice halfway to the next, then the next itself. */
function rungeKuttaTimesteps(spaced: readonly number[], stride: number): number[] {
  return spaced.slice(0, 3).flatMap((t, i) => {
    const halfway = spaced[i + 1] + Math.floor(stride / 2)
    return [t, halfway, halfway, spaced[i + 1]]
  })
}
