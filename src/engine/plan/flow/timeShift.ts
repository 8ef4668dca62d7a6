import { StudioError } from '../../../shared/errors.ts'

/**
 * Flow matching mixes picture and noise in a straight line: x = (1 - s) · picture + s · noise, s from 1 to 0 (Lipman et
 * al. 2023; Esser et al. 2024, arXiv 2403.03206, eq. 12). Larger pictures need their steps nearer to the noise.
 */

/** s shifted towards the noise: Esser et al. 2024, eq. 23; 1 leaves it. */
export const shifted = (s: number, shift: number): number => (shift * s) / (1 + (shift - 1) * s)

/** The numbers of a FlowMatchEulerDiscreteScheduler from which its shift follows. */
export interface FlowShift {
  shift: number
  /** null: the shift is the same for every picture. */
  dynamic: { baseShift: number; maxShift: number; baseTokens: number; maxTokens: number } | null
}

/** Reads scheduler_config.json. Throws `unsupported-model` for what is not followed here. */
export function flowShift(json: Readonly<Record<string, unknown>>): FlowShift {
  const number = (key: string, byDefault: number): number => {
    const value = json[key] ?? byDefault
    if (typeof value === 'number' && Number.isFinite(value)) return value
    throw unknown(key, value)
  }
  const plain = {
    invert_sigmas: false,
    use_karras_sigmas: false,
    use_exponential_sigmas: false,
    use_beta_sigmas: false,
    stochastic_sampling: false,
    shift_terminal: null,
    time_shift_type: 'exponential',
  }
  for (const [key, value] of Object.entries(plain))
    if ((json[key] ?? value) !== value) throw unknown(key, json[key])
  const dynamic = {
    baseShift: number('base_shift', 0.5),
    maxShift: number('max_shift', 1.15),
    baseTokens: number('base_image_seq_len', 256),
    maxTokens: number('max_image_seq_len', 4096),
  }
  return { shift: number('shift', 1), dynamic: json['use_dynamic_shifting'] === true ? dynamic : null }
}

const unknown = (key: string, value: unknown): StudioError =>
  new StudioError(
    'unsupported-model',
    `The model's scheduler_config.json says ${key} = ${JSON.stringify(value)}, which this version does not know.`,
  )

/** The shift of a picture of so many tokens, as diffusers' pipelines compute it (calculate_shift): e^mu, mu linear. */
export function shiftOf({ shift, dynamic }: FlowShift, tokens: number): number {
  if (!dynamic) return shift
  const { baseShift, maxShift, baseTokens, maxTokens } = dynamic
  const slope = (maxShift - baseShift) / (maxTokens - baseTokens)
  return Math.exp(baseShift + slope * (tokens - baseTokens))
}

/** mu of FLUX.2-klein from tokens and steps (diffusers, compute_empirical_mu): a line through 10 and 200 steps. */
export function empiricalMu(tokens: number, steps: number): number {
  const at200 = 0.00016927 * tokens + 0.45666666
  if (tokens > 4300) return at200
  const at10 = 8.73809524e-5 * tokens + 1.89833333
  const slope = (at200 - at10) / 190
  return slope * steps + at200 - 200 * slope
}

/** diffusers' FlowMatchEulerDiscreteScheduler: N steps evenly from 1 to 1/N, shifted, then 0; rounded to float32. */
export const evenlyShifted = (steps: number, shift: number): Float64Array =>
  shiftedLevels(
    Array.from({ length: steps }, (_, i) => 1 - i / steps),
    shift,
  )

/** The same over given levels; from one that is 0 on nothing is left to do. */
export const shiftedLevels = (levels: readonly number[], shift: number): Float64Array =>
  Float64Array.from([...levels.filter((level) => level > 0), 0], (level) =>
    Math.fround(shifted(Math.fround(level), shift)),
  )
