import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { VaeConfig } from '../../../src/engine/graph/vae/vaeConfig.ts'
import type { Graph } from '../../../src/engine/graph/writing/graph.ts'
import { vaeDecoder, vaeDecoderStart, vaeEncoder, vaeEncoderEnd } from '../../../src/engine/graph/vae/vae.ts'
import { decoderBands, encoderBands } from '../../../src/engine/graph/vae/vaeBands.ts'
import { graphOver } from '../../../src/engine/model/networks/graphOver.ts'
import { runInBands } from '../../../src/engine/model/networks/bandedVae.ts'
import { openSession, type Session } from '../../../src/engine/model/runtime/session.ts'
import { newTallies } from '../../../src/engine/model/runtime/tallies.ts'
import { readVae } from '../../../src/engine/model/sources/vaeFile.ts'

const starter = fileURLToPath(new URL('../../../resources/models/starter/vae', import.meta.url))
const vae = await readVae(starter, { scalingFactor: 1 })
const { tensors } = vae
const config = vae.config as VaeConfig

async function open(write: (graph: Graph) => void): Promise<Session> {
  const graph = graphOver(tensors, { attention: 'fused', precision: 'float32' })
  write(graph)
  const tally = newTallies().vaeDecoder
  return openSession(graph.encode(), { device: 'cpu', folder: tensors.folder, frugal: true, tally })
}

async function run(
  write: (graph: Graph) => void,
  data: Float32Array,
  shape: number[],
): Promise<Float32Array> {
  const session = await open(write)
  const outputs = await session.run({ [session.inputs[0].name]: { data, shape } })
  await session.release()
  return outputs[session.outputs[0].name]
}

/** Smooth, of different means and spreads in its channels. */
const smooth = (channels: number, height: number, width: number): Float32Array =>
  Float32Array.from({ length: channels * height * width }, (_, i) => {
    const [x, y, channel] = [i % width, Math.floor(i / width) % height, Math.floor(i / height / width)]
    return 0.5 * channel - 0.7 + Math.sin((5 * x) / width + channel) * Math.cos((3 * y) / height)
  })

const furthest = (a: Float32Array, b: Float32Array): number => {
  expect(a.length).toBe(b.length)
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0)
}

/** One of 256 levels of a picture in -1..1. */
const level = 2 / 255
const banded = { groups: config.groups, epsilon: config.epsilon, open }

describe("the starter's autoencoder in bands of rows", () => {
  const [height, width] = [50, 24]

  it.each([1, 2, 3])('decodes as in one piece, with %i levels before the bands', async (levels) => {
    const latents = smooth(4, height, width)
    const shape = [1, 4, height, width]
    const whole = await run((graph) => vaeDecoder(graph, config, height, width), latents, shape)
    const start = (graph: Graph): void => vaeDecoderStart(graph, config, { height, width, levels })
    const features = await run(start, latents, shape)
    const scale = 2 ** (levels - 1)
    const size = { data: features, height: height * scale, width: width * scale }
    const picture = await runInBands(banded, decoderBands(config, levels), size, () => {})
    expect(furthest(picture, whole)).toBeLessThan(level / 100)
  })

  it.each([1, 2, 3])('encodes as in one piece, with %i levels in bands', async (count) => {
    const picture = smooth(3, 8 * height, 8 * width)
    const whole = await run((graph) => vaeEncoder(graph, config, 8 * height, 8 * width), picture, [
      1,
      3,
      8 * height,
      8 * width,
    ])
    const size = { data: picture, height: 8 * height, width: 8 * width }
    const features = await runInBands(banded, encoderBands(config, count), size, () => {})
    const at = { height: (8 * height) / 2 ** count, width: (8 * width) / 2 ** count }
    const moments = await run((graph) => vaeEncoderEnd(graph, config, { ...at, level: count }), features, [
      1,
      config.channels[count - 1],
      at.height,
      at.width,
    ])
    expect(furthest(moments, whole)).toBeLessThan(1e-3)
  })

  it('tells of every band before it, and ends where that throws', async () => {
    const told: number[] = []
    const steps = decoderBands(config, 3)
    const features = smooth(steps[0].inputs, 400, 200)
    const walk = runInBands(banded, steps, { data: features, height: 400, width: 200 }, (done, parts) => {
      told.push(done)
      expect(parts).toBeGreaterThan(steps.length)
      if (done === 4) throw new Error('enough')
    })
    await expect(walk).rejects.toThrow('enough')
    expect(told).toEqual([0, 1, 2, 3, 4])
  })
})
