import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Graph } from '../../../src/engine/graph/writing/graph.ts'
import { linear } from '../../../src/engine/graph/layers/layers.ts'
import { liveModel } from '../../../src/engine/model/liveModel.ts'
import { openModel, readModel } from '../../../src/engine/model/openModel.ts'
import { readSafetensors } from '../../../src/engine/model/files/safetensors.ts'
import { openSession, type Session } from '../../../src/engine/model/runtime/session.ts'
import { newTallies } from '../../../src/engine/model/runtime/tallies.ts'
import { joinTensors } from '../../../src/engine/model/files/weights.ts'
import { safetensorsBytes, writeSafetensors, type TestTensor } from './safetensorsFile.ts'

const golden = fileURLToPath(new URL('../../golden', import.meta.url))
const starter = fileURLToPath(new URL('../../../resources/models/starter', import.meta.url))

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'storage-'))
})
afterEach(() => rm(folder, { recursive: true }))

/** [1, -2, 0.5, 4] in every type that weights are stored in. */
const stored: Record<string, Uint8Array> = {
  F32: new Uint8Array(Float32Array.of(1, -2, 0.5, 4).buffer),
  F16: new Uint8Array(Float16Array.of(1, -2, 0.5, 4).buffer),
  BF16: new Uint8Array(Uint16Array.of(0x3f80, 0xc000, 0x3f00, 0x4080).buffer),
  F8_E4M3: Uint8Array.of(0x38, 0xc0, 0x30, 0x48),
  F8_E5M2: Uint8Array.of(0x3c, 0xc0, 0x38, 0x44),
}

/** Reads a file of one weight, and opens the product with it when it is asked to. */
async function productOver(path: string): Promise<() => Promise<Session>> {
  const { source, folder: place } = joinTensors([await readSafetensors(path)])
  const graph = Graph.over(source, { attention: 'fused', precision: 'float32' })
  graph.output('y', linear(graph, graph.input('x', [1, 2]), 2, { bias: false }))
  const tally = newTallies().unet
  return () => openSession(graph.encode(), { device: 'cpu', folder: place, frugal: false, tally })
}

describe('weights in place', () => {
  it.each(Object.keys(stored))('are computed with in float32 when they are stored as %s', async (dtype) => {
    const path = join(folder, 'weights.safetensors')
    await writeSafetensors(path, {
      odd: { dtype: 'U8', shape: [3] },
      weight: { dtype, shape: [2, 2], bytes: stored[dtype] },
    })
    const session = await (await productOver(path))()
    const { y } = await session.run({ x: { data: Float32Array.of(1, 10), shape: [1, 2] } })
    expect([...y]).toEqual([-19, 40.5])
    await session.release()
  })

  it('that were deleted meanwhile are said to be gone', async () => {
    const path = join(folder, 'weights.safetensors')
    await writeSafetensors(path, { weight: { dtype: 'F32', shape: [2, 2], bytes: stored.F32 } })
    const open = await productOver(path)
    await rm(path)
    await expect(open()).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining(path) as string,
    })
  })
})

const wave = (length: number): Float32Array =>
  Float32Array.from({ length }, (_, index) => Math.sin(index * 1.3))

/** One step through every network of a model. */
async function throughAll(path: string): Promise<Float32Array[]> {
  const model = await openModel(path, 'cpu')
  const ids = [498, 320, 17, ...Array<number>(74).fill(499)]
  const { hidden } = await model.encodeText(0, ids, 1)
  const unet = await model.openUnet({ height: 8, width: 8, contextTokens: 77 })
  const prediction = await unet.run(wave(256), 981, hidden)
  const rgb = await model.decode({ data: wave(64), channels: 4, height: 4, width: 4 })
  const { mean } = await model.encode(rgb, 32, 32)
  await model.release()
  return [hidden, prediction, rgb, mean.data]
}

describe('a graph in half precision', () => {
  it('keeps its inputs and outputs in float32 and stays within 1 % of the full one', async () => {
    const stored = await readModel(starter)
    const predict = async (precision: 'float32' | 'float16'): Promise<Float32Array> => {
      const target = {
        device: 'cpu',
        dialect: { attention: 'fused', precision },
        tallies: newTallies(),
      } as const
      const model = liveModel(stored, target)
      expect(model.dtype).toBe(precision)
      const prediction = await (
        await model.openUnet({ height: 8, width: 8, contextTokens: 77 })
      ).run(wave(256), 500, wave(77 * model.textEncoders[0].width))
      await model.release()
      return prediction
    }
    const [full, half] = [await predict('float32'), await predict('float16')]
    const size = (numbers: Float32Array): number => Math.hypot(...numbers)
    const difference = size(half.map((value, index) => value - full[index]))
    expect(difference).toBeGreaterThan(0)
    expect(difference).toBeLessThan(0.01 * size(full))
  })
})

