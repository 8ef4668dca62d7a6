import { cpuDialect } from './networks.ts'
import { Graph } from '../../graph/writing/graph.ts'
import { differences, plainForms } from '../runtime/selfTest.ts'
import { openSession } from '../runtime/session.ts'
import { newTallies } from '../runtime/tallies.ts'

/** Forms that go through every operator of blocks. */
const { 'residual block': residualBlock, upsampling, concatenation } = plainForms
const forms = { residualBlock, upsampling, concatenation }

/**
 * How many channels ONNX Runtime lays together for convolutions on this processor (8, or 16 with AVX-512); undefined
 * where it does not, or where networks written in that layout (graph/blocks.ts) compute something else.
 */
export function convolutionBlock(): Promise<number | undefined> {
  found ??= find().catch(() => undefined)
  return found
}

let found: Promise<number | undefined> | null = null

async function find(): Promise<number | undefined> {
  const blocks = await blockOfLayout()
  if (blocks !== 8 && blocks !== 16) return undefined
  const apart = await differences('cpu', { ...cpuDialect, blocks }, forms)
  return Object.values(apart).every((difference) => difference < 1e-5) ? blocks : undefined
}

/** Two pixels of 16 channels, counted through: in blocks, the first one's channels come before its neighbour. */
async function blockOfLayout(): Promise<number> {
  const shape = [1, 16, 1, 2]
  const graph = Graph.over(() => undefined, cpuDialect)
  const { name } = graph.inBlocks('ReorderInput', [graph.input('x', shape)], shape)
  graph.output('y', { name, shape })
  const tally = newTallies().unet
  const session = await openSession(graph.encode(), { device: 'cpu', folder: '.', frugal: false, tally })
  const { y } = await session.run({ x: { data: Float32Array.from({ length: 32 }, (_, i) => i), shape } })
  await session.release()
  return y.indexOf(1)
}
