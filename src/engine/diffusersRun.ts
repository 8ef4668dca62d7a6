import type { Denoise, PredictionType } from './denoiser.ts'
import { clipped, thresholded } from './clipping.ts'
import { noiseSchedule, type NoiseSchedule, type NoiseScheduleConfig } from './noiseSchedule.ts'
import { ddpm } from './samplers/ddpm.ts'
import { deisLogRho } from './samplers/deisLogRho.ts'
import { dpm2 } from './samplers/dpm2.ts'
import { dpm2Ancestral } from './samplers/dpm2Ancestral.ts'
import { dpmppSde } from './samplers/dpmppSde.ts'
import { dpmSolverMultistep } from './samplers/dpmSolverMultistep.ts'
import { dpmSolverSinglestep } from './samplers/dpmSolverSinglestep.ts'
import { euler } from './samplers/euler.ts'
import { eulerAncestral } from './samplers/eulerAncestral.ts'
import { heun } from './samplers/heun.ts'
import { hopping } from './samplers/hopping.ts'
import { consistencyBoundary, lcm } from './samplers/lcm.ts'
import { lms } from './samplers/lms.ts'
import { pndm } from './samplers/pndm.ts'
import type { Noise, Step } from './samplers/step.ts'
import { saSolver } from './samplers/saSolver.ts'
import { tcd } from './samplers/tcd.ts'
import { unipc } from './samplers/unipc.ts'
import { readSchedulerConfig, type SchedulerClass, type SchedulerConfig } from './diffusersConfig.ts'
import { multistepOrders, singlestepOrders } from './solverOrders.ts'
import {
  continuousSteps,
  distilledTimesteps,
  trainingTimesteps,
  wholeSteps,
  type DiffusersSteps,
} from './schedules/diffusersTimesteps.ts'
import { pndmCalls } from './schedules/pndmCalls.ts'

export interface DiffusersRequest {
  steps: number
  /** How many of the steps a picture to start from leaves out. */
  firstStep: number
  predictionType: PredictionType
  eta: number
  sNoise: number
  /** DDIM only: the noise direction follows the clipped prediction. */
  useClippedOutput?: boolean
}

/** A run as the scheduler class of a diffusers folder lays it out. */
export interface DiffusersRun {
  /** The noise levels of the network's evaluations on the whole way, then the last one. */
  sigmas: Float64Array
  timesteps: Float64Array
  /** The sigma at which the run starts. */
  sigmaStart: number
  /** Scale of the noise that a run from nothing starts with. */
  noiseScale: number
  /** The timestep told to the network at a sigma. */
  timestepOf(sigma: number): number
  /** The sigma whose variance preserving latents are the result; 0 for classes that work in sigma space. */
  finalSigma: number
  yields: number
  /** Sigmas that the scheduler lists after these and never reaches. */
  lastListed: readonly number[]
  run(denoise: Denoise, x: Float32Array, noise: Noise): AsyncGenerator<Step, void, undefined>
}

/** Classes that keep variance preserving latents from step to step, and hop between training timesteps. */
const hoppers: readonly SchedulerClass[] = ['DDIMScheduler', 'DDPMScheduler', 'LCMScheduler', 'TCDScheduler']
/** Classes that work in sigma space, with fractional timesteps. */
const exploding: readonly SchedulerClass[] = [
  'EulerDiscreteScheduler',
  'EulerAncestralDiscreteScheduler',
  'HeunDiscreteScheduler',
  'KDPM2DiscreteScheduler',
  'KDPM2AncestralDiscreteScheduler',
  'LMSDiscreteScheduler',
  'DPMSolverSDEScheduler',
]

/** Lays out a run of `request.steps` steps as diffusers' class does with this scheduler_config.json. */
export function diffusersRun(
  json: Record<string, unknown>,
  betas: NoiseScheduleConfig,
  request: DiffusersRequest,
): DiffusersRun {
  const config = readSchedulerConfig(json)
  const model = noiseSchedule({
    ...betas,
    precision: 'float32',
    terminalAlphaCumprod: terminalAlpha(config.class),
  })
  if (config.class === 'PNDMScheduler') return pndmRun(config, model, request)
  return hoppers.includes(config.class)
    ? hoppingRun(config, model, request)
    : solverRun(config, model, request)
}

