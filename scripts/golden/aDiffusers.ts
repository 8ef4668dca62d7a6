import type { DiffusersRun } from '../../src/engine/plan/diffusers/laidOut.ts'
import { diffusersRun } from '../../src/engine/plan/diffusers/run.ts'
import { noiseScheduleConfig } from '../../src/engine/model/sources/schedulerConfig.ts'
import { ancestralStep } from '../../src/engine/samplers/step.ts'
import {
  compare,
  eachCase,
  headerKind,
  raisingCases,
  worst,
  type CaseResult,
  type GoldenFile,
  type GoldenKind,
} from './kind.ts'

/** Kind A2: the timesteps and sigmas of diffusers' `set_timesteps`. */
export const diffusersSchedules: GoldenKind = {
  recognises: (file) => headerKind(file).startsWith('A2'),
  async *run(file: GoldenFile) {
    const { cases, betas } = file.json
    yield* eachCase('A2', cases, nameOf, (golden: any) => runCase(golden, betas[golden.betas]))
    yield* raisingCases(file)
  },
}

const nameOf = ({ betas, scheduler, N: steps }: any): string => `${betas} ${scheduler} N=${steps}`

/** The lists as a scheduler keeps them. */
interface Stored {
  timesteps: number[]
  sigmas: number[]
  extra?: Record<string, number[]>
}

function runCase(golden: any, betas: Record<string, unknown>): CaseResult {
  const config = { ...betas, ...golden.args, _class_name: golden.class }
  const plan = diffusersRun(config, noiseScheduleConfig(config), {
    steps: golden.N,
    firstStep: 0,
    predictionType: 'epsilon',
    eta: 0,
    sNoise: 1,
  })
  const stored = (interleaved[golden.class] ?? plain)(plan)
  const whole = !/^(Euler|Heun|KDPM2|LMS)/.test(golden.class)
  const parts = [compare(stored.timesteps, golden.timesteps, { abs: whole ? 0 : 2e-3 })]
  if (golden.sigmas) {
    parts.push(compare(stored.sigmas, golden.sigmas, { rel: 2e-5 }))
    // Classes that keep variance preserving latents start from plain noise.
    const scale = golden.init_noise_sigma === 1 ? 1 : plan.noiseScale
    parts.push(compare([scale], [golden.init_noise_sigma], { rel: 2e-5 }))
  }
  for (const [name, values] of Object.entries(stored.extra ?? {})) {
    if (golden[name]) parts.push(compare(values, golden[name], { rel: 1e-3, abs: 2e-4 }))
  }
  return {
    name: nameOf(golden),
    kind: 'A2',
    ...worst(parts),
    tolerance: `timesteps ${whole ? 'exact' : '2e-3'}, sigmas 2e-5 relative`,
    note: stored.extra
      ? 'sigmas between the steps, which are differences of float32 squares: 1e-3 relative or 2e-4'
      : '',
  }
}

const plain = ({ timesteps, sigmas, lastListed }: DiffusersRun): Stored => ({
  timesteps: [...timesteps],
  sigmas: [...sigmas, ...lastListed],
})

const twice = (values: readonly number[]): number[] => values.flatMap((value) => [value, value])

/** Classes that evaluate twice a step list their steps so. */
const interleaved: Record<string, (plan: DiffusersRun) => Stored> = {
  HeunDiscreteScheduler: ({ timesteps, sigmas }) => ({
    timesteps: [timesteps[0], ...twice([...timesteps.slice(1)])],
    sigmas: [sigmas[0], ...twice([...sigmas.slice(1, -1)]), sigmas.at(-1)!],
  }),
  KDPM2DiscreteScheduler: (plan) => {
    const middles = [...plan.sigmas].map((sigma, i, all) => (i === 0 ? NaN : Math.sqrt(sigma * all[i - 1])))
    return betweenSteps(plan, middles.slice(1, -1), { sigmas_interpol: middles })
  },
  KDPM2AncestralDiscreteScheduler: (plan) => {
    const ends = [...plan.sigmas].map((sigma, i, all) => ancestralStep(sigma, all[i + 1] ?? 0, 1))
    const last = ends.length - 1
    const up = ends.map((end, i) => (i === last ? NaN : end.up))
    const down = ends.map((end, i) => (i === last ? 0 : end.down))
    const middles = down.map((end, i) => (i >= last - 1 ? 0 : Math.sqrt(plan.sigmas[i] * end)))
    return betweenSteps(plan, middles.slice(0, -2), {
      sigmas_interpol: middles,
      sigmas_up: up,
      sigmas_down: down,
    })
  },
}

function betweenSteps(
  { timesteps, sigmas, timestepOf }: DiffusersRun,
  middles: readonly number[],
  lists: Record<string, number[]>,
): Stored {
  const doubled = (values: readonly number[]): number[] => [
    values[0],
    ...twice(values.slice(1)),
    values.at(-1)!,
  ]
  return {
    // Float32, as in the sampler: a midpoint is no step's own sigma.
    timesteps: [
      timesteps[0],
      ...middles.flatMap((sigma, i) => [timestepOf(Math.fround(sigma)), timesteps[i + 1]]),
    ],
    sigmas: doubled([...sigmas]),
    extra: Object.fromEntries(Object.entries(lists).map(([name, values]) => [name, doubled(values)])),
  }
}
