import { wholeWeight } from '../weights/storedWeights.ts'
import type { Graph } from '../writing/graph.ts'
import type { Value } from '../writing/value.ts'
import type { Rows, Weight } from '../weights/weight.ts'
import { change, isLowRank, type Delta, type Lokr, type Lora } from './delta.ts'

/** Adapters as they lie over a network while its graph is written. */

/** What one adapter does to one layer. */
export interface AdapterModule {
  /** null where only the bias changes. */
  delta: Delta | null
  /** DoRA: the length that every row or column of the changed weight gets. */
  magnitude: Weight | null
  bias: { difference: Weight; scale: number } | null
  /** Its column in the table of strengths. */
  block: number
  /** The rows of the layer that it changes; null: all. */
  rows: Rows | null
}

/** One adapter on one network. */
export interface NetworkAdapter {
  /** By the key of the layer, in diffusers' naming: `down_blocks.0.resnets.0.conv1`. */
  modules: ReadonlyMap<string, readonly AdapterModule[]>
  /** Strengths by block that become part of the weights; null: an input of the graph, for runs to say. */
  merged: readonly number[] | null
}

/** A small network beside a layer, whose result times `strength` is added to the layer's. */
export interface Branch {
  /** Distinguishes the tensors of several adapters on one layer. */
  name: string
  delta: Lora | Lokr
  rows: Rows | null
  /** A single number, in the precision of the graph. */
  strength(g: Graph): Value
}

export interface Adaptation {
  /** Whether the tensor `key` is another under the adapters. */
  changes(key: string): boolean
  /** The tensor `key`, given and answered in float32, with what adapters change in it. */
  weight(g: Graph, key: string, plain: Value): Value
  branches(layer: string): readonly Branch[]
}

/** The input that holds the strengths of all adapters that are not merged: a row an adapter, a column a block. */
export const strengthsInput = 'strengths'

/**
 * Adapters over a graph: factors of low rank as branches, all else (and everything of merged adapters) as a sum over
 * the weight: W + Σ strength · D. Where the strength is known ONNX Runtime computes that sum once, while it opens the
 * graph; where it is an input, before each run of the layer.
 */
export function adaptation(adapters: readonly NetworkAdapter[], blocks: number): Adaptation {
  const live = adapters.filter(({ merged }) => merged === null)
  const memory = new Map<string, Value>()
  const remembered = (name: string, write: () => Value): Value => {
    const value = memory.get(name) ?? write()
    memory.set(name, value)
    return value
  }

  function strength(g: Graph, adapter: NetworkAdapter, block: number): Value {
    if (adapter.merged) return g.wideNumber(adapter.merged[block])
    const row = live.indexOf(adapter)
    return remembered(`${row},${block}`, () => {
      const table = remembered('all', () => g.wideInput(strengthsInput, [live.length, blocks]))
      return g.reshape(g.slice(g.slice(table, 0, row, row + 1), 1, block, block + 1), [1])
    })
  }

  const inWeight = (layer: string): Found[] =>
    foundOn(adapters, layer).filter((one) => one.module.delta !== null && besideLayer(one) === null)
  const inBias = (layer: string): Found[] =>
    foundOn(adapters, layer).filter(({ module }) => module.bias !== null)

  return {
    changes(key) {
      const [layer, tensor] = split(key)
      return (tensor === 'bias' ? inBias(layer) : inWeight(layer)).length > 0
    },
    weight(g, key, plain) {
      const [layer, tensor] = split(key)
      if (tensor === 'bias')
        return inBias(layer).reduce(
          (sum, { adapter, module: { bias, block, rows }, name }) =>
            changedWithin(g, sum, 0, rows, (part) => {
              const difference = wholeWeight(g, `${name}.bias`, bias!.difference, part.shape, 'float32')
              const scaled = g.mul(difference, g.wideNumber(bias!.scale))
              return g.add(part, g.mul(scaled, strength(g, adapter, block)))
            }),
          plain,
        )
      return inWeight(layer).reduce(
        (sum, { adapter, module: { delta, magnitude, block, rows }, name }) =>
          changedWithin(g, sum, 0, rows, (part) => {
            const own = rows ? g.slice(plain, 0, rows.from, rows.to) : plain
            const difference = change(g, name, delta!, magnitude, own)
            return g.add(part, g.mul(difference, strength(g, adapter, block)))
          }),
        plain,
      )
    },
    branches: (layer) =>
      foundOn(adapters, layer).flatMap((one) => {
        const delta = besideLayer(one)
        const { adapter, module, name } = one
        const narrow = (g: Graph): Value =>
          g.cast(strength(g, adapter, module.block), 'float32', g.dialect.precision)
        return delta ? [{ name, delta, rows: module.rows, strength: narrow }] : []
      }),
  }
}

/** `x` with some of what it has along an axis changed. */
export function changedWithin(
  g: Graph,
  x: Value,
  axis: number,
  rows: Rows | null,
  change: (part: Value) => Value,
): Value {
  if (!rows) return change(x)
  const part = (from: number, to: number): Value[] => (from < to ? [g.slice(x, axis, from, to)] : [])
  const { from, to } = rows
  return g.concat([...part(0, from), ...part(from, to).map(change), ...part(to, x.shape[axis])], axis)
}

/** What can be computed beside the layer; null where the weight itself has to change. */
const besideLayer = ({ adapter, module: { delta, magnitude } }: Found): Lora | Lokr | null =>
  adapter.merged === null && magnitude === null && delta !== null && isLowRank(delta) ? delta : null

interface Found {
  adapter: NetworkAdapter
  module: AdapterModule
  name: string
}

const foundOn = (adapters: readonly NetworkAdapter[], layer: string): Found[] =>
  adapters.flatMap((adapter, index) =>
    (adapter.modules.get(layer) ?? []).flatMap((module, part) =>
      adapter.merged?.[module.block] === 0
        ? []
        : [{ adapter, module, name: `adapter${index}${part > 0 ? `.${part}` : ''}` }],
    ),
  )

function split(key: string): [layer: string, tensor: string] {
  const dot = key.lastIndexOf('.')
  return [key.slice(0, dot), key.slice(dot + 1)]
}
