import { describe, expect, it } from 'vitest'
import type { ImageNeeds } from '../../../src/shared/queue/farm.ts'
import { leavesToOthers, whyNot, type Candidate } from '../../../src/studio/farm/mayDraw.ts'

const gib = 2 ** 30
const worker = (facts: Partial<Candidate> = {}): Candidate => ({
  ...{ name: 'one', devices: ['cpu'], memoryBytes: 8 * gib, models: ['fox'], stepMs: 1000 },
  ...facts,
})
const needs = (facts: Partial<ImageNeeds> = {}): ImageNeeds => ({
  ...({ device: 'auto', memoryBytes: 2 * gib, work: 20, model: 'fox', modelBytes: 4 * gib } as const),
  ...facts,
})

describe('who gets an image', () => {
  it('is who has the device and the memory', () => {
    expect(whyNot(worker(), needs())).toBeNull()
    expect(whyNot(worker(), needs({ memoryBytes: null }))).toBeNull()
    expect(whyNot(worker(), needs({ device: 'webgpu' }))).toBe('it has no webgpu, only cpu')
    expect(whyNot(worker(), needs({ memoryBytes: 9 * gib }))).toBe('it takes 9.0 GiB, and there are 8.0')
  })

  it('is not a slow worker, where faster ones will be through before it', () => {
    const [fast, slow] = [worker({ name: 'fast', stepMs: 100 }), worker({ name: 'slow', stepMs: 1000 })]
    // The fast one draws ten while the slow one draws its one.
    expect(leavesToOthers(slow, [fast], needs(), 9)).toBe(true)
    expect(leavesToOthers(slow, [fast], needs(), 10)).toBe(false)
    expect(leavesToOthers(fast, [slow], needs(), 1)).toBe(false)
  })

  it('counts what has to be fetched, and not who cannot draw it', () => {
    const having = worker({ name: 'having' })
    const lacking = worker({ name: 'lacking', models: [] })
    // 20 s of drawing, and 86 s of fetching 4 GiB at 50 MB a second.
    expect(leavesToOthers(lacking, [having], needs(), 4)).toBe(true)
    expect(leavesToOthers(lacking, [having], needs(), 5)).toBe(false)
    expect(leavesToOthers(lacking, [worker({ memoryBytes: gib })], needs(), 1)).toBe(false)
  })

  it('is a worker whose speed nobody knows, to measure it', () => {
    expect(leavesToOthers(worker({ stepMs: null }), [worker({ stepMs: 1 })], needs(), 1)).toBe(false)
  })
})
