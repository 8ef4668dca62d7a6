import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  planMemory,
  requireMemory,
  type PassCosts,
  type RunCosts,
} from '../../../src/engine/memory/memoryPlan.ts'
import { estimateRun, planRun } from '../../../src/engine/memory/estimateRun.ts'
import { runCosts } from '../../../src/engine/memory/runCosts.ts'
import { cpuDialect, type Target } from '../../../src/engine/model/networks/networks.ts'
import { readModel } from '../../../src/engine/model/openModel.ts'
import { newTallies } from '../../../src/engine/model/runtime/tallies.ts'
import type { SizedTask } from '../../../src/shared/engine/engineContract.ts'
import { generationRequestSchema, type GenerationRequestInput } from '../../../src/shared/request/request.ts'
import { kohya, loraTensors, tinyLayers, tinyTextLayers, wave } from '../adapters/adapterFiles.ts'
import { tinyControlNet } from '../control/tinyControl.ts'
import { writeHeaderOnly, type Shapes } from '../model/comfyFolder.ts'
import { writeSafetensors } from '../model/safetensorsFile.ts'

const inProject = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url))
const starter = inProject('resources/models/starter')
const rdn = inProject('resources/upscalers/RDN-2x/model.safetensors')
const tiny = inProject('tests/golden/pipelines/sd15')
const onCpu: Target = { device: 'cpu', dialect: cpuDialect, tallies: newTallies() }
const gib = 2 ** 30

type Asked = Partial<Omit<SizedTask, 'request'>> & { request?: GenerationRequestInput; side?: number }

/** A task of two steps, whose model is the starter unless another is given. */
function taskOf({ request = {}, side = 256, ...files }: Asked = {}): SizedTask {
  const size = { seed: 1, width: side, height: side }
  const nothing = { adapters: [], vaePath: null, controls: [], hiresUpscaler: null, upscaler: null }
  const parsed = { ...generationRequestSchema.parse({ steps: 2, ...request }), ...size }
  return { modelPath: starter, device: 'cpu', ...nothing, ...files, request: parsed }
}

async function costsOf(asked: Asked, target: Target = onCpu): Promise<RunCosts> {
  const task = taskOf(asked)
  const { facts, parts } = await readModel(task.modelPath)
  return runCosts({ facts, parts: parts! }, task, target)
}

const onePass = async (asked: Asked, target?: Target): Promise<PassCosts> =>
  (await costsOf(asked, target)).passes[0]

const peakOf = async (asked: Asked): Promise<number> => planMemory(await costsOf(asked), Infinity).peakBytes

