import type { NoiseSchedule } from '../noiseSchedule.ts'
import type { DiffusersSteps } from './timesteps.ts'

/** Timesteps by sigma; sigmas between those of the steps get the one of the table. */
export function timestepTable(
  { sigmas, timesteps }: DiffusersSteps,
  model: NoiseSchedule,
): (sigma: number) => number {
  const known = new Map([...timesteps].map((t, i) => [sigmas[i], t]))
  return (sigma) => known.get(sigma) ?? model.sigmaToTimestep(sigma)
}
