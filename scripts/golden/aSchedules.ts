import type { NoiseSchedule } from '../../src/engine/plan/noiseSchedule.ts'
import { compVisTimesteps } from '../../src/engine/plan/schedules/compVis.ts'
import {
  scheduleDefaults,
  scheduleSigmas,
  type ComputedSchedule,
  type ScheduleHome,
  type ScheduleOptions,
} from '../../src/engine/plan/schedules/schedule.ts'
import { turboSigmas, vpSigmas } from '../../src/engine/plan/schedules/spacings.ts'
import { methods } from '../../src/engine/samplers/methods.ts'
import { planSampling, scheduleAtHome } from '../../src/engine/plan/sampling.ts'
import { generationRequestSchema } from '../../src/shared/request/request.ts'
import { findSampler, findSchedule, samplers } from '../../src/shared/models/samplers.ts'
import {
  compare,
  eachCase,
  headerKind,
  worst,
  type CaseResult,
  type DeclinedCase,
  type GoldenFile,
  type GoldenKind,
} from './kind.ts'

/** Kind A3: the schedules of AUTOMATIC1111 over k-diffusion. */
export const a1111Schedules: GoldenKind = {
  recognises: (file) => headerKind(file).startsWith('A3'),
  async *run(file: GoldenFile) {
    yield* runAll(file, 'AUTOMATIC1111')
    const automatic = file.json.header.automatic_schedule_per_sampler
    if (automatic) yield automaticSchedules(automatic)
  },
}

/** Kind A4: the schedules of ComfyUI. */
export const comfySchedules: GoldenKind = {
  recognises: (file) => headerKind(file).startsWith('A4'),
  run: (file: GoldenFile) => runAll(file, 'ComfyUI'),
}

async function* runAll(file: GoldenFile, home: ScheduleHome): AsyncGenerator<CaseResult | DeclinedCase> {
  const kind = home === 'ComfyUI' ? 'A4' : 'A3'
  const models = new Map<string, NoiseSchedule>()
  for (const [name, golden] of Object.entries<any>(file.json.models)) {
    const model = scheduleAtHome(
      {
        betaSchedule: golden.betas,
        betaStart: golden.beta_start,
        betaEnd: golden.beta_end,
        trainSteps: golden.steps,
        rescaleZeroTerminalSnr: golden.zsnr,
      },
      home,
    )
    models.set(name, model)
    yield runModel(kind, name, golden, model)
  }
  const run = (golden: any) => runCase(kind, golden, models.get(golden.model)!, home)
  yield* eachCase(kind, file.json.cases, nameOf, run)
}

const nameOf = ({ model, schedule, params, N: steps }: any): string =>
  `${model} ${schedule} ${JSON.stringify(params)} N=${steps}`

/** The maps between sigma and timestep that a model entry holds. */
function runModel(kind: string, name: string, golden: any, model: NoiseSchedule): CaseResult {
  const sigmasOf = (entries: any[], field: string): number[] => entries.map((entry) => entry[field])
  const nearest = golden.timestep ?? golden.sigma_to_t
  const last = model.sigmas.length - 1
  const parts = [
    compare([model.sigmaMin, model.sigmaMax], [golden.sigma_min, golden.sigma_max], { rel: 2e-5 }),
    compare(
      sigmasOf(nearest, 'sigma').map(model.nearestTimestep),
      sigmasOf(nearest, golden.timestep ? 't' : 't_quantized'),
      { abs: 0 },
    ),
  ]
  if (golden.sigma_to_t) {
    const found = sigmasOf(golden.sigma_to_t, 'sigma').map(model.sigmaToTimestep)
    parts.push(compare(found, sigmasOf(golden.sigma_to_t, 't'), { abs: 2e-3 }))
    const back = sigmasOf(golden.t_to_sigma, 't').map(model.timestepToSigma)
    parts.push(compare(back, sigmasOf(golden.t_to_sigma, 'sigma'), { rel: 2e-5 }))
    parts.push(compare([...model.alphasCumprod.slice(-3)], golden.alphas_cumprod_last3, { rel: 2e-5 }))
  }
  if (golden.percent_to_sigma) {
    // Percent 0 is before all noise and 1 after it.
    const inside = golden.percent_to_sigma.filter(({ percent }: any) => percent > 0 && percent < 1)
    const found = sigmasOf(inside, 'percent').map((percent) => model.timestepToSigma((1 - percent) * last))
    parts.push(compare(found, sigmasOf(inside, 'sigma'), { rel: 2e-5 }))
  }
  return {
    name: `${name} model`,
    kind,
    ...worst(parts),
    tolerance: 'timesteps 2e-3, nearest exact, sigmas 2e-5 relative',
    note: '',
  }
}

