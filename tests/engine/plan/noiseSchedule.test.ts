import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { floats } from '../../../scripts/golden/numbers.ts'
import { noiseScheduleConfig } from '../../../src/engine/model/sources/schedulerConfig.ts'
import { noiseSchedule } from '../../../src/engine/plan/noiseSchedule.ts'
import type { NoiseScheduleConfig } from '../../../src/engine/plan/noiseScheduleConfig.ts'
import { scheduleAtHome } from '../../../src/engine/plan/sampling.ts'
import type { ScheduleHome } from '../../../src/engine/plan/schedules/schedule.ts'

const goldenFolder = fileURLToPath(new URL('../../golden', import.meta.url))
interface Golden {
  configs: Record<string, { config: Record<string, unknown>; alphas_cumprod_f32_base64: string }>
  models: Record<
    string,
    { alphas_cumprod_last3: number[]; sigma_min: number; sigma_max: number; sha256_sigmas_f32: string }
  >
}

const stableDiffusion: NoiseScheduleConfig = {
  betaSchedule: 'scaled_linear',
  betaStart: 0.00085,
  betaEnd: 0.012,
  trainSteps: 1000,
  rescaleZeroTerminalSnr: false,
}

describe('the noise schedule of Stable Diffusion', () => {
  const schedule = noiseSchedule(stableDiffusion)

  it('runs between the sigmas that everybody knows', () => {
    expect(schedule.sigmaMin).toBeCloseTo(0.0291672, 6)
    expect(schedule.sigmaMax).toBeCloseTo(14.6146, 4)
  })

  it.each([0, 1, 99.25, 500, 998.75, 999])('finds timestep %d again from its sigma', (timestep) => {
    expect(schedule.sigmaToTimestep(schedule.timestepToSigma(timestep))).toBeCloseTo(timestep, 9)
  })

  it('clamps what lies outside of the training', () => {
    expect(schedule.sigmaToTimestep(1e-9)).toBe(0)
    expect(schedule.sigmaToTimestep(1e9)).toBe(999)
    expect(schedule.timestepToSigma(-3)).toBeCloseTo(schedule.sigmaMin, 12)
    expect(schedule.nearestTimestep(1e9)).toBe(999)
    expect(schedule.nearestTimestep(0)).toBe(0)
  })

  it('ends in almost no signal with zero terminal SNR, and begins as before', () => {
    const rescaled = noiseSchedule({ ...stableDiffusion, rescaleZeroTerminalSnr: true })
    expect(rescaled.alphasCumprod.at(-1)).toBe(4.8973451890853435e-8)
    expect(rescaled.sigmaMin).toBeCloseTo(schedule.sigmaMin, 12)
  })
})

it('keeps growing under zero terminal SNR where betas are steeper than Stable Diffusion’s', () => {
  const steep = { ...stableDiffusion, betaStart: 0.0015, betaEnd: 0.0195, rescaleZeroTerminalSnr: true }
  for (const precision of ['float64', 'float32'] as const) {
    const { sigmas } = noiseSchedule({ ...steep, precision })
    expect(sigmas.at(-1)).toBeGreaterThan(sigmas.at(-2)!)
    expect(sigmas.at(-1)).toBeGreaterThan(4500)
  }
})

it('takes trained betas as they are', () => {
  const schedule = noiseSchedule({ ...stableDiffusion, trainSteps: 3, trainedBetas: [0.1, 0.2, 0.3] })
  expect([...schedule.alphasCumprod]).toEqual([0.9, 0.9 * 0.8, 0.9 * 0.8 * 0.7])
})

it.each([
  ['betas of nothing', { betaStart: 0, betaEnd: 0 }],
  ['betas above one', { betaSchedule: 'linear' as const, betaStart: 0.5, betaEnd: 1.5 }],
  ['betas that are no numbers', { trainedBetas: [0.1, NaN] }],
])('refuses %s with words that name the schedule', (_what, wrong) => {
  expect(() => noiseSchedule({ ...stableDiffusion, ...wrong })).toThrow(
    expect.objectContaining({ code: 'unsupported-model', message: expect.stringContaining('does not grow') }),
  )
})

describe('the tables of the reference projects', () => {
  const scheduleIn = (home: ScheduleHome) =>
    scheduleAtHome({ ...stableDiffusion, rescaleZeroTerminalSnr: true }, home)
  const golden = (name: string) => JSON.parse(readFileSync(join(goldenFolder, name), 'utf8')) as Golden
  const relative = (found: ArrayLike<number>, expected: ArrayLike<number>): number =>
    Math.max(
      ...Array.from(expected, (value, i) => (value === 0 ? 0 : Math.abs(Number(found[i]) / value - 1))),
    )

  it.each([
    ['sd1', 0],
    ['linear', 0],
    // Torch's square root is not always the nearest float32: up to two units in the last place.
    ['sd1_zsnr', 2 ** -22],
  ])('diffusers: ᾱ of %s is the same float32', (name, most) => {
    const { config, alphas_cumprod_f32_base64: base64 } = golden('A_betas.json').configs[name]
    const { alphasCumprod } = noiseSchedule({
      ...noiseScheduleConfig(config),
      precision: 'float32',
      terminalAlphaCumprod: 1e-30,
    })
    expect(relative(alphasCumprod, floats(base64))).toBeLessThanOrEqual(most)
  })

  it('AUTOMATIC1111: ᾱ and the smallest sigma under zero terminal SNR are the same float32', () => {
    const model = golden('A_kdiffusion_a1111.json').models['sd1_zsnr']
    const schedule = scheduleIn('AUTOMATIC1111')
    expect(relative(schedule.alphasCumprod.slice(-3), model.alphas_cumprod_last3)).toBeLessThan(1.3e-7)
    expect(schedule.sigmaMin).toBe(model.sigma_min)
    expect(schedule.sigmaMax).toBe(model.sigma_max)
  })

  it('ComfyUI: every sigma under zero terminal SNR is the same float32', () => {
    const model = golden('A_comfy.json').models['sd1_zsnr']
    const { sigmas } = scheduleIn('ComfyUI')
    const bytes = new Uint8Array(Float32Array.from(sigmas).buffer)
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(model.sha256_sigmas_f32)
  })
})
