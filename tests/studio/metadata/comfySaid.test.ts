import { describe, expect, it } from 'vitest'
import { pngWithText } from '../../../src/studio/metadata/pngText.ts'
import { readGeneration } from '../../../src/studio/metadata/readGeneration.ts'
import { leastCpuTime } from '../../cpuTime.ts'
import { type Nodes, node, read, run, sampler } from './comfyGraphs.ts'
import { emptyPng } from './files.ts'

describe('what is said', () => {
  it('of unknown nodes holds their values, cut to a length for a person', () => {
    const found = read({
      odd: node('Odd', {
        amount: 3,
        text: 'y'.repeat(100_000),
        list: Array(5000).fill(1),
        model: ['model', 0],
      }),
      ...run({ model: ['odd', 0] }),
    })
    const line = found.lines.find((each) => each.startsWith('node odd'))
    expect(line).toContain('amount: 3')
    expect(line!.length).toBeLessThan(1500)
  })

  it('of a drawn graph without the one that ran is short', () => {
    const nodes = Array.from({ length: 3000 }, (_, id) => ({
      id,
      type: 'KSampler',
      widgets_values: ['x'.repeat(300)],
    }))
    const found = readGeneration(
      pngWithText(emptyPng, [{ keyword: 'workflow', text: JSON.stringify({ nodes }) }]),
    )!
    expect(found.unmapped).toEqual([
      { key: 'workflow', value: '3000 nodes: KSampler', reason: expect.any(String) as string },
    ])
  })

  it('of a sampler by noise of AUTOMATIC1111 is its seed convention', () => {
    expect(read(run({ seed_mode: 'A1111', ensd: 31337 })).request).toMatchObject({
      seedConvention: 'AUTOMATIC1111 GPU',
      etaNoiseSeedDelta: 31337,
    })
  })
})

describe('numbers written as texts', () => {
  it('are numbers, also to what only compares them', () => {
    const found = read({
      ...run({ seed: '18446744073709551615', steps: '30', cfg: '7.5', denoise: '0.5' }),
      empty: node('EmptyLatentImage', { width: '768', height: ' 640 ', batch_size: '1' }),
    })
    expect(found.request).toMatchObject({
      seed: '18446744073709551615',
      steps: 30,
      guidanceScale: 7.5,
      width: 768,
      height: 640,
    })
    expect(found.lines).toEqual(['denoise: 0.5 (has no counterpart here without a picture to start from)'])
  })

  it('that the limits refuse are said in plain words', () => {
    const { lines } = read(run({ steps: '1000', cfg: 'much' }))
    expect(lines).toContain('steps: 1000 (must be at most 200, found 1000)')
    expect(lines).toContain('cfg: much (must be a number, found "much")')
  })
})

describe('hostile graphs', () => {
  it.each<[string, Nodes]>([
    [
      'a text that is joined to itself over and over',
      Object.fromEntries(
        Array.from({ length: 200 }, (_, id) => [
          `t${id}`,
          node('StringConcatenate', {
            string_a: [`t${id + 1}`, 0],
            string_b: [`t${id + 1}`, 0],
            delimiter: 'x'.repeat(1000),
          }),
        ]),
      ),
    ],
    [
      'contexts in a long row',
      Object.fromEntries(
        Array.from({ length: 5000 }, (_, id) => [
          `t${id}`,
          node('Context (rgthree)', { base_ctx: [`t${id + 1}`, 0], ctx: [`t${id}`, 0] }),
        ]),
      ),
    ],
    [
      'switches in a circle',
      Object.fromEntries(
        Array.from({ length: 5000 }, (_, id) => [
          `t${id}`,
          node('Any Switch (rgthree)', { any_01: [`t${(id + 1) % 5000}`, 0] }),
        ]),
      ),
    ],
    [
      'sizes that depend on each other',
      Object.fromEntries(
        Array.from({ length: 3000 }, (_, id) => [
          `t${id}`,
          node('Size', { width: [`t${id + 1}`, 0], height: [`t${id + 2}`, 0], samples: [`t${id + 1}`, 0] }),
        ]),
      ),
    ],
  ])('end soon: %s', (_, nodes) => {
    const linked = { positive: ['t0', 4], latent_image: ['t0', 6], seed: ['t0', 8], model: ['t0', 1] }
    const all = {
      ...nodes,
      yes: node('CLIPTextEncode', { text: ['t0', 0], clip: ['t0', 2] }),
      empty: node('EmptyLatentImage', { width: ['t0', 0], height: ['t0', 0] }),
    }
    for (const run of [node('KSampler', { ...sampler, ...linked }), node('KSampler', sampler)])
      expect(leastCpuTime(1000, () => void read({ ...all, run }))).toBeLessThan(1000)
  })
})