describe('the same weights in other layouts', () => {
  it('give identical numbers as a diffusers folder and as a single file', async () => {
    const part = (name: string): Promise<void> =>
      cp(join(golden, 'F_networks/sd15', name), join(folder, 'model', name), { recursive: true })
    await Promise.all(['unet', 'vae', 'text_encoder'].map(part))
    await cp(join(starter, 'tokenizer'), join(folder, 'model', 'tokenizer'), { recursive: true })
    const entry = ['library', 'Class']
    const index = { unet: entry, vae: entry, text_encoder: entry, tokenizer: entry }
    await writeFile(join(folder, 'model', 'model_index.json'), JSON.stringify(index))

    await cp(join(golden, 'F_networks/sd15_single_file.fp16.safetensors'), join(folder, 'single.safetensors'))
    const config = async (name: string): Promise<unknown> =>
      JSON.parse(await readFile(join(folder, 'model', name, 'config.json'), 'utf8'))
    const configs = {
      unet: await config('unet'),
      vae: await config('vae'),
      text_encoder: await config('text_encoder'),
    }
    await writeFile(join(folder, 'single.studio.json'), JSON.stringify({ configs }))

    expect(await throughAll(join(folder, 'single.safetensors'))).toEqual(
      await throughAll(join(folder, 'model')),
    )
  })

  it('open with the text encoder as transformers 5 names its keys', async () => {
    const model = join(folder, 'model')
    await cp(starter, model, { recursive: true })
    const path = join(model, 'text_encoder', 'model.safetensors')
    const bytes = await readFile(path)
    const header = 8 + Number(bytes.readBigUInt64LE())
    const names = bytes.toString('utf8', 8, header)
    const shorter = names.replaceAll('"text_model.', '"')
    expect(shorter).not.toBe(names)
    // A header may end in blanks.
    bytes.write(shorter.padEnd(names.length), 8)
    await writeFile(path, bytes)
    const encode = async (path: string): Promise<Float32Array> => {
      const opened = await openModel(path, 'cpu')
      const { hidden } = await opened.encodeText(0, [5, 6, 7, ...new Array<number>(74).fill(8)], 1)
      await opened.release()
      return hidden
    }
    expect(await encode(model)).toEqual(await encode(starter))
  })

  it('open in shards and in the half-precision variant', async () => {
    await cp(starter, join(folder, 'model'), { recursive: true })
    const unet = join(folder, 'model', 'unet')
    const whole = await readSafetensors(join(unet, 'diffusion_pytorch_model.safetensors'))
    const bytes = await readFile(whole.path)
    const shards: Record<string, TestTensor>[] = [{}, {}]
    const names = ['-00001-of-00002', '-00002-of-00002'].map(
      (n) => `diffusion_pytorch_model.fp16${n}.safetensors`,
    )
    const map: Record<string, string> = {}
    ;[...whole.tensors].forEach(([key, { dtype, shape, offset, length }], index) => {
      shards[index % 2][key] = { dtype, shape: [...shape], bytes: bytes.subarray(offset, offset + length) }
      map[key] = names[index % 2]!
    })
    await rm(whole.path)
    await Promise.all(
      names.map((name, index) => writeFile(join(unet, name), safetensorsBytes(shards[index]))),
    )
    const index = join(unet, 'diffusion_pytorch_model.safetensors.index.fp16.json')
    await writeFile(index, JSON.stringify({ metadata: {}, weight_map: map }))

    const run = async (path: string): Promise<Float32Array> => {
      const model = await openModel(path, 'cpu')
      const prediction = await (
        await model.openUnet({ height: 8, width: 8, contextTokens: 77 })
      ).run(wave(256), 500, wave(77 * model.textEncoders[0].width))
      await model.release()
      return prediction
    }
    expect(await run(join(folder, 'model'))).toEqual(await run(starter))
    await writeFile(index, JSON.stringify({ weight_map: { a: '../../escape.safetensors' } }))
    await expect(openModel(join(folder, 'model'), 'cpu')).rejects.toMatchObject({ code: 'bad-checkpoint' })
  })
})