async function sdxlHeader(): Promise<string> {
  const keys = await readFile(inProject('tests/golden/keys/sdxl_base.json'), 'utf8')
  const { single_file } = JSON.parse(keys) as { single_file: { tensors: Shapes } }
  return writeHeaderOnly(join(folder, 'sdxl.safetensors'), single_file.tensors)
}

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'memory-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('what a run takes', () => {
  it('counts every weight once, in the precision it is computed in', async () => {
    const { parts } = await readModel(starter)
    const plain = { ...onCpu, dialect: { ...cpuDialect, upsampling: undefined } }
    const { unet } = await onePass({}, plain)
    // Beside the weights there are the ones and zeros of group norms.
    expect(unet.weights / (4 * parts!.unet.tensors.elements)).toBeCloseTo(1, 3)
    expect(unet.parts).toEqual([unet.weights])
    const half = await onePass({}, { ...plain, dialect: { ...plain.dialect, precision: 'float16' } })
    expect(half.unet.weights).toBe(unet.weights / 2)
    expect(half.unet.activations / unet.activations).toBeCloseTo(0.5, 1)
  })

  it('leaves the table of tokens in its file', async () => {
    const { parts } = await readModel(starter)
    const [{ config, tensors }] = parts!.textEncoders
    const { text } = await costsOf({})
    expect(text / (4 * (tensors.elements - config.vocabSize * config.width))).toBeCloseTo(1, 1)
  })

  it('grows with the area where all is computed in one piece', async () => {
    const [small, large] = [await onePass({ side: 256 }), await onePass({ side: 512 })]
    expect(large.decoder.weights).toBe(small.decoder.weights)
    expect(large.decoder.activations).toBe(4 * small.decoder.activations)
    expect(large.unet.activations / small.unet.activations).toBeCloseTo(4, 1)
  })

  it('is less in bands of rows than in one piece', async () => {
    const [whole, banded] = [await onePass({ side: 1024 }), await onePass({ side: 2048 })]
    const inOnePiece = 4 * whole.decoder.activations
    expect(banded.decoder.activations).toBeLessThan(0.6 * inOnePiece)
  })

  it('is no more for many pictures than for one: they come one by one', async () => {
    expect(await peakOf({ request: { batchSize: 8 } })).toBe(await peakOf({}))
  })

  it('is that of the larger picture with a second pass', async () => {
    const { passes } = await costsOf({ request: { hires: { scale: 2 } } })
    const alone = await onePass({ side: 512 })
    expect(passes.map(({ unet }) => unet.activations)).toEqual([
      (await onePass({})).unet.activations,
      alone.unet.activations,
    ])
    // Stretched in the latents nothing is encoded, stretched as a picture it is, at the larger size.
    expect(passes[0].encoder).toBeNull()
    const asPicture = await costsOf({ request: { hires: { scale: 2, upscaler: 'Lanczos' } } })
    const { encoder } = await onePass({ side: 512, request: { initImage: { id: '0'.repeat(64) } } })
    expect(asPicture.passes[0].encoder).toEqual(encoder)
  })

  it('counts the network that enlarges, and the pictures that it makes', async () => {
    const enlarged = (scale: number): Promise<PassCosts> =>
      onePass({ upscaler: rdn, request: { upscale: { upscaler: 'RDN-2x', scale } } })
    const [twice, fourTimes] = [(await enlarged(2)).upscaler!, (await enlarged(4)).upscaler!]
    expect(twice.weights).toBeGreaterThan(0)
    // Run twice, it makes sixteen times the pixels: three sets of planes of 12 bytes a pixel.
    expect(fourTimes.activations - twice.activations).toBe(3 * 12 * 256 ** 2 * (16 - 4))
    expect((await onePass({})).upscaler).toBeNull()
  })
})

describe('what adapters and control networks take', () => {
  const adapter = (path: string) => ({ name: 'test', path, unet: 1, text: 1, blocks: null })

  it('low rank counts its factors, in every network that it changes', async () => {
    const path = join(folder, 'low.safetensors')
    await writeSafetensors(path, {
      ...loraTensors(tinyLayers, kohya('lora_unet_')),
      ...loraTensors(tinyTextLayers, kohya('lora_te_')),
    })
    const bare = await costsOf({ modelPath: tiny, side: 64 })
    const worn = await costsOf({ modelPath: tiny, side: 64, adapters: [adapter(path)] })
    const factors = (16 + 16 + 16 + 32 + 8 + 8) * 2
    const extra = (worn.passes[0].unet.weights - bare.passes[0].unet.weights) / 4
    expect(extra).toBeGreaterThanOrEqual(factors)
    expect(extra).toBeLessThan(1.2 * factors)
    expect(worn.text - bare.text).toBeGreaterThanOrEqual(4 * 2 * (32 + 32))
  })

  it('whole differences count beside the weights, and at work in every run', async () => {
    const layer = 'mid_block.attentions.0.transformer_blocks.0.attn1.to_q'
    const path = join(folder, 'whole.safetensors')
    await writeSafetensors(path, { [`${kohya('lora_unet_')(layer)}.diff`]: wave([16, 16], 1) })
    const bare = await onePass({ modelPath: tiny, side: 64 })
    const worn = await onePass({ modelPath: tiny, side: 64, adapters: [adapter(path)] })
    expect(worn.unet.weights - bare.unet.weights).toBeGreaterThanOrEqual(4 * 16 * 16)
  })

  it('a ControlNet counts with its weights, what it computes and what it answers, unless it weighs nothing', async () => {
    const path = join(folder, 'control.safetensors')
    await writeSafetensors(path, await tinyControlNet(1))
    const steered = (weight: number): Promise<PassCosts> =>
      onePass({ modelPath: tiny, side: 64, controls: [{ path, weight }] })
    const [{ weights, activations }] = (await steered(1)).controls
    expect(weights).toBeGreaterThan(0)
    expect(activations).toBeGreaterThan(0)
    expect((await steered(0)).controls).toEqual([])
    expect(await peakOf({ modelPath: tiny, side: 64, controls: [{ path, weight: 1 }] })).toBeGreaterThan(
      (await peakOf({ modelPath: tiny, side: 64 })) + weights,
    )
  })
})

