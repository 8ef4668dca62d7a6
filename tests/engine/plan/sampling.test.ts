import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readBank, toyRun } from '../../../scripts/golden/toys.ts'
import { floats } from '../../../scripts/golden/numbers.ts'
import { noiseScheduleConfig } from '../../../src/engine/model/sources/schedulerConfig.ts'
import { noiseSchedule } from '../../../src/engine/plan/noiseSchedule.ts'
import type { SampledModel } from '../../../src/engine/plan/route.ts'
import { planSampling } from '../../../src/engine/plan/sampling.ts'
import {
  generationRequestSchema,
  seedConventions,
  type GenerationRequestInput,
  type ResolvedRequest,
} from '../../../src/shared/request/request.ts'
import { samplers } from '../../../src/shared/models/samplers.ts'

const golden = join(import.meta.dirname, '..', '..', 'golden')
const bank = readBank(golden)
const casesOf = (name: string): any[] => JSON.parse(readFileSync(join(golden, name), 'utf8')).cases

const model = (
  prediction: SampledModel['predictionType'] = 'epsilon',
  schedulerConfig: any = null,
): SampledModel => ({
  noiseSchedule: bank.schedule,
  predictionType: prediction,
  schedulerConfig,
})

const picture = { id: '0'.repeat(64) }
const request = (input: GenerationRequestInput): ResolvedRequest => ({
  ...generationRequestSchema.parse(input),
  seed: 1,
  width: 64,
  height: 64,
})

/** Runs a golden case as a request, from the first noise to the clean latents, against its last latents. */
async function expectGolden(golden: any, asked: ResolvedRequest, with_: SampledModel): Promise<void> {
  const plan = planSampling(asked, with_)
  const run = toyRun(bank, {
    model: golden.model,
    prediction: golden.prediction,
    timestepOf: plan.timestepOf,
    cfg: golden.cfg && plan.guidance.scale,
    rescale: asked.guidanceRescale,
    rescaleSpace: plan.guidance.rescaleSpace,
    plusPlus: plan.guidance.plusPlus,
  })
  let x = plan.start(bank.noises[0], asked.initImage && bank.initImage)
  let steps = 0
  for await (const step of plan.run(run.denoise, x, run.noise)) {
    x = step.x
    steps++
  }
  expect(steps).toBe(plan.steps)
  const wanted = floats(golden.xs_base64.at(-1))
  const found = plan.finish(x)
  const largest = Math.max(...found.map((value, i) => Math.abs(value - wanted[i])))
  const drift = golden.fp64_rerun_maxdiff ?? 1e-5 * golden.final_absmax
  expect(largest).toBeLessThan(3e-5 * Math.max(1, golden.final_absmax) + 5 * drift + 5e-6)
}

describe('with AUTOMATIC1111’s seeds a request gives the latents of', () => {
  const functions: Record<string, string> = {
    sample_euler: 'Euler',
    sample_euler_ancestral: 'Euler a',
    sample_heun: 'Heun',
    sample_dpm_2: 'DPM2',
    sample_dpm_2_ancestral: 'DPM2 a',
    sample_lms: 'LMS',
    sample_dpmpp_2s_ancestral: 'DPM++ 2S a',
    sample_dpmpp_2m: 'DPM++ 2M',
    sample_dpmpp_sde: 'DPM++ SDE',
    sample_dpmpp_2m_sde: 'DPM++ 2M SDE',
    sample_dpmpp_3m_sde: 'DPM++ 3M SDE',
    restart_sampler: 'Restart',
    ddim: 'DDIM',
    ddim_cfgpp: 'DDIM CFG++',
    plms: 'PLMS',
    unipc: 'UniPC',
  }
  const known = ['eta', 's_churn', 's_tmin', 's_tmax', 's_noise']
  const cases = casesOf('B_kdiffusion_a1111.json').filter(
    (entry) =>
      String(entry.function).split('.').at(-1)! in functions &&
      Object.keys(entry.options).every((name) => known.includes(name)) &&
      !entry.quantize &&
      !entry.x_init &&
      (!entry.uni_pc || (entry.uni_pc.variant === 'bh1' && entry.uni_pc.order === 3)) &&
      (entry.uni_pc?.skip_type ?? 'time_uniform') === 'time_uniform',
  )

  it.each(cases.map((entry) => [entry.id, entry]))('%s', async (_id, entry) => {
    const asked = request({
      sampler: functions[String(entry.function).split('.').at(-1)!],
      schedule: entry.timesteps_ascending ? 'Automatic' : entry.schedule,
      steps: entry.N,
      seedConvention: 'AUTOMATIC1111 CPU',
      guidanceScale: entry.cfg ?? 1,
      eta: entry.options.eta,
      sChurn: entry.options.s_churn,
      sTmin: entry.options.s_tmin,
      sTmax: entry.options.s_tmax,
      sNoise: entry.options.s_noise,
      discardPenultimateSigma: entry.timesteps_ascending ? null : entry.discard_next_to_last,
      initImage: entry.img2img ? picture : null,
      denoiseStrength: entry.img2img?.strength,
    })
    await expectGolden(entry, asked, model(entry.prediction))
  })
})

