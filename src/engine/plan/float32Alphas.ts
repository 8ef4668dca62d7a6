import type { NoiseScheduleConfig } from './noiseScheduleConfig.ts'

/**
 * ᾱ as diffusers computes it: in float32, with its rounding, which decides the second and third digit of the
 * smallest sigmas. Returned as the doubles nearest to those float32 numbers.
 */
export function float32Alphas(config: NoiseScheduleConfig, exactBetas: Float64Array): Float64Array {
  const betas = float32Betas(config, exactBetas)
  const alphas = cumulative(Float32Array.from(betas, (beta) => 1 - beta))
  return Float64Array.from(config.rescaleZeroTerminalSnr ? rescaledByBetas(alphas) : alphas)
}

function float32Betas(config: NoiseScheduleConfig, exact: Float64Array): Float32Array {
  const { betaSchedule, betaStart, betaEnd, trainSteps, trainedBetas } = config
  if (trainedBetas || betaSchedule === 'squaredcos_cap_v2') return Float32Array.from(exact)
  if (betaSchedule === 'linear') return torchLinspace(betaStart, betaEnd, trainSteps)
  return torchLinspace(Math.sqrt(betaStart), Math.sqrt(betaEnd), trainSteps).map((root) => root * root)
}

/**
 * torch's (aten/native/cpu/RangeFactoriesKernel.cpp): counted from the nearer end, product and sum rounded once (a
 * fused multiply-add), which the last steps of a rescaled schedule magnify to its fifth digit.
 */
function torchLinspace(from: number, to: number, count: number): Float32Array {
  const [start, end] = [Math.fround(from), Math.fround(to)]
  const step = Math.fround(Math.fround(end - start) / (count - 1))
  return new Float32Array(count).map((_, i) =>
    i < Math.floor(count / 2) ? start + step * i : end - step * (count - 1 - i),
  )
}

/** torch multiplies in double and rounds what it writes. */
function cumulative(alphas: Float32Array): Float32Array {
  let product = 1
  return alphas.map((alpha) => (product *= alpha))
}

/** Lin et al. 2023, Algorithm 1, on ᾱ in float32, as torch rounds it. */
export function rescaledAlphas(alphas: Float32Array): Float32Array {
  const roots = alphas.map(Math.sqrt)
  const first = roots[0]
  const last = roots.at(-1)!
  const scale = Math.fround(first / Math.fround(first - last))
  return roots.map((root) => Math.fround(Math.fround(root - last) * scale) ** 2)
}

/** The same through betas = 1 - alpha and back, as the scheduler does. */
function rescaledByBetas(alphas: Float32Array): Float32Array {
  const bars = rescaledAlphas(alphas)
  const betas = bars.map((bar, i) => 1 - Math.fround(i === 0 ? bar : bar / bars[i - 1]))
  return cumulative(betas.map((beta) => 1 - beta))
}
