import type { NoiseLevels } from '../noiseSchedule.ts'
import { shifted } from './timeShift.ts'

/** The thousand noise levels of a flow model under a shift, as ComfyUI lists them (ModelSamplingDiscreteFlow). */
export function flowLevels(shift: number): NoiseLevels {
  const sigmas = Float64Array.from({ length: 1000 }, (_, i) => shifted((i + 1) / 1000, shift))
  return {
    sigmas,
    sigmaMin: sigmas[0],
    sigmaMax: 1,
    sigmaToTimestep: (sigma) => 1000 * sigma,
    nearestTimestep: (sigma) => 1000 * sigma,
    timestepToSigma: (timestep) => shifted(timestep / 1000, shift),
  }
}
