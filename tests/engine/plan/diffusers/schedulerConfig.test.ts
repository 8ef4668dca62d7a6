import { describe, expect, it } from 'vitest'
import { readSchedulerConfig } from '../../../../src/engine/plan/diffusers/schedulerConfig.ts'
import { noiseSchedule } from '../../../../src/engine/plan/noiseSchedule.ts'
import { planSampling } from '../../../../src/engine/plan/sampling.ts'
import { generationRequestSchema } from '../../../../src/shared/request/request.ts'

const starter = {
  _class_name: 'DDIMScheduler',
  beta_start: 0.0015,
  beta_end: 0.0195,
  beta_schedule: 'scaled_linear',
  num_train_timesteps: 1000,
  clip_sample: false,
  set_alpha_to_one: false,
  steps_offset: 1,
  timestep_spacing: 'leading',
}
const model = {
  noiseSchedule: noiseSchedule({
    betaSchedule: 'scaled_linear',
    betaStart: 0.0015,
    betaEnd: 0.0195,
    trainSteps: 1000,
    rescaleZeroTerminalSnr: false,
  }),
  predictionType: 'epsilon' as const,
  schedulerConfig: starter as Record<string, unknown>,
}
const request = (input: object) => ({
  ...generationRequestSchema.parse({ sampler: 'Model default', ...input }),
  seed: 1,
  width: 64,
  height: 64,
})
const picture = { id: '0'.repeat(64) }
const noise = Float32Array.of(1, -1)
const init = Float32Array.of(0.5, 0.25)

it.each([
  [{ _class_name: 'FlowMatchEulerDiscreteScheduler' }, 'FlowMatchEulerDiscreteScheduler'],
  [{}, 'undefined'],
  [{ _class_name: 'DDIMScheduler', timestep_spacing: 'sideways' }, 'timestep_spacing "sideways"'],
])('%j is refused by name', (json, words) => {
  expect(() => readSchedulerConfig(json)).toThrow(
    expect.objectContaining({ code: 'unsupported-model', message: expect.stringContaining(words) }),
  )
})

it('reads infinities that JSON writes as words as if they were not there', () => {
  const config = readSchedulerConfig({ ...starter, lambda_min_clipped: '-inf' })
  expect(config.number('lambda_min_clipped', -Infinity)).toBe(-Infinity)
})

describe('Model default', () => {
  it('starts and ends at the noise levels of the scheduler class', () => {
    const plan = planSampling(request({ steps: 10 }), model)
    expect(plan.steps).toBe(10)
    expect(plan.timestepOf(plan.sigmas[0])).toBe(901)
    expect(plan.sigmas.at(-1)).toBeCloseTo(model.noiseSchedule.sigmaMin, 6)
    // Variance preserving latents of plain noise, brought to sigma space.
    expect(plan.start(noise, null)[0]).toBeCloseTo(Math.hypot(1, plan.sigmas[0]), 4)
  })

  it('keeps the picture at denoise strength 0 and runs no step', async () => {
    const plan = planSampling(request({ steps: 10, initImage: picture, denoiseStrength: 0 }), model)
    const x = plan.start(noise, init)
    const steps = await Array.fromAsync(
      plan.run(
        () => Promise.reject(new Error('evaluated')),
        x,
        () => noise,
      ),
    )
    expect([plan.steps, steps, [...plan.finish(x)]]).toEqual([0, [], [...init]])
  })

  it('takes another spacing of sigmas from a schedule chosen by name', () => {
    const euler = { ...model, schedulerConfig: { ...starter, _class_name: 'EulerDiscreteScheduler' } }
    const sigmasOf = (schedule: string) => [...planSampling(request({ schedule }), euler).sigmas]
    expect(sigmasOf('Karras')).not.toEqual(sigmasOf('Model default'))
    expect(sigmasOf('Karras')[0]).toBeCloseTo(sigmasOf('Model default')[0], 5)
  })

  it('without a scheduler_config.json is DPM++ 2M with Karras, as AUTOMATIC1111 starts', () => {
    const bare = { ...model, schedulerConfig: null }
    const named = planSampling(request({ sampler: 'DPM++ 2M', schedule: 'Karras' }), bare)
    expect([...planSampling(request({}), bare).sigmas]).toEqual([...named.sigmas])
  })
})

it('a named sampler with the schedule Model default walks over the scheduler’s sigmas, down to 0', () => {
  const plan = planSampling(request({ sampler: 'Euler', schedule: 'Model default', steps: 10 }), model)
  expect(plan.steps).toBe(10)
  expect(plan.timestepOf(plan.sigmas[0])).toBe(901)
  expect(plan.sigmas.at(-1)).toBe(0)
})

describe('how much of a schedule a picture leaves', () => {
  const stepsOf = (seedConvention: string, denoiseStrength: number, steps = 10): number =>
    planSampling(
      request({ sampler: 'Euler', seedConvention, steps, denoiseStrength, initImage: picture }),
      model,
    ).steps

  it.each([
    ['AUTOMATIC1111 CPU', 0, 0],
    ['AUTOMATIC1111 CPU', 0.6, 7],
    ['AUTOMATIC1111 CPU', 1, 10],
    ['stable-diffusion.cpp', 0.6, 7],
    ['ComfyUI', 0, 0],
    ['ComfyUI', 0.6, 10],
    ['ComfyUI', 1, 10],
    ['diffusers', 0, 0],
    ['diffusers', 0.6, 6],
    ['diffusers', 1, 10],
    ['InvokeAI', 0.6, 6],
  ])('as in %s, strength %d runs %i steps of 10', (convention, strength, steps) => {
    expect(stepsOf(convention, strength)).toBe(steps)
  })
})

it.each(['DDIM', 'PLMS', 'UniPC'])(
  '%s as in AUTOMATIC1111 still makes a step when asked for one',
  (sampler) => {
    expect(planSampling(request({ sampler, steps: 1 }), model).steps).toBe(1)
  },
)

it('zero terminal SNR can be asked for where the model does not say so', () => {
  const plan = planSampling(request({ sampler: 'Euler', schedule: 'Normal', zeroTerminalSnr: true }), model)
  expect(plan.sigmas[0]).toBeGreaterThan(4000)
})

it('LCM as in AUTOMATIC1111 walks over the timesteps of the distillation', () => {
  const plan = planSampling(request({ sampler: 'LCM', steps: 4 }), model)
  const timesteps = [...plan.sigmas.slice(0, 4)].map(plan.timestepOf)
  expect(timesteps[0]).toBe(999)
  expect(timesteps[3]).toBe(19)
  for (const timestep of timesteps) expect((timestep + 1) % 20).toBe(0)
})

it('a schedule that gives fewer steps than asked leaves a picture its share of those', () => {
  const asked = { sampler: 'Euler', schedule: 'Turbo', steps: 20, initImage: picture, denoiseStrength: 0.5 }
  expect(planSampling(request(asked), model).steps).toBe(6)
})
