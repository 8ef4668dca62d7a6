import type { NoiseSchedule } from '../noiseSchedule.ts'
import { pndm } from '../../samplers/pndm.ts'
import { pndmCalls } from './pndmCalls.ts'
import type { DiffusersRequest, DiffusersRun } from './laidOut.ts'
import type { SchedulerConfig } from './schedulerConfig.ts'
import { shaped } from './shaping.ts'
import { timestepTable } from './timestepTable.ts'

/** PNDM: a list of evaluations and transfers. */
export function pndmRun(
  config: SchedulerConfig,
  model: NoiseSchedule,
  request: DiffusersRequest,
): DiffusersRun {
  const finalSigma = config.flag('set_alpha_to_one', false) ? 0 : model.sigmaMin
  const { calls, timesteps } = pndmCalls(request.steps, model, config, request.firstStep, finalSigma)
  const sigmas = Float64Array.of(...calls.map(({ sigma }) => sigma), finalSigma)
  return {
    sigmas,
    timesteps: Float64Array.from(timesteps),
    sigmaStart: calls[0].sigma,
    noiseScale: Math.hypot(1, sigmas[0]),
    timestepOf: timestepTable({ timesteps: Float64Array.from(timesteps), sigmas }, model),
    finalSigma: calls.at(-1)!.to,
    yields: calls.length,
    lastListed: [],
    run: (denoise, x, noise) =>
      pndm(shaped(config, denoise, request), x, sigmas, noise, {
        calls,
        predictionType: request.predictionType,
      }),
  }
}
