import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeRandomDit, type DitName } from '../../../scripts/bench/randomDit.ts'
import type { StoredForm } from '../../../scripts/bench/randomWeights.ts'
import { planCard, planOnCard } from '../../../src/engine/memory/cardPlan.ts'
import { ditCosts } from '../../../src/engine/memory/ditCosts.ts'
import type { MemoryPlan, RunCosts } from '../../../src/engine/memory/memoryPlan.ts'
import { runCosts } from '../../../src/engine/memory/runCosts.ts'
import type { Target } from '../../../src/engine/model/networks/networks.ts'
import { readModel } from '../../../src/engine/model/openModel.ts'
import type { CardMemory } from '../../../src/engine/model/runtime/cardMemory.ts'
import { newTallies } from '../../../src/engine/model/runtime/tallies.ts'
import type { SizedTask } from '../../../src/shared/engine/engineContract.ts'
import { generationRequestSchema } from '../../../src/shared/request/request.ts'

const gib = 2 ** 30
const onWebgpu: Target = {
  device: 'webgpu',
  dialect: { attention: 'sliced', precision: 'float16', blockProducts: true },
  tallies: newTallies(),
}

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'card-plan-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** Of a published model whose numbers are holes in its files. */
async function costsOf(name: DitName, form: StoredForm, side: number): Promise<RunCosts> {
  const modelPath = await writeRandomDit(join(folder, `${name}-${form}`), name, form, { hollow: true })
  const { facts, dit, wearable } = await readModel(modelPath)
  return ditCosts({ facts, parts: dit!, wearable: wearable! }, taskOf(modelPath, side), onWebgpu)
}

function taskOf(modelPath: string, side: number): SizedTask {
  const request = { ...generationRequestSchema.parse({}), seed: 1, width: side, height: side }
  const nothing = { adapters: [], controls: [], vaePath: null, hiresUpscaler: null, upscaler: null }
  return { modelPath, device: 'webgpu', request, ...nothing }
}

const card = (gibibytes: number, also: Partial<CardMemory> = {}): CardMemory => ({
  ...{ name: 'A card', bytes: gibibytes * gib, freeBytes: gibibytes * gib, shared: false, isSaid: false },
  ...also,
})

const on = (costs: RunCosts, found: CardMemory | null, free = 64 * gib): MemoryPlan =>
  planOnCard(costs, found, { device: 'webgpu', free })

describe('a published model of full size on a graphics card', () => {
  it('Z-Image at 1024x1024 fits into 6 GB in 4 bits and into 12 in 8; what does not is refused by name and number', async () => {
    const [four, eight] = [await costsOf('zimage', 'Q4_0', 1024), await costsOf('zimage', 'Q8_0', 1024)]
    // A screen takes some of it.
    const six = card(6, { freeBytes: 5.5 * gib })
    expect(on(four, six)).toMatchObject({ unetMakesRoom: true, picturesInBands: false })
    expect(on(four, card(16))).toMatchObject({ unetMakesRoom: false })
    expect(on(eight, card(12)).peakBytes).toBeLessThan(12 * gib)
    expect(() => on(eight, six)).toThrow(
      expect.objectContaining({
        code: 'card-too-small',
        message: expect.stringMatching(
          /needs about \d\.\d GB of memory on webgpu, and 5\.9 GB are free there \(A card, 6\.4 GB\)/,
        ) as string,
      }),
    )
    expect(() => on(four, card(2))).toThrow(/needs about \d\.\d GB/)
  })

  it('klein in 4 bits fits into 4 GB at 512x512, and takes more at 2048x2048', async () => {
    const [small, large] = [await costsOf('klein', 'Q4_0', 512), await costsOf('klein', 'Q4_0', 2048)]
    expect(on(small, card(4)).peakBytes).toBeLessThan(4 * gib)
    const tight = on(large, card(10))
    expect(tight).toMatchObject({ unetMakesRoom: true })
    expect(tight.peakBytes).toBeGreaterThan(on(small, card(10)).peakBytes)
  })

  it('runs as usual where nothing is known of the card, but not without the system memory for its weights', async () => {
    const costs = await costsOf('zimage', 'Q8_0', 512)
    expect(on(costs, null)).toMatchObject({ unetMakesRoom: false })
    expect(() => on(costs, null, 4 * gib)).toThrow(expect.objectContaining({ code: 'out-of-memory' }))
  })

  it('shares the memory of the system where the card has none of its own', async () => {
    const costs = await costsOf('klein', 'Q4_0', 512)
    const shared = card(12, { shared: true })
    expect(on(costs, shared, 16 * gib).peakBytes).toBeLessThan(12 * gib)
    expect(() => on(costs, shared, 5 * gib)).toThrow(expect.objectContaining({ code: 'card-too-small' }))
  })
})

