import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { brownianTree } from '../../../src/engine/random/brownianTree.ts'
import { mersenneTwister } from '../../../src/engine/random/mersenneTwister.ts'
import { philox } from '../../../src/engine/random/philox.ts'
import { pasteCentred, slerp } from '../../../src/engine/random/variation.ts'

const normals = (seed: number, count: number): Float32Array => mersenneTwister(seed).normals(count)
const moments = (values: Float32Array): [mean: number, variance: number] => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return [mean, values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length]
}

describe.each([
  ['torch', (seed: bigint) => mersenneTwister(seed)],
  ['Philox', (seed: bigint) => philox(seed)],
])('%s', (name, generator) => {
  it('draws numbers of mean 0 and variance 1, all finite', () => {
    const [mean, variance] = moments(generator(12345n).normals(200_000))
    expect(Math.abs(mean)).toBeLessThan(0.01)
    expect(Math.abs(variance - 1)).toBeLessThan(0.01)
  })

  it('goes on where it stopped', () => {
    const one = generator(8n)
    expect([...one.normals(32)]).not.toEqual([...one.normals(32)])
  })

  it(name === 'torch' ? 'knows only the low 32 bits of a seed' : 'knows all 64 bits of a seed', () => {
    const same = [...generator(5n).normals(16)].join() === [...generator(2n ** 32n + 5n).normals(16)].join()
    expect(same).toBe(name === 'torch')
  })
})

describe('the Brownian path', () => {
  it('is the same however often and finely it is asked: increments of parts add up to the whole', () => {
    fc.assert(
      fc.property(
        fc.bigInt(0n, 2n ** 64n - 1n),
        fc.double({ min: 0.1, max: 9.9, noNaN: true }),
        (seed, middle) => {
          const whole = brownianTree(seed, 0.03, 14, 16, normals)(10, 0.05)
          const parts = brownianTree(seed, 0.03, 14, 16, normals)
          const [upper, lower] = [parts(10, middle), parts(middle, 0.05)]
          whole.forEach((value, i) => {
            const sum = upper[i] * Math.sqrt(10 - middle) + lower[i] * Math.sqrt(middle - 0.05)
            expect(sum / Math.sqrt(9.95)).toBeCloseTo(value, 2)
          })
        },
      ),
      { numRuns: 30 },
    )
  })

  it('gives noise of variance one for a step of any length', () => {
    const noise = brownianTree(3n, 0.03, 14, 40_000, normals)
    for (const [sigma, next] of [
      [14, 7],
      [0.1, 0.04],
    ] as const) {
      expect(Math.abs(moments(noise(sigma, next))[1] - 1)).toBeLessThan(0.03)
    }
  })
})

describe('variation', () => {
  const shape = { channels: 2, height: 4, width: 4 }
  const [low, high] = [normals(1, 32), normals(2, 32)]

  it('of strength 0 is the seed and of strength 1 the variation seed', () => {
    slerp(0, low, high, shape).forEach((value, i) => expect(value).toBeCloseTo(low[i], 5))
    slerp(1, low, high, shape).forEach((value, i) => expect(value).toBeCloseTo(high[i], 5))
  })

  it('lays noise of another size in the middle', () => {
    const wide = pasteCentred(low, shape, new Float32Array(2 * 4 * 8), { ...shape, width: 8 })
    expect([...wide.subarray(0, 8)]).toEqual([0, 0, ...low.subarray(0, 4), 0, 0])
  })

  it('cuts what hangs over as AUTOMATIC1111 does, one more where the difference is odd', () => {
    const narrow = pasteCentred(low, shape, new Float32Array(2 * 4 * 3), { ...shape, width: 3 })
    expect([...narrow.subarray(0, 3)]).toEqual([low[1], low[2], 0])
  })
})
