import type { Graph } from '../writing/graph.ts'
import type { Value } from '../writing/value.ts'
import { product } from '../layers/products.ts'
import { wholeWeight } from '../weights/storedWeights.ts'
import type { Weight } from '../weights/weight.ts'
import { changedWithin, type Branch } from './adaptation.ts'
import { elements, kroneckerFactors, type Lora, type Lokr } from './delta.ts'

/** Adapters of low rank as small networks beside a layer. */

export interface ConvolutionForm {
  outputs: number
  kernel: number
  stride: number
  pads: readonly number[]
}

/** The result of a linear layer, [n, outputs], with what its branches make of its tokens [n, in]. */
export const withBranches = (g: Graph, result: Value, x: Value): Value =>
  g
    .branches()
    .reduce(
      (sum, branch) =>
        changedWithin(g, sum, 1, branch.rows, (part) =>
          g.add(part, linearBranch(g, branch, x, part.shape[1])),
        ),
      result,
    )

/** What a branch adds to a linear layer: tokens [n, in] to [n, outputs]. */
function linearBranch(g: Graph, branch: Branch, x: Value, outputs: number): Value {
  const { name, delta } = branch
  const strength = branch.strength(g)
  const inputs = x.shape[1]
  if (delta.form === 'lora') {
    const [rank] = delta.down.shape
    const inner = product(g, x, scaledDown(g, name, delta, [rank, inputs]))
    return product(g, g.mul(inner, strength), narrow(g, `${name}.up`, delta.up, [outputs, rank]))
  }
  const { part } = delta
  const [left, right] = scaledFactors(g, name, delta, [part?.of ?? outputs, inputs])
  const [o1, i1] = left.shape as [number, number]
  const [o2, i2] = right.shape as [number, number]
  const count = x.shape[0]
  const inner = product(g, g.reshape(x, [count * i1, i2], 0), right)
  const mixed = g.matMul(g.mul(left, strength), g.reshape(inner, [count, i1, o2], 0))
  const whole = g.reshape(mixed, [count, o1 * o2], 0)
  return part ? g.slice(whole, 1, part.from, part.to) : whole
}

/** What a branch adds to a convolution. */
export function convolutionBranch(g: Graph, branch: Branch, x: Value, form: ConvolutionForm): Value {
  const { name, delta } = branch
  const { outputs, kernel, stride, pads } = form
  const strength = branch.strength(g)
  const inputs = x.shape[1]
  if (delta.form === 'lora') {
    const [rank] = delta.down.shape
    const up = narrow(g, `${name}.up`, delta.up, [outputs, elements(delta.up) / outputs, 1, 1])
    if (!delta.mid) {
      const inner = g.conv(x, scaledDown(g, name, delta, [rank, inputs, kernel, kernel]), null, stride, pads)
      return g.conv(g.mul(inner, strength), up, null, 1, none)
    }
    const fewer = g.conv(x, scaledDown(g, name, delta, [rank, inputs, 1, 1]), null, 1, none)
    const inner = g.conv(fewer, narrow(g, `${name}.mid`, delta.mid, delta.mid.shape), null, stride, pads)
    return g.conv(g.mul(inner, strength), up, null, 1, none)
  }
  const [batch, , height, width] = x.shape as [number, number, number, number]
  const [left, right] = scaledFactors(g, name, delta, [outputs, inputs, kernel, kernel])
  const [o1, i1] = left.shape as [number, number]
  const [o2, i2] = right.shape as [number, number]
  // Every group of channels is a picture of its own, and the left factor mixes the groups.
  const inner = g.conv(g.reshape(x, [batch * i1, i2, height, width]), right, null, stride, pads)
  const [, , rows, columns] = inner.shape as [number, number, number, number]
  const mixed = g.matMul(g.mul(left, strength), g.reshape(inner, [batch, i1, o2 * rows * columns]))
  return g.reshape(mixed, [batch, o1 * o2, rows, columns])
}

const none = [0, 0, 0, 0]

const narrow = (g: Graph, name: string, weight: Weight, shape: readonly number[]): Value =>
  wholeWeight(g, name, weight, shape)

/** The first factor times alpha / rank, computed once. */
const scaledDown = (g: Graph, name: string, { down, scale }: Lora, shape: readonly number[]): Value =>
  narrowed(g, g.mul(wholeWeight(g, `${name}.down`, down, shape, 'float32'), g.wideNumber(scale)))

function scaledFactors(g: Graph, name: string, delta: Lokr, shape: readonly number[]): [Value, Value] {
  const [left, right] = kroneckerFactors(g, name, delta, shape)
  return [narrowed(g, g.mul(left, g.wideNumber(delta.scale))), narrowed(g, right)]
}

const narrowed = (g: Graph, x: Value): Value => g.cast(x, 'float32', g.dialect.precision)
