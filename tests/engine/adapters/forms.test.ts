import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readAdapterFile } from '../../../src/engine/adapters/adapterFile.ts'
import { adapterModule } from '../../../src/engine/adapters/adapterModule.ts'
import { blockCount, blockStrengths } from '../../../src/engine/adapters/blocks.ts'
import { adaptation, strengthsInput } from '../../../src/engine/graph/adapters/adaptation.ts'
import { Graph } from '../../../src/engine/graph/writing/graph.ts'
import { conv2d, layerNorm, linear } from '../../../src/engine/graph/layers/layers.ts'
import type { Weight } from '../../../src/engine/graph/weights/weight.ts'
import { openSession } from '../../../src/engine/model/runtime/session.ts'
import { newTallies } from '../../../src/engine/model/runtime/tallies.ts'
import { writeSafetensors, type TestTensor } from '../model/safetensorsFile.ts'
import { float32, wave, waves } from './adapterFiles.ts'

/** Every form on one layer, against the same layer with weights that are changed here, number by number. */

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'adapters-'))
})
afterEach(() => rm(folder, { recursive: true }))

const [outputs, inputs, strength] = [6, 4, 0.7]
const layer = 'lora_unet_mid_block_attentions_0_proj_in'

interface Layer {
  kind: 'linear' | 'convolution' | 'norm'
  weight: number[]
}

const shapes: Readonly<Record<Layer['kind'], number[]>> = {
  linear: [outputs, inputs],
  convolution: [outputs, inputs, 3, 3],
  norm: [inputs],
}

const stored = (shape: readonly number[], values: Float32Array): Weight => ({
  dataType: 'float32',
  shape,
  transposed: false,
  data: new Uint8Array(values.buffer),
})

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1)

/** The result of a layer with given weight and bias, under an adapter or none. */
async function run(
  kind: Layer['kind'],
  weight: Float32Array,
  bias: Float32Array,
  adapters: Parameters<typeof adaptation>[0] = [],
): Promise<Float32Array> {
  const tensors: Record<string, Weight> = {
    'layer.weight': stored(shapes[kind], weight),
    'layer.bias': stored([bias.length], bias),
  }
  const over = adapters.length > 0 ? adaptation(adapters, blockCount) : null
  const graph = Graph.over(
    (key) => tensors[key],
    { attention: 'fused', precision: 'float32' },
    undefined,
    over,
  )
  const g = graph.scope('layer')
  const x = kind === 'convolution' ? graph.input('x', [1, inputs, 5, 5]) : graph.input('x', [3, inputs])
  const y =
    kind === 'linear'
      ? linear(g, x, outputs)
      : kind === 'norm'
        ? layerNorm(g, x, 1e-5)
        : conv2d(g, x, outputs)
  graph.output('y', y)
  const tally = newTallies().unet
  const session = await openSession(graph.encode(), {
    device: 'cpu',
    folder: graph.folder,
    frugal: false,
    tally,
  })
  const { y: result } = await session.run({
    x: { data: waves(sizeOf(x.shape), 9), shape: x.shape },
    [strengthsInput]: { data: Float32Array.from(blockStrengths(strength, null)), shape: [1, blockCount] },
  })
  await session.release()
  return result
}

/** The largest difference between a layer under an adapter and the layer whose weights are those that are expected. */
async function difference(
  kind: Layer['kind'],
  tensors: Record<string, TestTensor>,
  change: (weight: Float32Array) => number[],
  biasChange: (index: number) => number = () => 0,
): Promise<number[]> {
  const path = join(folder, 'adapter.safetensors')
  await writeSafetensors(path, tensors)
  const { modules, scaling } = await readAdapterFile(path)
  const shape = shapes[kind]
  const module = adapterModule(modules[0], { shape, bias: [shape[0]], block: 0 }, scaling)
  if (typeof module === 'string') throw new Error(module)
  const weight = waves(sizeOf(shape), 1)
  const bias = waves(shape[0], 2)
  const changed = Float32Array.from(change(weight), (delta, i) => weight[i] + strength * delta)
  const expected = await run(
    kind,
    changed,
    bias.map((value, i) => value + strength * biasChange(i)),
  )
  const forms = [null, blockStrengths(strength, null)]
  const found = []
  for (const merged of forms)
    found.push(await run(kind, weight, bias, [{ modules: new Map([['layer', [module]]]), merged }]))
  const plain = await run(kind, weight, bias)
  expect(largest(plain, expected)).toBeGreaterThan(1e-3)
  return found.map((result) => largest(result, expected))
}

