import { unguided, type Denoise } from '../../../src/engine/denoiser.ts'
import { noiseSchedule } from '../../../src/engine/plan/noiseSchedule.ts'
import type { MethodOptions } from '../../../src/engine/samplers/methods.ts'
import type { Sampler } from '../../../src/engine/samplers/step.ts'

/** Clean latents that are Gaussian with this mean and deviation: both the denoiser and the flow are known exactly. */
const mean = 0.3
const deviation = 0.5
const variance = deviation ** 2

export const stableDiffusion = noiseSchedule({
  betaSchedule: 'scaled_linear',
  betaStart: 0.00085,
  betaEnd: 0.012,
  trainSteps: 1000,
  rescaleZeroTerminalSnr: false,
})

/** The posterior mean of the Gaussian. */
export const denoise: Denoise = async (x, sigma) =>
  unguided(x.map((value) => (variance * value + sigma ** 2 * mean) / (variance + sigma ** 2)))

export const start = (sigma: number): Float32Array =>
  Float32Array.from({ length: 16 }, (_, i) => mean + 1.3 * sigma * Math.sin(i + 1))

/** Where the probability flow takes x from one sigma to another. */
const flow = (x: Float32Array, from: number, to: number): Float32Array => {
  const shrink = Math.sqrt((variance + to ** 2) / (variance + from ** 2))
  return x.map((value) => mean + (value - mean) * shrink)
}

const noNoise = (): Float32Array => new Float32Array(16)

/** What a request without any special wish gives a sampler, and no fresh noise. */
export const options: MethodOptions = {
  eta: 0,
  sNoise: 1,
  sChurn: 0,
  sTmin: 0,
  sTmax: Infinity,
  drawUnused: false,
  home: 'AUTOMATIC1111',
  model: stableDiffusion,
}

/** Largest distance from the exact flow at the end of the sigmas. */
export async function errorOf(sampler: Sampler<MethodOptions>, sigmas: Float64Array): Promise<number> {
  const first = start(sigmas[0])
  let x = first
  for await (const step of sampler(denoise, first, sigmas, noNoise, options)) x = step.x
  const exact = flow(first, sigmas[0], sigmas.at(-1)!)
  return Math.max(...x.map((value, i) => Math.abs(value - exact[i])))
}
