import { integrateBasis } from './lagrange.ts'
import { combine, noiseIn, type Sampler } from './step.ts'

export interface LmsOptions {
  order?: number
  /** ComfyUI takes the last prediction as it is; k-diffusion and diffusers go to sigma 0 like to any other. */
  denoiseAtEnd?: boolean
  /** Sigmas of steps left out before the first: diffusers counts them into the order, without slopes to go with it. */
  skipped?: Float64Array
}

/** Linear multistep: the slopes of the last `order` steps, interpolated and integrated exactly (Adams-Bashforth). */
export const lms: Sampler<LmsOptions> = async function* (
  denoise,
  x,
  sigmas,
  _noise,
  { order = 4, denoiseAtEnd = false, skipped = new Float64Array() },
) {
  const all = Float64Array.of(...skipped, ...sigmas)
  let slopes: Float32Array[] = []
  for (let i = 0; i + 1 < sigmas.length; i++) {
    const sigma = sigmas[i]
    const next = sigmas[i + 1]
    const { denoised } = await denoise(x, sigma)
    slopes = [noiseIn(x, denoised, sigma), ...slopes].slice(0, order)
    const at = skipped.length + i
    const nodes = [...all.subarray(Math.max(0, at - order + 1), at + 1)].reverse()
    const terms = slopes.map((slope, j) => [integrateBasis(nodes, j, sigma, next), slope] as const)
    x = denoiseAtEnd && next === 0 ? denoised : combine([1, x], ...terms)
    yield { x, denoised }
  }
}
