import { describe, expect, it } from 'vitest'
import {
  checkLatents,
  checkPlanes,
  pixelsToPlanes,
  planesToPixels,
} from '../../../src/engine/picture/picture.ts'

const gradient = Uint8Array.from({ length: 4 * 3 * 3 }, (_, i) => i * 7)

describe('pixels and planes', () => {
  it('give the same pixels back', () => {
    const pixels = { width: 4, height: 3, data: gradient }
    expect(planesToPixels(pixelsToPlanes(pixels), 4, 3)).toEqual(pixels)
  })

  it('put black at -1 and white at 1, one plane a colour', () => {
    const planes = pixelsToPlanes({ width: 2, height: 1, data: Uint8Array.of(0, 255, 0, 255, 0, 0) })
    expect([...planes]).toEqual([-1, 1, 1, -1, -1, -1])
  })

  it('clip what lies outside of -1..1', () => {
    expect([...planesToPixels(Float32Array.of(-9, 9, -9, 9, -9, 9), 2, 1).data]).toEqual([
      0, 0, 0, 255, 255, 255,
    ])
  })
})

describe('a result that is no picture', () => {
  it.each([
    ['NaN', Float32Array.of(0, Number.NaN, 0, 0, 0, 0)],
    ['infinite', Float32Array.of(0, 0, 0, Number.NEGATIVE_INFINITY, 0, 0)],
    ['black, by however much', Float32Array.of(-9, -2, -3, -1.5, -1, -4)],
    ['one colour everywhere', Float32Array.of(0.5, 0.5, -0.2, -0.2, 0.1, 0.1)],
  ])('is refused as bad-image when it is %s', (_, planes) => {
    expect(() => checkPlanes(planes)).toThrow(expect.objectContaining({ code: 'bad-image' }))
  })

  it('is refused while it is still latents', () => {
    expect(() => checkLatents(Float32Array.of(1, Number.NaN))).toThrow(
      expect.objectContaining({ code: 'bad-image' }),
    )
    expect(() => checkLatents(Float32Array.of(1, 2))).not.toThrow()
  })
})