function runCase(
  kind: string,
  golden: any,
  model: NoiseSchedule,
  home: ScheduleHome,
): CaseResult | DeclinedCase {
  const name = nameOf(golden)
  if (golden.timesteps_ascending) {
    const found = compVisTimesteps(golden.N, model.sigmas.length)
    return {
      name,
      kind,
      ...compare(found, golden.timesteps_ascending, { abs: 0 }),
      tolerance: 'exact',
      note: '',
    }
  }
  if (golden.sigmas.some((sigma: unknown) => Number.isNaN(Number(sigma)))) {
    return {
      name,
      reason: 'the reference gives NaN here (one step divides by zero); ours gives the largest sigma',
    }
  }
  const sigmas = goldenSigmas(golden, model, home)
  if (!sigmas) return { name, reason: `no tool offers its users a schedule called ${golden.schedule}` }
  const parts = [compare(sigmas, golden.sigmas, { rel: 2e-5 })]
  if (golden.t_of_sigma) {
    const evaluated = [...sigmas].slice(0, golden.t_of_sigma.length)
    parts.push(compare(evaluated.map(model.sigmaToTimestep), golden.t_of_sigma, { abs: 2e-3 }))
  }
  return { name, kind, ...worst(parts), tolerance: 'sigmas 2e-5 relative', note: '' }
}

function goldenSigmas(golden: any, model: NoiseSchedule, home: ScheduleHome): Float64Array | undefined {
  const { schedule, params, N: steps } = golden
  const sampled = /^KSampler\((\w+),(\w+)\)$/.exec(schedule)
  if (sampled) {
    const [, sampler, inner] = sampled
    return plannedSigmas(sampler, inner, steps, params.denoise, model)
  }
  if (schedule === 'SDTurboScheduler') return turboSigmas(steps, model, params.denoise)
  if (schedule === 'vp') return vpSigmas(steps, params.beta_d, params.beta_min, params.eps_s)
  const found = findSchedule(schedule === 'AlignYourSteps' ? 'Align Your Steps' : schedule)
  if (!found) return undefined
  return scheduleSigmas(found as ComputedSchedule, steps, options(params, model, home))
}

/** The sigmas that the application plans for ComfyUI's seeds, with and without a picture to start from. */
function plannedSigmas(
  sampler: string,
  schedule: string,
  steps: number,
  denoiseStrength: number,
  model: NoiseSchedule,
): Float64Array {
  const request = generationRequestSchema.parse({
    sampler,
    schedule,
    steps,
    denoiseStrength,
    seed: 0,
    width: 64,
    height: 64,
    seedConvention: 'ComfyUI',
    initImage: denoiseStrength < 1 ? { id: '0'.repeat(64) } : null,
  })
  const { sigmas } = planSampling(
    { ...request, seed: 0, width: 64, height: 64 },
    {
      noiseSchedule: model,
      predictionType: 'epsilon',
      schedulerConfig: null,
    },
  )
  // UniPC puts 0.001 in the place of the last sigma only when it runs.
  return methods[findSampler(sampler) as 'UniPC'].stopsAboveZero ? sigmas.with(-1, 0) : sigmas
}

/** What "Automatic" stands for per sampler, in the header's words: "karras + discard next-to-last". */
function automaticSchedules(expected: Record<string, string>): CaseResult {
  const wrong = Object.entries(expected).filter(([name, words]) => {
    const known = samplers.find((sampler) => sampler.name === name)
    if (!known || known.name === 'Model default') return true
    const { automatic, discardPenultimate } = methods[known.name]
    const [schedule] = words.split(/[ (]/)
    const same = automatic === findSchedule(schedule) || (automatic === 'Normal' && schedule === 'uniform')
    return !same || (discardPenultimate?.includes('AUTOMATIC1111') ?? false) !== words.includes('discard')
  })
  return {
    name: 'automatic schedule per sampler',
    kind: 'A3',
    pass: wrong.length === 0,
    maxAbs: wrong.length,
    maxRel: 0,
    tolerance: 'exact',
    note: wrong.map(([name]) => name).join(', '),
  }
}

function options(params: any, model: NoiseSchedule, home: ScheduleHome): ScheduleOptions {
  const defaults = scheduleDefaults(model, home)
  return {
    ...defaults,
    sigmaMin: params.sigma_min ?? defaults.sigmaMin,
    sigmaMax: params.sigma_max ?? defaults.sigmaMax,
    rho: params.rho ?? null,
    alpha: params.alpha ?? defaults.alpha,
    beta: params.beta ?? defaults.beta,
    family: params.is_sdxl || params.model_type === 'SDXL' ? 'sdxl' : 'sd',
  }
}
