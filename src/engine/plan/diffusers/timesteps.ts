import { interpolate, type NoiseSchedule } from '../noiseSchedule.ts'
import {
  betaSigmas,
  exponentialSigmas,
  karrasSigmas,
  linspace,
  roundHalfEven,
} from '../schedules/spacings.ts'

/** How diffusers spreads steps over the training timesteps: Lin et al. 2023, table 2. */
export type TimestepSpacing = 'leading' | 'trailing' | 'linspace'

/** How the sigmas between the first and the last are spaced, where not by the timesteps. */
export type SigmaSpacing = 'timesteps' | 'karras' | 'exponential' | 'beta' | 'lu' | 'logLinear'

export interface TimestepOptions {
  spacing: TimestepSpacing
  stepsOffset: number
  sigmaSpacing: SigmaSpacing
  /** Whether timesteps that follow from Karras or lambda spacing are rounded. */
  rounded: boolean
}

/** The noise levels at which a diffusers scheduler asks the network, and the timesteps it tells it. */
export interface DiffusersSteps {
  timesteps: Float64Array
  sigmas: Float64Array
}

const trailing = (last: number, steps: number, trainSteps: number): number[] => {
  const stride = trainSteps / steps
  return Array.from({ length: Math.ceil(last / stride) }, (_, i) => roundHalfEven(last - i * stride) - 1)
}

const leading = (stride: number, steps: number, offset: number): number[] =>
  Array.from({ length: steps }, (_, i) => (steps - 1 - i) * stride + offset)

/**
 * Euler, Heun, KDPM2, LMS and DPMSolverSDE: fractional timesteps; other spacings span the sigmas of these.
 */
export function continuousSteps(
  steps: number,
  model: NoiseSchedule,
  options: TimestepOptions,
): DiffusersSteps {
  const total = model.sigmas.length
  const spaced = {
    linspace: () => linspace(0, total - 1, steps).reverse(),
    leading: () => leading(Math.floor(total / steps), steps, options.stepsOffset),
    trailing: () => trailing(total, steps, total),
  }
  const timesteps = Float64Array.from(spaced[options.spacing]())
  // In a straight line in sigma, not in log sigma: numpy's interp.
  const sigmas = timesteps.map((t) => interpolate(model.sigmas, t))
  if (options.sigmaSpacing === 'timesteps') return { timesteps, sigmas }
  if (options.sigmaSpacing === 'logLinear') {
    // One more than steps, to the smallest sigma; the network still hears of the timesteps' own.
    const logs = linspace(Math.log(model.sigmaMax), Math.log(model.sigmaMin), steps + 1)
    return { timesteps, sigmas: Float64Array.from(logs.slice(0, steps), Math.exp) }
  }
  const between = spaceSigmas(options.sigmaSpacing, steps, sigmas.at(-1)!, sigmas[0])
  const round =
    options.rounded && options.sigmaSpacing === 'karras' ? roundHalfEven : (t: number): number => t
  return { timesteps: between.map((sigma) => round(model.sigmaToTimestep(sigma))), sigmas: between }
}

/**
 * DPMSolver, UniPC, DEIS and SASolver: whole timesteps, the last of them one step above 0; other spacings span all
 * the training sigmas. `clipped`: how many of the noisiest timesteps are left out.
 */
export function wholeSteps(
  steps: number,
  model: NoiseSchedule,
  options: TimestepOptions,
  clipped = 0,
): DiffusersSteps {
  const total = model.sigmas.length
  const last = total - clipped
  if (options.sigmaSpacing === 'timesteps' || options.sigmaSpacing === 'logLinear') {
    const spaced = {
      linspace: () =>
        linspace(0, last - 1, steps + 1)
          .map(roundHalfEven)
          .reverse()
          .slice(0, -1),
      leading: () => leading(Math.floor(last / (steps + 1)), steps + 1, options.stepsOffset).slice(0, -1),
      trailing: () => trailing(last, steps, total),
    }
    const timesteps = Float64Array.from(spaced[options.spacing]())
    return { timesteps, sigmas: timesteps.map((t) => interpolate(model.sigmas, t)) }
  }
  const sigmas = spaceSigmas(options.sigmaSpacing, steps, model.sigmaMin, model.sigmaMax)
  // Exponential and beta lose their fraction where the others are rounded, and so may say 998 for 999.
  const whole =
    options.rounded && ['karras', 'lu'].includes(options.sigmaSpacing) ? roundHalfEven : Math.trunc
  return { timesteps: sigmas.map((sigma) => whole(model.sigmaToTimestep(sigma))), sigmas }
}

/** DDIM, DDPM and PNDM: whole timesteps of the training schedule. */
export function trainingTimesteps(
  steps: number,
  total: number,
  { spacing, stepsOffset }: Pick<TimestepOptions, 'spacing' | 'stepsOffset'>,
): number[] {
  const spaced = {
    linspace: () =>
      linspace(0, total - 1, steps)
        .map(roundHalfEven)
        .reverse(),
    leading: () => leading(Math.floor(total / steps), steps, stepsOffset),
    trailing: () => trailing(total, steps, total),
  }
  return spaced[spacing]()
}

/** LCM and TCD: evenly chosen among the timesteps of the distillation. */
export function distilledTimesteps(steps: number, total: number, originalSteps: number): number[] {
  const stride = Math.floor(total / originalSteps)
  const origin = Array.from({ length: originalSteps }, (_, i) => (originalSteps - i) * stride - 1)
  return Array.from({ length: steps }, (_, i) => origin[Math.floor((i * originalSteps) / steps)])
}

function spaceSigmas(
  spacing: Exclude<SigmaSpacing, 'timesteps' | 'logLinear'>,
  steps: number,
  sigmaMin: number,
  sigmaMax: number,
): Float64Array {
  const withZero = {
    karras: () => karrasSigmas(steps, sigmaMin, sigmaMax, 7),
    exponential: () => exponentialSigmas(steps, sigmaMin, sigmaMax),
    // Lu et al. 2022 (DPM-Solver), evenly spaced lambda.
    lu: () => exponentialSigmas(steps, sigmaMin, sigmaMax),
    beta: () => betaSigmas(steps, sigmaMin, sigmaMax, 0.6, 0.6),
  }
  return withZero[spacing]().slice(0, steps)
}