describe('with ComfyUI’s seeds a request gives the latents of', () => {
  const left = ['uni_pc/N1', 'dpm_adaptive/normal/tanh']
  const cases = casesOf('B_comfy.json').filter(
    (entry) =>
      !left.includes(entry.id) && entry.fp64_rerun_maxdiff < 1e-4 && Object.keys(entry.options).length === 0,
  )

  it.each(cases.map((entry) => [entry.id, entry]))('%s', async (_id, entry) => {
    const asked = request({
      sampler: entry.sampler,
      schedule: entry.scheduler,
      steps: entry.N,
      seedConvention: 'ComfyUI',
      guidanceScale: entry.cfg ?? 1,
      guidanceRescale: entry.rescale_cfg ?? 0,
      zeroTerminalSnr: entry.zsnr,
      initImage: entry.denoise === null ? null : picture,
      denoiseStrength: entry.denoise ?? 1,
    })
    await expectGolden(entry, asked, model(entry.prediction))
  })
})

describe('with the sampler Model default a request gives the latents of', () => {
  const cases = casesOf('B_diffusers.json').filter(
    ({ id, step_kwargs: extra }) =>
      extra.s_churn === undefined && extra.use_clipped_model_output === undefined && !id.startsWith('tcd'),
  )

  it.each(cases.map((entry) => [entry.id, entry]))('%s', async (_id, entry) => {
    const asked = request({
      sampler: 'Model default',
      schedule: 'Model default',
      steps: entry.N,
      seedConvention: 'diffusers',
      guidanceScale: entry.cfg ?? 1,
      guidanceRescale: entry.guidance_rescale,
      eta: entry.step_kwargs.eta,
      initImage: entry.img2img ? picture : null,
      denoiseStrength: entry.img2img?.strength,
    })
    const config = { ...entry.args, _class_name: entry.class }
    const trained = {
      ...model(entry.prediction, config),
      noiseSchedule: noiseSchedule(noiseScheduleConfig(config)),
    }
    await expectGolden(entry, asked, trained)
  })
})

describe('a run from a picture', () => {
  const strengths = [0, 1e-9, 0.01, 0.5, 0.999, 1]
  const asks = seedConventions.flatMap((seedConvention) =>
    [1, 2, 3].flatMap((steps) =>
      strengths.map((denoiseStrength) => ({ seedConvention, steps, denoiseStrength })),
    ),
  )
  const classes = [
    'DDIM',
    'DDPM',
    'DEISMultistep',
    'DPMSolverMultistep',
    'DPMSolverSDE',
    'DPMSolverSinglestep',
    'EulerAncestralDiscrete',
    'EulerDiscrete',
    'HeunDiscrete',
    'KDPM2AncestralDiscrete',
    'KDPM2Discrete',
    'LCM',
    'LMSDiscrete',
    'SASolver',
    'TCD',
    'UniPCMultistep',
  ]
  const configs = [
    null,
    ...classes.map((name) => ({ _class_name: `${name}Scheduler` })),
    { _class_name: 'PNDMScheduler', skip_prk_steps: true },
  ]

  /** The latents at the end, and how many steps it took. */
  async function runFrom(asked: ResolvedRequest, with_: SampledModel) {
    const plan = planSampling(asked, with_)
    const { denoise, noise } = toyRun(bank, {
      model: 'gauss',
      prediction: 'epsilon',
      timestepOf: plan.timestepOf,
      cfg: plan.guidance.scale,
      rescale: 0,
      rescaleSpace: plan.guidance.rescaleSpace,
      plusPlus: plan.guidance.plusPlus,
    })
    let x = plan.start(bank.noises[0], bank.initImage)
    let steps = 0
    for await (const step of plan.run(denoise, x, noise)) {
      x = step.x
      steps++
    }
    return { plan, steps, x: plan.finish(x) }
  }

  it.each(samplers.map(({ name }) => [name]))(
    'by %s ends in numbers, with any number of steps left to do',
    async (sampler) => {
      for (const ask of asks)
        for (const config of sampler === 'Model default' ? configs : [null]) {
          const asked = request({ ...ask, sampler, initImage: picture })
          const { plan, steps, x } = await runFrom(asked, model('epsilon', config))
          const words = JSON.stringify({ ...ask, config })
          expect(x.every(Number.isFinite), words).toBe(true)
          if (sampler !== 'DPM adaptive' || plan.steps === 0) expect(steps, words).toBe(plan.steps)
          if (ask.denoiseStrength === 0) expect([...x], words).toEqual([...bank.initImage])
        }
    },
  )
})

describe('a run over pixels', () => {
  const cosine = noiseSchedule({
    betaSchedule: 'squaredcos_cap_v2',
    betaStart: 0.0001,
    betaEnd: 0.02,
    trainSteps: 1000,
    rescaleZeroTerminalSnr: false,
  })
  const pixels = { ...model(), noiseSchedule: cosine, ofPixels: true }
  /** A network that is one part in a hundred off in the noise: at the first sigma that is more than a hundred pictures. */
  const off = async (x: Float32Array, sigma: number) => {
    const denoised = x.map((value) => value - 0.99 * value * (sigma / Math.hypot(1, sigma)))
    return { denoised, anchor: denoised }
  }

  it.each(['Euler', 'DPM++ 2M', 'DDPM', 'Heun', 'DDIM'] as const)(
    'by %s stays within what pictures have, from the last sigma of the cosine schedule on',
    async (sampler) => {
      const noise = () => bank.noises[1]
      const ends = async (given: SampledModel): Promise<number> => {
        const plan = planSampling(request({ sampler, schedule: 'Normal', steps: 12 }), given)
        let x = plan.start(bank.noises[0], null)
        for await (const step of plan.run(off, x, noise)) x = step.x
        return Math.max(...x.map(Math.abs))
      }
      expect(await ends(pixels)).toBeLessThanOrEqual(1 + 1e-6)
      expect(await ends({ ...pixels, ofPixels: false })).toBeGreaterThan(1)
    },
  )
})
