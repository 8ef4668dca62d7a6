import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Model } from '../../../src/engine/model/model.ts'
import { openModel } from '../../../src/engine/model/openModel.ts'
import { painted, paintedBy } from '../model/paintedBy.ts'
import { tensorsIn, writeSafetensors, type TestTensor } from '../model/safetensorsFile.ts'
import { float32, waves } from './adapterFiles.ts'
import { inEnglish } from '../../../src/shared/notices.ts'

/** LoRAs over the tiny Z-Image and FLUX.2-klein: their predictions are those of networks with the changes in their weights. */

const golden = join(import.meta.dirname, '../../golden/dit')
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'transformers-'))
})
afterEach(() => rm(folder, { recursive: true }))

type Matrix = { rows: number; columns: number; values: Float32Array }
const matrix = (rows: number, columns: number, seed: number): Matrix => ({
  ...{ rows, columns },
  values: waves(rows * columns, seed),
})
const tensor = ({ rows, columns, values }: Matrix): TestTensor => float32([rows, columns], values)

/** scale · a · b */
function product(a: Matrix, b: Matrix, scale = 1): Matrix {
  const values = new Float32Array(a.rows * b.columns)
  for (let i = 0; i < a.rows; i++)
    for (let j = 0; j < b.columns; j++) {
      let sum = 0
      for (let k = 0; k < b.rows; k++) sum += a.values[i * a.columns + k] * b.values[k * b.columns + j]
      values[i * b.columns + j] = scale * sum
    }
  return { rows: a.rows, columns: b.columns, values }
}

const someRows = ({ columns, values }: Matrix, from: number, to: number): Matrix => ({
  ...{ rows: to - from, columns },
  values: values.slice(from * columns, to * columns),
})

const numbers = ({ bytes }: TestTensor): Float32Array => new Float32Array(Uint8Array.from(bytes!).buffer)

/** The folder of a family with changes, W + D, in some of its weights. */
async function merged(
  family: string,
  part: 'transformer' | 'text_encoder',
  changes: Record<string, Matrix>,
): Promise<string> {
  const copy = join(folder, `${family} merged`)
  await cp(join(golden, family), copy, { recursive: true })
  const name = part === 'transformer' ? 'diffusion_pytorch_model' : 'model'
  const path = join(copy, part, `${name}.safetensors`)
  const tensors = await tensorsIn(path)
  for (const [layer, { values }] of Object.entries(changes)) {
    const key = `${layer}.weight`
    tensors[key] = float32(
      tensors[key].shape,
      numbers(tensors[key]).map((weight, i) => weight + values[i]),
    )
  }
  await writeSafetensors(path, tensors)
  return copy
}

async function written(name: string, tensors: Record<string, TestTensor>): Promise<string> {
  const path = join(folder, `${name}.safetensors`)
  await writeSafetensors(path, tensors)
  return path
}

const warnings: string[] = []
const wearing = (model: Model, path: string | null, strength = 1): Promise<Model> => {
  warnings.length = 0
  const adapter = { name: 'style', path: path!, unet: strength, text: strength, blocks: null }
  const adapters = path === null ? [] : [adapter]
  return model.wearing({ adapters, embeddings: [], vaePath: null }, (...says) =>
    warnings.push(inEnglish(says)),
  )
}

const textWidth = { zimage: 32, flux2klein: 48 }
type Family = keyof typeof textWidth

async function predicted(model: Model, family: Family): Promise<Float32Array> {
  const isZImage = family === 'zimage'
  const side = isZImage ? 8 : 4
  const unet = await model.openUnet({ height: side, width: side, contextTokens: 0 })
  const sample = waves((isZImage ? 16 : 128) * side * side, 2)
  return unet.run(sample, 500, waves(20 * textWidth[family], 1))
}

/** What a model predicts under an adapter. */
async function under(
  path: string,
  family: Family,
  adapter: string | null,
  strength = 1,
): Promise<Float32Array> {
  const model = await openModel(path, 'cpu')
  try {
    return await predicted(await wearing(model, adapter, strength), family)
  } finally {
    await model.release()
  }
}

