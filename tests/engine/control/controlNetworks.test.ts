import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { unetConfig } from '../../../src/engine/graph/unet/unetConfig.ts'
import { Graph } from '../../../src/engine/graph/writing/graph.ts'
import type { Dialect } from '../../../src/engine/graph/writing/value.ts'
import { unet, unetHalves, type ControlForm } from '../../../src/engine/graph/unet/unet.ts'
import { readConfig, readWeights } from '../../../src/engine/model/sources/component.ts'
import { readControlFile } from '../../../src/engine/model/sources/controlFile.ts'
import { openControlNetwork } from '../../../src/engine/model/networks/controlNetworks.ts'
import { openSession, type Input } from '../../../src/engine/model/runtime/session.ts'
import { newTallies } from '../../../src/engine/model/runtime/tallies.ts'
import { joinTensors } from '../../../src/engine/model/files/weights.ts'
import { writeSafetensors } from '../model/safetensorsFile.ts'
import {
  asPublished,
  featuresByHand,
  hintByHand,
  networks,
  tinyAdapter,
  tinyControlNet,
  tinyControlNetConfig,
  type Planes,
  type Tensors,
} from './tinyControl.ts'

const unetFolder = join(networks, 'sd15', 'unet')
const dialect: Dialect = { attention: 'fused', precision: 'float32' }
const target = { device: 'cpu', dialect, tallies: newTallies() } as const
const size = { height: 5, width: 6, contextTokens: 77 }

const waves = (length: number, phase = 0): Float32Array =>
  Float32Array.from({ length }, (_, i) => Math.sin(i * 0.7 + phase))
const picture: Planes = {
  channels: 3,
  height: 40,
  width: 48,
  data: waves(3 * 40 * 48).map((v) => (v + 1) / 2),
}
const furthest = (one: ArrayLike<number>, other: ArrayLike<number>): number => {
  expect(one.length).toBe(other.length)
  return Array.from(one).reduce((most, value, i) => Math.max(most, Math.abs(value - other[i])), 0)
}

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'control-'))
})
afterEach(() => rm(folder, { recursive: true }))

const config = async () => unetConfig(await readConfig(unetFolder))

/** The tiny U-Net's way down, with its state handed out, and the way up. */
async function halves(control?: ControlForm) {
  const tensors = joinTensors(await readWeights(unetFolder))
  const [lower, upper] = [1, 2].map(() => Graph.over(tensors.source, dialect))
  const shapes = unetHalves(lower, upper, await config(), { ...size, control })
  const open = (graph: Graph) =>
    openSession(graph.encode(), {
      device: 'cpu',
      folder: tensors.folder,
      frugal: false,
      tally: target.tallies.unet,
    })
  const [down, up] = [await open(lower), await open(upper)]
  return {
    shapes: Object.values(shapes),
    async down(further: Record<string, Input> = {}): Promise<Float32Array[]> {
      const outputs = await down.run({ ...unetInput, ...further })
      return Object.keys(shapes).map((name) => outputs[name])
    },
    async up(state: readonly Float32Array[]): Promise<Float32Array> {
      const handed = Object.entries(shapes).map(([name, shape], i) => [name, { data: state[i], shape }])
      return (await up.run({ ...unetInput, ...(Object.fromEntries(handed) as Record<string, Input>) }))[
        'prediction'
      ]
    },
  }
}

const [input, context] = [waves(4 * 5 * 6), waves(77 * 32)]
/** Timestep 0: sines of 0 after cosines. */
const timestep = Float32Array.from({ length: 8 }, (_, i) => (i < 4 ? 1 : 0))
const unetInput: Record<string, Input> = {
  sample: { data: input, shape: [1, 4, 5, 6] },
  timestep: { data: timestep, shape: [1, 8] },
  context: { data: context, shape: [77, 32] },
}

async function writeControlNet(tensors: Tensors, name = 'control.safetensors'): Promise<string> {
  const path = join(folder, name)
  await writeSafetensors(path, tensors)
  return path
}

async function writeControlFolder(tensors: Tensors, change: object = {}): Promise<string> {
  const path = join(folder, 'controlnet')
  await mkdir(path)
  await writeFile(join(path, 'config.json'), JSON.stringify({ ...(await tinyControlNetConfig()), ...change }))
  await writeSafetensors(join(path, 'diffusion_pytorch_model.safetensors'), tensors)
  return path
}

