import { describe, expect, it } from 'vitest'
import { noiseSchedule } from '../../../../src/engine/plan/noiseSchedule.ts'
import { betaQuantile } from '../../../../src/engine/plan/schedules/betaDistribution.ts'
import {
  scheduleDefaults,
  scheduleSigmas,
  type ComputedSchedule,
} from '../../../../src/engine/plan/schedules/schedule.ts'
import { schedules } from '../../../../src/shared/models/samplers.ts'

const model = noiseSchedule({
  betaSchedule: 'scaled_linear',
  betaStart: 0.00085,
  betaEnd: 0.012,
  trainSteps: 1000,
  rescaleZeroTerminalSnr: false,
})
const computed = schedules
  .map(({ name }) => name)
  .filter((name): name is ComputedSchedule => name !== 'Automatic' && name !== 'Model default')

describe.each(computed)('%s', (name) => {
  it.each(['AUTOMATIC1111', 'ComfyUI'] as const)('descends strictly in the formula of %s, to 0', (home) => {
    for (const steps of [1, 2, 3, 7, 10, 20, 50]) {
      const sigmas = [...scheduleSigmas(name, steps, scheduleDefaults(model, home))]
      expect(sigmas).toEqual([...new Set(sigmas)].sort((a, b) => b - a))
      if (name === 'KL Optimal' && home === 'AUTOMATIC1111')
        expect(sigmas.at(-1)).toBeCloseTo(model.sigmaMin, 6)
      else expect(sigmas.at(-1)).toBe(0)
    }
  })

  it('gives one more sigma than steps where the steps divide the training', () => {
    const sigmas = scheduleSigmas(name, 10, scheduleDefaults(model, 'AUTOMATIC1111'))
    expect(sigmas).toHaveLength(11)
  })
})

it('keeps to the limits that a person sets', () => {
  const limits = { ...scheduleDefaults(model, 'AUTOMATIC1111'), sigmaMin: 0.1, sigmaMax: 10 }
  const sigmas = scheduleSigmas('Karras', 8, limits)
  expect(sigmas[0]).toBeCloseTo(10, 9)
  expect(sigmas[7]).toBeCloseTo(0.1, 9)
})

it('says so when limits leave nothing to descend', () => {
  const limits = { ...scheduleDefaults(model, 'AUTOMATIC1111'), sigmaMin: 5, sigmaMax: 5 }
  expect(() => scheduleSigmas('Karras', 8, limits)).toThrow(
    expect.objectContaining({ code: 'bad-request', message: expect.stringContaining('does not descend') }),
  )
})

it('the beta quantile has known values', () => {
  expect(betaQuantile(0.5, 0.6, 0.6)).toBeCloseTo(0.5, 12)
  expect(betaQuantile(0.25, 1, 1)).toBeCloseTo(0.25, 12)
  // The arcsine distribution, whose quantile is sin²(πp/2).
  expect(betaQuantile(0.2, 0.5, 0.5)).toBeCloseTo(Math.sin(0.1 * Math.PI) ** 2, 12)
  expect([betaQuantile(0, 0.6, 0.6), betaQuantile(1, 0.6, 0.6)]).toEqual([0, 1])
})
