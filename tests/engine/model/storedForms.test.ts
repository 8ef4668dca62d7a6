import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Graph } from '../../../src/engine/graph/writing/graph.ts'
import { float8Values } from '../../../src/engine/graph/weights/weight.ts'
import { examineModel } from '../../../src/engine/model/doctor.ts'
import { describeModel, openModel } from '../../../src/engine/model/openModel.ts'
import { readSafetensors } from '../../../src/engine/model/files/safetensors.ts'
import { openSession } from '../../../src/engine/model/runtime/session.ts'
import { splitCheckpoint } from '../../../src/engine/model/sources/singleFile.ts'
import { newTallies } from '../../../src/engine/model/runtime/tallies.ts'
import { writeSafetensors, type TestTensor } from './safetensorsFile.ts'

/** One checkpoint, the tiny one of the references, stored in all the ways that other programs write. */

const networks = fileURLToPath(new URL('../../golden/F_networks', import.meta.url))
const unetPrefix = 'model.diffusion_model.'
const vaePrefix = 'first_stage_model.'
const textPrefix = 'cond_stage_model.transformer.'
const tokenTable = `${textPrefix}text_model.embeddings.token_embedding.weight`

type Tensors = Record<string, TestTensor>

let checkpoint: Tensors
let configs: string
let folder: string
beforeAll(async () => {
  checkpoint = await tensorsOf('sd15_single_file.fp16.safetensors')
  const parts = ['unet', 'vae', 'text_encoder'].map(async (part) => [
    part,
    JSON.parse(await readFile(join(networks, 'sd15', part, 'config.json'), 'utf8')) as unknown,
  ])
  configs = JSON.stringify({ configs: Object.fromEntries((await Promise.all(parts)) as [string, unknown][]) })
})
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'forms-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function tensorsOf(name: string): Promise<Tensors> {
  const { tensors, path } = await readSafetensors(join(networks, name))
  const bytes = await readFile(path)
  return Object.fromEntries(
    [...tensors].map(([key, { dtype, shape, offset, length }]) => [
      key,
      { dtype, shape: [...shape], bytes: Uint8Array.from(bytes.subarray(offset, offset + length)) },
    ]),
  )
}

async function written(name: string, tensors: Tensors): Promise<string> {
  const path = join(folder, `${name}.safetensors`)
  await writeSafetensors(path, tensors)
  await writeFile(join(folder, `${name}.studio.json`), configs)
  return path
}

const wave = (length: number): Float32Array => Float32Array.from({ length }, (_, i) => Math.sin(i * 1.3))

/** One step through every network. */
async function throughAll(path: string): Promise<number[]> {
  const model = await openModel(path, 'cpu')
  const { hidden } = await model.encodeText(0, [498, 320, 17, ...Array<number>(74).fill(499)], 1)
  const unet = await model.openUnet({ height: 8, width: 8, contextTokens: 77 })
  const prediction = await unet.run(wave(256), 981, hidden)
  const rgb = await model.decode({ data: wave(64), channels: 4, height: 4, width: 4 })
  const { mean } = await model.encode(rgb, 32, 32)
  await model.release()
  return [...hidden, ...prediction, ...rgb, ...mean.data]
}

const largest = (one: readonly number[], other: readonly number[]): number =>
  one.reduce((most, value, i) => Math.max(most, Math.abs(value - other[i])), 0)

const numbersOf = ({ bytes }: TestTensor): number[] => [...new Float16Array(bytes!.slice().buffer)]

const inFloat32 = (shape: number[], values: readonly number[]): TestTensor => ({
  dtype: 'F32',
  shape,
  bytes: new Uint8Array(Float32Array.from(values).buffer),
})

const isMatrix = (key: string, { shape }: TestTensor): boolean => key.endsWith('weight') && shape.length > 1

interface Scaling {
  dtype: 'F8_E4M3' | 'F8_E5M2'
  perRow: boolean
  factorKey: (weightKey: string) => string
  /** Of the factors themselves. */
  factorShape: (rows: number) => number[]
}

