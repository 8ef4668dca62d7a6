import { combine, type Sampler } from './step.ts'

export interface LcmOptions {
  /** Boundary scalings c_skip and c_out of Luo et al. 2023, eq. 9; absent in ComfyUI, where the prediction stands. */
  boundary?: (sigma: number) => { skip: number; out: number }
}

/** Multistep consistency sampling: Luo et al. 2023 (Latent Consistency Models), Algorithm 3. */
export const lcm: Sampler<LcmOptions> = async function* (denoise, x, sigmas, noise, { boundary }) {
  for (let i = 0; i + 1 < sigmas.length; i++) {
    const sigma = sigmas[i]
    const next = sigmas[i + 1]
    let { denoised } = await denoise(x, sigma)
    if (boundary) {
      const { skip, out } = boundary(sigma)
      // The skipped part is of variance preserving latents, as the network sees them.
      denoised = combine([out, denoised], [skip / Math.sqrt(sigma * sigma + 1), x])
    }
    x = next > 0 ? combine([1, denoised], [next, noise(sigma, next)]) : denoised
    yield { x, denoised }
  }
}

/** Consistency models' boundary scalings with σ_data = 0.5: Luo et al. 2023, eq. 9. */
export function consistencyBoundary(time: number): { skip: number; out: number } {
  const square = time * time + 0.25
  return { skip: 0.25 / square, out: time / Math.sqrt(square) }
}
