import { StudioError } from '../../../shared/errors.ts'
import type { ScheduleName } from '../../../shared/models/samplers.ts'
import type { NoiseLevels } from '../noiseSchedule.ts'
import { alignYourStepsA1111, alignYourStepsComfy, type AysFamily } from './alignYourSteps.ts'
import {
  betaSigmas,
  betaTimestepSigmas,
  ddimSigmas,
  exponentialSigmas,
  karrasSigmas,
  klOptimalSigmas,
  linearQuadraticSigmas,
  normalSigmas,
  polyexponentialSigmas,
  sgmUniformSigmas,
  simpleSigmas,
  turboSigmas,
  vpSigmas,
} from './spacings.ts'

/** Whose formula a schedule follows where AUTOMATIC1111 and ComfyUI space the same name differently. */
export type ScheduleHome = 'AUTOMATIC1111' | 'ComfyUI'

export interface ScheduleOptions {
  model: NoiseLevels
  home: ScheduleHome
  sigmaMin: number
  sigmaMax: number
  /** Curvature of Karras (7) and Polyexponential (1); null: the schedule's own. */
  rho: number | null
  /** Shape of Beta's distribution. */
  alpha: number
  beta: number
  /** For which family Align Your Steps was optimised. */
  family: AysFamily
}

export type ComputedSchedule = Exclude<ScheduleName, 'Automatic' | 'Model default'>

/** What AUTOMATIC1111 and ComfyUI set where a person sets nothing. */
export const scheduleDefaults = (model: NoiseLevels, home: ScheduleHome): ScheduleOptions => ({
  model,
  home,
  sigmaMin: model.sigmaMin,
  sigmaMax: model.sigmaMax,
  rho: null,
  alpha: 0.6,
  beta: 0.6,
  family: 'sd',
})

type Spacing = (steps: number, options: ScheduleOptions) => Float64Array

const timesteps: Spacing = (steps, { model, sigmaMin, sigmaMax }) =>
  normalSigmas(steps, model, sigmaMin, sigmaMax)

const spacings: Record<ComputedSchedule, Spacing> = {
  Normal: timesteps,
  Uniform: timesteps,
  Karras: (steps, { sigmaMin, sigmaMax, rho }) => karrasSigmas(steps, sigmaMin, sigmaMax, rho ?? 7),
  Exponential: (steps, { sigmaMin, sigmaMax }) => exponentialSigmas(steps, sigmaMin, sigmaMax),
  Polyexponential: (steps, { sigmaMin, sigmaMax, rho }) =>
    polyexponentialSigmas(steps, sigmaMin, sigmaMax, rho ?? 1),
  'SGM Uniform': (steps, { model, sigmaMin, sigmaMax }) => sgmUniformSigmas(steps, model, sigmaMin, sigmaMax),
  'KL Optimal': (steps, { home, sigmaMin, sigmaMax }) =>
    // AUTOMATIC1111 stops at sigmaMin and never reaches 0.
    Float64Array.from(
      home === 'ComfyUI'
        ? [...klOptimalSigmas(steps, sigmaMin, sigmaMax), 0]
        : klOptimalSigmas(steps + 1, sigmaMin, sigmaMax),
    ),
  'Align Your Steps': (steps, { home, family }) =>
    home === 'ComfyUI' ? alignYourStepsComfy(steps, family) : alignYourStepsA1111(steps, family),
  Simple: (steps, { model }) => simpleSigmas(steps, model),
  DDIM: (steps, { model }) => ddimSigmas(steps, model),
  Beta: (steps, { home, model, sigmaMin, sigmaMax, alpha, beta }) =>
    home === 'ComfyUI'
      ? betaTimestepSigmas(steps, model, alpha, beta)
      : betaSigmas(steps, sigmaMin, sigmaMax, alpha, beta),
  'Linear Quadratic': (steps, { sigmaMax }) => linearQuadraticSigmas(steps, sigmaMax),
  Turbo: (steps, { model }) => turboSigmas(steps, model),
  VP: (steps) => vpSigmas(steps, 19.9, 0.1, 1e-3),
}

/**
 * The sigmas of a schedule, descending: one more than steps, ending in 0 (but for AUTOMATIC1111's KL Optimal). Some
 * give more (DDIM) or fewer (Beta, Turbo) than asked, as in their home tools. Throws `bad-request` where the
 * settings leave nothing to descend.
 */
export function scheduleSigmas(
  name: ComputedSchedule,
  steps: number,
  options: ScheduleOptions,
): Float64Array {
  const sigmas = spacings[name](steps, options)
  if (!sigmas.every((sigma, i) => i === 0 || sigma < sigmas[i - 1])) {
    throw new StudioError(
      'bad-request',
      `The schedule ${name} with ${steps} steps does not descend from step to step between sigma ` +
        `${options.sigmaMax} and ${options.sigmaMin}. Use fewer steps, another schedule or other sigma limits.`,
    )
  }
  return sigmas
}
