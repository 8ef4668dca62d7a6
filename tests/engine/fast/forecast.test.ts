import { describe, expect, it } from 'vitest'
import type { Denoise } from '../../../src/engine/denoiser.ts'
import { forecasting, type ForecastSettings } from '../../../src/engine/fast/forecast.ts'
import { guideWhereItCounts } from '../../../src/engine/fast/guideWhereItCounts.ts'

/** Sigmas in equal ratios from 10 down. */
const sigmas = Array.from({ length: 20 }, (_, i) => 10 * 0.7 ** i)

/** Predictions that are a function of log sigma, and the sigmas at which they were computed. */
function following(curve: (u: number) => number): { denoise: Denoise; computed: number[] } {
  const computed: number[] = []
  return {
    computed,
    denoise: async (_, sigma) => {
      computed.push(sigma)
      const denoised = Float32Array.of(curve(Math.log(sigma)), 1)
      return { denoised, anchor: denoised }
    },
  }
}

const x = new Float32Array(2)
const settings: ForecastSettings = { tolerance: 0.2, question: () => [], lastSigma: sigmas.at(-1)! }

async function run(denoise: Denoise, over: readonly number[] = sigmas): Promise<number[]> {
  const found: number[] = []
  for (const sigma of over) found.push((await denoise(x, sigma)).denoised[0])
  return found
}

describe('forecasting predictions', () => {
  it('computes one in three of predictions that do not change, and always the last', async () => {
    const { denoise, computed } = following(() => 0.5)
    const found = await run(forecasting(denoise, settings))
    expect(found).toEqual(sigmas.map(() => 0.5))
    expect(computed.length).toBeLessThanOrEqual(8)
    expect(computed.at(-1)).toBe(sigmas.at(-1))
  })

  it('computes every prediction of a curve that jumps to and fro', async () => {
    const { denoise, computed } = following((u) => (Math.round(u / Math.log(0.7)) % 2 ? 5 : -5))
    await run(forecasting(denoise, settings))
    expect(computed).toEqual(sigmas)
  })

  it('keeps near a curve that bends gently, and nearer where less is tolerated', async () => {
    const curve = (u: number): number => 0.1 * u * u
    const furthest = async (tolerance: number): Promise<[number, number]> => {
      const { denoise, computed } = following(curve)
      const found = await run(forecasting(denoise, { ...settings, tolerance }))
      const off = found.map((value, i) => Math.abs(value - curve(Math.log(sigmas[i]))))
      return [Math.max(...off), computed.length]
    }
    const [loose, fewer] = await furthest(0.2)
    const [tight, more] = await furthest(0.02)
    expect(loose).toBeLessThan(0.3)
    expect(tight).toBeLessThan(loose)
    expect(fewer).toBeLessThan(more)
    expect(await furthest(0)).toEqual([expect.closeTo(0, 6), sigmas.length])
  })

  it('forgets what it knew of another question, and of the way down before one that goes up', async () => {
    const { denoise, computed } = following(() => 0.5)
    let prompt = 'a'
    const guessing = forecasting(denoise, { ...settings, question: () => [prompt] })
    await run(guessing, sigmas.slice(0, 3))
    expect(computed).toHaveLength(2)
    prompt = 'b'
    await run(guessing, sigmas.slice(3, 5))
    expect(computed).toHaveLength(4)
    await run(guessing, [9, 8])
    expect(computed).toHaveLength(6)
  })

  it('carries the anchor on beside the prediction, and knows when they are one', async () => {
    const anchored: Denoise = async (_, sigma) => ({
      denoised: Float32Array.of(0.01 * sigma),
      anchor: Float32Array.of(0.02 * sigma),
    })
    const { denoised, anchor } = await thirdOf(forecasting(anchored, settings))
    expect(anchor[0]).toBeCloseTo(2 * denoised[0], 6)
    const one = await thirdOf(forecasting(following((u) => u / 50).denoise, settings))
    expect(one.anchor).toBe(one.denoised)
  })
})

async function thirdOf(denoise: Denoise): ReturnType<Denoise> {
  await run(denoise, sigmas.slice(0, 2))
  return denoise(x, sigmas[2])
}

describe('guiding where it counts', () => {
  const both = (conditional: Float32Array, unconditional: Float32Array): Denoise => {
    return async () => ({ denoised: conditional, anchor: conditional, conditional, unconditional })
  }
  const [one, other] = [Float32Array.of(1, 0), Float32Array.of(0, 1)]
  const alone: Denoise = async () => ({ denoised: other, anchor: other })

  it('guides between the two sigmas of an interval', async () => {
    const guided = guideWhereItCounts(both(one, other), alone, {
      agreement: null,
      interval: { min: 1, max: 5 },
    })
    const isGuided = async (sigma: number): Promise<boolean> => (await guided(x, sigma)).denoised === one
    expect(await Promise.all([6, 5, 1, 0.9].map(isGuided))).toEqual([false, true, true, false])
  })

  it('stops for good once the two predictions agree', async () => {
    const nearly = Float32Array.of(1, 0.02)
    const reach = { agreement: 0.9999, interval: null }
    let prediction = both(one, nearly)
    const guided = guideWhereItCounts((x, sigma) => prediction(x, sigma), alone, reach)
    expect((await guided(x, 3)).denoised).toBe(one)
    expect((await guided(x, 2)).denoised).toBe(one)
    prediction = both(one, Float32Array.of(1, 0.01))
    expect((await guided(x, 1)).denoised).toBe(one)
    expect((await guided(x, 0.5)).denoised).toBe(other)
  })
})