const largest = (one: Float32Array, other: Float32Array): number =>
  one.reduce((most, value, i) => Math.max(most, Math.abs(value - other[i])), 0)

/** A family's transformer file with everything beside it, as ComfyUI keeps it. */
async function single(family: Family, file: string): Promise<string> {
  const place = async (from: string, ...to: string[]): Promise<string> => {
    const path = join(folder, 'comfy', ...to)
    await mkdir(join(path, '..'), { recursive: true })
    await cp(join(golden, from), path)
    return path
  }
  await place(`${family}/text_encoder/model.safetensors`, 'text_encoders', 'qwen.safetensors')
  await place(`${family}/tokenizer/tokenizer.json`, 'text_encoders', 'tokenizer.json')
  await place(`single_files/${family}_vae.safetensors`, 'vae', 'vae.safetensors')
  const path = await place(`single_files/${family}_${file}`, 'diffusion_models', file)
  const config = async (part: string): Promise<unknown> =>
    JSON.parse(await readFile(join(golden, family, part, 'config.json'), 'utf8'))
  const configs = { vae: await config('vae'), transformer: await config('transformer') }
  await writeFile(path.replace(/\.\w+$/, '.studio.json'), JSON.stringify({ configs }))
  return path
}

const up = matrix(32, 2, 1)
const down = matrix(2, 32, 2)
const fusedUp = matrix(96, 2, 3)

/** One layer, changed by 2 / 2 · up · down, as diffusers and as its authors call it. */
const plainLayers = {
  zimage: ['layers.0.attention.to_out.0', 'layers.0.attention.out'],
  flux2klein: ['transformer_blocks.1.attn.to_out.0', 'double_blocks.1.img_attn.proj'],
} as const

/** Three layers that their authors fuse. */
const fusedLayers = {
  zimage: ['layers.0.attention', ['to_q', 'to_k', 'to_v'], 'layers.0.attention.qkv'],
  flux2klein: [
    'transformer_blocks.0.attn',
    ['add_q_proj', 'add_k_proj', 'add_v_proj'],
    'double_blocks.0.txt_attn.qkv',
  ],
} as const

const spelledWith = (prefix: string) => (layer: string) => `${prefix}${layer.replaceAll('.', '_')}`
const dotted = (prefix: string) => (layer: string) => `${prefix}${layer}`

const namings: [
  name: string,
  isOriginal: boolean,
  spell: (layer: string) => string,
  ends: [string, string],
][] = [
  ['diffusers', false, dotted('transformer.'), ['.lora_A.weight', '.lora_B.weight']],
  ['PEFT', false, dotted('base_model.model.'), ['.lora_A.default.weight', '.lora_B.default.weight']],
  ['DiffSynth', false, dotted(''), ['.lora_A.default.weight', '.lora_B.default.weight']],
  [
    'ComfyUI over diffusers’ layers',
    false,
    dotted('diffusion_model.'),
    ['.lora_down.weight', '.lora_up.weight'],
  ],
  ['ai-toolkit', true, dotted('diffusion_model.'), ['.lora_A.weight', '.lora_B.weight']],
  ['kohya', true, spelledWith('lora_unet_'), ['.lora_down.weight', '.lora_up.weight']],
  ['OneTrainer', false, spelledWith('lora_transformer_'), ['.lora_down.weight', '.lora_up.weight']],
  ['SimpleTuner', false, spelledWith('lycoris_'), ['.lora_down.weight', '.lora_up.weight']],
  ['distilled Z-Images', false, spelledWith('lora_unet__'), ['.lora_down.weight', '.lora_up.weight']],
]

