import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { blockCount } from '../../../src/engine/adapters/blocks.ts'
import { readAdapterFile } from '../../../src/engine/adapters/adapterFile.ts'
import { fitAdapter } from '../../../src/engine/adapters/fitAdapter.ts'
import { unetWearable } from '../../../src/engine/adapters/wearable.ts'
import type { NetworkAdapter } from '../../../src/engine/graph/adapters/adaptation.ts'
import { linear } from '../../../src/engine/graph/layers/layers.ts'
import { Graph } from '../../../src/engine/graph/writing/graph.ts'
import type { Dialect } from '../../../src/engine/graph/writing/value.ts'
import { builtNetworks, type Parts } from '../../../src/engine/model/networks/builtNetworks.ts'
import { cpuDialect, type UnetNetwork, type Widening } from '../../../src/engine/model/networks/networks.ts'
import { readModel } from '../../../src/engine/model/openModel.ts'
import { readSafetensors } from '../../../src/engine/model/files/safetensors.ts'
import { openSession } from '../../../src/engine/model/runtime/session.ts'
import { newTallies } from '../../../src/engine/model/runtime/tallies.ts'
import { openHalves } from '../../../src/engine/model/networks/unetNetworks.ts'
import { widenedLater } from '../../../src/engine/model/networks/widenedLater.ts'
import { joinTensors } from '../../../src/engine/model/files/weights.ts'
import { writeSafetensors } from './safetensorsFile.ts'

const inTests = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const starter = inTests('../resources/models/starter')
const inTheRun: Dialect = { ...cpuDialect, widening: 'in the run' }

const waves = (length: number): Float32Array => Float32Array.from({ length }, (_, i) => Math.sin(i * 0.7))
const largest = (values: Float32Array): number => values.reduce((most, x) => Math.max(most, Math.abs(x)), 0)

/** How far apart two answers are, over the largest number of the first. */
function apart(one: Float32Array, other: Float32Array): number {
  expect(other.length).toBe(one.length)
  return largest(one.map((value, i) => value - other[i])) / largest(one)
}

async function predict(
  parts: Parts,
  dialect: Dialect,
  adapters: readonly NetworkAdapter[] = [],
): Promise<Float32Array> {
  const networks = builtNetworks(parts, { device: 'cpu', dialect, tallies: newTallies() })
  const unet = await networks.openUnet({ height: 16, width: 8, contextTokens: 77 }, { adapters })
  const strengths = new Float32Array(blockCount * adapters.filter(({ merged }) => !merged).length).fill(0.7)
  const context = waves(77 * parts.textEncoders[0].config.width)
  const prediction = await unet.run(waves(4 * 16 * 8), 300, context, {}, strengths)
  await unet.release()
  return prediction
}

describe('a U-Net whose weights are widened in the run', () => {
  it('predicts what it predicts with all of them widened', async () => {
    const { parts } = await readModel(starter)
    expect(parts!.unet.tensors.dtype).toBe('float16')
    const usual = await predict(parts!, cpuDialect)
    expect(largest(usual)).toBeGreaterThan(0.1)
    expect(apart(usual, await predict(parts!, inTheRun))).toBeLessThan(1e-5)
  })

  it.each(['kohya_lora', 'dora_in_axis'])('under %s, live and merged', async (name) => {
    const { parts, facts } = await readModel(inTests('golden/pipelines/sd15'))
    const file = await readAdapterFile(inTests(`golden/lora/${name}.safetensors`))
    const { unet: modules } = fitAdapter(file, unetWearable(parts!), facts.info.family)
    const bare = await predict(parts!, cpuDialect)
    for (const merged of [null, Array<number>(blockCount).fill(0.7)]) {
      const usual = await predict(parts!, cpuDialect, [{ modules, merged }])
      expect(apart(bare, usual)).toBeGreaterThan(1e-4)
      expect(apart(usual, await predict(parts!, inTheRun, [{ modules, merged }]))).toBeLessThan(2e-5)
    }
  })
})