/** The matrices below a prefix in 8 bits with their factors; and the same checkpoint with the products in F32. */
function scaled(prefix: string, { dtype, perRow, factorKey, factorShape }: Scaling): [Tensors, Tensors] {
  const values = float8Values(dtype === 'F8_E4M3' ? 'float8e4m3' : 'float8e5m2')
  const most = dtype === 'F8_E4M3' ? 448 : 57344
  const sorted = values.map((value, byte) => ({ value, byte })).filter(({ value }) => Number.isFinite(value))
  sorted.sort((one, other) => one.value - other.value)
  const nearest = (wanted: number): number => {
    const above = sorted.findIndex(({ value }) => value >= wanted)
    const [low, high] = [sorted[Math.max(0, above - 1)], sorted[above === -1 ? sorted.length - 1 : above]]
    return (wanted - low.value < high.value - wanted ? low : high).byte
  }
  const stored: Tensors = { [`${prefix}scaled_fp8`]: { dtype, shape: [0] } }
  const plain: Tensors = {}
  for (const [key, tensor] of Object.entries(checkpoint)) {
    stored[key] = plain[key] = tensor
    if (!key.startsWith(prefix) || !isMatrix(key, tensor)) continue
    const numbers = numbersOf(tensor)
    const rows = perRow ? tensor.shape[0] : 1
    const width = numbers.length / rows
    const factors = Float32Array.from({ length: rows }, (_, row) => {
      const size = Math.max(...numbers.slice(row * width, (row + 1) * width).map(Math.abs), 1e-6)
      return size / most
    })
    const bytes = Uint8Array.from(numbers, (value, i) => nearest(value / factors[Math.floor(i / width)]))
    stored[key] = { dtype, shape: tensor.shape, bytes }
    stored[factorKey(key)] = inFloat32(factorShape(rows), [...factors])
    stored[factorKey(key).replace(/(scale_)weight$|weight(_scale)$/, '$1input$2')] = inFloat32([1], [0.5])
    plain[key] = inFloat32(
      tensor.shape,
      [...bytes].map((byte, i) => Math.fround(values[byte] * factors[Math.floor(i / width)])),
    )
  }
  return [stored, plain]
}

const comfy = (key: string): string => key.replace(/weight$/, 'scale_weight')
const newer = (key: string): string => key.replace(/weight$/, 'weight_scale')

