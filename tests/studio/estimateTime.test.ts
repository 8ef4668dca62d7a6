import { describe, expect, it } from 'vitest'
import { generationRequestSchema, type ResolvedRequest } from '../../src/shared/request/request.ts'
import { hiresSchema } from '../../src/shared/request/passes.ts'
import { enlargings } from '../../src/studio/jobs/times/enlargingTime.ts'
import { estimateTime as estimate } from '../../src/studio/jobs/times/estimateTime.ts'

const request = (fields: Partial<ResolvedRequest> = {}): ResolvedRequest => ({
  ...generationRequestSchema.parse({ steps: 20, guidanceScale: 4 }),
  ...{ seed: 1, width: 512, height: 512, ...fields },
})

/** A picture that took so many seconds to denoise, and one to decode. */
const made = (seconds: number, fields: Partial<ResolvedRequest> = {}) => {
  const own = request(fields)
  const [denoise, decode] = [seconds * 1000, 1000]
  const timings = {
    load: 9000,
    textEncode: 0,
    denoise,
    decode,
    total: 0,
    unetRuns: 0,
    unetRunMs: 0,
    runMs: 0,
  }
  return { request: own, width: own.width, height: own.height, timings }
}

/** A second for every network that enlarges. */
const enlarging = (of: ResolvedRequest): number => 1000 * enlargings(of).length
const estimateTime = (of: ResolvedRequest, before: Parameters<typeof estimate>[1]) =>
  estimate(of, before, enlarging)

describe('the time a request will take', () => {
  it('is not known where the model has made nothing on the device', () =>
    expect(estimateTime(request(), [])).toBeNull())

  it('is that of the last like it, whatever loading took, for each picture of the batch', () => {
    expect(estimateTime(request(), [made(10)])).toBe(11_000)
    expect(estimateTime(request({ batchSize: 3 }), [made(10)])).toBe(33_000)
  })

  it('follows steps, guidance, strength and pixels of pictures that are not like it', () => {
    expect(estimateTime(request({ steps: 40 }), [made(10)])).toBe(21_000)
    expect(estimateTime(request({ guidanceScale: 1 }), [made(10)])).toBe(6000)
    expect(estimateTime(request({ width: 1024 }), [made(10)])).toBe(22_000)
    const start = { id: '0'.repeat(64), resizeMode: 'crop' } as const
    expect(estimateTime(request({ initImage: start, denoiseStrength: 0.5 }), [made(10)])).toBe(6000)
  })

  it('counts a second pass with its own steps, guidance and size', () => {
    const pass = (fields: object) => request({ hires: hiresSchema.parse({ scale: 2, ...fields }) })
    expect(estimateTime(pass({}), [made(10)])).toBe(10_000 * (1 + 4) + 4 * 1000)
    expect(estimateTime(pass({ steps: 10 }), [made(10)])).toBe(10_000 * (1 + 2) + 4 * 1000)
    expect(estimateTime(pass({ guidanceScale: 1 }), [made(10)])).toBe(10_000 * (1 + 2) + 4 * 1000)
    expect(estimateTime(pass({ width: 512, height: 1024 }), [made(10)])).toBe(10_000 * (1 + 2) + 2 * 1000)
    const larger = made(50, { hires: hiresSchema.parse({ scale: 2 }) })
    expect(estimateTime(pass({ scale: 1 }), [larger])).toBe(20_000 + 250)
    expect(estimateTime(request(), [larger])).toBe(10_000 + 250)
  })

  it('follows that of pictures made as exactly before others, and is about half where "Fast" is new', () => {
    const { fast } = generationRequestSchema.parse({ fast: {} })
    expect(estimateTime(request({ fast }), [made(10)])).toBe(6500)
    expect(estimateTime(request({ fast }), [made(10), made(7, { fast, width: 256 })])).toBe(2 * 8000)
  })

  it('is the middle one of those of its size and sampler, before others', () => {
    const others = [made(90, { width: 256 }), made(70, { sampler: 'Heun' })]
    expect(estimateTime(request(), [...others, made(10), made(30), made(11)])).toBe(12_000)
  })

  describe('where a network enlarges the picture', () => {
    const upscale = { upscaler: 'RDN-2x', scale: 2 }

    it('has that too, of every picture', () =>
      expect(estimateTime(request({ upscale, batchSize: 2 }), [made(10)])).toBe(2 * 12_000))

    it('has it once where earlier pictures had it in their decoding', () => {
      const enlarged = made(10, { upscale })
      const timings = { ...enlarged.timings, decode: 1500 }
      expect(estimateTime(request({ upscale }), [{ ...enlarged, timings }])).toBe(11_500)
      expect(estimateTime(request(), [{ ...enlarged, timings }])).toBe(10_500)
    })

    it('is what it was where it turned out shorter than expected', () => {
      const enlarged = made(10, { upscale })
      const timings = { ...enlarged.timings, decode: 200 }
      expect(estimateTime(request({ upscale }), [{ ...enlarged, timings }])).toBe(10_200)
    })

    it('is not known where that of enlarging is not', () =>
      expect(estimate(request({ upscale }), [made(10)], () => null)).toBeNull())

    it('by a filter takes no time to speak of, and neither does what starts from a picture have a second pass', () => {
      expect(enlargings(request({ upscale: { upscaler: 'Lanczos', scale: 2 } }))).toEqual([])
      const hires = hiresSchema.parse({ upscaler: 'RDN-2x', scale: 1.5 })
      const to = { width: 768, height: 768 }
      expect(enlargings(request({ hires }))).toEqual([
        { upscaler: 'RDN-2x', from: { width: 512, height: 512 }, to },
      ])
      const initImage = { id: '0'.repeat(64), resizeMode: 'crop' } as const
      expect(enlargings(request({ hires, initImage }))).toEqual([])
    })
  })

  it('learns nothing from what was enlarged or edited and not drawn', () => {
    const upscaleOf = { id: '0'.repeat(64), imageId: null }
    expect(estimateTime(request(), [made(0, { upscaleOf }), made(10)])).toBe(11_000)
    expect(estimateTime(request(), [made(0, { upscaleOf })])).toBeNull()
  })
})
