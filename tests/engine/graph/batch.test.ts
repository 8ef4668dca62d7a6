import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readAdapterFile } from '../../../src/engine/adapters/adapterFile.ts'
import { blockCount } from '../../../src/engine/adapters/blocks.ts'
import { fitAdapter } from '../../../src/engine/adapters/fitAdapter.ts'
import { unetWearable } from '../../../src/engine/adapters/wearable.ts'
import type { NetworkAdapter } from '../../../src/engine/graph/adapters/adaptation.ts'
import { unet, type ControlForm } from '../../../src/engine/graph/unet/unet.ts'
import { unetConfig } from '../../../src/engine/graph/unet/unetConfig.ts'
import type { Dialect } from '../../../src/engine/graph/writing/value.ts'
import type { Control, UnetQuestion } from '../../../src/engine/model/model.ts'
import { joinTensors } from '../../../src/engine/model/files/weights.ts'
import { builtNetworks, type Parts } from '../../../src/engine/model/networks/builtNetworks.ts'
import { graphOver } from '../../../src/engine/model/networks/graphOver.ts'
import { cpuDialect } from '../../../src/engine/model/networks/networks.ts'
import { controlShapes } from '../../../src/engine/model/networks/unetNetworks.ts'
import { newTallies } from '../../../src/engine/model/runtime/tallies.ts'
import { relativeDifference } from '../../../src/engine/model/runtime/testNumbers.ts'
import { readConfig, readWeights } from '../../../src/engine/model/sources/component.ts'

const golden = join(import.meta.dirname, '../../golden')
const size = { height: 8, width: 12, contextTokens: 77 }
const dialects: Record<string, Dialect> = {
  'as the CPU': cpuDialect,
  'with sliced attention': { attention: 'sliced', precision: 'float32' },
  'by card': { attention: 'fused', precision: 'float32', products: 'by card' },
}

const wave = (length: number, step: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => Math.sin(1 + i * step))

async function partsOf(component: string): Promise<Parts> {
  const folder = join(golden, 'F_networks', component, 'unet')
  const config = unetConfig(await readConfig(folder))
  return { unet: { config, tensors: joinTensors(await readWeights(folder)) }, textEncoders: [], vae: null }
}

/** What is asked under a prompt: of the same latents and timestep, another text and what goes with it. */
function question({ unet: { config } }: Parts, step: number, control?: Control): UnetQuestion {
  const { height, width, contextTokens } = size
  const added = config.added && {
    pooled: wave(config.added.width - 6 * config.added.idWidth, step),
    timeIds: Float32Array.from({ length: 6 }, (_, i) => 64 * i * step),
  }
  const context = wave(contextTokens * config.contextWidth!, step)
  return [wave(config.inChannels * height * width, 0.37), 500, context, added ?? {}, control]
}

/** How far two evaluations in one run are from those one after the other, and these from each other. */
async function compare(
  parts: Parts,
  dialect: Dialect,
  questions: [UnetQuestion, UnetQuestion],
  { adapters = [], control }: { adapters?: readonly NetworkAdapter[]; control?: ControlForm } = {},
): Promise<{ off: number[]; apart: number }> {
  const networks = builtNetworks(parts, { device: 'cpu', dialect, tallies: newTallies() })
  const open = (batch: number) =>
    networks.openUnet({ ...size, batch, ...(control && { control }) }, { adapters })
  const strengths = wave(adapters.length * blockCount, 0.9)
  const [single, both] = [await open(1), await open(2)]
  const expected: Float32Array[] = []
  for (const [input, timestep, context, added, steering] of questions)
    expected.push(await single.run(input, timestep, context, added ?? {}, strengths, steering))
  const found = await both.runBoth!(...questions, strengths)
  expect(single.runBoth).toBeUndefined()
  await single.release()
  await both.release()
  return {
    off: found.map((one, index) => relativeDifference(one, expected[index])),
    apart: relativeDifference(expected[1], expected[0]),
  }
}

function expectTheSame({ off, apart }: Awaited<ReturnType<typeof compare>>): void {
  for (const difference of off) expect(difference).toBeLessThan(1e-5)
  expect(apart).toBeGreaterThan(1e-3)
}

describe.each(Object.entries(dialects))('two evaluations in one run, written %s', (_, dialect) => {
  it.each(['sd15', 'sdxl'])('answer as one after the other: %s', async (component) => {
    const parts = await partsOf(component)
    expectTheSame(await compare(parts, dialect, [question(parts, 0.7), question(parts, 1.1)]))
  })

  it('answer as one after the other under adapters of every kind of branch', async () => {
    const parts = await partsOf('sd15')
    const files = ['locon', 'dora_in_axis', 'lokr'].map((name) =>
      readAdapterFile(join(golden, 'lora', `${name}.safetensors`)),
    )
    const adapters = (await Promise.all(files)).map((file) => ({
      ...{ modules: fitAdapter(file, unetWearable(parts), 'sd1').unet, merged: null },
    }))
    const questions: [UnetQuestion, UnetQuestion] = [question(parts, 0.7), question(parts, 1.1)]
    expectTheSame(await compare(parts, dialect, questions, { adapters }))
  })

  it('answer as one after the other where one alone is steered', async () => {
    const parts = await partsOf('sd15')
    const { config, tensors } = parts.unet
    const control = { residuals: true, features: config.levels.length }
    const graph = graphOver(tensors, dialect)
    unet(graph, config, { ...size, control })
    const ofKind = (kind: string): Float32Array[] =>
      Object.entries(controlShapes(graph))
        .filter(([name]) => name.startsWith(kind))
        .map(([, shape], index) =>
          wave(
            shape.reduce((product, side) => product * side),
            0.3 + index,
          ),
        )
    const steered = { residuals: ofKind('residual'), features: ofKind('feature') }
    const questions: [UnetQuestion, UnetQuestion] = [question(parts, 0.7), question(parts, 0.7, steered)]
    expectTheSame(await compare(parts, dialect, questions, { control }))
  })
})
