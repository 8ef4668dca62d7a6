import type { Denoise } from '../denoiser.ts'
import { combine, type Noise, type Step } from './step.ts'

/**
 * Runs a one-step method from each of `froms` to the `targets` entry of the same place. Where a target is not the
 * next start, the variance preserving latents are kept as they are and taken to be at the next start (diffusers'
 * DDIM with spacings that its stride does not divide).
 */
export async function* hopping(
  method: (denoise: Denoise, x: Float32Array, sigmas: Float64Array, noise: Noise) => AsyncIterable<Step>,
  denoise: Denoise,
  x: Float32Array,
  froms: Float64Array,
  targets: Float64Array,
  noise: Noise,
): AsyncGenerator<Step, void, undefined> {
  for (const [i, from] of froms.entries()) {
    const target = targets[i]
    const next = froms[i + 1] ?? target
    for await (const step of method(denoise, x, Float64Array.of(from, target), noise)) {
      x = next === target ? step.x : combine([Math.hypot(1, next) / Math.hypot(1, target), step.x])
      yield { x, denoised: step.denoised }
    }
  }
}
