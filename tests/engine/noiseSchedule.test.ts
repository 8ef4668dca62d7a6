import { describe, expect, it } from 'vitest'
import { noiseSchedule } from '../../src/engine/noiseSchedule.ts'
import type { NoiseScheduleConfig } from '../../src/engine/noiseScheduleConfig.ts'

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
