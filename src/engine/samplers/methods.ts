import type { SamplerName } from '../../shared/models/samplers.ts'
import type { NoiseLevels } from '../plan/noiseSchedule.ts'
import type { ComputedSchedule, ScheduleHome } from '../plan/schedules/schedule.ts'
import type { Churn } from './churn.ts'
import { ddpm } from './ddpm.ts'
import { deis } from './deis.ts'
import { dpm2 } from './dpm2.ts'
import { dpm2Ancestral } from './dpm2Ancestral.ts'
import { dpmAdaptive, dpmFast, dpmFastOrders } from './dpmSolver.ts'
import { dpmpp2m } from './dpmpp2m.ts'
import { dpmpp2mSde } from './dpmpp2mSde.ts'
import { dpmpp2sAncestral } from './dpmpp2sAncestral.ts'
import { dpmpp3mSde } from './dpmpp3mSde.ts'
import { dpmppSde } from './dpmppSde.ts'
import { erSde } from './erSde.ts'
import { euler } from './euler.ts'
import { eulerAncestral, type Ancestral } from './eulerAncestral.ts'
import { gradientEstimation } from './gradientEstimation.ts'
import { heun } from './heun.ts'
import { heunpp2 } from './heunpp2.ts'
import { ipndm, ipndmV } from './ipndm.ts'
import { consistencyBoundary, lcm } from './lcm.ts'
import { lms } from './lms.ts'
import { plms } from './plms.ts'
import { resMultistep } from './resMultistep.ts'
import { restart, restartSteps } from './restart.ts'
import { saSolver } from './saSolver.ts'
import { seeds2, seeds3 } from './seeds.ts'
import type { Sampler } from './step.ts'
import { tcd } from './tcd.ts'
import { unipc } from './unipc.ts'
import type { UnipcVariant } from './unipcTerms.ts'

/** Everything a person can turn on a sampler, for those that listen to it, and where they stand. */
export interface MethodOptions extends Churn, Ancestral {
  home: ScheduleHome
  model: NoiseLevels
}

/** A sampler by its screen name, with what its home tool does around it. */
export interface Method {
  sampler: Sampler<MethodOptions>
  /** What the schedule "Automatic" stands for. */
  automatic: ComputedSchedule
  /** How much fresh noise where a person sets nothing. */
  eta: number
  /** Where steps are planned for one more and the last but one sigma is left out. */
  discardPenultimate?: readonly ScheduleHome[]
  /** Draws its noise from a Brownian path. */
  brownian?: true
  /** Asks for two predictions a step: prompt editing then counts twice as many (AUTOMATIC1111's "second_order"). */
  secondOrder?: true
  /** Needs CFG++ guidance. */
  plusPlus?: true
  /** What AUTOMATIC1111 runs over in place of a schedule: CompVis' timesteps or UniPC's continuous time. */
  automaticTimes?: 'compVis' | 'continuous'
  /** AUTOMATIC1111 spaces it among the timesteps of a distillation where no schedule is chosen. */
  distilled?: true
  /** Cannot reach sigma 0 and stops just above. */
  stopsAboveZero?: true
  /** How many times it yields over sigmas; one less than there are, where nothing else is said. */
  yields?: (sigmas: Float64Array) => number
}

/** AUTOMATIC1111's DDIM CFG++ takes the guidance scale that people know from elsewhere and multiplies it by this. */
export const ddimCfgPlusPlusScale = 1 / 12.5

const both = ['AUTOMATIC1111', 'ComfyUI'] as const
const plain = { automatic: 'Normal', eta: 0 } as const
const ancestral = { automatic: 'Normal', eta: 1 } as const
const karras = { automatic: 'Karras', eta: 0 } as const
const brownianKarras = { automatic: 'Karras', eta: 1, brownian: true } as const
const brownianExponential = { automatic: 'Exponential', eta: 1, brownian: true } as const

const unipcOf =
  (variant: UnipcVariant): Sampler<MethodOptions> =>
  (denoise, x, sigmas, noise, { home }) => {
    const most = sigmas.length - (home === 'ComfyUI' ? 2 : 1)
    return unipc(denoise, x, sigmas, noise, {
      variant,
      order: Math.min(3, Math.max(most, 1)),
      lowerOrderFinal: true,
    })
  }

const deisThird: Sampler<MethodOptions> = (denoise, x, sigmas, noise) => deis(denoise, x, sigmas, noise, {})

const gradient: Sampler<MethodOptions> = (denoise, x, sigmas, noise) =>
  gradientEstimation(denoise, x, sigmas, noise, {})

const dpmpp2mSdeHeun: Sampler<MethodOptions> = (denoise, x, sigmas, noise, options) =>
  dpmpp2mSde(denoise, x, sigmas, noise, { ...options, solver: 'heun' })

const lmsAtHome: Sampler<MethodOptions> = (denoise, x, sigmas, noise, { home }) =>
  lms(denoise, x, sigmas, noise, { denoiseAtEnd: home === 'ComfyUI' })

/** AUTOMATIC1111 applies the boundary scalings, at timesteps of the distillation; ComfyUI does not. */
const lcmAtHome: Sampler<MethodOptions> = (denoise, x, sigmas, noise, { home, model }) =>
  lcm(denoise, x, sigmas, noise, {
    ...(home !== 'ComfyUI' && {
      boundary: (sigma) => consistencyBoundary(10 * model.nearestTimestep(sigma)),
    }),
  })