const costs: RunCosts = {
  text: 0.5 * gib,
  textStays: true,
  textAtWork: 0,
  passes: [
    {
      unet: { weights: 3 * gib, activations: 0.1 * gib, parts: [2 * gib, gib], fromFile: null },
      controls: [],
      decoder: { weights: 0.2 * gib, activations: 2 * gib },
      encoder: null,
      upscaler: null,
      beside: null,
      pictures: 0,
      preview: 0,
    },
  ],
}

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
    const estimate = (await estimateRun(taskOf()))!
    expect(estimate.peakBytes).toBeGreaterThan(0.2 * gib)
    expect(estimate.availableBytes).toBeGreaterThan(estimate.peakBytes)
    expect(await planRun(taskOf())).toMatchObject({ unetMakesRoom: false })
  })

  it('guides a small network in one run, as it is recorded, and where there is room', async () => {
    const isTogether = async (asked: Asked): Promise<boolean> =>
      planMemory(await costsOf(asked), Infinity).together ?? false
    expect(await isTogether({})).toBe(true)
    expect(await isTogether({ request: { guidanceScale: 1 } })).toBe(false)
    expect(await isTogether({ request: { guidanceTogether: false } })).toBe(false)
    expect(await isTogether({ request: { turbo: true } })).toBe(false)
    const modelPath = await sdxlHeader()
    expect(await isTogether({ modelPath })).toBe(false)

    const costs = await costsOf({ side: 1024 })
    const ample = planMemory(costs, Infinity)
    const short = planMemory(costs, ample.peakBytes - 1)
    expect([ample.together, short.together ?? false, short.unetMakesRoom]).toEqual([true, false, false])
    expect(short.peakBytes).toBeLessThan(ample.peakBytes)
  })

  it.each(['zimage', 'flux2klein'])('of %s grows with its picture', async (family) => {
    const modelPath = inProject(`tests/golden/dit/${family}`)
    const [small, large] = [taskOf({ modelPath, side: 256 }), taskOf({ modelPath, side: 1024 })]
    const { peakBytes } = await planRun(small)
    expect((await planRun(large)).peakBytes).toBeGreaterThan(1.5 * peakBytes)
  })

  it('of a transformer that looks at another picture counts its tokens', async () => {
    const modelPath = inProject('tests/golden/dit/flux2klein')
    const looking = { references: [{ id: '0'.repeat(64) }] }
    const { peakBytes } = await planRun(taskOf({ modelPath }))
    expect((await planRun(taskOf({ modelPath, request: looking }))).peakBytes).toBeGreaterThan(peakBytes)
  })

  it('of a transformer counts the autoencoder that takes the place of its own', async () => {
    const { single_file } = JSON.parse(
      await readFile(inProject('tests/golden/dit/keys/vae_flux1.json'), 'utf8'),
    ) as { single_file: { tensors: Shapes } }
    const vaePath = await writeHeaderOnly(join(folder, 'ae.safetensors'), single_file.tensors)
    const modelPath = inProject('tests/golden/dit/zimage')
    const { peakBytes } = (await estimateRun(taskOf({ modelPath })))!
    const { peakBytes: swapped } = (await estimateRun(taskOf({ modelPath, vaePath })))!
    const decoder = Object.entries(single_file.tensors).filter(([key]) => key.startsWith('decoder.'))
    const numbers = decoder.map(([, [shape]]) => shape.reduce((product, size) => product * size, 1))
    expect(swapped - peakBytes).toBeGreaterThan(4 * numbers.reduce((sum, count) => sum + count, 0))
    const refused = estimateRun(taskOf({ modelPath: inProject('tests/golden/dit/flux2klein'), vaePath }))
    await expect(refused).rejects.toMatchObject({ code: 'does-not-fit' })
  })

  it('is asked again in other words for the same, and for more at another size', async () => {
    const [small, said] = [taskOf(), taskOf({ request: { prompt: 'a red fox' } })]
    const { peakBytes } = await planRun(small)
    expect((await planRun(said)).peakBytes).toBe(peakBytes)
    expect((await planRun(taskOf({ side: 512 }))).peakBytes).toBeGreaterThan(peakBytes)
    expect((await planRun(small)).peakBytes).toBe(peakBytes)
  })
})
