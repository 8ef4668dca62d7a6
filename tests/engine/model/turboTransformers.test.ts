import { expect, it } from 'vitest'
import { transformers, turboDistance } from './turboDistance.ts'

it.each(transformers)(
  'layers of %s that stay in their file are multiplied in 8 bits, near the exact ones',
  async (family, side) => {
    const { distance, rounded } = await turboDistance(family, side)
    expect(rounded.exact).toBe(0)
    expect(rounded.turbo).toBeGreaterThan(3)
    expect(distance).toBeGreaterThan(0)
    expect(distance).toBeLessThan(0.03)
  },
)