describe('a pixel-space DDPM', () => {
  const config = {
    _class_name: 'UNet2DModel',
    act_fn: 'silu',
    attention_head_dim: null,
    block_out_channels: [8, 16],
    down_block_types: ['DownBlock2D', 'AttnDownBlock2D'],
    up_block_types: ['AttnUpBlock2D', 'UpBlock2D'],
    downsample_padding: 0,
    flip_sin_to_cos: false,
    freq_shift: 1,
    in_channels: 3,
    out_channels: 3,
    layers_per_block: 1,
    norm_eps: 1e-6,
    norm_num_groups: 4,
    sample_size: 64,
  }

  it('opens from the root of its folder with the old names of its attention, and needs no text or VAE', async () => {
    await writeFile(join(folder, 'config.json'), JSON.stringify(config))
    await writeFile(
      join(folder, 'model_index.json'),
      JSON.stringify({ _class_name: 'DDPMPipeline', unet: ['diffusers', 'UNet2DModel'] }),
    )
    await writeFile(join(folder, 'scheduler_config.json'), JSON.stringify({ beta_schedule: 'linear' }))
    await writeSafetensors(join(folder, 'diffusion_pytorch_model.safetensors'), ddpmTensors())
    const model = await openModel(folder, 'cpu')
    expect(model).toMatchObject({
      family: { name: 'ddpm' },
      latentScale: 1,
      latentChannels: 3,
      textEncoders: [],
    })
    expect(model.info).toMatchObject({ family: 'ddpm', hasTextEncoder: false, defaultWidth: 64, minSize: 32 })
    expect(model.noiseSchedule).toMatchObject({ betaSchedule: 'linear', betaStart: 0.0001, betaEnd: 0.02 })
    const unet = await model.openUnet({ height: 16, width: 8, contextTokens: 0 })
    const early = await unet.run(wave(3 * 16 * 8), 999, null)
    expect(early.length).toBe(3 * 16 * 8)
    expect(early.every(Number.isFinite)).toBe(true)
    expect(await unet.run(wave(3 * 16 * 8), 1, null)).not.toEqual(early)
    const picture = { data: wave(3 * 16 * 8), channels: 3, height: 16, width: 8 }
    expect(await model.decode(picture)).toEqual(picture.data)
    expect((await model.encode(picture.data, 16, 8)).mean).toEqual(picture)
    await model.release()
  })
})

/** Random weights of the small DDPM above. */
function ddpmTensors(): Record<string, TestTensor> {
  const tensors: Record<string, TestTensor> = {}
  let salt = 0
  const add = (key: string, ...shape: number[]): void => {
    const length = shape.reduce((product, size) => product * size, 1)
    const values = Float32Array.from({ length }, (_, index) => Math.sin(index * 12.9 + ++salt) * 0.2)
    tensors[key] = { dtype: 'F32', shape, bytes: new Uint8Array(values.buffer) }
  }
  const pair = (key: string, ...shape: number[]): void => {
    add(`${key}.weight`, ...shape)
    add(`${key}.bias`, shape[0])
  }
  const residual = (key: string, from: number, to: number): void => {
    pair(`${key}.norm1`, from)
    pair(`${key}.conv1`, to, from, 3, 3)
    pair(`${key}.time_emb_proj`, to, 32)
    pair(`${key}.norm2`, to)
    pair(`${key}.conv2`, to, to, 3, 3)
    if (from !== to) pair(`${key}.conv_shortcut`, to, from, 1, 1)
  }
  const attention = (key: string): void => {
    pair(`${key}.group_norm`, 16)
    for (const name of ['query', 'key', 'value', 'proj_attn']) pair(`${key}.${name}`, 16, 16)
  }
  pair('conv_in', 8, 3, 3, 3)
  pair('time_embedding.linear_1', 32, 8)
  pair('time_embedding.linear_2', 32, 32)
  residual('down_blocks.0.resnets.0', 8, 8)
  pair('down_blocks.0.downsamplers.0.conv', 8, 8, 3, 3)
  residual('down_blocks.1.resnets.0', 8, 16)
  attention('down_blocks.1.attentions.0')
  residual('mid_block.resnets.0', 16, 16)
  attention('mid_block.attentions.0')
  residual('mid_block.resnets.1', 16, 16)
  residual('up_blocks.0.resnets.0', 32, 16)
  attention('up_blocks.0.attentions.0')
  residual('up_blocks.0.resnets.1', 24, 16)
  attention('up_blocks.0.attentions.1')
  pair('up_blocks.0.upsamplers.0.conv', 16, 16, 3, 3)
  residual('up_blocks.1.resnets.0', 24, 8)
  residual('up_blocks.1.resnets.1', 16, 8)
  pair('conv_norm_out', 8)
  pair('conv_out', 3, 8, 3, 3)
  return tensors
}
