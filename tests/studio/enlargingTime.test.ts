import { availableParallelism } from 'node:os'
import { describe, expect, it } from 'vitest'
import { generationRequestSchema } from '../../src/shared/request/request.ts'
import { enlargingTime, type Enlarged } from '../../src/studio/jobs/times/enlargingTime.ts'

const works = new Map([
  ['small', { scale: 2, multiplications: 1000 }],
  ['large', { scale: 4, multiplications: 50_000 }],
  ['exported', null],
])

/** A picture that became so large in so many ms, twice as wide and high as before. */
function enlarged(upscaler: string, side: number, decode: number): Enlarged {
  const request = generationRequestSchema.parse({ upscale: { upscaler, scale: 2 } })
  const timings = {
    load: 0,
    textEncode: 0,
    denoise: 0,
    decode,
    total: 0,
    unetRuns: 0,
    unetRunMs: 0,
    runMs: 0,
  }
  return { request: { ...request, seed: 1, width: 64, height: 64 }, timings, width: side, height: side }
}

const twice = (upscaler: string, side: number) => ({
  upscaler,
  from: { width: side, height: side },
  to: { width: 2 * side, height: 2 * side },
})
const time = (upscaler: string, side: number, before: Enlarged[] = [], device: 'cpu' | 'webgpu' = 'cpu') =>
  enlargingTime([twice(upscaler, side)], works, before, device)

describe('the time that enlarging takes', () => {
  it('is for every pixel that the network reads what it took before, the middle of five', () => {
    expect(time('small', 100, [enlarged('small', 100, 500)])).toBe(2000)
    const five = [900, 100, 500, 90, 700].map((decode) => enlarged('small', 100, decode))
    expect(time('small', 50, [...five, enlarged('small', 100, 1)])).toBe(500)
  })

  it('counts the pixels that tiles share, and every run', () => {
    // 300 pixels are two tiles of 192 along a side; eight times as large takes a network of 2 three runs.
    expect(time('small', 300, [enlarged('small', 100, 500)])).toBe((4 * 192 ** 2 * 500) / 50 ** 2)
    const eightTimes = { ...twice('small', 20), to: { width: 160, height: 160 } }
    expect(enlargingTime([eightTimes], works, [enlarged('small', 100, 500)], 'cpu')).toBeCloseTo(
      ((20 ** 2 + 40 ** 2 + 80 ** 2) * 500) / 50 ** 2,
    )
  })

  it('is learnt from another network by its multiplications', () =>
    expect(time('large', 50, [enlarged('small', 100, 500)])).toBe(50 * 500))

  it('is guessed from those before anything was measured, and shorter on a graphics card', () => {
    const guess = time('small', 100)!
    expect(guess).toBeGreaterThan(0)
    expect(time('large', 100)).toBeCloseTo(50 * guess)
    expect(time('small', 200)).toBeCloseTo((384 / 100) ** 2 * guess)
    expect(time('small', 100, [], 'webgpu')).toBeLessThan(guess * availableParallelism())
  })

  it('is not known of one that does not tell its work before it was used', () => {
    expect(time('exported', 100)).toBeNull()
    expect(time('never seen', 100)).toBeNull()
    expect(time('exported', 100, [enlarged('exported', 100, 500)])).toBe(2000)
  })

  it('is the sum of all networks', () =>
    expect(
      enlargingTime([twice('small', 50), twice('small', 50)], works, [enlarged('small', 100, 500)], 'cpu'),
    ).toBe(1000))
})
