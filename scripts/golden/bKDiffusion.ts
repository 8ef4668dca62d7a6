import { dpm2 } from '../../src/engine/samplers/dpm2.ts'
import { dpm2Ancestral } from '../../src/engine/samplers/dpm2Ancestral.ts'
import { dpmAdaptive, dpmFast } from '../../src/engine/samplers/dpmSolver.ts'
import { dpmpp2m } from '../../src/engine/samplers/dpmpp2m.ts'
import { dpmpp2mSde } from '../../src/engine/samplers/dpmpp2mSde.ts'
import { dpmpp2sAncestral } from '../../src/engine/samplers/dpmpp2sAncestral.ts'
import { dpmpp3mSde } from '../../src/engine/samplers/dpmpp3mSde.ts'
import { dpmppSde } from '../../src/engine/samplers/dpmppSde.ts'
import { euler } from '../../src/engine/samplers/euler.ts'
import { eulerAncestral } from '../../src/engine/samplers/eulerAncestral.ts'
import { heun } from '../../src/engine/samplers/heun.ts'
import { lms } from '../../src/engine/samplers/lms.ts'
import { plms } from '../../src/engine/samplers/plms.ts'
import { restart } from '../../src/engine/samplers/restart.ts'
import type { Sampler } from '../../src/engine/samplers/step.ts'
import { unipc } from '../../src/engine/samplers/unipc.ts'
import { ddimCfgPlusPlusScale } from '../../src/engine/samplers/methods.ts'
import { continuousSigmas } from '../../src/engine/plan/schedules/compVis.ts'
import type { CaseResult, DeclinedCase } from './kind.ts'
import { floats } from './numbers.ts'
import { samplerOptions } from './samplerOptions.ts'
import { toyRun, type Bank } from './toys.ts'
import { follow, judge, preserving, trajectories } from './trajectory.ts'

/** Kind B1: trajectories of k-diffusion's samplers and AUTOMATIC1111's timestep samplers. */
export const kDiffusionTrajectories = trajectories('B1', runCase)

/** Samplers with the defaults of their reference functions. */
const samplers: Record<string, { sampler: Sampler<any>; defaults?: object }> = {
  sample_euler: { sampler: euler },
  sample_euler_ancestral: { sampler: eulerAncestral, defaults: { eta: 1 } },
  sample_heun: { sampler: heun },
  sample_dpm_2: { sampler: dpm2 },
  sample_dpm_2_ancestral: { sampler: dpm2Ancestral, defaults: { eta: 1 } },
  sample_lms: { sampler: lms },
  sample_dpmpp_2s_ancestral: { sampler: dpmpp2sAncestral, defaults: { eta: 1 } },
  sample_dpmpp_2m: { sampler: dpmpp2m },
  sample_dpmpp_sde: { sampler: dpmppSde, defaults: { eta: 1 } },
  sample_dpmpp_2m_sde: { sampler: dpmpp2mSde, defaults: { eta: 1 } },
  sample_dpmpp_3m_sde: { sampler: dpmpp3mSde, defaults: { eta: 1 } },
  sample_dpm_fast: { sampler: dpmFast },
  sample_dpm_adaptive: { sampler: dpmAdaptive },
  restart_sampler: { sampler: restart },
}

const common = { sChurn: 0, sTmin: 0, sTmax: Infinity, sNoise: 1, drawUnused: true, eta: 0 }

/** AUTOMATIC1111's samplers over a list of timesteps, in variance preserving latents. */
async function runTimestepCase(golden: any, bank: Bank): Promise<CaseResult | DeclinedCase> {
  const name = String(golden.function).split('.').at(-1)!
  const ascending: number[] = golden.timesteps_ascending
  const listed = {
    sigmas: Float64Array.from(ascending.toReversed(), (t) => bank.schedule.sigmas[t]),
    timesteps: Float64Array.from(ascending.toReversed()),
  }
  const start = golden.img2img ? (ascending.at(-1)! + 1) / bank.schedule.sigmas.length : 1
  const { sigmas, timesteps } =
    name === 'unipc'
      ? continuousSigmas(ascending.length, bank.schedule, start, golden.uni_pc.skip_type)
      : listed
  const run = toyRun(bank, {
    model: golden.model,
    prediction: golden.prediction,
    timestepOf: (sigma) => timesteps[sigmas.indexOf(sigma)],
    cfg: golden.cfg === null ? null : golden.cfg * (name === 'ddim_cfgpp' ? ddimCfgPlusPlusScale : 1),
    plusPlus: name === 'ddim_cfgpp',
  })
  const first = floats(golden.x_init_base64).map((value) => value * Math.hypot(1, sigmas[0]))
  const options = { ...common, ...samplerOptions(golden.options) }
  const steps =
    name === 'unipc'
      ? unipc(run.denoise, first, sigmas, run.noise, {
          variant: golden.uni_pc.variant,
          order: golden.uni_pc.order,
          lowerOrderFinal: golden.uni_pc.lower_order_final,
        })
      : (name === 'plms' ? plms : eulerAncestral)(run.denoise, first, sigmas, run.noise, options)
  const way = await follow(steps, run, first)
  const xs = way.yields.map((x, i) => preserving(x, sigmas[i + 1]))
  return judge(
    'B1',
    golden.id,
    golden,
    run.calls.map(({ timestep }) => timestep),
    xs,
  )
}

async function runCase(golden: any, bank: Bank): Promise<CaseResult | DeclinedCase> {
  const known = samplers[golden.function]
  if (golden.timesteps_ascending) return runTimestepCase(golden, bank)
  if (!known) return { name: golden.id, reason: `no tool offers the sampler ${golden.function}` }
  const timestepOf = golden.quantize ? bank.schedule.nearestTimestep : bank.schedule.sigmaToTimestep
  const run = toyRun(bank, {
    model: golden.model,
    prediction: golden.prediction,
    timestepOf,
    cfg: golden.cfg,
  })
  const sigmas = Float64Array.from(golden.sigmas)
  const first = floats(golden.x_init_base64)
  const options = { ...common, ...known.defaults, ...samplerOptions(golden.options) }
  const way = await follow(known.sampler(run.denoise, first, sigmas, run.noise, options), run, first)
  // dpm_adaptive reports after each try, everything else before each step.
  const adaptive = golden.function === 'sample_dpm_adaptive'
  const xs = adaptive ? [...way.yields, way.last] : way.starts
  const scope = adaptive && golden.fp64_rerun_maxdiff > 1e-4 ? 'end' : 'whole'
  return judge(
    'B1',
    golden.id,
    golden,
    run.calls.map(({ timestep }) => timestep),
    xs,
    scope,
  )
}