/** ᾱ of the last timestep under zero terminal SNR: 2^-24 where a class needs a finite sigma, else as good as 0. */
const terminalAlpha = (name: SchedulerClass): number =>
  hoppers.includes(name) || name === 'PNDMScheduler' ? 1e-20 : 2 ** -24

/** Timesteps by sigma; sigmas between those of the steps get the one of the table. */
function timestepTable(
  { sigmas, timesteps }: DiffusersSteps,
  model: NoiseSchedule,
): (sigma: number) => number {
  const known = new Map([...timesteps].map((t, i) => [sigmas[i]!, t]))
  return (sigma) => known.get(sigma) ?? model.sigmaToTimestep(sigma)
}

function solverRun(config: SchedulerConfig, model: NoiseSchedule, request: DiffusersRequest): DiffusersRun {
  const inSigmaSpace = exploding.includes(config.class)
  const options = {
    spacing: config.class === 'DPMSolverSinglestepScheduler' ? ('linspace' as const) : config.spacing,
    stepsOffset: config.stepsOffset,
    sigmaSpacing:
      config.class === 'EulerAncestralDiscreteScheduler' ? ('timesteps' as const) : config.sigmaSpacing,
    rounded: roundsTimesteps(config, model),
  }
  const steps = inSigmaSpace
    ? continuousSteps(request.steps, model, options)
    : wholeSteps(request.steps, model, options, clippedTimesteps(config, model))
  const sigmas = Float64Array.of(...steps.sigmas, lastSigma(config, model, steps))
  const kept = sigmas.subarray(request.firstStep)
  const first = sigmas[0]!
  const exact = inSigmaSpace && options.spacing !== 'leading'
  return {
    sigmas,
    timesteps: steps.timesteps,
    sigmaStart: kept[0]!,
    noiseScale: exact ? first : Math.hypot(1, first),
    timestepOf: timestepTable(steps, model),
    finalSigma: inSigmaSpace ? 0 : sigmas.at(-1)!,
    yields: kept.length - 1,
    lastListed: config.sigmaSpacing === 'logLinear' ? [0] : [],
    run: (denoise, x, noise) =>
      solver(config, model, request, sigmas.subarray(0, request.firstStep))(
        shaped(config, denoise, request),
        x,
        kept,
        noise,
      ),
  }
}

/** KDPM2 makes Karras' timesteps whole; DPMSolver does not with the cosine betas, and so cuts them. */
function roundsTimesteps(config: SchedulerConfig, model: NoiseSchedule): boolean {
  if (exploding.includes(config.class)) return config.class.startsWith('KDPM2')
  return config.class !== 'DPMSolverMultistepScheduler' || model.config.betaSchedule !== 'squaredcos_cap_v2'
}

/** How many of the noisiest timesteps lie below the smallest log α/σ that a DPMSolver config allows. */
function clippedTimesteps(config: SchedulerConfig, { sigmas }: NoiseSchedule): number {
  const lowest = config.number('lambda_min_clipped', -Infinity)
  return config.class.startsWith('DPMSolver') ? sigmas.filter((sigma) => -Math.log(sigma) < lowest).length : 0
}

function lastSigma(config: SchedulerConfig, model: NoiseSchedule, { sigmas }: DiffusersSteps): number {
  if (config.class === 'DEISMultistepScheduler' || config.class === 'SASolverScheduler') {
    return config.sigmaSpacing === 'timesteps' ? model.sigmaMin : sigmas.at(-1)!
  }
  if (config.sigmaSpacing === 'logLinear') return model.sigmaMin
  const type = config.choice('final_sigmas_type', ['zero', 'sigma_min'], 'zero')
  return type === 'zero' ? 0 : model.sigmaMin
}

type BoundSampler = (
  denoise: Denoise,
  x: Float32Array,
  sigmas: Float64Array,
  noise: Noise,
) => AsyncGenerator<Step, void, undefined>

const noChurn = { sChurn: 0, sTmin: 0, sTmax: Infinity, drawUnused: false }

