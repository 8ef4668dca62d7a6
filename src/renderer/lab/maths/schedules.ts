/** Noise schedules side by side: how much of the picture and of the noise there is at every timestep. */

/** x_t = signal[t] · x_0 + noise[t] · ε for t from 0 (least noise) on. */
export interface Schedule {
  signal: Float64Array
  noise: Float64Array
}

export const scheduleNames = [
  'linear',
  'scaledLinear',
  'cosine',
  'squaredCosine',
  'sigmoid',
  'zeroTerminalSnr',
  'flow',
  'constant',
] as const
export type ScheduleName = (typeof scheduleNames)[number]

/** The least ᾱ of schedules that reach 0 in theory, so that the logarithm of their SNR can be drawn. */
const leastAlpha = 1e-8

/** A schedule of `steps` timesteps by its formula. */
export function namedSchedule(name: ScheduleName, steps: number): Schedule {
  const over = (alpha: (share: number) => number): Schedule =>
    ofAlphas(Float64Array.from({ length: steps }, (_, i) => Math.max(leastAlpha, alpha((i + 1) / steps))))
  const betas = (beta: (share: number) => number): Float64Array =>
    Float64Array.from({ length: steps }, (_, i) => beta(steps === 1 ? 0 : i / (steps - 1)))
  // The published ends are for 1000 steps; fewer steps add as much noise in all.
  const [first, last] = [(1e-4 * 1000) / steps, Math.min(0.999, (0.02 * 1000) / steps)]
  switch (name) {
    case 'linear':
      // Ho et al. 2020, section 4.
      return ofBetas(betas((share) => first + share * (last - first)))
    case 'scaledLinear':
      return ofBetas(scaledLinear(steps))
    case 'cosine':
      // Salimans and Ho 2022, section 2: α = cos(πt/2).
      return over((share) => Math.cos((share * Math.PI) / 2) ** 2)
    case 'squaredCosine':
      return ofBetas(squaredCosine(steps))
    case 'sigmoid':
      return over(sigmoidAlpha)
    case 'zeroTerminalSnr':
      return ofAlphas(zeroTerminal(ofBetas(scaledLinear(steps))))
    case 'flow':
      return flow(steps)
    case 'constant':
      // The same β at every step, which ends at the same ᾱ as the linear schedule.
      return ofBetas(betas(() => 1 - Math.exp(-10 / steps)))
  }
}

/** Variance preserving: signal² + noise² = 1. ᾱ = signal². */
export const ofAlphas = (alphas: ArrayLike<number>): Schedule => ({
  signal: Float64Array.from(alphas, Math.sqrt),
  noise: Float64Array.from(alphas, (alpha) => Math.sqrt(1 - alpha)),
})

/** ᾱ_t = Π (1 - β_s): Ho et al. 2020, eq. 4. */
function ofBetas(betas: Float64Array): Schedule {
  let product = 1
  return ofAlphas(betas.map((beta) => (product *= 1 - beta)))
}

/** Rombach et al. 2022: linear in √β, from 0.00085 to 0.012 over 1000 steps. */
function scaledLinear(steps: number): Float64Array {
  const stretch = 1000 / steps
  const [first, last] = [Math.sqrt(0.00085 * stretch), Math.sqrt(Math.min(0.999, 0.012 * stretch))]
  return Float64Array.from(
    { length: steps },
    (_, i) => (first + ((last - first) * i) / Math.max(1, steps - 1)) ** 2,
  )
}

/** Nichol and Dhariwal 2021, eq. 17, with β at most 0.999. */
function squaredCosine(steps: number): Float64Array {
  const alpha = (share: number): number => Math.cos((((share + 0.008) / 1.008) * Math.PI) / 2) ** 2
  return Float64Array.from({ length: steps }, (_, i) =>
    Math.min(0.999, 1 - alpha((i + 1) / steps) / alpha(i / steps)),
  )
}

/** Jabri et al. 2022, the sigmoid from -3 to 3 with temperature 1, scaled to run from 1 to 0. */
function sigmoidAlpha(share: number): number {
  const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))
  const [start, end] = [sigmoid(-3), sigmoid(3)]
  return (end - sigmoid(share * 6 - 3)) / (end - start)
}

/** Lin et al. 2023, Algorithm 1: √ᾱ shifted so that the last is 0, scaled so that the first stays. */
function zeroTerminal({ signal }: Schedule): Float64Array {
  const [first, last] = [signal[0], signal.at(-1)!]
  return signal.map((root) => Math.max(leastAlpha, (((root - last) * first) / (first - last)) ** 2))
}

/** Lipman et al. 2023, Liu et al. 2023: the straight line x_t = (1 - t) x_0 + t ε, whose variance is not kept. */
function flow(steps: number): Schedule {
  const noise = Float64Array.from({ length: steps }, (_, i) => Math.min(0.9999, (i + 1) / steps))
  return { signal: noise.map((share) => 1 - share), noise }
}

/** ᾱ of every timestep; of a schedule that keeps no variance, that of the one with the same SNR. */
export const alphasOf = ({ signal, noise }: Schedule): Float64Array =>
  signal.map((share, t) => share ** 2 / (share ** 2 + noise[t] ** 2))

/** β of every timestep: 1 - ᾱ_t / ᾱ_(t-1). */
export function betasOf(schedule: Schedule): Float64Array {
  const alphas = alphasOf(schedule)
  return alphas.map((alpha, t) => 1 - alpha / (t === 0 ? 1 : alphas[t - 1]))
}

/** Natural logarithm of signal² / noise². */
export const logSnrOf = ({ signal, noise }: Schedule): Float64Array =>
  signal.map((share, t) => 2 * Math.log(share / noise[t]))

/** noise / signal: the noise level as samplers count it. */
export const sigmasOf = ({ signal, noise }: Schedule): Float64Array =>
  noise.map((share, t) => share / signal[t])
