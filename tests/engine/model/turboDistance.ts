import { join } from 'node:path'
import { operationsOf } from '../../../src/engine/graph/writing/folding.ts'
import type { Dialect } from '../../../src/engine/graph/writing/value.ts'
import { sizeOf } from '../../../src/engine/graph/writing/shapes.ts'
import { readModel } from '../../../src/engine/model/openModel.ts'
import { graphOver } from '../../../src/engine/model/networks/graphOver.ts'
import { cpuDialect } from '../../../src/engine/model/networks/networks.ts'
import { relativeDifference } from '../../../src/engine/model/runtime/testNumbers.ts'
import { openSession } from '../../../src/engine/model/runtime/session.ts'
import { newTallies } from '../../../src/engine/model/runtime/tallies.ts'
import { golden } from './comfyFolder.ts'

const inTheRun: Dialect = { ...cpuDialect, widening: 'in the run' }

/** The prediction of 256 tokens and 32 of text, and how many layers were multiplied in 8 bits. */
async function predict(family: string, side: number, dialect: Dialect) {
  const { transformer } = (await readModel(join(golden, family))).dit!
  const graph = graphOver(transformer.tensors, dialect)
  transformer.write(graph, { height: side, width: side, text: 32, references: [] })
  const inputs = graph.inputs.map(({ name, shape }) => {
    const sides = shape.map(Number)
    const wave = Float32Array.from({ length: sizeOf(sides) }, (_, i) => Math.sin(i * 1.3) * (1 + (i % 7)))
    return [name, { data: name === 'isText' ? wave.fill(1) : wave, shape: sides }] as const
  })
  const options = { device: 'cpu', folder: graph.folder, frugal: true, tally: newTallies().unet } as const
  const session = await openSession(graph.encode(), options)
  const { prediction } = await session.run(Object.fromEntries(inputs))
  await session.release()
  const operators = operationsOf(graph.written).map(({ operator }) => operator)
  return { prediction, rounded: operators.filter((name) => name === 'MatMulIntegerToFloat').length }
}

/** The families, and the side in latents that makes 256 tokens. */
export const transformers = [
  ['zimage', 32],
  ['flux2klein', 16],
] as const

/** How far the prediction of a tiny transformer in 8 bits is from the exact one, and the layers each multiplies in 8 bits. */
export async function turboDistance(family: string, side: number) {
  const exact = await predict(family, side, inTheRun)
  const turbo = await predict(family, side, { ...inTheRun, turbo: true })
  const distance = relativeDifference(turbo.prediction, exact.prediction)
  return { distance, rounded: { exact: exact.rounded, turbo: turbo.rounded } }
}