/** The sampler of a class that walks along its sigmas. */
function solver(
  config: SchedulerConfig,
  model: NoiseSchedule,
  { steps, firstStep, sNoise }: DiffusersRequest,
  skipped: Float64Array,
): BoundSampler {
  const churn = { ...noChurn, sNoise }
  const full = { eta: 1, sNoise }
  const walkers: Partial<Record<SchedulerClass, () => BoundSampler>> = {
    EulerDiscreteScheduler:
      () =>
      (...run) =>
        euler(...run, churn),
    EulerAncestralDiscreteScheduler:
      () =>
      (...run) =>
        eulerAncestral(...run, full),
    HeunDiscreteScheduler:
      () =>
      (...run) =>
        heun(...run, churn),
    KDPM2DiscreteScheduler:
      () =>
      (...run) =>
        dpm2(...run, churn),
    KDPM2AncestralDiscreteScheduler:
      () =>
      (...run) =>
        dpm2Ancestral(...run, full),
    LMSDiscreteScheduler:
      () =>
      (...run) =>
        lms(...run, { skipped }),
    DPMSolverSDEScheduler:
      () =>
      (...run) =>
        dpmppSde(...run, full),
    DEISMultistepScheduler:
      () =>
      (...run) =>
        deisLogRho(...run, { orders: multistepOrders(config, steps).slice(firstStep) }),
    DPMSolverMultistepScheduler:
      () =>
      (...run) =>
        dpmSolverMultistep(...run, {
          ...dpmForm(config),
          orders: multistepOrders(config, steps).slice(firstStep),
        }),
    DPMSolverSinglestepScheduler:
      () =>
      (...run) =>
        dpmSolverSinglestep(...run, {
          ...dpmForm(config),
          orders: singlestepOrders(config, steps).slice(firstStep),
        }),
    SASolverScheduler:
      () =>
      (...run) =>
        saSolver(...run, saSolverOptions(config, model, sNoise)),
    UniPCMultistepScheduler:
      () =>
      (...run) =>
        unipc(...run, unipcOptions(config)),
  }
  return walkers[config.class]!()
}

const algorithms = ['dpmsolver', 'dpmsolver++', 'sde-dpmsolver', 'sde-dpmsolver++'] as const

const dpmForm = (config: SchedulerConfig) => ({
  algorithm: config.choice('algorithm_type', algorithms, 'dpmsolver++'),
  solver: config.choice('solver_type', ['midpoint', 'heun'], 'midpoint'),
})

const saSolverOptions = (config: SchedulerConfig, model: NoiseSchedule, sNoise: number) => ({
  sNoise,
  predictorOrder: config.number('predictor_order', 2),
  correctorOrder: config.number('corrector_order', 2),
  diffusers: true,
  tau: (sigma: number) => {
    const t = model.nearestTimestep(sigma)
    return t >= 200 && t <= 800 ? 1 : 0
  },
})

const unipcOptions = (config: SchedulerConfig) => ({
  variant: config.choice('solver_type', ['bh1', 'bh2'], 'bh2'),
  order: config.number('solver_order', 2),
  lowerOrderFinal: config.flag('lower_order_final', true),
  predictNoise: !config.flag('predict_x0', true),
  uncorrected: config.numbers('disable_corrector').map((step) => step + 1),
})

/** DDIM, DDPM, LCM and TCD: one hop after another between noise levels that need not meet. */
function hoppingRun(config: SchedulerConfig, model: NoiseSchedule, request: DiffusersRequest): DiffusersRun {
  const total = model.sigmas.length
  const distilled = config.class === 'LCMScheduler' || config.class === 'TCDScheduler'
  const timesteps = distilled
    ? distilledTimesteps(request.steps, total, config.number('original_inference_steps', 50))
    : trainingTimesteps(request.steps, total, config)
  const froms = Float64Array.from(timesteps, (t) => model.sigmas[t]!)
  const targets = Float64Array.from(timesteps, (t, i) =>
    hopTarget(config, model, request.steps, t, timesteps[i + 1]),
  )
  const keptFroms = froms.subarray(request.firstStep)
  return {
    sigmas: Float64Array.of(...froms, targets.at(-1)!),
    timesteps: Float64Array.from(timesteps),
    sigmaStart: keptFroms[0]!,
    noiseScale: Math.hypot(1, froms[0]!),
    timestepOf: timestepTable({ timesteps: Float64Array.from(timesteps), sigmas: froms }, model),
    finalSigma: targets.at(-1)!,
    yields: keptFroms.length,
    lastListed: [],
    run: (denoise, x, noise) =>
      hopping(
        hop(config, model, request),
        shaped(config, denoise, request),
        x,
        keptFroms,
        targets.subarray(request.firstStep),
        noise,
      ),
  }
}

