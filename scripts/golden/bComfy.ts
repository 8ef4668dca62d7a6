import { noiseSchedule, type NoiseSchedule } from '../../src/engine/plan/noiseSchedule.ts'
import { deis } from '../../src/engine/samplers/deis.ts'
import { dpm2 } from '../../src/engine/samplers/dpm2.ts'
import { dpm2Ancestral } from '../../src/engine/samplers/dpm2Ancestral.ts'
import { dpmAdaptive, dpmFast } from '../../src/engine/samplers/dpmSolver.ts'
import { dpmpp2m } from '../../src/engine/samplers/dpmpp2m.ts'
import { dpmpp2mSde } from '../../src/engine/samplers/dpmpp2mSde.ts'
import { dpmpp2sAncestral } from '../../src/engine/samplers/dpmpp2sAncestral.ts'
import { dpmpp3mSde } from '../../src/engine/samplers/dpmpp3mSde.ts'
import { dpmppSde } from '../../src/engine/samplers/dpmppSde.ts'
import { erSde } from '../../src/engine/samplers/erSde.ts'
import { euler } from '../../src/engine/samplers/euler.ts'
import { eulerAncestral } from '../../src/engine/samplers/eulerAncestral.ts'
import { gradientEstimation } from '../../src/engine/samplers/gradientEstimation.ts'
import { heun } from '../../src/engine/samplers/heun.ts'
import { heunpp2 } from '../../src/engine/samplers/heunpp2.ts'
import { ipndm, ipndmV } from '../../src/engine/samplers/ipndm.ts'
import { lcm } from '../../src/engine/samplers/lcm.ts'
import { lms } from '../../src/engine/samplers/lms.ts'
import { resMultistep } from '../../src/engine/samplers/resMultistep.ts'
import { saSolver } from '../../src/engine/samplers/saSolver.ts'
import { seeds2, seeds3 } from '../../src/engine/samplers/seeds.ts'
import type { Sampler } from '../../src/engine/samplers/step.ts'
import { unipc } from '../../src/engine/samplers/unipc.ts'
import type { CaseResult, DeclinedCase } from './kind.ts'
import { floats } from './numbers.ts'
import { samplerOptions } from './samplerOptions.ts'
import { toyRun, type Bank } from './toys.ts'
import { follow, judge, preserving, type Way, trajectories } from './trajectory.ts'

/** Kind B2: trajectories of ComfyUI's samplers. */
export const comfyTrajectories = trajectories('B2', runCase)

/** Samplers with the defaults of their reference functions. */
const samplers: Record<string, [sampler: Sampler<any>, defaults?: object]> = {
  euler: [euler],
  euler_ancestral: [eulerAncestral, { eta: 1 }],
  heun: [heun],
  heunpp2: [heunpp2],
  dpm_2: [dpm2],
  dpm_2_ancestral: [dpm2Ancestral, { eta: 1 }],
  lms: [lms, { denoiseAtEnd: true }],
  dpmpp_2s_ancestral: [dpmpp2sAncestral, { eta: 1 }],
  dpmpp_2m: [dpmpp2m],
  dpmpp_sde: [dpmppSde, { eta: 1 }],
  dpmpp_2m_sde: [dpmpp2mSde, { eta: 1 }],
  dpmpp_2m_sde_heun: [dpmpp2mSde, { eta: 1, solver: 'heun' }],
  dpmpp_3m_sde: [dpmpp3mSde, { eta: 1 }],
  ddpm: [eulerAncestral, { eta: 1 }],
  lcm: [lcm],
  ipndm: [ipndm],
  ipndm_v: [ipndmV],
  deis: [deis],
  uni_pc: [unipc, { variant: 'bh1', lowerOrderFinal: true }],
  uni_pc_bh2: [unipc, { variant: 'bh2', lowerOrderFinal: true }],
  res_multistep: [resMultistep],
  res_multistep_ancestral: [resMultistep, { eta: 1 }],
  gradient_estimation: [gradientEstimation],
  er_sde: [erSde],
  seeds_2: [seeds2, { eta: 1 }],
  seeds_3: [seeds3, { eta: 1 }],
  sa_solver: [saSolver],
  sa_solver_pece: [saSolver, { evaluateCorrected: true }],
  dpm_fast: [dpmFast],
  dpm_adaptive: [dpmAdaptive],
}

