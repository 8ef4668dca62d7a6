import { interpolate, sigmaOfAlphaCumprod, type NoiseSchedule } from '../noiseSchedule.ts'
import { linspace } from './spacings.ts'

/**
 * The timesteps of CompVis' DDIM and PLMS, which AUTOMATIC1111 keeps: 1, 1 + stride, … in ascending order, at least
 * as many as steps. The last update goes to timestep 1, not to clean latents.
 */
export function compVisTimesteps(steps: number, trainSteps: number): number[] {
  const stride = Math.max(Math.floor(trainSteps / steps), 1)
  const count = Math.ceil(trainSteps / stride)
  return Array.from({ length: count }, (_, i) => Math.min(i * stride + 1, trainSteps - 1))
}

/**
 * AUTOMATIC1111's LCM: evenly spaced among the 50 timesteps of the distillation, log sigma read between them, and
 * the network told the nearest of them.
 */
export function distilledSigmas(
  steps: number,
  { sigmas }: NoiseSchedule,
): { sigmas: Float64Array; timestepOf: (sigma: number) => number } {
  const stride = Math.floor(sigmas.length / distilledSteps)
  const timesteps = Array.from({ length: distilledSteps }, (_, i) => (i + 1) * stride - 1)
  const logs = Float64Array.from(timesteps, (t) => Math.log(sigmas[t]))
  const spaced = linspace(distilledSteps - 1, 0, steps).map((index) => Math.exp(interpolate(logs, index)))
  const distance = (i: number, sigma: number): number => Math.abs(logs[i] - Math.log(sigma))
  return {
    sigmas: Float64Array.from([...spaced, 0]),
    timestepOf: (sigma) =>
      timesteps[timesteps.reduce((best, _, i) => (distance(i, sigma) < distance(best, sigma) ? i : best), 0)],
  }
}

const distilledSteps = 50

/** How UniPC's authors space their times. */
export type UnipcSpacing = 'time_uniform' | 'time_quadratic' | 'logSNR'

/**
 * Sigmas of UniPC in continuous time: `steps` + 1 of them from time `start` (1: the noisy end) down to timestep 0,
 * with log α read between the training timesteps in a straight line (Lu et al. 2022, NoiseScheduleVP).
 */
export function continuousSigmas(
  steps: number,
  { alphasCumprod, sigmaMin }: NoiseSchedule,
  start = 1,
  spacing: UnipcSpacing = 'time_uniform',
): { sigmas: Float64Array; timesteps: Float64Array } {
  const total = alphasCumprod.length
  const logAlphas = alphasCumprod.map((alpha) => 0.5 * Math.log(alpha))
  const sigmaAt = (time: number): number =>
    sigmaOfAlphaCumprod(Math.exp(2 * interpolate(logAlphas, time * total - 1)))
  if (spacing === 'logSNR') {
    const logs = linspace(Math.log(sigmaAt(start)), Math.log(sigmaMin), steps + 1)
    const sigmas = Float64Array.from(logs, Math.exp)
    return {
      sigmas,
      timesteps: sigmas.map((sigma) => indexOfLogAlpha(logAlphas, -0.5 * Math.log1p(sigma * sigma))),
    }
  }
  const power = spacing === 'time_quadratic' ? 2 : 1
  const times = linspace(start ** (1 / power), (1 / total) ** (1 / power), steps + 1).map(
    (time) => time ** power,
  )
  return {
    sigmas: Float64Array.from(times, sigmaAt),
    timesteps: Float64Array.from(times, (time) => time * total - 1),
  }
}

/** Where a log α lies in its descending table, as a fractional index. */
function indexOfLogAlpha(table: Float64Array, value: number): number {
  const above = table.findIndex((entry) => entry <= value)
  if (above === 0) return 0
  if (above < 0) return table.length - 1
  return above - (value - table[above]) / (table[above - 1] - table[above])
}
