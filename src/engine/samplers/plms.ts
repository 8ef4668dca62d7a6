import { adamsBashforth } from './ipndm.ts'
import { combine, noiseIn, type Sampler } from './step.ts'

/**
 * Pseudo linear multistep: Liu et al. 2022 (PNDM), Algorithm 2 with AUTOMATIC1111's and CompVis' start, an improved
 * Euler step that looks at the second sigma twice. In sigma space its transfer, eq. 11, is a straight line.
 */
export const plms: Sampler = async function* (denoise, x, sigmas) {
  let slopes: Float32Array[] = []
  for (let i = 0; i + 1 < sigmas.length; i++) {
    const sigma = sigmas[i]
    const next = sigmas[i + 1]
    const { denoised } = await denoise(x, sigma)
    slopes = [noiseIn(x, denoised, sigma), ...slopes].slice(0, 4)
    let slope = combine(...slopes.map((slope, k) => [adamsBashforth[slopes.length - 1][k], slope] as const))
    if (i === 0 && next > 0) {
      const ahead = combine([1, x], [next - sigma, slope])
      const slopeThere = noiseIn(ahead, (await denoise(ahead, next)).denoised, next)
      slope = combine([1 / 2, slope], [1 / 2, slopeThere])
    }
    x = combine([1, x], [next - sigma, slope])
    yield { x, denoised }
  }
}
