import { describe, expect, it } from 'vitest'
import { takeOver } from '../../src/shared/library/takeOver.ts'
import { readGeneration } from '../../src/studio/metadata/readGeneration.ts'

const settings = (line: string) => readGeneration(Buffer.from(`a cat\nNegative prompt: fog\n${line}`))!

describe('the settings of a file that are taken over', () => {
  it('are brought within the limits as typing does, which is said', () => {
    const generation = settings(
      'Steps: 500, Sampler: Euler, CFG scale: 45.5, Seed: 7, Size: 4096x1004, Clip skip: 20',
    )
    const { request, replaced, offered } = takeOver(generation)
    expect(request).toMatchObject({
      prompt: 'a cat',
      sampler: 'Euler',
      steps: 200,
      guidanceScale: 30,
      width: 2048,
      height: 1008,
      clipSkip: 12,
    })
    expect(replaced.map(({ value, taken }) => [value, taken])).toEqual([
      ['500', 200],
      ['45.5', 30],
      ['4096', 2048],
      ['1004', 1008],
      ['20', 12],
    ])
    expect(offered).toEqual([])
  })

  it('offer the nearest names for methods that nothing here is called', () => {
    const { request, offered } = takeOver(
      settings('Steps: 20, Sampler: DPM++ 2M Turbo Max, CFG scale: 7, Seed: 7, Size: 64x64'),
    )
    expect(request.sampler).toBeUndefined()
    expect(offered).toHaveLength(1)
    expect(offered[0]).toMatchObject({
      field: 'sampler',
      value: expect.stringContaining('DPM++ 2M Turbo Max'),
    })
    expect(offered[0].nearest).toHaveLength(3)
    expect(offered[0].nearest).toContain('DPM++ 2M')
  })

  it('keep with its reason what has no counterpart', () => {
    const { left } = takeOver(
      settings('Steps: 20, Sampler: Euler, CFG scale: 7, Seed: 7, Size: 64x64, Hires upscaler: Latent'),
    )
    expect(left).toContainEqual(expect.objectContaining({ key: 'Hires upscaler', value: 'Latent' }))
  })
})