describe('scaled 8-bit weights', () => {
  const forms: [string, string, Scaling][] = [
    ['the U-Net', unetPrefix, { dtype: 'F8_E4M3', perRow: false, factorKey: comfy, factorShape: () => [1] }],
    ['the U-Net', unetPrefix, { dtype: 'F8_E5M2', perRow: false, factorKey: newer, factorShape: () => [] }],
    [
      'the U-Net',
      unetPrefix,
      { dtype: 'F8_E4M3', perRow: true, factorKey: newer, factorShape: (rows) => [rows, 1] },
    ],
    [
      'the text encoder',
      textPrefix,
      { dtype: 'F8_E4M3', perRow: false, factorKey: comfy, factorShape: () => [1] },
    ],
    [
      'the text encoder',
      textPrefix,
      { dtype: 'F8_E5M2', perRow: true, factorKey: newer, factorShape: (rows) => [rows] },
    ],
    ['the VAE', vaePrefix, { dtype: 'F8_E4M3', perRow: false, factorKey: newer, factorShape: () => [] }],
    [
      'the VAE',
      vaePrefix,
      { dtype: 'F8_E4M3', perRow: true, factorKey: comfy, factorShape: (rows) => [rows, 1, 1, 1] },
    ],
  ]
  it.each(forms)('of %s (%s) are multiplied with their factors: %j', async (_, prefix, scaling) => {
    const [stored, plain] = scaled(prefix, scaling)
    const found = await throughAll(await written('scaled', stored))
    expect(found.every(Number.isFinite)).toBe(true)
    expect(largest(found, await throughAll(await written('plain', plain)))).toBeLessThan(1e-5)
  })

  it('draw nearly what the checkpoint in half precision draws', async () => {
    const [stored] = scaled(unetPrefix, {
      dtype: 'F8_E4M3',
      perRow: true,
      factorKey: newer,
      factorShape: (rows) => [rows, 1],
    })
    const original = await throughAll(await written('plain', checkpoint))
    const found = await throughAll(await written('scaled', stored))
    const difference = Math.hypot(...found.map((value, i) => value - original[i])) / Math.hypot(...original)
    expect(difference).toBeGreaterThan(0)
    // Three binary digits a weight: some percent.
    expect(difference).toBeLessThan(0.05)
  })

  it('with factors in blocks are refused by name', async () => {
    const key = `${unetPrefix}time_embed.0.weight`
    const { shape } = checkpoint[key]
    const path = await written('blocks', {
      ...checkpoint,
      [key]: { dtype: 'F8_E4M3', shape },
      [newer(key)]: inFloat32([shape[0], 2], Array<number>(2 * shape[0]).fill(1)),
    })
    await expect(describeModel(path)).rejects.toMatchObject({
      code: 'unsupported-model',
      message: expect.stringContaining(key) as string,
    })
  })

  it.each([
    ['X.weight_scale_inv', `${unetPrefix}time_embed.0.weight`, 'weight_scale_inv'],
    ['X.weight.scale', `${vaePrefix}decoder.conv_in.weight`, 'weight.scale'],
    ['X.scale', `${textPrefix}text_model.encoder.layers.0.mlp.fc1.weight`, 'scale'],
    ['X.weight_scale_2 beside X.weight_scale', `${unetPrefix}out.2.weight`, 'weight_scale_2'],
    ['X.scaling_factor', `${unetPrefix}time_embed.2.weight`, 'scaling_factor'],
  ])('with factors called %s are refused by name, looked at and opened', async (_, key, spelling) => {
    const factor = key.replace(/weight$/, spelling)
    const { shape } = checkpoint[key]
    const path = await written('spelling', {
      ...checkpoint,
      [key]: { dtype: 'F8_E4M3', shape },
      ...(spelling === 'weight_scale_2' && { [newer(key)]: inFloat32([1], [2]) }),
      [factor]: inFloat32([1], [2]),
    })
    const refusal = { code: 'unsupported-model', message: expect.stringContaining(factor) as string }
    await expect(describeModel(path)).rejects.toMatchObject(refusal)
    await expect(openModel(path, 'cpu')).rejects.toMatchObject(refusal)
    expect((await examineModel(path, { hash: false })).problems).toMatchObject([refusal])
  })

  it('may stand beside scales that are no factors of theirs', async () => {
    const eight = Object.entries(checkpoint).map(([key, { shape }]): [string, TestTensor] => [
      key,
      { dtype: 'F8_E4M3', shape },
    ])
    const path = await written('eight', {
      ...Object.fromEntries(eight),
      scale_factor: inFloat32([], [0.18215]),
      [`${textPrefix}logit_scale`]: inFloat32([], [4.6]),
      [`${unetPrefix}time_embed.0.input_scale`]: inFloat32([], [1]),
    })
    expect((await describeModel(path)).family).toBe('sd1')
  })

  it('of fused queries, keys and values keep the factor of each row', async () => {
    const openClip = await tensorsOf('sd2_single_file_no_vae.fp16.safetensors')
    const key = Object.keys(openClip).find((name) => name.endsWith('resblocks.0.attn.in_proj_weight'))!
    const [rows, width] = openClip[key].shape
    const factors = Array.from({ length: rows }, (_, row) => (row + 1) / rows)
    const ones = Uint8Array.from({ length: rows * width }, () => 0x38)
    const path = await written('openclip', {
      ...openClip,
      [key]: { dtype: 'F8_E4M3', shape: [rows, width], bytes: ones },
      [`${key}_scale`]: inFloat32([rows, 1], factors),
    })
    const { parts } = splitCheckpoint(await readSafetensors(path), true)
    const { source, folder: place } = parts.text_encoder
    const graph = Graph.over(source, { attention: 'fused', precision: 'float32' })
    graph.input('unused', [1])
    for (const name of ['q_proj', 'k_proj', 'v_proj'])
      graph.output(
        name,
        graph.weight(`text_model.encoder.layers.0.self_attn.${name}.weight`, [rows / 3, width]),
      )
    const options = { device: 'cpu', folder: place, frugal: false, tally: newTallies().unet } as const
    const session = await openSession(graph.encode(), options)
    const found = await session.run({ unused: { data: Float32Array.of(0), shape: [1] } })
    const joined = ['q_proj', 'k_proj', 'v_proj'].flatMap((name) => [...found[name]])
    expect(joined).toEqual(factors.flatMap((factor) => Array<number>(width).fill(Math.fround(factor))))
    await session.release()
  })
})

