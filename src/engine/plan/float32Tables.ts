import { fractionalIndex, type NoiseSchedule } from './noiseSchedule.ts'

/**
 * A noise schedule whose tables are kept and read in float32, as ComfyUI does. Halfway between two timesteps, where
 * evenly spaced steps often fall, that rounding decides which of them is nearest.
 */
export function float32Tables(schedule: NoiseSchedule): NoiseSchedule {
  const round = Math.fround
  const sigmas = schedule.sigmas.map(round)
  const logSigmas = schedule.sigmas.map((sigma) => round(Math.log(sigma)))
  const last = sigmas.length - 1
  const logOf = (sigma: number): number => round(Math.log(round(sigma)))
  return {
    ...schedule,
    sigmas,
    sigmaMin: sigmas[0],
    sigmaMax: sigmas[last],
    sigmaToTimestep: (sigma) => fractionalIndex(logSigmas, logOf(sigma)),
    nearestTimestep: (sigma) => {
      const log = logOf(sigma)
      const low = Math.min(Math.floor(fractionalIndex(logSigmas, log)), last - 1)
      const distance = (timestep: number): number => Math.abs(round(log - logSigmas[timestep]))
      return distance(low + 1) < distance(low) ? low + 1 : low
    },
    timestepToSigma: (timestep) => {
      const clamped = Math.min(Math.max(timestep, 0), last)
      const low = Math.floor(clamped)
      const weight = round(clamped - low)
      const below = round(round(1 - weight) * logSigmas[low])
      return round(Math.exp(round(below + round(weight * logSigmas[Math.ceil(clamped)]))))
    },
  }
}