const tcdByTimestep: Sampler<MethodOptions> = (denoise, x, sigmas, noise, { eta, sNoise, model }) => {
  const jump = (next: number): number =>
    next === 0 ? 0 : model.sigmas[Math.floor((1 - eta) * model.nearestTimestep(next))]
  return tcd(denoise, x, sigmas, noise, { sNoise, jump: (next) => Math.min(next, jump(next)) })
}

/** SA-Solver is stochastic between 20 % and 80 % of the timesteps, as in ComfyUI. */
const saSolverOf =
  (evaluateCorrected: boolean): Sampler<MethodOptions> =>
  (denoise, x, sigmas, noise, { sNoise, model }) => {
    const last = model.sigmas.length - 1
    const [high, low] = [model.timestepToSigma(0.8 * last), model.timestepToSigma(0.2 * last)]
    const tau = (_sigma: number, next: number): number => (next <= high && next >= low ? 1 : 0)
    return saSolver(denoise, x, sigmas, noise, { sNoise, tau, evaluateCorrected })
  }

const ddpmSmall: Sampler<MethodOptions> = (denoise, x, sigmas, noise, { sNoise }) =>
  ddpm(denoise, x, sigmas, noise, { sNoise, variance: 'small', sigmaClean: 0 })

/** Every sampler that a person can choose. CFG++ is a matter of the guidance, so those are the plain samplers. */
export const methods: Record<Exclude<SamplerName, 'Model default'>, Method> = {
  'DPM++ 2M': { sampler: dpmpp2m, ...karras },
  'DPM++ SDE': { sampler: dpmppSde, ...brownianKarras, secondOrder: true },
  'DPM++ 2M SDE': { sampler: dpmpp2mSde, ...brownianExponential },
  'DPM++ 2M SDE Heun': { sampler: dpmpp2mSdeHeun, ...brownianExponential },
  'DPM++ 2S a': { sampler: dpmpp2sAncestral, automatic: 'Karras', eta: 1, secondOrder: true },
  'DPM++ 3M SDE': { sampler: dpmpp3mSde, ...brownianExponential, discardPenultimate: ['AUTOMATIC1111'] },
  'Euler a': { sampler: eulerAncestral, ...ancestral },
  Euler: { sampler: euler, ...plain },
  LMS: { sampler: lmsAtHome, ...plain },
  Heun: { sampler: heun, ...plain, secondOrder: true },
  HeunPP2: { sampler: heunpp2, ...plain },
  DPM2: { sampler: dpm2, ...karras, discardPenultimate: both, secondOrder: true },
  'DPM2 a': {
    sampler: dpm2Ancestral,
    automatic: 'Karras',
    eta: 1,
    discardPenultimate: both,
    secondOrder: true,
  },
  'DPM fast': { sampler: dpmFast, ...plain, yields: (sigmas) => dpmFastOrders(sigmas.length - 1).length },
  'DPM adaptive': { sampler: dpmAdaptive, ...plain },
  Restart: {
    sampler: restart,
    ...karras,
    secondOrder: true,
    yields: (sigmas) => restartSteps(sigmas).length,
  },
  DDIM: { sampler: eulerAncestral, ...plain, automaticTimes: 'compVis' },
  'DDIM CFG++': { sampler: eulerAncestral, ...plain, automaticTimes: 'compVis', plusPlus: true },
  'Euler CFG++': { sampler: euler, ...plain, plusPlus: true },
  'Euler a CFG++': { sampler: eulerAncestral, ...ancestral, plusPlus: true },
  PLMS: { sampler: plms, ...plain, automaticTimes: 'compVis' },
  UniPC: {
    sampler: unipcOf('bh1'),
    ...plain,
    automaticTimes: 'continuous',
    discardPenultimate: ['ComfyUI'],
    stopsAboveZero: true,
  },
  'UniPC bh2': {
    sampler: unipcOf('bh2'),
    ...plain,
    automaticTimes: 'continuous',
    discardPenultimate: ['ComfyUI'],
    stopsAboveZero: true,
  },
  DEIS: { sampler: deisThird, ...plain },
  IPNDM: { sampler: ipndm, ...plain },
  IPNDM_V: { sampler: ipndmV, ...plain },
  DDPM: { sampler: ddpmSmall, ...ancestral },
  LCM: { sampler: lcmAtHome, automatic: 'SGM Uniform', eta: 1, distilled: true },
  TCD: { sampler: tcdByTimestep, automatic: 'SGM Uniform', eta: 0.3 },
  'RES Multistep': { sampler: resMultistep, ...plain },
  'RES Multistep a': { sampler: resMultistep, ...ancestral },
  'Gradient Estimation': { sampler: gradient, ...plain },
  'ER SDE': { sampler: erSde, ...ancestral },
  'SEEDS 2': { sampler: seeds2, ...ancestral },
  'SEEDS 3': { sampler: seeds3, ...ancestral },
  'SA Solver': { sampler: saSolverOf(false), ...ancestral },
  'SA Solver PECE': { sampler: saSolverOf(true), ...ancestral },
  'DPM++ 2M CFG++': { sampler: dpmpp2m, ...karras, plusPlus: true },
  'DPM++ 2S a CFG++': { sampler: dpmpp2sAncestral, automatic: 'Karras', eta: 1, plusPlus: true },
  'RES Multistep CFG++': { sampler: resMultistep, ...plain, plusPlus: true },
  'RES Multistep a CFG++': { sampler: resMultistep, ...ancestral, plusPlus: true },
  'Gradient Estimation CFG++': { sampler: gradient, ...plain, plusPlus: true },
}
