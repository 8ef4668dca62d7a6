import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inOneGo, largestDifference, stepByStep } from '../../../src/renderer/lab/maths/forward.ts'
import { histogram, moments, normalDensity } from '../../../src/renderer/lab/maths/histogram.ts'
import { normalsFrom, uniforms } from '../../../src/renderer/lab/maths/random.ts'
import {
  alphasOf,
  betasOf,
  logSnrOf,
  namedSchedule,
  scheduleNames,
  sigmasOf,
} from '../../../src/renderer/lab/maths/schedules.ts'

const normals = (seed: number): ((count: number) => Float32Array) => normalsFrom(uniforms(seed))

describe('adding noise', () => {
  it('in one go with the combined noise is what step by step gives, on every schedule', () => {
    for (const name of scheduleNames) {
      const alphas = alphasOf(namedSchedule(name, 100))
      const x0 = normals(1)(500)
      const { x, combined } = stepByStep(x0, [...alphas].slice(0, 80), normals(2))
      const alpha = alphas[79]
      const direct = inOneGo(x0, combined, Math.sqrt(alpha), Math.sqrt(1 - alpha), new Float32Array(500))
      expect(largestDifference(direct, x), name).toBeLessThan(1e-6)
    }
  })

  it('step by step combines to noise of variance one', () => {
    const alphas = alphasOf(namedSchedule('linear', 50))
    const { combined } = stepByStep(new Float32Array(40_000), [...alphas], normals(3))
    const { mean, variance } = moments(combined)
    // Four standard errors of a mean and of a variance of 40 000 normals.
    expect(Math.abs(mean)).toBeLessThan(4 / 200)
    expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(2 / 40_000))
  })

  it('keeps the picture’s variance towards one: ᾱ v + 1 - ᾱ', () => {
    const x0 = normals(4)(40_000).map((value) => value * 0.5)
    const out = inOneGo(x0, normals(5)(40_000), Math.sqrt(0.3), Math.sqrt(0.7), new Float32Array(40_000))
    expect(Math.abs(moments(out).variance - (0.3 * 0.25 + 0.7))).toBeLessThan(0.03)
  })
})

describe('schedules', () => {
  it('lose the picture from timestep to timestep', () => {
    for (const name of scheduleNames) {
      const schedule = namedSchedule(name, 1000)
      const alphas = alphasOf(schedule)
      alphas.forEach((alpha, t) => {
        if (t > 0) expect(alpha, `${name} ${t}`).toBeLessThanOrEqual(alphas[t - 1])
        expect(alpha).toBeGreaterThan(0)
        expect(alpha).toBeLessThan(1)
      })
      expect(sigmasOf(schedule).every((sigma, t, all) => t === 0 || sigma >= all[t - 1])).toBe(true)
    }
  })

  it('have their published ends', () => {
    const linear = betasOf(namedSchedule('linear', 1000))
    expect(linear[0]).toBeCloseTo(1e-4, 10)
    expect(linear[999]).toBeCloseTo(0.02, 10)
    const scaled = betasOf(namedSchedule('scaledLinear', 1000))
    expect(scaled[0]).toBeCloseTo(0.00085, 10)
    expect(scaled[999]).toBeCloseTo(0.012, 10)
    // Stable Diffusion's last ᾱ.
    expect(alphasOf(namedSchedule('scaledLinear', 1000))[999]).toBeCloseTo(0.0047, 4)
    expect(alphasOf(namedSchedule('zeroTerminalSnr', 1000))[999]).toBeLessThan(1e-7)
  })

  it('with one β all along multiply what is left of the picture by the same number each time', () => {
    const schedule = namedSchedule('constant', 1000)
    const [beta] = betasOf(schedule)
    betasOf(schedule).forEach((each) => expect(each).toBeCloseTo(beta, 12))
    alphasOf(schedule).forEach((alpha, t) => expect(alpha).toBeCloseTo((1 - beta) ** (t + 1), 10))
  })

  it('of cosine halve picture and noise in the middle, where the SNR is one', () => {
    const schedule = namedSchedule('cosine', 1000)
    expect(alphasOf(schedule)[499]).toBeCloseTo(0.5, 12)
    expect(logSnrOf(schedule)[499]).toBeCloseTo(0, 12)
  })

  it('of flow add up to one', () => {
    const { signal, noise } = namedSchedule('flow', 100)
    signal.forEach((share, t) => expect(share + noise[t]).toBeCloseTo(1, 12))
  })
})

describe('a histogram', () => {
  it('has an area of one over values inside it, and their mean and variance', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -3.9, max: 3.9, noNaN: true }), { minLength: 1, maxLength: 200 }),
        (values) => {
          const { density } = histogram(values, 16, -4, 4)
          expect(density.reduce((sum, value) => sum + value * 0.5, 0)).toBeCloseTo(1, 9)
        },
      ),
    )
    expect(moments([1, 2, 3, 4])).toEqual({ mean: 2.5, variance: 1.25 })
  })

  it('of normals lies on the normal curve', () => {
    const { centres, density } = histogram(normals(6)(200_000), 40, -4, 4)
    centres.forEach((x, bin) => expect(Math.abs(density[bin] - normalDensity(x))).toBeLessThan(0.015))
  })
})
