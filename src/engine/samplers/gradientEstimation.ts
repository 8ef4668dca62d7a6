import { combine, noiseIn, type Sampler } from './step.ts'

/** Gradient estimation: Permenter and Yuan 2024, Algorithm 2, with γ = 2: the slope and its change are followed. */
export const gradientEstimation: Sampler<{ gamma?: number }> = async function* (
  denoise,
  x,
  sigmas,
  _noise,
  { gamma = 2 },
) {
  let previous: Float32Array | undefined
  for (let i = 0; i + 1 < sigmas.length; i++) {
    const sigma = sigmas[i]
    const next = sigmas[i + 1]
    const { denoised, anchor } = await denoise(x, sigma)
    const slope = noiseIn(x, anchor, sigma)
    const change = previous && next > 0 ? (gamma - 1) * (next - sigma) : 0
    x = combine([1, denoised], [next + change, slope], [-change, previous ?? slope])
    previous = slope
    yield { x, denoised }
  }
}
