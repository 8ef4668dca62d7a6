import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { readAdapterFile } from '../../../src/engine/adapters/adapterFile.ts'
import { blockCount } from '../../../src/engine/adapters/blocks.ts'
import { fitAdapter } from '../../../src/engine/adapters/fitAdapter.ts'
import { unetWearable } from '../../../src/engine/adapters/wearable.ts'
import { adaptation, strengthsInput } from '../../../src/engine/graph/adapters/adaptation.ts'
import { unetConfig } from '../../../src/engine/graph/unet/unetConfig.ts'
import { Graph } from '../../../src/engine/graph/writing/graph.ts'
import type { Dialect } from '../../../src/engine/graph/writing/value.ts'
import { unet, unetHalves } from '../../../src/engine/graph/unet/unet.ts'
import { readConfig, readWeights } from '../../../src/engine/model/sources/component.ts'
import { openSession, type Input } from '../../../src/engine/model/runtime/session.ts'
import { newTallies, timesOf } from '../../../src/engine/model/runtime/tallies.ts'
import { joinTensors } from '../../../src/engine/model/files/weights.ts'

const component = fileURLToPath(new URL('../../golden/F_networks/sd15/unet', import.meta.url))
const dialect: Dialect = { attention: 'fused', precision: 'float32' }
const size = { height: 16, width: 24, contextTokens: 77 }
const wave = (...shape: number[]): Input => ({
  data: Float32Array.from({ length: shape.reduce((product, side) => product * side) }, (_, i) =>
    Math.sin(i * 0.7),
  ),
  shape,
})

describe('a U-Net in two halves', () => {
  it.each([[], ['locon', 'dora_in_axis', 'lokr']])(
    'predicts what it predicts as a whole, and counts as one: %s %s %s',
    async (...names) => {
      const config = unetConfig(await readConfig(component))
      const tensors = joinTensors(await readWeights(component))
      const parts = { unet: { config, tensors }, textEncoders: [] }
      const files = names.map((name) =>
        readAdapterFile(join(import.meta.dirname, '../../golden/lora', `${name}.safetensors`)),
      )
      const adapters = (await Promise.all(files)).map((file) => ({
        modules: fitAdapter(file, unetWearable(parts), 'sd1').unet,
        merged: null,
      }))
      const [whole, lower, upper] = [1, 2, 3].map(() =>
        Graph.over(tensors.source, dialect, undefined, adaptation(adapters, blockCount)),
      )
      unet(whole, config, size)
      const state = unetHalves(lower, upper, config, size)
      const tallies = newTallies()
      const open = (graph: Graph, tally = tallies.unet) =>
        openSession(graph.encode(), { device: 'cpu', folder: graph.folder, frugal: false, tally })
      const inputs = {
        sample: wave(1, config.inChannels, size.height, size.width),
        timestep: wave(1, config.timestepWidth),
        context: wave(size.contextTokens, config.contextWidth!),
        [strengthsInput]: wave(adapters.length, blockCount),
      }

      const { prediction: expected } = await (await open(whole)).run(inputs)
      const handed = await (await open(lower, timesOf(tallies.unet))).run(inputs)
      const between = Object.entries(handed).map(([name, data]) => [name, { data, shape: state[name] }])
      const { prediction } = await (await open(upper)).run({ ...inputs, ...Object.fromEntries(between) })

      const furthest = prediction.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i])), 0)
      expect(furthest).toBeLessThan(1e-5)
      expect(tallies.unet.runs).toBe(2)
    },
  )
})
