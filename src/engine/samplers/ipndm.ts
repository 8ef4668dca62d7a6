import { combine, noiseIn, type Sampler } from './step.ts'

/** Adams-Bashforth weights for even steps: Zhang and Chen 2023 (DEIS), eq. 43 to 46; Liu et al. 2022, eq. 12. */
export const adamsBashforth = [
  [1],
  [3 / 2, -1 / 2],
  [23 / 12, -16 / 12, 5 / 12],
  [55 / 24, -59 / 24, 37 / 24, -9 / 24],
] as const

/** Weights of the last slopes for the step that follows sigmas[i], the newest first. */
type Weights = (sigmas: Float64Array, i: number, order: number) => readonly number[]

/** The improved PNDM: a linear multistep whose weights are those of even steps, in sigma. */
export const ipndm = multistep((_sigmas, _i, order) => adamsBashforth[order - 1])

/** Its variable-step form, with the weights that the reference (zju-pi's diff-solvers, ComfyUI) computes. */
export const ipndmV = multistep(variableWeights)

function multistep(weights: Weights): Sampler {
  return async function* (denoise, x, sigmas) {
    let slopes: Float32Array[] = []
    for (let i = 0; i + 1 < sigmas.length; i++) {
      const { denoised } = await denoise(x, sigmas[i])
      slopes = [noiseIn(x, denoised, sigmas[i]), ...slopes].slice(0, 4)
      const down = sigmas[i + 1] - sigmas[i]
      const scaled = weights(sigmas, i, slopes.length).map((weight, k) => [down * weight, slopes[k]] as const)
      x = sigmas[i + 1] === 0 ? denoised : combine([1, x], ...scaled)
      yield { x, denoised }
    }
  }
}

function variableWeights(sigmas: Float64Array, i: number, order: number): readonly number[] {
  // h0 is the step to come, h1 the last one, and so on, all negative.
  const [h0, h1, h2, h3] = [0, 1, 2, 3].map((k) => sigmas[i + 1 - k] - sigmas[i - k]) as [
    number,
    number,
    number,
    number,
  ]
  if (order === 1) return [1]
  const second = [1 + h0 / h1 / 2, -h0 / h1 / 2] as const
  if (order === 2) return second
  // Where the product of fractions should be scaled by 1 - h0 / 3 (h0 + h1), the reference subtracts it.
  const third = (1 - ((h0 / (3 * (h0 + h1))) * (h0 * (h0 + h1))) / (h1 * (h1 + h2))) / 2
  const r1 = h1 / h2
  if (order === 3) return [second[0] + third, second[1] - (1 + r1) * third, third * r1]
  const scale = (h0 * (h0 + h1) * (h0 + h1 + h2)) / (h1 * (h1 + h2) * (h1 + h2 + h3))
  const inner = (1 - h0 / (3 * (h0 + h1))) / 2 + ((1 - h0 / (2 * (h0 + h1))) * h0) / (6 * (h0 + h1 + h2))
  const fourth = inner * scale
  const r2 = (h1 * (h1 + h2)) / (h2 * (h2 + h3))
  return [
    second[0] + third + fourth,
    second[1] - (1 + r1) * third - (1 + r1 + r2) * fourth,
    third * r1 + (r1 + r2 * (1 + h2 / h3)) * fourth,
    -fourth * r2 * r1,
  ]
}
