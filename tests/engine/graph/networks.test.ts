import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { networkCases, type NetworkCase } from '../../../scripts/golden/networks.ts'

const folder = fileURLToPath(new URL('../../golden/F_networks', import.meta.url))
const cases: NetworkCase[] = []
for await (const one of networkCases(folder)) cases.push(one)

describe('networks written as ONNX graphs over the weights on disk', () => {
  it('are compared in every family', () => {
    expect(new Set(cases.map(({ name }) => name.split(' ')[0]))).toEqual(new Set(['sd15', 'sd2', 'sdxl']))
  })

  it.each(cases)('$name equals the reference within 1e-4', ({ difference }) => {
    expect(difference).toBeLessThanOrEqual(1e-4)
  })
})