async function told(path: string): Promise<Float32Array[]> {
  const file = await readControlFile(path)
  const network = await openControlNetwork(file, { unet: await config(), latentScale: 8, size }, target)
  return network.run(picture.data, input, 0, context, {})
}

describe('a ControlNet', () => {
  it('sees the latents with its picture added behind the first convolution', async () => {
    const tensors = await tinyControlNet(1)
    const residuals = await told(await writeControlFolder(tensors))
    const state = await (await halves()).down()
    expect(residuals).toHaveLength(13)
    const seen = residuals[0].map((value, i) => value - state[0][i])
    expect(furthest(seen, hintByHand(picture, tensors).data)).toBeLessThan(1e-5)
  })

  it('copies the way down: without its picture every residual is what the U-Net hands over', async () => {
    const tensors = await tinyControlNet(0.5)
    for (const end of ['weight', 'bias']) tensors[`controlnet_cond_embedding.conv_out.${end}`].bytes!.fill(0)
    const residuals = await told(await writeControlFolder(tensors))
    const state = await (await halves()).down()
    for (const [i, residual] of residuals.entries())
      expect(
        furthest(
          residual,
          state[i].map((value) => value / 2),
        ),
      ).toBeLessThan(1e-5)
  })

  it('of the "shuffle" kind gives every place the mean', async () => {
    const path = await writeControlFolder(await tinyControlNet(0.5), { global_pool_conditions: true })
    const plain = (await told(await writeControlNet(await tinyControlNet(0.5))))[12]
    const pooled = (await told(path))[12]
    const area = pooled.length / 16
    const mean = plain.subarray(0, area).reduce((sum, value) => sum + value, 0) / area
    expect(furthest(pooled.subarray(0, area), Array<number>(area).fill(mean))).toBeLessThan(1e-5)
  })

  it('reads the names it is published under', async () => {
    const tensors = await tinyControlNet(0.5)
    const published = await asPublished(tensors)
    expect(Object.keys(published)).toHaveLength(Object.keys(tensors).length)
    const residuals = await told(await writeControlNet(published))
    const expected = await told(await writeControlFolder(tensors))
    // The single file of the references holds the way down in half precision.
    for (const [i, residual] of residuals.entries())
      expect(furthest(residual, expected[i])).toBeLessThan(0.02)
  })
})

describe('a U-Net under control', () => {
  it('adds residuals to what the way down hands over', async () => {
    const form = { residuals: true, features: 0 }
    const tensors = joinTensors(await readWeights(unetFolder))
    const graph = Graph.over(tensors.source, dialect)
    unet(graph, await config(), { ...size, control: form })
    const session = await openSession(graph.encode(), {
      device: 'cpu',
      folder: tensors.folder,
      frugal: false,
      tally: target.tallies.unet,
    })
    const split = await halves()
    const state = await split.down()
    const residuals = state.map(({ length }, i) => waves(length, i))
    const given = residuals.map((data, i): [string, Input] => [
      `residual.${i}`,
      { data, shape: split.shapes[i] },
    ])
    const { prediction } = await session.run({ ...unetInput, ...Object.fromEntries(given) })
    const expected = await split.up(
      state.map((values, i) => values.map((value, j) => value + residuals[i][j])),
    )
    expect(furthest(prediction, expected)).toBeLessThan(1e-5)
  })

  it('adds each feature at the end of its level, before the picture is halved', async () => {
    const plain = await (await halves()).down()
    const split = await halves({ residuals: false, features: 4 })
    // Behind the first convolution come two layers a level, and a halving.
    for (const [level, place] of [2, 5, 8, 11].entries()) {
      const inputs = [2, 5, 8, 11].map((at, i): [string, Input] => {
        const length = plain[at].length
        const data = i === level ? waves(length) : new Float32Array(length)
        return [`feature.${i}`, { data, shape: split.shapes[at] }]
      })
      const state = await split.down(Object.fromEntries(inputs))
      for (let i = 0; i < place; i++) expect(furthest(state[i], plain[i])).toBeLessThan(1e-6)
      const added = state[place].map((value, i) => value - plain[place][i])
      expect(furthest(added, waves(added.length))).toBeLessThan(1e-5)
      expect(furthest(state[12], plain[12])).toBeGreaterThan(0.01)
    }
  })

  it('of SDXL’s form takes the first feature behind the halving, and the last in the middle', async () => {
    const folder = join(networks, 'sdxl', 'unet')
    const tensors = joinTensors(await readWeights(folder))
    const [lower, upper] = [1, 2].map(() => Graph.over(tensors.source, dialect))
    const control = { residuals: false, features: 4 }
    const state = unetHalves(lower, upper, unetConfig(await readConfig(folder)), { ...size, control })
    const features = lower.inputs.filter(({ name }) => name.startsWith('feature')).map(({ shape }) => shape)
    expect(features).toEqual([3, 5, 8, 9].map((place) => state[`state.${place}`]))
  })
})

