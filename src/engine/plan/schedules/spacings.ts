import { interpolate, type NoiseLevels } from '../noiseSchedule.ts'
import { betaQuantile } from './betaDistribution.ts'

/** `count` numbers from one end to the other, both included, as numpy counts them; a single one is `from`. */
export function linspace(from: number, to: number, count: number): number[] {
  const step = (to - from) / Math.max(count - 1, 1)
  return Array.from({ length: count }, (_, i) => (i > 0 && i === count - 1 ? to : from + i * step))
}

const endingInZero = (sigmas: readonly number[]): Float64Array => Float64Array.from([...sigmas, 0])

/** Karras et al. 2022, eq. 5: evenly spaced in sigma^(1/rho). */
export function karrasSigmas(steps: number, sigmaMin: number, sigmaMax: number, rho: number): Float64Array {
  const ends = [sigmaMax ** (1 / rho), sigmaMin ** (1 / rho)] as const
  return endingInZero(linspace(...ends, steps).map((root) => root ** rho))
}

/** Evenly spaced in log sigma (k-diffusion). */
export const exponentialSigmas = (steps: number, sigmaMin: number, sigmaMax: number): Float64Array =>
  polyexponentialSigmas(steps, sigmaMin, sigmaMax, 1)

/** Polynomially spaced in log sigma (k-diffusion). */
export function polyexponentialSigmas(
  steps: number,
  sigmaMin: number,
  sigmaMax: number,
  rho: number,
): Float64Array {
  const range = Math.log(sigmaMax) - Math.log(sigmaMin)
  return endingInZero(linspace(1, 0, steps).map((ramp) => Math.exp(ramp ** rho * range + Math.log(sigmaMin))))
}

/** The continuous variance preserving process of Song et al. 2021, eq. 32 (k-diffusion's `get_sigmas_vp`). */
export const vpSigmas = (steps: number, betaRange: number, betaMin: number, timeMin: number): Float64Array =>
  endingInZero(
    linspace(1, timeMin, steps).map((t) => {
      // The reference subtracts 1 in float32, which decides the first digits of small sigmas.
      const exponent = Math.fround((betaRange * t * t) / 2 + betaMin * t)
      return Math.sqrt(Math.fround(Math.exp(exponent)) - 1)
    }),
  )

/** Evenly spaced timesteps, the last of them that of sigmaMin. */
export const normalSigmas = (
  steps: number,
  model: NoiseLevels,
  sigmaMin: number,
  sigmaMax: number,
): Float64Array =>
  endingInZero(
    linspace(model.sigmaToTimestep(sigmaMax), model.sigmaToTimestep(sigmaMin), steps).map(
      model.timestepToSigma,
    ),
  )

/** Evenly spaced timesteps that stop one step short of sigmaMin, as in Stability's generative-models. */
export const sgmUniformSigmas = (
  steps: number,
  model: NoiseLevels,
  sigmaMin: number,
  sigmaMax: number,
): Float64Array =>
  normalSigmas(steps + 1, model, sigmaMin, sigmaMax)
    .with(steps, 0)
    .subarray(0, steps + 1)

/** Every so-manieth training sigma, counted from the noisy end (ComfyUI, AUTOMATIC1111). */
export function simpleSigmas(steps: number, { sigmas }: NoiseLevels): Float64Array {
  const stride = sigmas.length / steps
  return endingInZero(Array.from({ length: steps }, (_, i) => sigmas.at(-(1 + Math.floor(i * stride)))!))
}

/** Every so-manieth training sigma, counted from timestep 1; more steps than asked where they do not divide. */
export function ddimSigmas(steps: number, { sigmas }: NoiseLevels): Float64Array {
  const stride = Math.max(Math.floor(sigmas.length / steps), 1)
  return endingInZero([...sigmas].filter((_, i) => i >= 1 && (i - 1) % stride === 0).reverse())
}

/** Lee et al. 2024, "Beta Sampling is All You Need", with AUTOMATIC1111's reading: the quantile is of sigma. */
export const betaSigmas = (
  steps: number,
  sigmaMin: number,
  sigmaMax: number,
  alpha: number,
  beta: number,
): Float64Array =>
  endingInZero(
    linspace(1, 0, steps).map((share) => sigmaMin + betaQuantile(share, alpha, beta) * (sigmaMax - sigmaMin)),
  )

/** The same with ComfyUI's reading: the quantile is of the timestep, and one that comes twice is taken once. */
export function betaTimestepSigmas(
  steps: number,
  { sigmas }: NoiseLevels,
  alpha: number,
  beta: number,
): Float64Array {
  const timesteps = Array.from({ length: steps }, (_, i) =>
    roundHalfEven(betaQuantile(1 - i / steps, alpha, beta) * (sigmas.length - 1)),
  )
  return endingInZero(timesteps.filter((t, i) => t !== timesteps[i - 1]).map((t) => sigmas[t]))
}

/** numpy's rounding: a tie goes to the even neighbour. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value)
  const rest = value - floor
  if (rest !== 0.5) return Math.round(value)
  return floor % 2 === 0 ? floor : floor + 1
}

/** Genmo's and ComfyUI's: half of the steps close to sigmaMax in a line, the rest down along a parabola. */
export function linearQuadraticSigmas(steps: number, sigmaMax: number, threshold = 0.025): Float64Array {
  if (steps === 1) return Float64Array.of(sigmaMax, 0)
  const linear = Math.floor(steps / 2)
  const quadratic = steps - linear
  const difference = linear - threshold * steps
  const square = difference / (linear * quadratic ** 2)
  const slope = threshold / linear - (2 * difference) / quadratic ** 2
  const done = Array.from({ length: steps }, (_, i) =>
    i < linear ? (i * threshold) / linear : square * i * i + slope * i + square * linear ** 2,
  )
  return endingInZero(done.map((share) => (1 - share) * sigmaMax))
}

/** Sabour et al. 2024, "Align Your Steps", section 4: evenly spaced in the arc tangent. `count` numbers, no zero. */
export function klOptimalSigmas(count: number, sigmaMin: number, sigmaMax: number): number[] {
  // In float32 as the references: near a right angle its rounding decides the fourth digit.
  const low = Math.fround(Math.atan(sigmaMin))
  const high = Math.fround(Math.atan(sigmaMax))
  return linspace(0, 1, count).map((ramp) => {
    const share = Math.fround(ramp)
    return Math.tan(Math.fround(Math.fround(share * low) + Math.fround(Math.fround(1 - share) * high)))
  })
}

/** SD-Turbo's: of the ten distilled timesteps 999, 899, … 99, `steps` from where `denoise` (0 to 1) begins. */
export function turboSigmas(steps: number, { sigmas }: NoiseLevels, denoise = 1): Float64Array {
  const timesteps = Array.from({ length: 10 }, (_, i) => sigmas.length - 1 - i * 100)
  const start = 10 - Math.trunc(10 * denoise)
  return endingInZero(timesteps.slice(start, start + steps).map((t) => sigmas[t]))
}

/** A descending table brought to `count` numbers by interpolation of their logarithms; a single one is its last. */
export function interpolateSigmas(table: readonly number[], count: number): number[] {
  const logs = Float64Array.from(table, Math.log)
  return linspace(table.length - 1, 0, count)
    .reverse()
    .map((index) => Math.exp(interpolate(logs, index)))
}