const largest = (one: Float32Array, other: Float32Array): number =>
  one.reduce((most, value, i) => Math.max(most, Math.abs(value - other[i])), 0)

/** a [rows, inner] · b [inner, columns]. */
function product(a: Float32Array, b: Float32Array, inner: number): number[] {
  const rows = a.length / inner
  const columns = b.length / inner
  return Array.from({ length: rows * columns }, (_, at) => {
    const [row, column] = [Math.floor(at / columns), at % columns]
    let sum = 0
    for (let k = 0; k < inner; k++) sum += a[row * inner + k] * b[k * columns + column]
    return sum
  })
}

const near = [expect.closeTo(0, 5), expect.closeTo(0, 5)]

describe('an adapter, live and merged', () => {
  const up = waves(outputs * 2, 3)
  const down = waves(2 * inputs, 4)

  it('of low rank adds up · down · alpha / rank', async () => {
    const tensors = {
      [`${layer}.lora_up.weight`]: float32([outputs, 2], up),
      [`${layer}.lora_down.weight`]: float32([2, inputs], down),
      [`${layer}.alpha`]: float32([], [4]),
    }
    expect(await difference('linear', tensors, () => product(up, down, 2).map((d) => 2 * d))).toEqual(near)
  })

  it('in half precision, with axes of size 1, is the same', async () => {
    const half = (values: Float32Array): Uint8Array => new Uint8Array(Float16Array.from(values).buffer)
    const rounded = (values: Float32Array) => Float32Array.from(Float16Array.from(values))
    const tensors = {
      [`${layer}.lora_up.weight`]: { dtype: 'F16', shape: [outputs, 2, 1, 1], bytes: half(up) },
      [`${layer}.lora_down.weight`]: { dtype: 'F16', shape: [2, inputs, 1, 1], bytes: half(down) },
    }
    expect(await difference('linear', tensors, () => product(rounded(up), rounded(down), 2))).toEqual(near)
  })

  it('in bfloat16 and 8-bit floats is read', async () => {
    const ones = (count: number) => ({ up: Array<number>(outputs * count).fill(1) })
    const bfloat = new Uint8Array(Uint16Array.from(ones(2).up, () => 0x3f80).buffer)
    const tensors = {
      [`${layer}.lora_up.weight`]: { dtype: 'BF16', shape: [outputs, 2], bytes: bfloat },
      [`${layer}.lora_down.weight`]: {
        dtype: 'F8_E4M3',
        shape: [2, inputs],
        bytes: new Uint8Array(2 * inputs).fill(0x30),
      },
    }
    // 0x30 is 0.5, and two of them stand in each sum.
    expect(await difference('linear', tensors, (weight) => [...weight].map(() => 1))).toEqual(near)
  })

  it.each([
    ['linear', 1, [outputs]],
    // Which reads as one number a column.
    ['convolution', 9, [1, outputs, 1, 1]],
  ] as const)(
    'with a magnitude for every row of a %s, as PEFT stores DoRA, moves the rows to that length',
    async (kind, area, shape) => {
      const lengths = waves(outputs, 5)
      const wide = waves(2 * inputs * area, 4)
      const kernel = kind === 'linear' ? [] : [3, 3]
      const point = kind === 'linear' ? [] : [1, 1]
      const tensors = {
        'unet.mid_block.attentions.0.proj_in.lora_A.weight': float32([2, inputs, ...kernel], wide),
        'unet.mid_block.attentions.0.proj_in.lora_B.weight': float32([outputs, 2, ...point], up),
        'unet.mid_block.attentions.0.proj_in.lora_magnitude_vector': float32([...shape], lengths),
      }
      const change = (weight: Float32Array): number[] => {
        const sum = product(up, wide, 2).map((delta, i) => weight[i] + delta)
        const row = inputs * area
        return sum.map((value, i) => {
          const at = Math.floor(i / row)
          return (value * lengths[at]) / Math.hypot(...sum.slice(at * row, (at + 1) * row)) - weight[i]
        })
      }
      expect(await difference(kind, tensors, change)).toEqual(near)
    },
  )

  it.each([true, false])('of the form (IA)³ scales what goes in (%s) or comes out', async (onInput) => {
    const factors = waves(onInput ? inputs : outputs, 6)
    const tensors = {
      [`${layer}.weight`]: float32(onInput ? [inputs] : [outputs], factors),
      [`${layer}.on_input`]: {
        dtype: 'I64',
        shape: [],
        bytes: new Uint8Array([Number(onInput), 0, 0, 0, 0, 0, 0, 0]),
      },
    }
    const change = (weight: Float32Array): number[] =>
      [...weight].map((value, i) => value * factors[onInput ? i % inputs : Math.floor(i / inputs)])
    expect(await difference('linear', tensors, change)).toEqual(near)
  })

  it('of full differences changes weight and bias', async () => {
    const [weightBy, biasBy] = [waves(outputs * inputs * 9, 7), waves(outputs, 8)]
    const tensors = {
      [`${layer}.diff`]: float32([outputs, inputs, 3, 3], weightBy),
      [`${layer}.diff_b`]: float32([outputs], biasBy),
    }
    expect(
      await difference(
        'convolution',
        tensors,
        () => [...weightBy],
        (i) => biasBy[i],
      ),
    ).toEqual(near)
  })

  it('of LyCORIS for norms changes them', async () => {
    const [weightBy, biasBy] = [waves(inputs, 7), waves(inputs, 8)]
    const tensors = {
      [`${layer}.w_norm`]: float32([inputs], weightBy),
      [`${layer}.b_norm`]: float32([inputs], biasBy),
    }
    expect(
      await difference(
        'norm',
        tensors,
        () => [...weightBy],
        (i) => biasBy[i],
      ),
    ).toEqual(near)
  })

  it('of two Kronecker factors on a convolution mixes groups of channels', async () => {
    const [left, right] = [waves(4, 1), waves(3 * 2 * 9, 2)]
    const tensors = {
      [`${layer}.lokr_w1`]: float32([2, 2], left),
      [`${layer}.lokr_w2`]: float32([3, 2, 3, 3], right),
      [`${layer}.alpha`]: float32([], [1]),
    }
    const change = (): number[] =>
      Array.from({ length: outputs * inputs * 9 }, (_, at) => {
        const [tap, input, output] = [at % 9, Math.floor(at / 9) % inputs, Math.floor(at / 9 / inputs)]
        const one = left[Math.floor(output / 3) * 2 + Math.floor(input / 2)]
        return one * right[((output % 3) * 2 + (input % 2)) * 9 + tap]
      })
    expect(await difference('convolution', tensors, change)).toEqual(near)
  })

  it('whose strength is 0 in a merged block leaves the layer alone', async () => {
    const path = join(folder, 'adapter.safetensors')
    await writeSafetensors(path, { [`${layer}.diff`]: wave([outputs, inputs], 1) })
    const { modules } = await readAdapterFile(path)
    const module = adapterModule(modules[0], { shape: shapes.linear, bias: null, block: 3 }, null)
    if (typeof module === 'string') throw new Error(module)
    const [weight, bias] = [waves(outputs * inputs, 1), waves(outputs, 2)]
    const merged = blockStrengths(1, null).with(3, 0)
    const under = await run('linear', weight, bias, [{ modules: new Map([['layer', [module]]]), merged }])
    expect(under).toEqual(await run('linear', weight, bias))
  })
})