describe('8-bit floats without factors', () => {
  it.each(['F8_E4M3', 'F8_E5M2'] as const)('%s works for token embeddings', async (dtype) => {
    const { shape } = checkpoint[tokenTable]
    const values = float8Values(dtype === 'F8_E4M3' ? 'float8e4m3' : 'float8e5m2')
    // Every byte that stands for a small number, of either sign.
    const usable = values.flatMap((value, byte) => (Math.abs(value) <= 2 ? [byte] : []))
    const bytes = Uint8Array.from({ length: shape[0] * shape[1] }, (_, i) => usable[(i * 7) % usable.length])
    const floats = inFloat32(
      shape,
      [...bytes].map((byte) => values[byte]),
    )
    const found = await throughAll(
      await written('eight', { ...checkpoint, [tokenTable]: { dtype, shape, bytes } }),
    )
    const expected = await throughAll(await written('plain', { ...checkpoint, [tokenTable]: floats }))
    expect(largest(found, expected)).toBeLessThan(1e-6)
  })
})

describe('other types of numbers', () => {
  it('in double precision are read', async () => {
    const key = `${unetPrefix}out.2.bias`
    const doubles = {
      dtype: 'F64',
      shape: [4],
      bytes: new Uint8Array(Float64Array.from(numbersOf(checkpoint[key])).buffer),
    }
    const table = {
      dtype: 'F64',
      shape: checkpoint[tokenTable].shape,
      bytes: new Uint8Array(Float64Array.from(numbersOf(checkpoint[tokenTable])).buffer),
    }
    const path = await written('double', { ...checkpoint, [key]: doubles, [tokenTable]: table })
    expect(await throughAll(path)).toEqual(await throughAll(await written('plain', checkpoint)))
  })

  it.each(['I8', 'U8'])(
    '%s are refused when the file is looked at, with the tensor and its type',
    async (dtype) => {
      const whole = Object.fromEntries(
        Object.entries(checkpoint).map(([key, { shape }]): [string, TestTensor] => [key, { dtype, shape }]),
      )
      const one = `${vaePrefix}decoder.conv_in.weight`
      for (const [tensors, name] of [
        [whole, `${unetPrefix}`],
        [{ ...checkpoint, [one]: { dtype, shape: checkpoint[one].shape } }, one],
      ] as const)
        await expect(describeModel(await written('whole', tensors))).rejects.toMatchObject({
          code: 'unsupported-model',
          message: expect.stringMatching(
            new RegExp(`${name.replaceAll('.', '\\.')}.*stored as ${dtype}.*fp16`),
          ) as string,
        })
    },
  )

  it('of counters and position ids are left alone', async () => {
    const ids = { dtype: 'I64', shape: [1, 77] }
    const path = await written('ids', {
      ...checkpoint,
      [`${textPrefix}text_model.embeddings.position_ids`]: ids,
    })
    expect((await describeModel(path)).family).toBe('sd1')
  })
})