describe.each(['zimage', 'flux2klein'] as const)('a LoRA over %s', (family) => {
  const [layer, originalLayer] = plainLayers[family]
  const [attention, parts, original] = fusedLayers[family]
  const fusedChanges = Object.fromEntries(
    parts.map((name, i) => [
      `${attention}.${name}`,
      product(someRows(fusedUp, 32 * i, 32 * (i + 1)), down, 3 / 2),
    ]),
  )

  it('in every naming predicts what the same network with merged weights does', async () => {
    const bare = await under(join(golden, family), family, null)
    const plain = { [layer]: product(up, down, 3 / 2) }
    const expected = await under(
      await merged(family, 'transformer', { ...plain, ...fusedChanges }),
      family,
      null,
    )
    expect(largest(bare, expected)).toBeGreaterThan(1e-2)
    for (const [name, isOriginal, spell, [a, b]] of namings) {
      const modules = isOriginal
        ? { [originalLayer]: up, [original]: fusedUp }
        : {
            [layer]: up,
            ...Object.fromEntries(
              parts.map((part, i) => [`${attention}.${part}`, someRows(fusedUp, 32 * i, 32 * (i + 1))]),
            ),
          }
      const tensors = Object.entries(modules).flatMap(([module, ups]) => [
        [`${spell(module)}${a}`, tensor(down)],
        [`${spell(module)}${b}`, tensor(ups)],
        [`${spell(module)}.alpha`, float32([], [3])],
      ])
      const path = await written(name, Object.fromEntries(tensors))
      expect(largest(await under(join(golden, family), family, path), expected), name).toBeLessThan(1e-4)
      expect(warnings, name).toEqual([])
    }
  })

  it('draws the picture that the merged weights draw', async () => {
    const lora = await written('lora', {
      [`diffusion_model.${original}.lora_A.weight`]: tensor(down),
      [`diffusion_model.${original}.lora_B.weight`]: tensor(fusedUp),
    })
    const changes = parts.map((name, i) => [
      `${attention}.${name}`,
      product(someRows(fusedUp, 32 * i, 32 * (i + 1)), down),
    ])
    const expected = await painted(await merged(family, 'transformer', Object.fromEntries(changes)))
    const model = await openModel(join(golden, family), 'cpu')
    const [bare, worn] = [await paintedBy(model), await paintedBy(await wearing(model, lora))]
    await model.release()
    const most = (one: Uint8Array): number =>
      one.reduce((largest, value, i) => Math.max(largest, Math.abs(value - expected[i])), 0)
    // The sums are the same in another order.
    expect(most(worn)).toBeLessThanOrEqual(1)
    expect(most(bare)).toBeGreaterThan(1)
  })

  it('in every form that authors fuse is taken apart', async () => {
    const target = `diffusion_model.${original}`
    const left = matrix(4, 4, 4)
    const right = matrix(24, 8, 5)
    const kronecker: Matrix = { ...{ rows: 96, columns: 32 }, values: new Float32Array(96 * 32) }
    kronecker.values.forEach((_, at) => {
      const [row, column] = [Math.floor(at / 32), at % 32]
      const factors = [
        left.values[Math.floor(row / 24) * 4 + Math.floor(column / 8)],
        right.values[(row % 24) * 8 + (column % 8)],
      ]
      kronecker.values[at] = factors[0] * factors[1]
    })
    const [a1, b1, a2, b2] = [fusedUp, down, matrix(96, 2, 6), matrix(2, 32, 7)]
    const [one, other] = [product(a1, b1), product(a2, b2)]
    const hadamard = { ...one, values: one.values.map((value, i) => (value * other.values[i]) / 2) }
    const forms: [Record<string, TestTensor>, Matrix][] = [
      [{ lokr_w1: tensor(left), lokr_w2: tensor(right) }, kronecker],
      [
        {
          ...{ hada_w1_a: tensor(a1), hada_w1_b: tensor(b1), hada_w2_a: tensor(a2), hada_w2_b: tensor(b2) },
          alpha: float32([], [1]),
        },
        hadamard,
      ],
      [{ diff: tensor(one) }, one],
    ]
    for (const [tensors, change] of forms) {
      const named = Object.entries(tensors).map(([role, value]) => [`${target}.${role}`, value])
      const path = await written(Object.keys(tensors)[0], Object.fromEntries(named))
      const thirds = parts.map((name, i) => [`${attention}.${name}`, someRows(change, 32 * i, 32 * (i + 1))])
      const expected = await under(
        await merged(family, 'transformer', Object.fromEntries(thirds)),
        family,
        null,
      )
      expect(largest(await under(join(golden, family), family, path), expected)).toBeLessThan(1e-4)
    }
  })

  it('with lengths of rows (DoRA) scales each of the layers that its authors fuse', async () => {
    const lengths = Float32Array.from({ length: 96 }, (_, row) => 1 + row / 96)
    const path = await written('dora', {
      [`lora_unet_${original.replaceAll('.', '_')}.lora_down.weight`]: tensor(down),
      [`lora_unet_${original.replaceAll('.', '_')}.lora_up.weight`]: tensor(fusedUp),
      [`lora_unet_${original.replaceAll('.', '_')}.dora_scale`]: float32([96, 1], lengths),
    })
    const stored = await tensorsIn(join(golden, family, 'transformer/diffusion_pytorch_model.safetensors'))
    const changes = parts.map((name, i) => {
      const weight = numbers(stored[`${attention}.${name}.weight`])
      const added = product(someRows(fusedUp, 32 * i, 32 * (i + 1)), down)
      const values = Float32Array.from(weight)
      for (let row = 0; row < 32; row++) {
        const changed = weight
          .slice(32 * row, 32 * row + 32)
          .map((value, j) => value + added.values[32 * row + j])
        const length = Math.hypot(...changed)
        changed.forEach((value, j) => {
          values[32 * row + j] = (value / length) * lengths[32 * i + row] - weight[32 * row + j]
        })
      }
      return [`${attention}.${name}`, { rows: 32, columns: 32, values }] as const
    })
    const expected = await under(
      await merged(family, 'transformer', Object.fromEntries(changes)),
      family,
      null,
    )
    expect(largest(await under(join(golden, family), family, path), expected)).toBeLessThan(1e-4)
  })

  it.each(['bf16.safetensors', 'fp8_scaled.safetensors', 'Q8_0.gguf', 'Q4_0.gguf'])(
    'over weights as %s has them is exact beside the layer and in it, and nothing at strength 0',
    async (file) => {
      const path = await single(family, file)
      const beside = await written('beside', {
        [`diffusion_model.${original}.lora_A.weight`]: tensor(down),
        [`diffusion_model.${original}.lora_B.weight`]: tensor(fusedUp),
      })
      const inside = await written('inside', {
        [`diffusion_model.${original}.diff`]: tensor(product(fusedUp, down)),
      })
      const bare = await under(path, family, null)
      const changed = await under(path, family, beside)
      expect(largest(changed, bare)).toBeGreaterThan(1e-2)
      expect(largest(await under(path, family, inside), changed)).toBeLessThan(1e-4)
      expect(await under(path, family, beside, 0)).toEqual(bare)
      if (file !== 'bf16.safetensors') return
      const merge = await merged(
        family,
        'transformer',
        Object.fromEntries(
          parts.map((name, i) => [
            `${attention}.${name}`,
            product(someRows(fusedUp, 32 * i, 32 * (i + 1)), down),
          ]),
        ),
      )
      expect(largest(await under(merge, family, null), changed)).toBeLessThan(1e-4)
    },
  )

  it('has a part for the text encoder, in every naming', async () => {
    const name = 'layers.0.self_attn.v_proj'
    const stored = await tensorsIn(join(golden, family, 'text_encoder/model.safetensors'))
    const [rows, columns] = stored[`model.${name}.weight`].shape
    const [encoderUp, encoderDown] = [matrix(rows, 2, 1), matrix(2, columns, 2)]
    const folders = [
      join(golden, family),
      await merged(family, 'text_encoder', { [`model.${name}`]: product(encoderUp, encoderDown) }),
    ]
    const [bare, expected] = await Promise.all(
      folders.map(async (path) => {
        const model = await openModel(path, 'cpu')
        const { hidden } = await model.encodeText(0, [1, 2, 3, 4], 1)
        await model.release()
        return hidden
      }),
    )
    expect(largest(bare, expected)).toBeGreaterThan(1e-3)
    for (const module of [
      `text_encoder.model.${name}`,
      `text_encoders.qwen3_4b.transformer.model.${name}`,
      `lora_te_${name.replaceAll('.', '_')}`,
    ]) {
      const model = await openModel(join(golden, family), 'cpu')
      const path = await written('text', {
        [`${module}.lora_down.weight`]: tensor(encoderDown),
        [`${module}.lora_up.weight`]: tensor(encoderUp),
      })
      const { hidden } = await (await wearing(model, path)).encodeText(0, [1, 2, 3, 4], 1)
      expect(largest(hidden, expected), module).toBeLessThan(1e-4)
      await model.release()
    }
  })

  it('for another family is refused, and what belongs to nothing is named', async () => {
    const other = family === 'zimage' ? 'flux2klein' : 'zimage'
    const [, foreign] = plainLayers[other]
    const lora = (name: string): Record<string, TestTensor> => ({
      [`diffusion_model.${name}.lora_A.weight`]: tensor(down),
      [`diffusion_model.${name}.lora_B.weight`]: tensor(up),
    })
    const model = await openModel(join(golden, family), 'cpu')
    await expect(wearing(model, await written('foreign', lora(foreign)))).rejects.toMatchObject({
      code: 'does-not-fit',
      message: expect.stringMatching(
        family === 'zimage'
          ? /made for FLUX\.2 klein, and the model is Z-Image/
          : /made for Z-Image, and the model is FLUX\.2 klein/,
      ) as string,
    })
    const mixed = await written('mixed', {
      ...lora(originalLayer),
      ...lora(layer.replace('.0.', '.1.').replace('to_out.0', 'to_q')),
      ...lora('layers.99.attention.to_out.0'),
    })
    await wearing(model, mixed)
    expect(warnings).toEqual([expect.stringContaining('layers.99.attention.to_out.0')])
    await model.release()
  })
})

