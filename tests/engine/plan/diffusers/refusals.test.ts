import { describe, expect, it } from 'vitest'
import { unguided, type Denoise } from '../../../../src/engine/denoiser.ts'
import { noiseScheduleConfig } from '../../../../src/engine/model/sources/schedulerConfig.ts'
import { noiseSchedule } from '../../../../src/engine/plan/noiseSchedule.ts'
import { planSampling } from '../../../../src/engine/plan/sampling.ts'
import { generationRequestSchema } from '../../../../src/shared/request/request.ts'

const stableDiffusion = {
  beta_start: 0.00085,
  beta_end: 0.012,
  beta_schedule: 'scaled_linear',
  num_train_timesteps: 1000,
}

/** The whole run of a scheduler_config.json, over a formula in place of a network. */
async function latentsOf(config: Record<string, unknown>, steps: number, strength = 1): Promise<number[]> {
  const schedulerConfig = { ...stableDiffusion, ...config }
  const parsed = generationRequestSchema.parse({
    sampler: 'Model default',
    schedule: 'Model default',
    seedConvention: 'diffusers',
    steps,
    ...(strength < 1 && { initImage: { id: '0'.repeat(64) }, denoiseStrength: strength }),
  })
  const plan = planSampling(
    { ...parsed, seed: 1, width: 64, height: 64 },
    {
      noiseSchedule: noiseSchedule(noiseScheduleConfig(schedulerConfig)),
      predictionType: 'epsilon',
      schedulerConfig,
    },
  )
  const noise = Float32Array.from({ length: 16 }, (_, i) => Math.sin(i * 7.1))
  const denoise: Denoise = async (x, sigma) =>
    unguided(x.map((value, i) => Math.sin(i) / (1 + sigma) + (0.05 * value) / (1 + sigma)))
  let x = plan.start(noise, strength < 1 ? noise.map((value) => value / 2) : null)
  for await (const step of plan.run(denoise, x, () => noise)) x = step.x
  return [...plan.finish(x)]
}

const refused = async (config: Record<string, unknown>, steps = 10) => {
  const error = await latentsOf(config, steps).then(
    () => null,
    (reason: { code: string; message: string }) => reason,
  )
  return { code: error?.code, message: error?.message }
}

describe('settings that divide by zero in the last step', () => {
  it.each([
    [
      { _class_name: 'DPMSolverMultistepScheduler', algorithm_type: 'dpmsolver' },
      'algorithm_type "dpmsolver"',
    ],
    [
      {
        _class_name: 'DPMSolverMultistepScheduler',
        algorithm_type: 'sde-dpmsolver',
        final_sigmas_type: 'zero',
      },
      'algorithm_type "sde-dpmsolver"',
    ],
    [
      { _class_name: 'DPMSolverSinglestepScheduler', algorithm_type: 'dpmsolver' },
      'algorithm_type "dpmsolver"',
    ],
    [{ _class_name: 'UniPCMultistepScheduler', predict_x0: false }, 'predict_x0 false'],
    [{ _class_name: 'UniPCMultistepScheduler', lower_order_final: false }, 'lower_order_final false'],
  ])('are refused while the run is planned, both by name: %j', async (config, setting) => {
    const { code, message } = await refused(config)
    expect(code).toBe('unsupported-model')
    for (const words of [setting, 'final_sigmas_type "zero"', 'sampler by name'])
      expect(message).toContain(words)
    const ending = await latentsOf({ ...config, final_sigmas_type: 'sigma_min' }, 10)
    expect(ending.every(Number.isFinite)).toBe(true)
  })

  it('are no others', async () => {
    const classes = ['DPMSolverMultistepScheduler', 'DPMSolverSinglestepScheduler', 'UniPCMultistepScheduler']
    const settings = [
      ['algorithm_type', ['dpmsolver', 'dpmsolver++', 'sde-dpmsolver', 'sde-dpmsolver++']],
      ['predict_x0', [true, false]],
      ['lower_order_final', [true, false]],
      ['euler_at_final', [true, false]],
      ['solver_order', [1, 2, 3]],
      ['use_karras_sigmas', [true, false]],
    ] as const
    const configs = settings.reduce<Record<string, unknown>[]>(
      (some, [name, values]) =>
        some.flatMap((config) => values.map((value) => ({ ...config, [name]: value }))),
      classes.map((name) => ({ _class_name: name })),
    )
    for (const config of configs)
      for (const steps of [1, 4, 9]) {
        const found = await latentsOf(config, steps).catch((error: { code: string }) => error.code)
        if (found !== 'unsupported-model') expect(found, JSON.stringify(config)).toSatisfy(allFinite)
      }
  })
})

const allFinite = (latents: unknown): boolean =>
  Array.isArray(latents) && (latents as number[]).every((value) => Number.isFinite(value))

describe('PNDM with its Runge-Kutta steps', () => {
  const pndm = { _class_name: 'PNDMScheduler', skip_prk_steps: false }

  it.each([1, 2, 3])('says that %i steps are too few', async (steps) => {
    const { code, message } = await refused(pndm, steps)
    expect(code).toBe('bad-request')
    expect(message).toMatch(/^steps: must be at least 4, found .*skip_prk_steps false/)
  })

  it.each(['leading', 'trailing', 'linspace'])(
    'runs at every number of steps from 4 on, %s',
    async (spacing) => {
      for (const steps of [4, 5, 6, 7, 8, 9, 10, 11, 13, 20, 33, 50, 77, 100, 150, 199, 200])
        for (const strength of [1, 0.5])
          expect(await latentsOf({ ...pndm, timestep_spacing: spacing }, steps, strength)).toSatisfy(
            allFinite,
          )
    },
  )
})

describe('numbers of steps that a scheduler has no timesteps for', () => {
  it.each([
    [{ _class_name: 'DDIMScheduler', num_train_timesteps: 50 }, 60, 'at most 50'],
    [{ _class_name: 'EulerDiscreteScheduler', num_train_timesteps: 100 }, 101, 'at most 100'],
    [{ _class_name: 'DDIMScheduler', timestep_spacing: 'leading', steps_offset: 5 }, 200, 'steps_offset 5'],
  ])('are refused: %j with %i', async (config, steps, words) => {
    const { code, message } = await refused(config, steps)
    expect(code).toBe('bad-request')
    expect(message).toContain(words)
  })
})
