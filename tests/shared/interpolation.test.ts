import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cosine, lerp, slerp } from '../../src/shared/interpolation.ts'

const vectors = (length: number) =>
  fc
    .array(fc.double({ min: -4, max: 4, noNaN: true }), { minLength: length, maxLength: length })
    .map((values) => Float32Array.from(values))
const pairs = fc.tuple(vectors(16), vectors(16))
/** Without the sign of zeros. */
const numbers = (values: Float32Array): number[] => Array.from(values, (value) => value + 0)
const norm = (values: Float32Array): number => Math.hypot(...values)
const unit = (values: Float32Array): Float32Array => values.map((value) => value / norm(values))

describe('lerp', () => {
  it('is the first at 0 and the second at 1, exactly', () => {
    fc.assert(
      fc.property(pairs, ([a, b]) => {
        expect(numbers(lerp(a, b, 0))).toEqual(numbers(a))
        expect(numbers(lerp(a, b, 1))).toEqual(numbers(b))
      }),
    )
  })

  it('goes on along the line, on both sides', () => {
    const [a, b] = [Float32Array.of(1, 2), Float32Array.of(3, 0)]
    expect([...lerp(a, b, 0.5)]).toEqual([2, 1])
    expect([...lerp(a, b, 2)]).toEqual([5, -2])
    expect([...lerp(a, b, -2)]).toEqual([-3, 6])
  })
})

describe('slerp', () => {
  it('is the first at 0 and the second at 1, exactly', () => {
    fc.assert(
      fc.property(pairs, ([a, b]) => {
        expect(numbers(slerp(a, b, 0))).toEqual(numbers(a))
        expect(numbers(slerp(a, b, 1))).toEqual(numbers(b))
      }),
    )
  })

  it('keeps the length of unit vectors, and divides the angle between them in proportion', () => {
    fc.assert(
      fc.property(pairs, fc.double({ min: 0, max: 1, noNaN: true }), ([p, q], t) => {
        fc.pre(norm(p) > 0.1 && norm(q) > 0.1)
        const [a, b] = [unit(p), unit(q)]
        const angle = Math.acos(cosine(a, b))
        fc.pre(angle > 0.01 && angle < 3.1)
        const between = slerp(a, b, t)
        expect(norm(between)).toBeCloseTo(1, 5)
        // cos is flat at 0: float32 leaves the angle fewer digits there.
        expect(cosine(a, between)).toBeCloseTo(Math.cos(t * angle), 5)
        expect(cosine(between, b)).toBeCloseTo(Math.cos((1 - t) * angle), 5)
      }),
    )
  })

  it('is cos and sin on a right angle', () => {
    const between = slerp(Float32Array.of(1, 0), Float32Array.of(0, 1), 1 / 3)
    expect(between[0]).toBeCloseTo(Math.cos(Math.PI / 6), 6)
    expect(between[1]).toBeCloseTo(Math.sin(Math.PI / 6), 6)
  })

  it('is the straight line for parallel vectors, and where one has no length', () => {
    const a = Float32Array.of(1, -2, 3)
    for (const b of [a.map((value) => 2 * value), a.map((value) => -value), new Float32Array(3)])
      for (const t of [0, 0.25, 0.5, 1]) expect(slerp(a, b, t)).toEqual(lerp(a, b, t))
  })
})
