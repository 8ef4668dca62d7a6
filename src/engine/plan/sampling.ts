import type { ResolvedRequest, SeedConvention } from '../../shared/request/request.ts'
import type { PredictionType } from '../denoiser.ts'
import { clipped } from './diffusers/shaping.ts'
import { flowPlan } from './flow/flowPlan.ts'
import { float32Tables } from './float32Tables.ts'
import { modelDefaultPlan } from './modelDefaultPlan.ts'
import { noiseSchedule, type NoiseSchedule } from './noiseSchedule.ts'
import type { NoiseScheduleConfig } from './noiseScheduleConfig.ts'
import type { Beginning, Route, SampledModel } from './route.ts'
import { ddimCfgPlusPlusScale, methods, type Method, type MethodOptions } from '../samplers/methods.ts'
import type { ScheduleHome } from './schedules/schedule.ts'
import { sigmaPlan } from './sigmaPlan.ts'
import { timestepPlan } from './timestepPlan.ts'

/** A whole run laid out before it begins. */
export interface SamplingPlan extends Route {
  /** Predictions that the whole of the steps asks for, of which prompt editing counts its share. */
  evaluations: number
  /** What the guidance must be. */
  guidance: { scale: number; plusPlus: boolean; rescaleSpace: PredictionType }
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
export function planSampling(
  request: ResolvedRequest,
  given: SampledModel,
  beginning: Beginning = request.initImage ? 'picture' : 'noise',
): SamplingPlan {
  const home = homes[request.seedConvention]
  if (given.predictionType === 'flow') {
    const route = flowPlan(request, given, beginning)
    const evaluations = route.steps * (methodOf(request).secondOrder ? 2 : 1)
    return {
      ...route,
      evaluations,
      guidance: { scale: request.guidanceScale, plusPlus: false, rescaleSpace: 'flow' },
    }
  }
  const { config } = given.noiseSchedule
  const rescaleZeroTerminalSnr = request.zeroTerminalSnr ?? config.rescaleZeroTerminalSnr
  const model = { ...given, noiseSchedule: scheduleAtHome({ ...config, rescaleZeroTerminalSnr }, home) }
  const plain = {
    scale: request.guidanceScale,
    plusPlus: false,
    rescaleSpace: home === 'ComfyUI' ? ('v_prediction' as const) : model.predictionType,
  }
  const { schedulerConfig } = model
  if (request.sampler === 'Model default' && schedulerConfig) {
    const guidance = { ...plain, rescaleSpace: model.predictionType }
    const route = modelDefaultPlan(request, { ...model, schedulerConfig }, beginning)
    return { ...route, guidance, evaluations: route.steps }
  }
  const method = methodOf(request)
  const scaled = request.sampler === 'DDIM CFG++' && home === 'AUTOMATIC1111'
  const guidance = {
    ...plain,
    scale: scaled ? request.guidanceScale * ddimCfgPlusPlusScale : request.guidanceScale,
    plusPlus: method.plusPlus ?? false,
  }
  const options = methodOptions(request, method, home, model.noiseSchedule)
  const route = { request, beginning, method, model, options }
  const evaluations = request.steps * (method.secondOrder ? 2 : 1)
  const laidOut = timestepPlan(route) ?? sigmaPlan(route)
  return { ...(model.ofPixels ? keptToPixels(laidOut) : laidOut), guidance, evaluations }
}

/**
 * Of a picture is known what latents do not have: its ends. Predictions are kept to them, as guided-diffusion does
 * (`clip_denoised`); at the cosine schedule's last sigmas, in the thousands, they would otherwise lie far outside.
 */
const keptToPixels = (route: Route): Route => ({
  ...route,
  run: (denoise, ...rest) => route.run(clipped(denoise, 1, false), ...rest),
})

/** Checkpoints that name no scheduler get what AUTOMATIC1111 starts with. */
const methodOf = ({ sampler }: ResolvedRequest): Method =>
  methods[sampler === 'Model default' ? 'DPM++ 2M' : sampler]

/** The training noise of a model with the rounding of the tool whose seeds a request follows. */
export function scheduleAtHome(config: NoiseScheduleConfig, home: ScheduleHome): NoiseSchedule {
  if (home === 'ComfyUI') return float32Tables(noiseSchedule(config))
  const rescales = config.rescaleZeroTerminalSnr
  return noiseSchedule(rescales ? { ...config, precision: 'float64 kept as float32' } : config)
}

const methodOptions = (
  request: ResolvedRequest,
  method: Method,
  home: ScheduleHome,
  model: NoiseSchedule,
): MethodOptions => ({
  home,
  model,
  eta: request.eta ?? method.eta,
  sNoise: request.sNoise,
  sChurn: request.sChurn,
  sTmin: request.sTmin,
  sTmax: request.sTmax ?? Infinity,
  drawUnused: home === 'AUTOMATIC1111',
})
