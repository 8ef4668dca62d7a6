import type { TestTensor } from './safetensorsFile.ts'

/** A picture as channels of rows. */
export type Planes = number[][][]

interface TinyVaeShape {
  width: number
  latentChannels: number
  /** Blocks of each level of the decoder. */
  decoderBlocks: readonly number[]
}

/** A TAESD of any size under its author's names: weights that are waves, and its layers written out one by one. */
export function tinyVaeByHand({ width, latentChannels, decoderBlocks }: TinyVaeShape) {
  const weights = new Map<string, number[]>()
  const tensors: Record<string, TestTensor> = {}
  const add = (key: string, ...shape: number[]): void => {
    const length = shape.reduce((product, size) => product * size, 1)
    const values = Float32Array.from(
      { length },
      (_, index) => 0.12 * Math.sin(index * 2.3 + key.length * weights.size),
    )
    weights.set(key, [...values])
    tensors[key] = { dtype: 'F32', shape, bytes: new Uint8Array(values.buffer) }
  }
  const addConv = (key: string, outputs: number, inputs: number, bias = true): void => {
    add(`${key}.weight`, outputs, inputs, 3, 3)
    if (bias) add(`${key}.bias`, outputs)
  }
  const addBlock = (key: string): void =>
    [0, 2, 4].forEach((layer) => addConv(`${key}.conv.${layer}`, width, width))
  addConv('taesd_encoder.0', width, 3)
  for (const layer of [2, 6, 10]) addConv(`taesd_encoder.${layer}`, width, width, false)
  for (const layer of [1, 3, 4, 5, 7, 8, 9, 11, 12, 13]) addBlock(`taesd_encoder.${layer}`)
  addConv('taesd_encoder.14', latentChannels, width)
  const decoderLevels: { blocks: string[]; conv: string; isLast: boolean }[] = []
  let layer = 3
  for (const [level, count] of decoderBlocks.entries()) {
    const isLast = level === decoderBlocks.length - 1
    const blocks = Array.from({ length: count }, () => `taesd_decoder.${layer++}`)
    if (!isLast) layer++
    decoderLevels.push({ blocks, conv: `taesd_decoder.${layer++}`, isLast })
  }
  addConv('taesd_decoder.1', width, latentChannels)
  for (const { blocks, conv, isLast } of decoderLevels) {
    blocks.forEach(addBlock)
    addConv(conv, isLast ? 3 : width, width, isLast)
  }

  function conv(x: Planes, key: string, stride = 1): Planes {
    const kernel = weights.get(`${key}.weight`)!
    const bias = weights.get(`${key}.bias`)
    const [inputs, rows, columns] = [x.length, x[0].length, x[0][0].length]
    const outputs = kernel.length / (9 * inputs)
    return Array.from({ length: outputs }, (_, o) =>
      Array.from({ length: rows / stride }, (_, row) =>
        Array.from({ length: columns / stride }, (_, column) => {
          let sum = bias?.[o] ?? 0
          for (let i = 0; i < inputs; i++)
            for (let dy = 0; dy < 3; dy++)
              for (let dx = 0; dx < 3; dx++)
                sum +=
                  kernel[((o * inputs + i) * 3 + dy) * 3 + dx] *
                  (x[i][row * stride + dy - 1]?.[column * stride + dx - 1] ?? 0)
          return sum
        }),
      ),
    )
  }

  function block(x: Planes, key: string): Planes {
    const inner = conv(relu(conv(relu(conv(x, `${key}.conv.0`)), `${key}.conv.2`)), `${key}.conv.4`)
    return relu(inner.map((rows, c) => rows.map((row, y) => row.map((value, i) => value + x[c][y][i]))))
  }

  /** Clean latents as the sampler leaves them to a picture in -1..1. */
  function decode(latents: Planes): Planes {
    const clamped = latents.map((rows) => rows.map((row) => row.map((value) => 3 * Math.tanh(value / 3))))
    let x = relu(conv(clamped, 'taesd_decoder.1'))
    for (const level of decoderLevels) {
      for (const key of level.blocks) x = block(x, key)
      x = conv(level.isLast ? x : double(x), level.conv)
    }
    return x.map((rows) => rows.map((row) => row.map((value) => 2 * value - 1)))
  }

  function encode(picture: Planes): Planes {
    const key = (layer: number): string => `taesd_encoder.${layer}`
    const half = picture.map((rows) => rows.map((row) => row.map((value) => (value + 1) / 2)))
    let x = block(conv(half, key(0)), key(1))
    for (const first of [2, 6, 10]) {
      x = conv(x, key(first), 2)
      for (let layer = first + 1; layer < first + 4; layer++) x = block(x, key(layer))
    }
    return conv(x, key(14))
  }

  return { tensors, decode, encode }
}

const relu = (x: Planes): Planes => x.map((rows) => rows.map((row) => row.map((value) => Math.max(0, value))))

const double = (x: Planes): Planes =>
  x.map((rows) => rows.flatMap((row) => [0, 1].map(() => row.flatMap((value) => [value, value]))))

export const planes = (channels: number, rows: number, columns: number): Planes =>
  Array.from({ length: channels }, (_, c) =>
    Array.from({ length: rows }, (_, y) =>
      Array.from({ length: columns }, (_, x) => Math.sin(c + y * 2.1 + x * 0.7)),
    ),
  )
