import type { ScheduleName } from '../../shared/models/samplers.ts'
import type { ResolvedRequest } from '../../shared/request/request.ts'
import { diffusersRun } from './diffusers/run.ts'
import type { NoiseSchedule } from './noiseSchedule.ts'
import type { BrownianRange } from '../random/imageNoise.ts'
import type { Method } from '../samplers/methods.ts'
import { combine } from '../samplers/step.ts'
import { nextListed, type Route, type RouteRequest, type SampledModel } from './route.ts'
import { distilledSigmas } from './schedules/compVis.ts'
import { scheduleDefaults, scheduleSigmas, type ScheduleHome } from './schedules/schedule.ts'

/** The route of k-diffusion's family: sigmas of a schedule, of which a picture to start from leaves only the end. */
export function sigmaPlan({ request, beginning, method, options, model }: RouteRequest): Route {
  const { home } = options
  const known = model.noiseSchedule
  // Of a picture to start from ComfyUI always runs all the steps that were asked for.
  const everyStep =
    beginning === 'picture' ? home === 'ComfyUI' : beginning === 'enlarged picture' && runsEveryStep(request)
  const steps = everyStep ? stepsForAll(request) : request.steps
  const spaced = spacedSigmas(request, method, model, home, steps)
  const full = method.stopsAboveZero ? endingAboveZero(spaced.sigmas) : spaced.sigmas
  const sigmas = beginning === 'noise' ? full : remaining(request, full, steps, everyStep)
  const sigmaStart = sigmas[0] ?? 0
  const atMaximum = sigmaStart > known.sigmaMax * (1 - 1e-5)
  const stepsTwice = request.seedConvention === 'diffusers' && method.secondOrder && !method.yields
  const noiseScale = home === 'ComfyUI' && atMaximum ? Math.hypot(1, sigmaStart) : sigmaStart
  return {
    sigmas,
    steps: sigmas.length < 2 ? 0 : (method.yields?.(sigmas) ?? sigmas.length - 1),
    timestepOf: spaced.timestepOf,
    brownian: brownianRange(request, method, home === 'ComfyUI' ? sigmas : full),
    kept: stepsTwice ? nextListed(sigmas) : (sigma) => ({ picture: 1, noise: sigma }),
    start: (noise, init) => (init ? combine([1, init], [noiseScale, noise]) : combine([noiseScale, noise])),
    run(denoise, x, noise, left) {
      const over = left && method.stopsAboveZero ? endingAboveZero(left) : (left ?? sigmas)
      // Of no sigmas no sampler makes sense; the picture stays as it is.
      return over.length < 2 ? noSteps() : method.sampler(denoise, x, over, noise, options)
    },
    finish: (x) => x,
  }
}

export async function* noSteps(): AsyncGenerator<never, void, undefined> {}

/** The sigmas from pure noise down, and the timesteps that go with them. */
function spacedSigmas(
  request: ResolvedRequest,
  method: Method,
  model: SampledModel,
  home: ScheduleHome,
  steps: number,
): { sigmas: Float64Array; timestepOf: (sigma: number) => number } {
  const known = model.noiseSchedule
  if (request.schedule === 'Model default' && model.schedulerConfig) {
    const run = diffusersRun(model.schedulerConfig, known.config, {
      steps,
      firstStep: 0,
      predictionType: model.predictionType,
      eta: 0,
      sNoise: 1,
    })
    return { sigmas: run.sigmas.with(-1, 0), timestepOf: run.timestepOf }
  }
  if (method.distilled && request.schedule === 'Automatic' && home === 'AUTOMATIC1111') {
    return distilledSigmas(steps, known)
  }
  const discards = request.discardPenultimateSigma ?? method.discardPenultimate?.includes(home) ?? false
  const sigmas = homeSigmas(request, request.schedule, method, known, home, discards ? steps + 1 : steps)
  return {
    sigmas: discards ? sigmas.filter((_, i) => i !== sigmas.length - 2) : sigmas,
    timestepOf: home === 'ComfyUI' ? known.nearestTimestep : known.sigmaToTimestep,
  }
}

function homeSigmas(
  limits: Pick<ResolvedRequest, 'sigmaMin' | 'sigmaMax' | 'rho'>,
  schedule: ScheduleName,
  method: Method,
  model: NoiseSchedule,
  home: ScheduleHome,
  steps: number,
): Float64Array {
  const name = schedule === 'Automatic' || schedule === 'Model default' ? method.automatic : schedule
  const defaults = scheduleDefaults(model, home)
  return scheduleSigmas(name, steps, {
    ...defaults,
    sigmaMin: limits.sigmaMin ?? defaults.sigmaMin,
    sigmaMax: limits.sigmaMax ?? defaults.sigmaMax,
    rho: limits.rho,
  })
}

/** The sigmas with a last one that every sampler can reach. */
export const endingAboveZero = (sigmas: Float64Array): Float64Array =>
  sigmas.at(-1) === 0 ? sigmas.with(-1, smallestSigma) : sigmas

/** Where ComfyUI's UniPC stops. */
const smallestSigma = 0.001

/** Beyond this many planned steps the last 200 of them all lie at the end of the schedule. */
const mostPlanned = 20_000

/** The other tools do of an enlarged picture what they do of any. */
const runsEveryStep = ({ seedConvention }: ResolvedRequest): boolean =>
  seedConvention === 'ComfyUI' || seedConvention.startsWith('AUTOMATIC1111')

/** The steps to plan so that the last of them, which a picture's strength leaves, are as many as were asked for. */
export function stepsForAll({ steps, denoiseStrength }: ResolvedRequest): number {
  const whole = denoiseStrength > 0.9999 || denoiseStrength === 0
  return whole ? steps : Math.min(mostPlanned, Math.trunc(steps / denoiseStrength))
}

/** The end of a schedule that a picture's denoise strength leaves to do; at strength 0 nothing, in every convention. */
function remaining(
  request: ResolvedRequest,
  sigmas: Float64Array,
  steps: number,
  everyStep: boolean,
): Float64Array {
  const { denoiseStrength: strength, seedConvention } = request
  if (strength === 0) return new Float64Array()
  // Some schedules give fewer steps than asked; one that gives more is cut as in AUTOMATIC1111, from its start.
  const planned = Math.min(steps, sigmas.length - 1)
  if (everyStep) return sigmas.slice(-(request.steps + 1))
  if (seedConvention === 'diffusers' || seedConvention === 'InvokeAI') {
    const kept = Math.min(Math.trunc(planned * strength), planned)
    return kept === 0 ? new Float64Array() : sigmas.slice(planned - kept)
  }
  return sigmas.slice(planned - encodedSteps(planned, strength) - 1)
}

/** AUTOMATIC1111's t_enc: over sigmas it does one step more than this. */
export const encodedSteps = (steps: number, strength: number): number =>
  Math.trunc(Math.min(strength, 0.999) * steps)

/** Only AUTOMATIC1111 and ComfyUI draw Brownian noise; the others draw anew at every step. */
function brownianRange(
  { seedConvention }: ResolvedRequest,
  { brownian }: Method,
  sigmas: Float64Array,
): BrownianRange {
  const drawn = seedConvention.startsWith('AUTOMATIC1111') || seedConvention === 'ComfyUI'
  if (!brownian || !drawn || sigmas.length < 2) return null
  return { min: Math.min(...sigmas.filter((sigma) => sigma > 0)), max: sigmas[0] }
}
