import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inferUnetConfig } from '../../../src/engine/graph/inferConfig.ts'
import { builtNetworks, type Parts } from '../../../src/engine/model/builtNetworks.ts'
import { newTallies } from '../../../src/engine/model/tallies.ts'
import { readVaeFile } from '../../../src/engine/model/vaeFile.ts'
import { writeSafetensors, type TestTensor } from './safetensorsFile.ts'

/** A picture as channels of rows. */
type Planes = number[][][]

const width = 6
const weights = new Map<string, number[]>()

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taesd-'))
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
  const conv = (key: string, outputs: number, inputs: number, bias = true): void => {
    add(`${key}.weight`, outputs, inputs, 3, 3)
    if (bias) add(`${key}.bias`, outputs)
  }
  const block = (key: string): void =>
    [0, 2, 4].forEach((layer) => conv(`${key}.conv.${layer}`, width, width))
  conv('taesd_encoder.0', width, 3)
  for (const layer of [2, 6, 10]) conv(`taesd_encoder.${layer}`, width, width, false)
  for (const layer of [1, 3, 4, 5, 7, 8, 9, 11, 12, 13]) block(`taesd_encoder.${layer}`)
  conv('taesd_encoder.14', 4, width)
  conv('taesd_decoder.1', width, 4)
  for (const layer of [7, 12, 17]) conv(`taesd_decoder.${layer}`, width, width, false)
  for (const layer of [3, 4, 5, 8, 9, 10, 13, 14, 15, 18]) block(`taesd_decoder.${layer}`)
  conv('taesd_decoder.19', 3, width)
  await writeSafetensors(join(folder, 'taesd.safetensors'), tensors)
})
afterAll(() => rm(folder, { recursive: true }))

const relu = (x: Planes): Planes => x.map((rows) => rows.map((row) => row.map((value) => Math.max(0, value))))

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

const double = (x: Planes): Planes =>
  x.map((rows) => rows.flatMap((row) => [0, 1].map(() => row.flatMap((value) => [value, value]))))

/** The layers of the author's decoder, one after the other. */
function decode(latents: Planes): Planes {
  const key = (layer: number): string => `taesd_decoder.${layer}`
  let x = latents.map((rows) => rows.map((row) => row.map((value) => 3 * Math.tanh(value / 3))))
  x = relu(conv(x, key(1)))
  for (const first of [3, 8, 13]) {
    for (let layer = first; layer < first + 3; layer++) x = block(x, key(layer))
    x = conv(double(x), key(first + 4))
  }
  return conv(block(x, key(18)), key(19)).map((rows) => rows.map((row) => row.map((value) => 2 * value - 1)))
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

const planes = (channels: number, rows: number, columns: number): Planes =>
  Array.from({ length: channels }, (_, c) =>
    Array.from({ length: rows }, (_, y) =>
      Array.from({ length: columns }, (_, x) => Math.sin(c + y * 2.1 + x * 0.7)),
    ),
  )

describe('TAESD', () => {
  it('decodes and encodes as its layers, written out, do', async () => {
    const vae = await readVaeFile(join(folder, 'taesd.safetensors'), 1)
    expect(vae.config).toMatchObject({ kind: 'tiny', channels: width, latentChannels: 4 })
    // Only the autoencoder is opened here.
    const parts = {
      textEncoders: [],
      unet: { config: inferUnetConfig(() => undefined, 0) },
      vae,
    } as unknown as Parts
    const dialect = { attention: 'fused', precision: 'float32' } as const
    const networks = builtNetworks(parts, { device: 'cpu', dialect, tallies: newTallies() })
    const latents = planes(4, 2, 3)
    const picture = planes(3, 16, 8)
    const decoder = await networks.openVaeDecoder!(2, 3)
    const encoder = await networks.openVaeEncoder!(16, 8)
    const close = (found: Float32Array, expected: Planes): void => {
      const flat = expected.flat(2)
      expect(found.length).toBe(flat.length)
      flat.forEach((value, index) => expect(found[index]).toBeCloseTo(value, 4))
    }
    close(await decoder.run(Float32Array.from(latents.flat(2))), decode(latents))
    close(await encoder.run(Float32Array.from(picture.flat(2))), encode(picture))
    await decoder.release()
    await encoder.release()
  })
})