describe('FLUX.2-klein', () => {
  it('takes queries, keys and values of its fused layers apart', async () => {
    const [one, other] = [matrix(32, 2, 1), matrix(32, 2, 9)]
    const key = (name: string): string => `transformer.single_transformer_blocks.0.attn.${name}`
    const path = await written('apart', {
      [`${key('to_q')}.lora_A.weight`]: tensor(down),
      [`${key('to_q')}.lora_B.weight`]: tensor(one),
      [`${key('to_v')}.lora_A.weight`]: tensor(down),
      [`${key('to_v')}.lora_B.weight`]: tensor(other),
    })
    const change: Matrix = { ...{ rows: 288, columns: 32 }, values: new Float32Array(288 * 32) }
    change.values.set(product(one, down).values, 0)
    change.values.set(product(other, down).values, 64 * 32)
    const changes = { 'single_transformer_blocks.0.attn.to_qkv_mlp_proj': change }
    const expected = await under(await merged('flux2klein', 'transformer', changes), 'flux2klein', null)
    expect(largest(await under(join(golden, 'flux2klein'), 'flux2klein', path), expected)).toBeLessThan(1e-4)
  })

  it('has shift and scale of its last layer in the order of whoever names them', async () => {
    const ups = matrix(64, 2, 1)
    const exchanged = { ...ups, values: Float32Array.of(...ups.values.slice(64), ...ups.values.slice(0, 64)) }
    const changes = { 'norm_out.linear': product(ups, down) }
    const expected = await under(await merged('flux2klein', 'transformer', changes), 'flux2klein', null)
    const lora = (name: string, factor: Matrix): Promise<string> =>
      written(name, {
        [`diffusion_model.${name}.lora_A.weight`]: tensor(down),
        [`diffusion_model.${name}.lora_B.weight`]: tensor(factor),
      })
    const files = [
      await lora('norm_out.linear', ups),
      await lora('final_layer.adaLN_modulation.1', exchanged),
    ]
    for (const path of [join(golden, 'flux2klein'), await single('flux2klein', 'bf16.safetensors')])
      for (const file of files)
        expect(largest(await under(path, 'flux2klein', file), expected)).toBeLessThan(1e-4)
  })
})
