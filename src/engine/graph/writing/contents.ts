import type { Initializer, Node, Port } from './onnx.ts'
import type { Adaptation } from '../adapters/adaptation.ts'
import type { Written } from './folding.ts'
import type { Rounding } from '../weights/quantise.ts'
import type { Dialect, Value } from './value.ts'
import type { WeightName, WeightSource } from '../weights/weight.ts'

/** What a graph is written from. */
interface Origin {
  readonly source: WeightSource
  readonly nameOf: WeightName
  readonly dialect: Dialect
  readonly adaptation: Adaptation | null
}

/** A graph while it is written; its scopes share it. */
export interface Contents extends Origin, Written {
  readonly nodes: Node[]
  readonly initializers: Map<string, Initializer>
  readonly inputs: Port[]
  readonly outputs: Port[]
  readonly values: Port[]
  readonly elements: Map<string, number>
  /** Pictures in the layout other than the one they were computed in. */
  readonly reordered: Map<string, Value>
  /** By the name of what is waited for: 0, as soon as that is computed. */
  readonly zeros: Map<string, Value>
  readonly roundings: Rounding[]
  waitingFor: Value | null
}

/** Nothing written yet. */
export const emptyContents = (origin: Origin): Contents => ({
  ...origin,
  ...{ nodes: [], inputs: [], outputs: [], values: [], roundings: [] },
  ...{ initializers: new Map(), elements: new Map(), reordered: new Map(), zeros: new Map() },
  waitingFor: null,
})