describe('names with something wrapped around them', () => {
  const wrappers: [string, (key: string) => string][] = [
    ['module.', (key) => `module.${key}`],
    ['state_dict.', (key) => `state_dict.${key}`],
    ['model.model. of the U-Net alone', (key) => (key.startsWith(unetPrefix) ? `model.${key}` : key)],
    ['state_dict.module.', (key) => `state_dict.module.${key}`],
    ['_orig_mod. inside', (key) => key.replace(unetPrefix, `${unetPrefix}_orig_mod.`)],
    ['model.module.', (key) => key.replace(unetPrefix, 'model.module.diffusion_model.')],
    ['model.model.model.', (key) => key.replace(unetPrefix, 'model.model.model.diffusion_model.')],
    ['model._orig_mod.module.', (key) => key.replace(unetPrefix, 'model._orig_mod.module.diffusion_model.')],
    ['diffusion_model.model.', (key) => key.replace(unetPrefix, `${unetPrefix}model.`)],
    ['a module in each network', (key) => key.replace(/^(\w+\.\w+)\./, '$1.module.')],
    ['anything else', (key) => `trainer.generator.${key}`],
  ]
  it.each(wrappers)('%s are read as without', async (_, wrap) => {
    const wrapped = Object.fromEntries(Object.entries(checkpoint).map(([key, tensor]) => [wrap(key), tensor]))
    expect(await throughAll(await written('wrapped', wrapped))).toEqual(
      await throughAll(await written('plain', checkpoint)),
    )
  })

  const undotted = (key: string) => `model_ema.${key.replace(/^model\./, '').replaceAll('.', '')}`

  it.each([
    ['as they are', (key: string) => `model_ema.${key}`],
    ['without dots', undotted],
  ])('leave averaged copies (EMA) with names %s beside the weights alone', async (_, copyName) => {
    const zeros = Object.fromEntries(
      Object.entries(checkpoint).map(([key, { dtype, shape }]): [string, TestTensor] => [
        copyName(key),
        { dtype, shape },
      ]),
    )
    expect(await throughAll(await written('ema', { ...zeros, ...checkpoint }))).toEqual(
      await throughAll(await written('plain', checkpoint)),
    )
  })

  it.each([
    ['model_ema. without dots', undotted],
    ['model_ema. with dots', (key: string) => key.replace(/^model\./, 'model_ema.')],
    ['model_ema.model.', (key: string) => `model_ema.${key}`],
  ])('are read where the U-Net is only there as averaged (EMA): %s', async (_, name) => {
    const averaged = Object.entries(checkpoint).map(([key, tensor]): [string, TestTensor] => [
      key.startsWith(unetPrefix) ? name(key) : key,
      tensor,
    ])
    const counters = { 'model_ema.decay': { dtype: 'F32', shape: [] } }
    const path = await written('averaged', { ...Object.fromEntries(averaged), ...counters })
    expect(await throughAll(path)).toEqual(await throughAll(await written('plain', checkpoint)))
  })
})

describe('a tensor that is missing', () => {
  const missing: [key: string, open: 'unet' | 'text' | 'vae'][] = [
    [`${unetPrefix}input_blocks.1.0.in_layers.2.weight`, 'unet'],
    [`${unetPrefix}output_blocks.4.1.transformer_blocks.0.attn2.to_k.weight`, 'unet'],
    [`${unetPrefix}time_embed.2.bias`, 'unet'],
    [`${unetPrefix}out.0.weight`, 'unet'],
    [`${textPrefix}text_model.encoder.layers.1.mlp.fc1.bias`, 'text'],
    [`${vaePrefix}decoder.up.1.block.0.conv1.bias`, 'vae'],
    [`${vaePrefix}decoder.mid.attn_1.q.weight`, 'vae'],
  ]
  it.each(missing)('%s is named as in the file, with the file and what to do', async (key, part) => {
    const { [key]: _left, ...rest } = checkpoint
    const path = await written('incomplete', rest)
    const model = await openModel(path, 'cpu')
    const open = {
      unet: () => model.openUnet({ height: 8, width: 8, contextTokens: 77 }),
      text: () => model.encodeText(0, Array<number>(77).fill(1), 1),
      vae: () => model.decode({ data: wave(64), channels: 4, height: 4, width: 4 }),
    }
    const error = await open[part]().then(
      () => null,
      (reason: { code: string; message: string }) => reason,
    )
    expect(error?.code).toBe('missing-weight')
    for (const words of [`"${key}"`, path, 'Download it again']) expect(error?.message).toContain(words)
  })

  it('is named with what is wrapped around it', async () => {
    const key = `${unetPrefix}middle_block.0.out_layers.3.bias`
    const { [key]: _left, ...rest } = checkpoint
    const wrapped = Object.fromEntries(
      Object.entries(rest).map(([name, tensor]) => [`module.${name}`, tensor]),
    )
    const model = await openModel(await written('wrapped', wrapped), 'cpu')
    await expect(model.openUnet({ height: 8, width: 8, contextTokens: 77 })).rejects.toThrow(
      `"module.${key}"`,
    )
  })
})

describe('what is no regular file', () => {
  it.skipIf(process.platform === 'win32')('is refused at once', async () => {
    const pipe = join(folder, 'pipe.safetensors')
    execFileSync('mkfifo', [pipe])
    for (const path of [pipe, '/dev/zero'])
      await expect(describeModel(path)).rejects.toMatchObject({ code: 'bad-checkpoint' })
  })
})