describe('a U-Net on a graphics card', () => {
  async function starterCosts(
    side: number,
    change: Partial<SizedTask['request']> = {},
    target = onWebgpu,
  ): Promise<RunCosts> {
    const modelPath = join(import.meta.dirname, '../../../resources/models/starter')
    const { facts, parts } = await readModel(modelPath)
    const task = taskOf(modelPath, side)
    const request = { ...task.request, ...change }
    return runCosts({ facts, parts: parts! }, { ...task, request }, target)
  }

  it('is guided in one run where that is faster at its size, and there is room', async () => {
    const together = [
      { side: 64, speed: 1.2 },
      { side: 128, speed: 1.01 },
    ]
    const isTogether = async (
      side: number,
      change: Partial<SizedTask['request']> = {},
      target: Target = { ...onWebgpu, together },
    ): Promise<boolean> => planCard(await starterCosts(side, change, target), Infinity).together ?? false
    expect(await isTogether(256)).toBe(true)
    expect(await isTogether(1024)).toBe(false)
    expect(await isTogether(256, {}, onWebgpu)).toBe(false)
    expect(await isTogether(256, { guidanceScale: 1 })).toBe(false)
    // What was recorded is done again, whatever was found since.
    expect(await isTogether(256, { guidanceTogether: false })).toBe(false)
    expect(await isTogether(256, { guidanceTogether: true }, onWebgpu)).toBe(true)

    const costs = await starterCosts(512, {}, { ...onWebgpu, together })
    const ample = planCard(costs, Infinity)
    const short = planCard(costs, ample.peakBytes - 1)
    expect([ample.together, short.together ?? false]).toEqual([true, false])
    expect(short).toMatchObject({ unetMakesRoom: false, picturesInBands: false })
    expect(short.peakBytes).toBeLessThan(ample.peakBytes)
  })

  it('counts without what only the system holds', async () => {
    const costs = await starterCosts(512)
    const { peakBytes } = planCard(costs, Infinity)
    expect(planCard({ ...costs, text: 100 * gib }, Infinity).peakBytes).toBe(peakBytes)
    expect(on(costs, card(8)).peakBytes).toBe(peakBytes)
    expect(() => on(costs, card(0.25))).toThrow(expect.objectContaining({ code: 'card-too-small' }))
  })

  it('makes room for the autoencoder, which then works in bands of rows', () => {
    const none = { beside: null, controls: [], encoder: null, upscaler: null, pictures: 0, preview: 0 }
    const unet = { weights: 2 * gib, activations: 0.1 * gib, parts: [2 * gib], fromFile: null }
    const inBands = { weights: 0, activations: gib }
    const decoder = { weights: 0.2 * gib, activations: 3 * gib, inBands }
    const costs = { text: 0, textStays: true, textAtWork: 0, passes: [{ ...none, unet, decoder }] }
    const ample = planCard(costs, Infinity)
    const room = planCard(costs, ample.peakBytes - 1)
    const bands = planCard(costs, room.peakBytes - 1)
    expect([ample, room, bands]).toMatchObject([
      { unetMakesRoom: false, picturesInBands: false },
      { unetMakesRoom: true, picturesInBands: false },
      { unetMakesRoom: true, picturesInBands: true },
    ])
    expect(ample.peakBytes).toBeGreaterThan(room.peakBytes)
    expect(room.peakBytes).toBeGreaterThan(bands.peakBytes)
  })
})
