import { describe, expect, it } from 'vitest'
import { createEta } from '../../src/studio/jobs/times/eta.ts'

describe('the estimate of the time left', () => {
  const told = (image: number, step: number) =>
    ({ jobId: 'job', phase: 'denoising', image, step, steps: 4, pass: null }) as const

  it('is unknown until a step was measured, then counts the steps of all images', () => {
    let now = 0
    const eta = createEta(2, null, () => now)
    expect(eta(told(0, 0))).toBeNull()
    now = 100
    expect(eta(told(0, 1))).toBe(3 * 100 + 4 * 100)
    now = 300
    expect(eta(told(0, 2))).toBe(6 * 150)
  })

  it('adds the time the first image took to decode for those that follow', () => {
    let now = 0
    const eta = createEta(3, null, () => now)
    for (let step = 0; step <= 4; step++) {
      now = step * 10
      eta(told(0, step))
    }
    now += 500
    expect(eta(told(1, 0))).toBe(8 * 10 + 2 * 500)
  })

  it('forgets steps that are long past', () => {
    let now = 0
    const eta = createEta(1, null, () => now)
    const step = (step: number) => eta({ ...told(0, step), steps: 100 })
    step(0)
    now += 10_000
    step(1)
    for (let count = 2; count <= 10; count++) {
      now += 10
      step(count)
    }
    expect(step(10)).toBe(90 * 10)
  })

  it('is what earlier pictures took until it was measured, decoding included', () => {
    let now = 0
    const eta = createEta(2, { draw: 400, enlarge: 0, rest: 50 }, () => now)
    expect(eta({ ...told(0, 0), phase: 'loading' })).toBe(2 * 450)
    expect(eta(told(0, 1))).toBe(3 * 100 + 50 + 450)
    now = 20
    expect(eta(told(0, 2))).toBe(2 * 20 + 50 + (4 * 20 + 50))
    now = 60
    eta(told(0, 4))
    now = 90
    expect(eta({ ...told(0, 0), phase: 'decoding', steps: 1 })).toBe(20 + (4 * 20 + 50))
  })

  it('of a picture that is only enlarged is what is expected, then what its parts take', () => {
    let now = 0
    const eta = createEta(1, { draw: 0, enlarge: 900, rest: 0 }, () => now)
    const part = (step: number) => eta({ ...told(0, step), phase: 'upscaling', steps: 9 })
    expect(part(0)).toBe(900)
    now = 50
    expect(part(1)).toBe(8 * 50)
  })
})
