import { integrateBasis } from './lagrange.ts'
import { combine, noiseIn, type Sampler } from './step.ts'

export interface LmsOptions {
  order?: number
  /** ComfyUI takes the last prediction as it is; k-diffusion and diffusers go to sigma 0 like to any other. */
  denoiseAtEnd?: boolean
}

/** Linear multistep: the slopes of the last `order` steps, interpolated and integrated exactly (Adams-Bashforth). */
export const lms: Sampler<LmsOptions> = async function* (
  denoise,
  x,
  sigmas,
  _noise,
  { order = 4, denoiseAtEnd = false },
) {
  let slopes: Float32Array[] = []
  for (let i = 0; i + 1 < sigmas.length; i++) {
    const { denoised } = await denoise(x, sigmas[i]!)
    slopes = [noiseIn(x, denoised, sigmas[i]!), ...slopes].slice(0, order)
    const nodes = slopes.map((_, j) => sigmas[i - j]!)
    const terms = slopes.map((slope, j) => [integrateBasis(nodes, j, sigmas[i]!, sigmas[i + 1]!), slope] as const)
    x = denoiseAtEnd && sigmas[i + 1] === 0 ? denoised : combine([1, x], ...terms)
    yield { x, denoised }
  }
}
