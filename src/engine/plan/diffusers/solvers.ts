import type { Denoise } from '../../denoiser.ts'
import type { NoiseSchedule } from '../noiseSchedule.ts'
import { deisLogRho } from '../../samplers/deisLogRho.ts'
import { dpm2 } from '../../samplers/dpm2.ts'
import { dpm2Ancestral } from '../../samplers/dpm2Ancestral.ts'
import { dpmppSde } from '../../samplers/dpmppSde.ts'
import { dpmSolverMultistep } from '../../samplers/dpmSolverMultistep.ts'
import { dpmSolverSinglestep } from '../../samplers/dpmSolverSinglestep.ts'
import { euler } from '../../samplers/euler.ts'
import { eulerAncestral } from '../../samplers/eulerAncestral.ts'
import { heun } from '../../samplers/heun.ts'
import { lms } from '../../samplers/lms.ts'
import { saSolver } from '../../samplers/saSolver.ts'
import type { Noise, Sampler, Step } from '../../samplers/step.ts'
import { unipc } from '../../samplers/unipc.ts'
import type { DiffusersRequest } from './laidOut.ts'
import type { SchedulerClass, SchedulerConfig } from './schedulerConfig.ts'
import { multistepOrders, singlestepOrders } from './solverOrders.ts'

/** A sampler with its options already given. */
export type BoundSampler = (
  denoise: Denoise,
  x: Float32Array,
  sigmas: Float64Array,
  noise: Noise,
) => AsyncGenerator<Step, void, undefined>

/** Gives a sampler its options. */
export function bind<Options>(sampler: Sampler<Options>, options: Options): BoundSampler {
  return (denoise, x, sigmas, noise) => sampler(denoise, x, sigmas, noise, options)
}

const noChurn = { sChurn: 0, sTmin: 0, sTmax: Infinity, drawUnused: false }

/** The sampler of a class that walks along sigmas. `sigmas`: all of them, those of steps left out included. */
export function solverOf(
  config: SchedulerConfig,
  model: NoiseSchedule,
  { steps, firstStep, sNoise }: DiffusersRequest,
  sigmas: Float64Array,
): BoundSampler {
  const churn = { ...noChurn, sNoise }
  const ancestral = { eta: 1, sNoise }
  const multistep = (): number[] => multistepOrders(config, steps).slice(firstStep)
  const singlestep = (): number[] => singlestepOrders(config, steps).slice(firstStep)
  const solvers: Partial<Record<SchedulerClass, () => BoundSampler>> = {
    EulerDiscreteScheduler: () => bind(euler, churn),
    EulerAncestralDiscreteScheduler: () => bind(eulerAncestral, ancestral),
    HeunDiscreteScheduler: () => bind(heun, churn),
    KDPM2DiscreteScheduler: () => bind(dpm2, churn),
    KDPM2AncestralDiscreteScheduler: () => bind(dpm2Ancestral, ancestral),
    LMSDiscreteScheduler: () => bind(lms, { skipped: sigmas.subarray(0, firstStep) }),
    DPMSolverSDEScheduler: () => bind(dpmppSde, ancestral),
    DEISMultistepScheduler: () => bind(deisLogRho, { orders: multistep() }),
    DPMSolverMultistepScheduler: () => bind(dpmSolverMultistep, { ...dpmForm(config), orders: multistep() }),
    DPMSolverSinglestepScheduler: () =>
      bind(dpmSolverSinglestep, { ...dpmForm(config), orders: singlestep() }),
    SASolverScheduler: () => bind(saSolver, saSolverOptions(config, model, sNoise)),
    UniPCMultistepScheduler: () => bind(unipc, unipcOptions(config)),
  }
  const make = solvers[config.class]
  if (!make) throw new RangeError(`${config.class} does not walk along sigmas`)
  return make()
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
