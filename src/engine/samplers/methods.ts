import type { SamplerName } from '../../shared/samplers.ts'
import type { ComputedSchedule, ScheduleHome } from '../schedules/schedule.ts'
import type { Churn } from './churn.ts'
import { dpmpp2m } from './dpmpp2m.ts'
import { euler } from './euler.ts'
import { eulerAncestral, type Ancestral } from './eulerAncestral.ts'
import type { Sampler } from './step.ts'

/** Everything a person can turn on a sampler, for those that listen to it. */
export type MethodOptions = Churn & Ancestral & { home: ScheduleHome }

/** A sampler by its screen name, with what its home tool does around it. */
export interface Method {
  sampler: Sampler<MethodOptions>
  /** What the schedule "Automatic" stands for. */
  automatic: ComputedSchedule
  /** How much fresh noise where a person sets nothing. */
  eta: number
  /** Steps are planned for one more and the last but one sigma is left out. */
  discardPenultimate?: readonly ScheduleHome[]
  /** Draws its noise from a Brownian path. */
  brownian?: true
  /** Needs CFG++ guidance. */
  plusPlus?: true
  /** Under AUTOMATIC1111 the schedule "Automatic" is a list of timesteps that stops at timestep 1. */
  timesteps?: true
}

/** AUTOMATIC1111's DDIM CFG++ takes the guidance scale that people know from elsewhere and divides it by this. */
export const ddimCfgPlusPlusScale = 1 / 12.5

type NamedMethod = Exclude<SamplerName, 'Model default'>

export const methods: Partial<Record<NamedMethod, Method>> = {
  Euler: { sampler: euler, automatic: 'Normal', eta: 0 },
  'Euler a': { sampler: eulerAncestral, automatic: 'Normal', eta: 1 },
  DDPM: { sampler: eulerAncestral, automatic: 'Normal', eta: 1 },
  DDIM: { sampler: eulerAncestral, automatic: 'Normal', eta: 0, timesteps: true },
  'DPM++ 2M': { sampler: dpmpp2m, automatic: 'Karras', eta: 0 },
}
