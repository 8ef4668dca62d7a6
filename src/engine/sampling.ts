import { StudioError } from '../shared/errors.ts'
import type { ResolvedRequest, SeedConvention } from '../shared/request.ts'
import type { Denoise, PredictionType } from './denoiser.ts'
import { noiseSchedule, type NoiseSchedule } from './noiseSchedule.ts'
import type { BrownianRange } from './random/imageNoise.ts'
import { methods, type Method } from './samplers/methods.ts'
import { combine, type Noise, type Step } from './samplers/step.ts'
import {
  scheduleDefaults,
  scheduleSigmas,
  type ComputedSchedule,
  type ScheduleHome,
} from './schedules/schedule.ts'

/** What sampling needs to know of a model. */
export interface SampledModel {
  noiseSchedule: NoiseSchedule
  predictionType: PredictionType
  /** The scheduler_config.json of a diffusers folder. */
  schedulerConfig: Record<string, unknown> | null
}

/** A whole run laid out before it begins. */
export interface SamplingPlan {
  /** The noise levels on the way, descending. */
  sigmas: Float64Array
  /** How many steps `run` will yield. */
  steps: number
  /** The timestep with which the network is called at a sigma. */
  timestepOf(sigma: number): number
  /** What the guidance must do besides scale and rescale. */
  guidance: { plusPlus: boolean; rescaleSpace: PredictionType }
  brownian: BrownianRange
  /** The first x, out of noise of variance one and the clean latents of a picture to start from. */
  start(noise: Float32Array, initLatents: Float32Array | null): Float32Array
  run(denoise: Denoise, x: Float32Array, noise: Noise): AsyncGenerator<Step, void, undefined>
  /** Clean latents out of the last x, where sampling stops above sigma 0. */
  finish(x: Float32Array): Float32Array
}

const homes: Record<SeedConvention, ScheduleHome> = {
  'AUTOMATIC1111 GPU': 'AUTOMATIC1111',
  'AUTOMATIC1111 CPU': 'AUTOMATIC1111',
  ComfyUI: 'ComfyUI',
  diffusers: 'AUTOMATIC1111',
  InvokeAI: 'AUTOMATIC1111',
  'stable-diffusion.cpp': 'AUTOMATIC1111',
}

/** Lays out the run of a request on a model: which sampler, over which sigmas, from where. */
export function planSampling(request: ResolvedRequest, model: SampledModel): SamplingPlan {
  const schedule = requestedNoiseSchedule(request, model.noiseSchedule)
  const home = homes[request.seedConvention]
  const name = request.sampler === 'Model default' ? 'Euler' : request.sampler
  const method = methods[name]
  if (!method) throw new StudioError('bad-request', `The sampler ${name} is not available yet.`)
  const full = plannedSigmas(request, method, schedule, home)
  const sigmas = request.initImage ? remainingSigmas(request, full) : full.sigmas
  const sigmaStart = sigmas[0] ?? 0
  const noiseScale =
    home === 'ComfyUI' && isMaximum(sigmaStart, schedule) ? Math.hypot(1, sigmaStart) : sigmaStart
  const options = {
    eta: request.eta ?? method.eta,
    sNoise: request.sNoise,
    sChurn: request.sChurn,
    sTmin: request.sTmin,
    sTmax: request.sTmax ?? Infinity,
    drawUnused: home === 'AUTOMATIC1111',
    home,
  }
  return {
    sigmas,
    steps: Math.max(sigmas.length - 1, 0),
    timestepOf: home === 'ComfyUI' ? schedule.nearestTimestep : schedule.sigmaToTimestep,
    guidance: {
      plusPlus: method.plusPlus ?? false,
      rescaleSpace: home === 'ComfyUI' ? 'v_prediction' : model.predictionType,
    },
    brownian: method.brownian ? brownianRange(home === 'ComfyUI' ? sigmas : full.sigmas) : null,
    start: (noise, init) => (init ? combine([1, init], [noiseScale, noise]) : combine([noiseScale, noise])),
    run: (denoise, x, noise) => method.sampler(denoise, x, sigmas, noise, options),
    finish: (x) => x,
  }
}

function requestedNoiseSchedule(request: ResolvedRequest, schedule: NoiseSchedule): NoiseSchedule {
  const wanted = request.zeroTerminalSnr ?? schedule.config.rescaleZeroTerminalSnr
  return wanted === schedule.config.rescaleZeroTerminalSnr
    ? schedule
    : noiseSchedule({ ...schedule.config, rescaleZeroTerminalSnr: wanted })
}

/** The sigmas of a run from pure noise, and of how many steps. */
function plannedSigmas(
  request: ResolvedRequest,
  method: Method,
  model: NoiseSchedule,
  home: ScheduleHome,
): { sigmas: Float64Array; steps: number } {
  const steps = plannedSteps(request)
  const discard = request.discardPenultimateSigma ?? method.discardPenultimate?.includes(home) ?? false
  const name: ComputedSchedule =
    request.schedule === 'Automatic' || request.schedule === 'Model default'
      ? method.automatic
      : request.schedule
  const defaults = scheduleDefaults(model, home)
  const sigmas = scheduleSigmas(name, discard ? steps + 1 : steps, {
    ...defaults,
    sigmaMin: request.sigmaMin ?? defaults.sigmaMin,
    sigmaMax: request.sigmaMax ?? defaults.sigmaMax,
    rho: request.rho,
  })
  return { sigmas: discard ? withoutPenultimate(sigmas) : sigmas, steps }
}

const withoutPenultimate = (sigmas: Float64Array): Float64Array =>
  sigmas.filter((_, i) => i !== sigmas.length - 2)

/** ComfyUI runs all the steps that were asked for: it plans more and takes the last of them. */
function plannedSteps({ steps, initImage, denoiseStrength, seedConvention }: ResolvedRequest): number {
  const whole =
    !initImage || seedConvention !== 'ComfyUI' || denoiseStrength > 0.9999 || denoiseStrength === 0
  return whole ? steps : Math.trunc(steps / denoiseStrength)
}

/** The end of a schedule that a picture's denoise strength leaves to do. */
function remainingSigmas(
  { steps: asked, denoiseStrength, seedConvention }: ResolvedRequest,
  { sigmas, steps }: { sigmas: Float64Array; steps: number },
): Float64Array {
  if (seedConvention === 'ComfyUI')
    return denoiseStrength === 0 ? new Float64Array() : sigmas.slice(-(asked + 1))
  if (seedConvention === 'diffusers' || seedConvention === 'InvokeAI') {
    const kept = Math.min(Math.trunc(steps * denoiseStrength), steps)
    return kept === 0 ? new Float64Array() : sigmas.slice(steps - kept)
  }
  return sigmas.slice(steps - encodedSteps(steps, denoiseStrength) - 1)
}

/** AUTOMATIC1111's t_enc: it does one step more than this. */
const encodedSteps = (steps: number, strength: number): number =>
  Math.trunc(Math.min(strength, 0.999) * steps)

const isMaximum = (sigma: number, { sigmaMax }: NoiseSchedule): boolean => sigma > sigmaMax * (1 - 1e-5)

function brownianRange(sigmas: Float64Array): BrownianRange {
  return { min: Math.min(...sigmas.filter((sigma) => sigma > 0)), max: Math.max(...sigmas) }
}
