import { karrasSigmas } from '../plan/schedules/spacings.ts'
import { combine, noiseIn, type Sampler } from './step.ts'

/**
 * Restart sampling: Xu et al. 2023, Algorithm 1 with Heun's steps, and the restart interval that AUTOMATIC1111
 * chooses from the number of steps (none below 20).
 */
export const restart: Sampler<{ sNoise: number }> = async function* (denoise, x, sigmas, noise, { sNoise }) {
  let reached = Infinity
  for (const [sigma, next] of restartSteps(sigmas)) {
    if (sigma > reached) {
      x = combine([1, x], [sNoise * Math.sqrt(sigma * sigma - reached * reached), noise(reached, sigma)])
    }
    const { denoised } = await denoise(x, sigma)
    const slope = noiseIn(x, denoised, sigma)
    const ahead = combine([1, x], [next - sigma, slope])
    if (next > 0) {
      const slopeThere = noiseIn(ahead, (await denoise(ahead, next)).denoised, next)
      x = combine([1, x], [(next - sigma) / 2, slope], [(next - sigma) / 2, slopeThere])
    } else {
      x = ahead
    }
    reached = next
    yield { x, denoised }
  }
}

/** Where the noise is raised again: from the sigma nearest `low` to the one nearest `high`. */
const interval = { low: 0.1, high: 2 }

/** Every step from one sigma to the next, restarts included. */
export function restartSteps(asked: Float64Array): [number, number][] {
  const steps = asked.length - 1
  if (steps < 20) return pairs(asked)
  const [restartLength, restarts] = steps >= 36 ? [Math.floor(steps / 4), 2] : [9, 1]
  const sigmas = karrasSigmas(steps - restartLength * restarts, asked[steps - 1], asked[0], 7)
  const bottom = nearest(sigmas, interval.low)
  const top = nearest(sigmas, interval.high)
  if (top >= bottom) return pairs(sigmas)
  const again = pairs(karrasSigmas(restartLength + 1, sigmas[bottom], sigmas[top], 7).slice(0, -1))
  const main = pairs(sigmas)
  return [
    ...main.slice(0, bottom),
    ...Array.from({ length: restarts }, () => again).flat(),
    ...main.slice(bottom),
  ]
}

const pairs = (sigmas: Float64Array): [number, number][] =>
  Array.from({ length: sigmas.length - 1 }, (_, i) => [sigmas[i], sigmas[i + 1]])

const nearest = (sigmas: Float64Array, sigma: number): number =>
  sigmas.reduce((best, value, i) => (Math.abs(value - sigma) < Math.abs(sigmas[best] - sigma) ? i : best), 0)
