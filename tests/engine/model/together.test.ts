import { expect, it } from 'vitest'
import { cpuDialect } from '../../../src/engine/model/networks/networks.ts'
import { compareTogether, isFasterTogether } from '../../../src/engine/model/runtime/togetherTest.ts'

it('the layers that are timed answer the same as a batch of two and one after the other', async () => {
  const { speed, difference } = await compareTogether('cpu', cpuDialect, 16)
  expect(difference).toBeLessThan(1e-5)
  expect(speed).toBeGreaterThan(0)
})

it('two evaluations in one run are faster or not as at the nearest size that was timed', () => {
  const found = [
    { side: 64, speed: 1.2 },
    { side: 128, speed: 1.02 },
  ]
  const isFaster = (height: number, width: number): boolean => isFasterTogether(found, { height, width })
  expect([isFaster(8, 8), isFaster(64, 96), isFaster(96, 96), isFaster(256, 64)]).toEqual([
    ...[true, true, false, false],
  ])
  expect(isFasterTogether([], { height: 64, width: 64 })).toBe(false)
})