/** CFG++ is a matter of the guidance, so those samplers are the plain ones. */
const plusPlusSuffix = '_cfg_pp'
const common = { sChurn: 0, sTmin: 0, sTmax: Infinity, sNoise: 1, drawUnused: false, eta: 0 }

async function runCase(golden: any, bank: Bank): Promise<CaseResult | DeclinedCase> {
  const plusPlus = golden.sampler.endsWith(plusPlusSuffix)
  const [sampler, defaults] = samplers[golden.sampler.replace(plusPlusSuffix, '')] ?? []
  if (!sampler) return { name: golden.id, reason: `ComfyUI's sampler ${golden.sampler} is not among ours` }
  const schedule = golden.zsnr
    ? noiseSchedule({ ...bank.schedule.config, rescaleZeroTerminalSnr: true })
    : bank.schedule
  const unified = golden.sampler.startsWith('uni_pc')
  const sigmas = Float64Array.from(golden.sigmas)
  if (unified && sigmas.length === 2) {
    return {
      name: golden.id,
      reason: 'with one step ComfyUI’s UniPC makes no update and hands back its starting noise',
    }
  }
  // ComfyUI's UniPC cannot go to sigma 0 and stops at 0.001.
  if (unified && sigmas.at(-1) === 0) sigmas[sigmas.length - 1] = 0.001
  const run = toyRun(bank, {
    model: golden.model,
    prediction: golden.prediction,
    timestepOf: (sigma, call) => nearestTimestep(schedule, sigma, golden.t_calls[call]),
    cfg: golden.cfg,
    rescale: golden.rescale_cfg ?? 0,
    rescaleSpace: 'v_prediction',
    plusPlus,
  })
  const first = floats(golden.x_init_base64)
  const options = {
    ...common,
    tau: tauOf(schedule),
    order: unified ? Math.min(3, sigmas.length - 2) : undefined,
    ...defaults,
    ...samplerOptions(golden.options),
  }
  const way = await follow(sampler(run.denoise, first, sigmas, run.noise, options), run, first)
  const xs = reported(golden.sampler, way, first, sigmas)
  const adaptive = golden.sampler === 'dpm_adaptive' && golden.fp64_rerun_maxdiff > 1e-4
  return judge(
    'B2',
    golden.id,
    golden,
    run.calls.map(({ timestep }) => timestep),
    xs,
    adaptive ? 'end' : 'whole',
  )
}

/** The nearest timestep; halfway between two, where float32 rounding decides, the one that the reference took. */
function nearestTimestep(schedule: NoiseSchedule, sigma: number, expected: number): number {
  const tie = Math.abs((schedule.sigmaToTimestep(sigma) % 1) - 0.5) < 1e-3
  return tie && Math.abs(expected - schedule.sigmaToTimestep(sigma)) < 1
    ? expected
    : schedule.nearestTimestep(sigma)
}

/** SA-Solver is stochastic between 20 % and 80 % of the timesteps. */
function tauOf(schedule: NoiseSchedule): (sigma: number, next: number) => number {
  const last = schedule.sigmas.length - 1
  const [high, low] = [0.8, 0.2].map((share) => schedule.timestepToSigma(share * last)) as [number, number]
  return (_sigma, next) => (next <= high && next >= low ? 1 : 0)
}

/** What ComfyUI's callback shows of a run, then the end. */
function reported(sampler: string, way: Way, first: Float32Array, sigmas: Float64Array): Float32Array[] {
  if (sampler === 'dpm_adaptive') return [...way.yields, way.last]
  // These three show the x they began with, all the way.
  if (['ipndm', 'ipndm_v', 'deis'].includes(sampler)) return [...way.yields.map(() => first), way.last]
  if (!sampler.startsWith('uni_pc')) return way.starts
  const shown = way.yields.map((x, i) => preserving(x, sigmas[i + 1]))
  return [preserving(first, sigmas[0]), ...shown.slice(0, -2), ...shown.slice(-1), way.last]
}