describe('a U-Net whose weights are widened beside the run', () => {
  it('answers out of the file first, then as one that was opened so, to the last bit', async () => {
    const { parts } = await readModel(starter)
    const tallies = newTallies()
    const { openUnet } = builtNetworks(parts!, { device: 'cpu', dialect: cpuDialect, tallies })
    const open = (widening: Widening) => openUnet({ height: 16, width: 8, contextTokens: 77 }, { widening })
    const context = waves(77 * parts!.textEncoders[0].config.width)
    const evaluate = (unet: UnetNetwork, step: number): Promise<Float32Array> =>
      unet.run(waves(4 * 16 * 8), 900 - step, context, {})

    const beside = await open('beside the run')
    const first = await evaluate(beside, 0)
    const fromFile = await open('in the run')
    expect(first).toEqual(await evaluate(fromFile, 0))
    await fromFile.release()

    const form = { part: parts!.unet, dialect: cpuDialect, adapters: [] }
    const tally = newTallies().unet
    const openGraph = (graph: Graph) =>
      openSession(graph.encode(), { device: 'cpu', folder: graph.folder, frugal: false, tally })
    const widened = await openHalves(
      form,
      { height: 16, width: 8, contextTokens: 77, contextVaries: false },
      openGraph,
      tally,
    )
    const expected = await evaluate(widened, 1)
    await widened.release()
    expect(apart(await evaluate(beside, 1), expected)).toBeLessThan(1e-5)
    await vi.waitFor(async () => expect(await evaluate(beside, 1)).toEqual(expected), { timeout: 60_000 })
    expect(tallies.unet.runs).toBeGreaterThan(3)
    await beside.release()
  })

  it('goes on out of the file where the widened one cannot be opened', async () => {
    const answers = { run: () => Promise.resolve(Float32Array.of(1)), release: () => Promise.resolve() }
    const again = () => Promise.resolve(answers)
    const network = widenedLater(answers, again, () => Promise.reject(new Error('no room')))
    for (let evaluation = 0; evaluation < 5; evaluation++)
      expect(await network.run(waves(1), 0, null, {})).toEqual(Float32Array.of(1))
    await network.release()
  })

  it('waits for what is being opened before it is released, and releases both', async () => {
    const released: string[] = []
    const answering = (name: string): UnetNetwork => ({
      run: () => Promise.resolve(new Float32Array(1)),
      release: () => Promise.resolve(void released.push(name)),
    })
    const opening = Promise.withResolvers<UnetNetwork>()
    let isWanted = (): boolean => true
    const quick = answering('quick')
    const network = widenedLater(
      quick,
      () => Promise.resolve(quick),
      (asked) => {
        isWanted = asked
        return opening.promise
      },
    )
    for (let evaluation = 0; evaluation < 3; evaluation++) await network.run(waves(1), 0, null, {})
    expect(isWanted()).toBe(true)
    const end = network.release()
    expect(isWanted()).toBe(false)
    opening.resolve(answering('widened'))
    await end
    expect(released.toSorted()).toEqual(['quick', 'widened'])
  })
})

describe.each(['F16', 'BF16', 'F8_E4M3', 'F8_E5M2', 'F32', 'F64'])('weights stored as %s', (dtype) => {
  it('come out of the run as out of the file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'widening-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const path = join(folder, 'a.safetensors')
    const size = { F16: 2, BF16: 2, F8_E4M3: 1, F8_E5M2: 1, F32: 4, F64: 8 }[dtype]!
    // Bytes whose every number is finite, and not too large to tell apart.
    const bytes = Uint8Array.from({ length: 24 * 16 * size }, (_, i) =>
      i % size === size - 1
        ? (dtype === 'F64' ? 0x38 : 0x30) + ((i * 7) % 8) + 128 * (i % 2)
        : (i * 29) % 256,
    )
    await writeSafetensors(path, { 'layer.weight': { dtype, shape: [24, 16], bytes } })
    const tensors = joinTensors([await readSafetensors(path)])
    const outputs: Float32Array[] = []
    for (const dialect of [cpuDialect, inTheRun]) {
      const graph = Graph.over(tensors.source, dialect)
      const x = graph.input('x', [3, 16])
      graph.output('y', linear(graph.scope('layer'), x, 24, { bias: false }))
      const tally = newTallies().unet
      const session = await openSession(graph.encode(), { device: 'cpu', folder, frugal: false, tally })
      outputs.push((await session.run({ x: { data: waves(48), shape: [3, 16] } }))['y'])
      await session.release()
    }
    expect(largest(outputs[0])).toBeGreaterThan(0)
    expect(apart(outputs[0], outputs[1])).toBeLessThan(1e-6)
  })
})
