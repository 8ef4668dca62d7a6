import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { planMemory, requireMemory, type RunCosts } from '../../../src/engine/memory/memoryPlan.ts'
import { estimateRun, planRun } from '../../../src/engine/memory/estimateRun.ts'
import { runCosts } from '../../../src/engine/memory/runCosts.ts'
import { readModel } from '../../../src/engine/model/openModel.ts'

const starter = fileURLToPath(new URL('../../../resources/models/starter', import.meta.url))
const onCpu = { device: 'cpu', dialect: { attention: 'fused', precision: 'float32' } } as const
const gib = 2 ** 30
const square = (side: number) => ({ width: side, height: side, initImage: null })

const costs: RunCosts = {
  text: 0.5 * gib,
  textStays: true,
  unet: { weights: 3 * gib, activations: 0.1 * gib },
  unetParts: [2 * gib, gib],
  decoder: { weights: 0.2 * gib, activations: 2 * gib },
  encoder: null,
  others: 0,
  preview: 0,
}

async function starterCosts(side: number): Promise<RunCosts> {
  const { facts, parts } = await readModel(starter)
  return runCosts({ facts, parts: parts! }, square(side), onCpu)
}

describe('what a run takes', () => {
  it('counts every weight once, in the precision it is computed in', async () => {
    const { parts } = await readModel(starter)
    const { unet, text, unetParts } = await starterCosts(256)
    expect(unet.weights).toBe(4 * parts!.unet.tensors.elements)
    expect(unetParts).toEqual([unet.weights])
    const [encoder] = parts!.textEncoders
    const table = encoder.config.vocabSize * encoder.config.width
    expect(text).toBe(4 * (encoder.tensors.elements - table))
    const { facts } = await readModel(starter)
    const dialect = { attention: 'fused', precision: 'float16' } as const
    const half = await runCosts({ facts, parts: parts! }, square(256), { device: 'webgpu', dialect })
    expect(half.unet.weights).toBe(unet.weights / 2)
    expect(half.unet.activations / unet.activations).toBeCloseTo(0.5, 1)
  })

  it('grows with the area where all is computed in one piece', async () => {
    const [small, large] = [await starterCosts(256), await starterCosts(512)]
    expect(large.decoder.weights).toBe(small.decoder.weights)
    expect(large.decoder.activations).toBe(4 * small.decoder.activations)
    expect(large.unet.activations / small.unet.activations).toBeCloseTo(4, 1)
  })

  it('is less in bands of rows than in one piece', async () => {
    const [whole, banded] = [await starterCosts(1024), await starterCosts(2048)]
    const inOnePiece = 4 * whole.decoder.activations
    expect(banded.decoder.activations).toBeLessThan(0.6 * inOnePiece)
  })
})

describe('the plan for a run', () => {
  it('leaves all open where that fits, and lets the U-Net make room for the decoder where it does not', () => {
    const ample = planMemory(costs, 16 * gib)
    const short = planMemory(costs, ample.peakBytes - 1)
    expect(ample.unetMakesRoom).toBe(false)
    expect(short.unetMakesRoom).toBe(true)
    expect(short.peakBytes).toBeLessThan(ample.peakBytes)
    // All weights and the decoder at work, one beside the other.
    expect(ample.peakBytes / gib).toBeGreaterThan(0.5 + 3 + 0.2 + 2)
  })

  it('refuses what cannot fit, and names what it needs and what there is', () => {
    const available = 2 * gib
    const plan = planMemory(costs, available)
    expect(() => requireMemory(plan, available)).toThrow(
      expect.objectContaining({
        code: 'out-of-memory',
        message: expect.stringMatching(
          /needs about \d\.\d GB of memory, and 2\.1 GB are free\. Make the picture smaller/,
        ),
      }),
    )
    expect(() => requireMemory(plan, plan.peakBytes)).not.toThrow()
  })

  it("of this machine's next run is known from headers alone", async () => {
    const estimate = (await estimateRun(starter, square(256), 'cpu'))!
    expect(estimate.peakBytes).toBeGreaterThan(0.2 * gib)
    expect(estimate.availableBytes).toBeGreaterThan(estimate.peakBytes)
    expect(await planRun(starter, square(256), 'cpu')).toMatchObject({ unetMakesRoom: false })
  })
})
