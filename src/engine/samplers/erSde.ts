import { combine, type Sampler } from './step.ts'

/**
 * ER-SDE-Solver-3, extended reverse-time SDE: Cui et al. 2023, Algorithm 3 (variance exploding), with the noise
 * scale φ(σ) = σ (e^(σ^0.3) + 10).
 */
export const erSde: Sampler<{ sNoise: number }> = async function* (denoise, x, sigmas, noise, { sNoise }) {
  let previous: { denoised: Float32Array; slope: Float32Array | undefined } | undefined
  for (let i = 0; i + 1 < sigmas.length; i++) {
    const sigma = sigmas[i]
    const next = sigmas[i + 1]
    const { denoised } = await denoise(x, sigma)
    let slope: Float32Array | undefined
    if (next === 0) {
      x = denoised
    } else {
      const ratio = noiseScale(next) / noiseScale(sigma)
      const terms: (readonly [number, Float32Array])[] = [
        [ratio, x],
        [1 - ratio, denoised],
      ]
      const { first, second } = integrals(sigma, next)
      if (previous) {
        const width = 1 / (sigma - sigmas[i - 1])
        slope = combine([width, denoised], [-width, previous.denoised])
        terms.push([next - sigma + first * noiseScale(next), slope])
        if (previous.slope) {
          const curvature =
            ((next - sigma) ** 2 / 2 + second * noiseScale(next)) / ((sigma - sigmas[i - 2]) / 2)
          terms.push([curvature, slope], [-curvature, previous.slope])
        }
      }
      const up = sNoise * Math.sqrt(Math.max(next * next - (sigma * ratio) ** 2, 0))
      if (sNoise > 0) terms.push([up, noise(sigma, next)])
      x = combine(...terms)
    }
    previous = { denoised, slope }
    yield { x, denoised }
  }
}

const noiseScale = (sigma: number): number => sigma * (Math.exp(sigma ** 0.3) + 10)

/** ∫ 1/φ and ∫ (s - sigma)/φ from next to sigma, by the reference's left Riemann sum of 200 points. */
function integrals(sigma: number, next: number): { first: number; second: number } {
  const points = 200
  const width = (sigma - next) / points
  let [first, second] = [0, 0]
  for (let k = 0; k < points; k++) {
    const s = next + k * width
    first += width / noiseScale(s)
    second += (width * (s - sigma)) / noiseScale(s)
  }
  return { first, second }
}
