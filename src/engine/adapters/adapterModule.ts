import type { AdapterModule } from '../graph/adapters/adaptation.ts'
import { elements, type Delta, type Product } from '../graph/adapters/delta.ts'
import type { Weight } from '../graph/weights/weight.ts'
import type { StoredModule } from './adapterFile.ts'
import type { Scaling } from './peftScaling.ts'

/** The layer that an adapter's tensors are to change. */
export interface Layer {
  /** Of its weight: [out, in] or [out, in, kernel, kernel]. */
  shape: readonly number[]
  bias: readonly number[] | null
  block: number
}

/** What a module of a file does to a layer; a text that says why it cannot. */
export function adapterModule(
  stored: StoredModule,
  layer: Layer,
  scaling: Scaling | null,
): AdapterModule | string {
  const { weights } = stored
  const delta = deltaOf(stored, layer.shape, scaling)
  if (typeof delta === 'string') return delta
  const difference = weights.diff_b ?? weights.up_bias ?? null
  if (difference && (!layer.bias || elements(difference) !== elements({ shape: layer.bias })))
    return `changes a bias of [${(layer.bias ?? []).join(', ')}] by [${difference.shape.join(', ')}]`
  const magnitude = weights.magnitude ?? rows(weights.row_magnitude)
  const [outputs, inputs] = layer.shape
  if (magnitude && elements(magnitude) !== outputs && elements(magnitude) !== inputs)
    return `scales a weight of [${layer.shape.join(', ')}] by [${magnitude.shape.join(', ')}]`
  const biasScale = weights.diff_b || delta?.form !== 'lora' ? 1 : delta.scale
  const bias = difference && { difference, scale: biasScale }
  if (!delta && !bias) return 'has only some of the tensors of an adapter'
  return { delta, magnitude, bias, block: layer.block, rows: null }
}

/** PEFT has one number a row, of a convolution too, where its shape is that of one a column: [1, out, 1, 1]. */
const rows = (magnitude: Weight | undefined): Weight | null =>
  magnitude ? { ...magnitude, shape: [elements(magnitude)] } : null

/** null where the weight stays as it is. */
function deltaOf(
  { network, name, weights, alpha, onInput }: StoredModule,
  shape: readonly number[],
  scaling: Scaling | null,
): Delta | null | string {
  const { up, down, mid = null } = weights
  const scaleAt = (rank: number): number =>
    alpha !== null ? alpha / rank : (scaling?.of(network, name, rank) ?? 1)
  const fits = (outputs: number, inputs: number): boolean =>
    outputs === shape[0] && inputs === elements({ shape }) / shape[0]
  const misfit = (outputs: number, inputs: number): string =>
    `is for a weight of ${outputs} × ${inputs}, this one is [${shape.join(', ')}]`

  if (up && down) {
    const rank = down.shape[0]
    const outputs = elements(up) / rank
    const inputs = (elements(down) / rank) * (mid ? elements(mid) / rank ** 2 : 1)
    return fits(outputs, inputs)
      ? { form: 'lora', up, down, mid, scale: scaleAt(rank) }
      : misfit(outputs, inputs)
  }
  const { hada_w1_a, hada_w1_b, hada_w2_a, hada_w2_b, hada_t1, hada_t2 } = weights
  if (hada_w1_a && hada_w1_b && hada_w2_a && hada_w2_b) {
    const factors: [Product, Product] = [
      { a: hada_w1_a, b: hada_w1_b, core: hada_t1 ?? null },
      { a: hada_w2_a, b: hada_w2_b, core: hada_t2 ?? null },
    ]
    const [outputs, inputs] = productSize(factors[0])
    if (!fits(outputs, inputs)) return misfit(outputs, inputs)
    return { form: 'loha', factors, scale: scaleAt(hada_w1_b.shape[0]) }
  }
  const left = weights.lokr_w1 ?? pair(weights.lokr_w1_a, weights.lokr_w1_b, undefined)
  const right = weights.lokr_w2 ?? pair(weights.lokr_w2_a, weights.lokr_w2_b, weights.lokr_t2)
  if (left && right) {
    const sizes = [left, right].map((factor) => ('a' in factor ? productSize(factor) : matrixSize(factor)))
    const [outputs, inputs] = [sizes[0][0] * sizes[1][0], sizes[0][1] * sizes[1][1]]
    if (!fits(outputs, inputs)) return misfit(outputs, inputs)
    // Of two whole factors there is no rank, and alpha says nothing.
    const ranked = weights.lokr_w2_b ?? weights.lokr_w1_b
    return { form: 'lokr', left, right, scale: ranked ? scaleAt(ranked.shape[0]) : 1, part: null }
  }
  if (onInput !== null && weights.weight) {
    const count = elements(weights.weight)
    if (count !== shape[onInput ? 1 : 0]) return `has ${count} factors for a weight of [${shape.join(', ')}]`
    return { form: 'ia3', factors: weights.weight, onInput }
  }
  if (weights.diff) {
    if (elements(weights.diff) !== elements({ shape }))
      return `differs by [${weights.diff.shape.join(', ')}] from a weight of [${shape.join(', ')}]`
    return { form: 'difference', weight: weights.diff }
  }
  return null
}

const pair = (a: Weight | undefined, b: Weight | undefined, core: Weight | undefined): Product | null =>
  a && b ? { a, b, core: core ?? null } : null

const matrixSize = (weight: Weight): [number, number] => [weight.shape[0], elements(weight) / weight.shape[0]]

/** With a core, both factors have the rank first: [rank, out] and [rank, in]. */
function productSize({ a, b, core }: Product): [number, number] {
  const inputs = elements(b) / b.shape[0]
  if (!core) return [a.shape[0], inputs]
  return [elements(a) / a.shape[0], inputs * (core.shape[2] ?? 1) * (core.shape[3] ?? 1)]
}
