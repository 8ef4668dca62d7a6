import { describe, expect, it } from 'vitest'
import { operationsOf } from '../../../src/engine/graph/writing/folding.ts'
import { Graph } from '../../../src/engine/graph/writing/graph.ts'
import type { Dialect } from '../../../src/engine/graph/writing/value.ts'
import { unet } from '../../../src/engine/graph/unet/unet.ts'
import { vaeDecoder, vaeEncoder } from '../../../src/engine/graph/vae/vae.ts'
import { convolutionBlock } from '../../../src/engine/model/networks/convolutionBlock.ts'
import { cpuDialect } from '../../../src/engine/model/networks/networks.ts'
import { readModel } from '../../../src/engine/model/openModel.ts'
import { openSession } from '../../../src/engine/model/runtime/session.ts'
import { newTallies } from '../../../src/engine/model/runtime/tallies.ts'
import { sizeOf } from '../../../src/engine/graph/writing/shapes.ts'

const { parts } = await readModel(new URL('../../../resources/models/starter', import.meta.url).pathname)
const [unetPart, vaePart] = [parts!.unet, parts!.vae!]
if (vaePart.config.kind !== 'kl') throw new Error('the starter has an autoencoder with norms')
const vaeConfig = vaePart.config

const networks: Record<string, (dialect: Dialect) => Graph> = {
  decoder(dialect) {
    const graph = Graph.over(vaePart.tensors.source, dialect)
    vaeDecoder(graph, vaeConfig, 6, 10)
    return graph
  },
  encoder(dialect) {
    const graph = Graph.over(vaePart.tensors.source, dialect)
    vaeEncoder(graph, vaeConfig, 48, 80)
    return graph
  },
  'U-Net': (dialect) => {
    const graph = Graph.over(unetPart.tensors.source, dialect)
    unet(graph, unetPart.config, { height: 8, width: 12, contextTokens: 77 })
    return graph
  },
}

async function run(graph: Graph): Promise<Float32Array> {
  const tally = newTallies().unet
  const session = await openSession(graph.encode(), {
    device: 'cpu',
    folder: graph.folder,
    frugal: false,
    tally,
  })
  const inputs = graph.inputs.map(({ name, shape }, input) => {
    const sizes = shape.map(Number)
    const data = Float32Array.from({ length: sizeOf(sizes) }, (_, i) => Math.sin(1 + input + i * 0.71))
    return [name, { data, shape: sizes }] as const
  })
  const outputs = await session.run(Object.fromEntries(inputs))
  await session.release()
  return Object.values(outputs)[0]
}

describe('pictures in blocks of channels', () => {
  it('are known to be laid out so on this processor', async () => {
    expect([8, 16]).toContain(await convolutionBlock())
  })

  it.each(Object.keys(networks))('are the same numbers: %s', async (name) => {
    const blocks = await convolutionBlock()
    const [found, wanted] = [
      await run(networks[name]({ ...cpuDialect, blocks })),
      await run(networks[name](cpuDialect)),
    ]
    const size = Math.sqrt(wanted.reduce((sum, value) => sum + value ** 2, 0) / wanted.length)
    expect(found).toHaveLength(wanted.length)
    for (const [i, value] of found.entries()) expect(Math.abs(value - wanted[i])).toBeLessThan(5e-5 * size)
  })

  it('cost fewer operations that only put numbers in order', () => {
    const reorders = operationsOf(networks['decoder']({ ...cpuDialect, blocks: 8 }).written).filter(
      ({ operator }) => operator.startsWith('Reorder'),
    )
    expect(reorders.length).toBeLessThanOrEqual(4)
  })
})