/** Where a step from timestep `t` goes. */
function hopTarget(
  config: SchedulerConfig,
  model: NoiseSchedule,
  steps: number,
  t: number,
  next: number | undefined,
): number {
  if (config.class === 'TCDScheduler') return model.sigmas[next ?? 0]!
  if (config.class === 'LCMScheduler') return next === undefined ? 0 : model.sigmas[next]!
  // DDIM steps back by a whole stride, which is not always where the next step starts.
  const previous =
    config.class === 'DDPMScheduler' ? (next ?? -1) : t - Math.floor(model.sigmas.length / steps)
  if (previous >= 0) return model.sigmas[previous]!
  const toClean = config.class === 'DDPMScheduler' || config.flag('set_alpha_to_one', true)
  return toClean ? 0 : model.sigmaMin
}

function hop(config: SchedulerConfig, model: NoiseSchedule, { eta, sNoise }: DiffusersRequest): BoundSampler {
  if (config.class === 'DDIMScheduler') return (...run) => eulerAncestral(...run, { eta, sNoise })
  if (config.class === 'DDPMScheduler') {
    const type = config.choice(
      'variance_type',
      ['fixed_small', 'fixed_small_log', 'fixed_large'],
      'fixed_small',
    )
    const variance = type === 'fixed_large' ? 'large' : 'small'
    return (...run) => ddpm(...run, { sNoise, variance, sigmaClean: model.sigmaMin })
  }
  if (config.class === 'LCMScheduler') {
    const scaling = config.number('timestep_scaling', 10)
    return (...run) =>
      lcm(...run, { boundary: (sigma) => consistencyBoundary(model.nearestTimestep(sigma) * scaling) })
  }
  const jump = (sigma: number): number => model.sigmas[Math.floor((1 - eta) * model.nearestTimestep(sigma))]!
  return (...run) => tcd(...run, { sNoise, jump })
}

function pndmRun(config: SchedulerConfig, model: NoiseSchedule, request: DiffusersRequest): DiffusersRun {
  const finalSigma = config.flag('set_alpha_to_one', false) ? 0 : model.sigmaMin
  const { calls, timesteps } = pndmCalls(request.steps, model, config, request.firstStep, finalSigma)
  const sigmas = Float64Array.of(...calls.map(({ sigma }) => sigma), finalSigma)
  return {
    sigmas,
    timesteps: Float64Array.from(timesteps),
    sigmaStart: calls[0]!.sigma,
    noiseScale: Math.hypot(1, sigmas[0]!),
    timestepOf: timestepTable({ timesteps: Float64Array.from(timesteps), sigmas }, model),
    finalSigma: calls.at(-1)!.to,
    yields: calls.length,
    lastListed: [],
    run: (denoise, x, noise) =>
      pndm(shaped(config, denoise, request), x, sigmas, noise, {
        calls,
        predictionType: request.predictionType,
      }),
  }
}

/** What a config makes of the predicted clean latents: clipping or dynamic thresholding. */
function shaped(
  config: SchedulerConfig,
  denoise: Denoise,
  { useClippedOutput = false }: DiffusersRequest,
): Denoise {
  const keepDirection = config.class === 'DDIMScheduler' && !useClippedOutput
  if (config.flag('thresholding', false)) {
    const ratio = config.number('dynamic_thresholding_ratio', 0.995)
    return thresholded(denoise, ratio, config.number('sample_max_value', 1), keepDirection)
  }
  const clipsByDefault = config.class === 'DDIMScheduler' || config.class === 'DDPMScheduler'
  if (!config.flag('clip_sample', clipsByDefault)) return denoise
  return clipped(denoise, config.number('clip_sample_range', 1), keepDirection)
}