describe('a T2I-Adapter', () => {
  it.each([
    ['full', 8, [8, 16, 16, 16]],
    ['full', 16, [8, 16, 16, 16]],
    ['light', 8, [8, 16, 16, 16]],
  ] as const)(
    '%s, packing squares of %i, gives the features of its equations',
    async (kind, packing, channels) => {
      const square = { ...picture, height: 48, data: waves(3 * 48 * 48) }
      const tensors = tinyAdapter(kind, packing, channels)
      const steered = { unet: await config(), latentScale: 8, size: { ...size, height: 6 } }
      const network = await openControlNetwork(
        await readControlFile(await writeControlNet(tensors)),
        steered,
        target,
      )
      const features = await network.run(square.data, input, 0, null, {})
      const expected = featuresByHand(square, tensors, packing, 4)
      for (const [i, feature] of features.entries())
        expect(furthest(feature, expected[i].data)).toBeLessThan(1e-4)
    },
  )

  it('reads the names it is published under, whose layers are counted in one row', async () => {
    const tensors = tinyAdapter('full', 8, [8, 16, 16, 16])
    const published = Object.entries(tensors).map(([key, tensor]) => [
      key
        .replace(/^adapter\./, '')
        .replace(/^body\.(\d)\.in_conv/, (_, level: string) => `body.${2 * Number(level)}.in_conv`)
        .replace(
          /^body\.(\d)\.resnets\.(\d)/,
          (_, level, layer) => `body.${2 * Number(level) + Number(layer)}`,
        ),
      tensor,
    ])
    const one = await told(await writeControlNet(tensors))
    const other = await told(
      await writeControlNet(Object.fromEntries(published) as Tensors, 'published.safetensors'),
    )
    expect(other).toEqual(one)
  })
})

describe('what does not fit', () => {
  const refused = (path: string) => expect(told(path)).rejects

  it('says whose family it is not, and by which number', async () => {
    const wide = tinyAdapter('full', 8, [16, 32, 32, 32])
    await refused(await writeControlNet(wide)).toMatchObject({
      code: 'unsupported-model',
      message: expect.stringContaining('channels should be [8,16,16,16]') as string,
    })
  })

  it.each([
    ['task_embedding', 'ControlNet Union'],
    ['lora_controlnet', 'Control-LoRA'],
    ['difference', 'difference'],
  ])('names what has the key %s', async (key, name) => {
    const tensors = { ...(await tinyControlNet(1)), [key]: { dtype: 'F32', shape: [1] } }
    await refused(await writeControlNet(tensors)).toMatchObject({
      code: 'unsupported-model',
      message: expect.stringContaining(name) as string,
    })
  })

  it('names a file of another kind, and one that is not there', async () => {
    await refused(join(networks, 'sd15_single_file.fp16.safetensors')).toMatchObject({
      code: 'not-a-checkpoint',
    })
    await refused(join(folder, 'nothing.safetensors')).toMatchObject({ code: 'not-found' })
  })

  it('says which tensor is missing', async () => {
    const tensors = await tinyControlNet(1)
    delete tensors['controlnet_down_blocks.7.weight']
    await refused(await writeControlFolder(tensors)).toMatchObject({
      code: 'missing-weight',
      message: expect.stringContaining('controlnet_down_blocks.7.weight') as string,
    })
  })
})
