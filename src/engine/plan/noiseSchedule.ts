import { StudioError } from '../../shared/errors.ts'
import { float32Alphas, rescaledAlphas } from './float32Alphas.ts'
import type { BetaSchedule, NoiseScheduleConfig } from './noiseScheduleConfig.ts'

/** The noise levels that a model was trained at. */
export interface NoiseLevels {
  /** Per timestep, ascending. */
  readonly sigmas: Float64Array
  readonly sigmaMin: number
  readonly sigmaMax: number
  /** Fractional timestep of a sigma, by linear interpolation of log sigma; clamped to the ends. */
  sigmaToTimestep(sigma: number): number
  /** The training timestep whose log sigma is nearest. */
  nearestTimestep(sigma: number): number
  /** Sigma at a fractional timestep, by linear interpolation of log sigma; clamped to the ends. */
  timestepToSigma(timestep: number): number
}

/** Those of a diffusion model, √((1-ᾱ)/ᾱ). Timesteps run from 0 (clean) to trainSteps - 1 (noise). */
export interface NoiseSchedule extends NoiseLevels {
  readonly config: NoiseScheduleConfig
  /** ᾱ per timestep, descending. */
  readonly alphasCumprod: Float64Array
}

/** The last ᾱ that AUTOMATIC1111 and ComfyUI use with zero terminal SNR. */
const lastAlphaCumprod = 4.8973451890853435e-8

/**
 * Tables of a model's noise schedule, in float64. `scaled_linear`, `linear`: Ho et al. 2020 and Rombach et al. 2022;
 * `squaredcos_cap_v2`: Nichol and Dhariwal 2021, eq. 17. Throws `unsupported-model` for tables no model can have.
 */
export function noiseSchedule(config: NoiseScheduleConfig): NoiseSchedule {
  const alphasCumprod = cumulatedAlphas(config)
  const isDouble = (config.precision ?? 'float64') === 'float64'
  const round = isDouble ? (value: number): number => value : Math.fround
  const sigmas = alphasCumprod.map((alpha) => round(Math.sqrt(round(round(1 - alpha) / alpha))))
  if (!sigmas.every((sigma, i) => sigma > (i === 0 ? 0 : sigmas[i - 1]) && sigma < Infinity)) {
    throw new StudioError(
      'unsupported-model',
      `This model's noise schedule (${config.betaSchedule}, ${config.betaStart} to ${config.betaEnd}, ` +
        `${config.trainSteps} steps) does not grow from step to step, so no sampler can follow it.`,
    )
  }
  const logSigmas = sigmas.map((sigma) => round(Math.log(sigma)))
  return {
    config,
    alphasCumprod,
    sigmas,
    sigmaMin: sigmas[0],
    sigmaMax: sigmas.at(-1)!,
    sigmaToTimestep: (sigma) => fractionalIndex(logSigmas, Math.log(sigma)),
    nearestTimestep: (sigma) => nearestIndex(logSigmas, Math.log(sigma)),
    timestepToSigma: (timestep) => Math.exp(interpolate(logSigmas, timestep)),
  }
}

/** The value at a fractional index, linear between neighbours, clamped to the ends. */
export function interpolate(values: Float64Array, index: number): number {
  const clamped = Math.min(Math.max(index, 0), values.length - 1)
  const low = Math.floor(clamped)
  const high = Math.ceil(clamped)
  return values[low] + (clamped - low) * (values[high] - values[low])
}

/** Sigma as the cumulated ᾱ of variance preserving diffusion has it. */
export const sigmaOfAlphaCumprod = (alpha: number): number => Math.sqrt((1 - alpha) / alpha)

function trainingBetas(config: NoiseScheduleConfig): Float64Array {
  if (config.trainedBetas) return Float64Array.from(config.trainedBetas)
  const { betaStart, betaEnd, trainSteps } = config
  const linear = (from: number, to: number) => (i: number) =>
    trainSteps === 1 ? from : from + ((to - from) * i) / (trainSteps - 1)
  const squareRoot = linear(Math.sqrt(betaStart), Math.sqrt(betaEnd))
  const formulas: Record<BetaSchedule, (i: number) => number> = {
    scaled_linear: (i) => squareRoot(i) ** 2,
    linear: linear(betaStart, betaEnd),
    squaredcos_cap_v2: (i) =>
      Math.min(1 - cosineAlpha((i + 1) / trainSteps) / cosineAlpha(i / trainSteps), 0.999),
  }
  return new Float64Array(trainSteps).map((_, i) => formulas[config.betaSchedule](i))
}

const cosineAlpha = (t: number): number => Math.cos((((t + 0.008) / 1.008) * Math.PI) / 2) ** 2

function cumulatedAlphas(config: NoiseScheduleConfig): Float64Array {
  const betas = trainingBetas(config)
  const alphasCumprod = madeAlphas[config.precision ?? 'float64'](config, betas)
  if (!config.rescaleZeroTerminalSnr) return alphasCumprod
  // Where betas are steeper than Stable Diffusion's the usual number would not be below the one before it.
  const beforeLast = alphasCumprod.at(-2) ?? 1
  const wanted = config.terminalAlphaCumprod ?? lastAlphaCumprod
  return alphasCumprod.with(-1, wanted < beforeLast ? wanted : beforeLast / 4)
}

/** ᾱ in the order in which each tool rounds; the last of a rescaled schedule is still 0. */
const madeAlphas: Readonly<
  Record<
    NonNullable<NoiseScheduleConfig['precision']>,
    (config: NoiseScheduleConfig, betas: Float64Array) => Float64Array
  >
> = {
  float32: float32Alphas,
  float64({ rescaleZeroTerminalSnr }, betas) {
    const alphas = cumulativeAlphas(betas)
    return rescaleZeroTerminalSnr ? rescaledToZeroTerminalSnr(alphas) : alphas
  },
  'float64 kept as float32'({ rescaleZeroTerminalSnr }, betas) {
    const alphas = Float32Array.from(cumulativeAlphas(betas))
    return Float64Array.from(rescaleZeroTerminalSnr ? rescaledAlphas(alphas) : alphas)
  },
}

function cumulativeAlphas(betas: Float64Array): Float64Array {
  let product = 1
  return betas.map((beta) => (product *= 1 - beta))
}

/** Lin et al. 2023, Algorithm 1. */
function rescaledToZeroTerminalSnr(alphasCumprod: Float64Array): Float64Array {
  const first = Math.sqrt(alphasCumprod[0])
  const end = Math.sqrt(alphasCumprod.at(-1)!)
  return alphasCumprod.map((alpha) => (((Math.sqrt(alpha) - end) * first) / (first - end)) ** 2)
}

/** Where a value lies in an ascending table, as a fractional index clamped to the table. */
export function fractionalIndex(table: Float64Array, value: number): number {
  const last = table.length - 1
  if (!(value > table[0])) return 0
  if (value >= table[last]) return last
  const low = lastAtOrBelow(table, value)
  return low + (value - table[low]) / (table[low + 1] - table[low])
}

function nearestIndex(table: Float64Array, value: number): number {
  if (!(value > table[0])) return 0
  const low = lastAtOrBelow(table, value)
  if (low === table.length - 1) return low
  return value - table[low] <= table[low + 1] - value ? low : low + 1
}

function lastAtOrBelow(table: Float64Array, value: number): number {
  let low = 0
  let high = table.length
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (table[middle] <= value) low = middle
    else high = middle
  }
  return low
}
