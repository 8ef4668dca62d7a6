import { blockCount } from '../../adapters/blocks.ts'
import { adaptation, strengthsInput, type NetworkAdapter } from '../../graph/adapters/adaptation.ts'
import { Graph } from '../../graph/writing/graph.ts'
import type { Dialect } from '../../graph/writing/value.ts'
import type { Input } from '../runtime/session.ts'
import type { Tensors } from '../files/weights.ts'

/** A graph that speaks of tensors as they are called in their file, with adapters over it. */
export const graphOver = (
  { source, nameOf }: Tensors,
  dialect: Dialect,
  adapters: readonly NetworkAdapter[] = [],
): Graph => Graph.over(source, dialect, nameOf, adapters.length > 0 ? adaptation(adapters, blockCount) : null)

/** How strong each adapter is that is not merged. */
export const strengthsOf = (strengths: Float32Array = new Float32Array()): Record<string, Input> => ({
  [strengthsInput]: { data: strengths, shape: [strengths.length / blockCount, blockCount] },
})
