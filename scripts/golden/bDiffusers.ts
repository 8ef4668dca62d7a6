import { diffusersRun } from '../../src/engine/plan/diffusers/run.ts'
import { noiseScheduleConfig } from '../../src/engine/model/sources/schedulerConfig.ts'
import type { CaseResult, DeclinedCase } from './kind.ts'
import { toyRun, type Bank } from './toys.ts'
import { follow, judge, preserving, trajectories } from './trajectory.ts'

/** Kind B3: trajectories of diffusers' schedulers. */
export const diffusersTrajectories = trajectories('B3', runCase)

async function runCase(golden: any, bank: Bank): Promise<CaseResult | DeclinedCase> {
  const { s_churn: churn, eta, use_clipped_model_output: useClippedOutput } = golden.step_kwargs
  if (churn !== undefined) {
    return { name: golden.id, reason: 'diffusers’ pipelines give their users no way to set s_churn' }
  }
  const config = { ...golden.args, _class_name: golden.class }
  const plan = diffusersRun(config, noiseScheduleConfig(config), {
    steps: golden.N,
    firstStep: golden.img2img?.t_start ?? 0,
    predictionType: golden.prediction,
    // TCD's step, unlike the pipelines that call it, has an eta of its own.
    eta: eta ?? (golden.class === 'TCDScheduler' ? 0.3 : 0),
    sNoise: 1,
    useClippedOutput,
  })
  const run = toyRun(bank, {
    model: golden.model,
    prediction: golden.prediction,
    timestepOf: plan.timestepOf,
    cfg: golden.cfg,
    rescale: golden.guidance_rescale,
  })
  const noise = bank.noises[0]
  const first = golden.img2img
    ? noise.map((value, k) => bank.initImage[k] + value * plan.sigmaStart)
    : noise.map((value) => value * plan.noiseScale)
  const way = await follow(plan.run(run.denoise, first, run.noise), run, first)
  const inSigmaSpace = plan.finalSigma === 0 && golden.sigmas !== undefined && golden.init_noise_sigma !== 1
  const xs = inSigmaSpace
    ? way.evaluated
    : [...run.calls.map(({ x, sigma }) => preserving(x, sigma)), preserving(way.last, plan.finalSigma)]
  return judge(
    'B3',
    golden.id,
    golden,
    run.calls.map(({ timestep }) => timestep),
    xs,
  )
}
