import type { Graph } from '../writing/graph.ts'
import type { Value } from '../writing/value.ts'
import { wholeWeight } from '../weights/storedWeights.ts'
import type { Rows, Weight } from '../weights/weight.ts'

/**
 * What an adapter adds to a weight, by the way it is stored. Forms and formulas are those of LyCORIS
 * (Yeh et al. 2023, section 3, and its functional modules); every `scale` is alpha divided by the rank.
 */
export type Delta = Lora | Loha | Lokr | Ia3 | Difference

/** Hu et al. 2021, equation 3: up · down. `mid` is the core of LoCon's Tucker form, [rank, rank, kernel, kernel]. */
export interface Lora {
  form: 'lora'
  up: Weight
  down: Weight
  mid: Weight | null
  scale: number
}

/** Hyeon-Woo et al. 2021, proposition 1: (a1 · b1) ∘ (a2 · b2), each with a core in Tucker form. */
export interface Loha {
  form: 'loha'
  factors: readonly [Product, Product]
  scale: number
}

/** Kronecker product of two factors, each whole or a product. `part`: only these of the `of` rows it has. */
export interface Lokr {
  form: 'lokr'
  left: Weight | Product
  right: Weight | Product
  scale: number
  part: (Rows & { of: number }) | null
}

/** Liu et al. 2022, section 3.3, as factors of the weight's rows, or of its columns. */
export interface Ia3 {
  form: 'ia3'
  factors: Weight
  onInput: boolean
}

/** The difference itself. */
export interface Difference {
  form: 'difference'
  weight: Weight
}

/** a · b; with a core [i, j, k, l]: the sum over i and j of core · a[i, out] · b[j, in]. */
export interface Product {
  a: Weight
  b: Weight
  core: Weight | null
}

/** Whether it is cheap beside the layer; all others are as large as the layer's weight. */
export const isLowRank = (delta: Delta): delta is Lora | Lokr =>
  delta.form === 'lora' || delta.form === 'lokr'

/**
 * D of W + strength · D, in float32. With a magnitude (DoRA, Liu et al. 2024, equation 5) that is M - W where M is the
 * changed weight with its rows or columns scaled to the magnitude. Tools differ at strengths other than 1; this is
 * AUTOMATIC1111's and ComfyUI's way.
 */
export function change(g: Graph, name: string, delta: Delta, magnitude: Weight | null, plain: Value): Value {
  const added = addedWeight(g, name, delta, plain)
  if (!magnitude) return added
  const changed = g.add(plain, added)
  const rank = plain.shape.length
  const axis = magnitude.shape[0] === 1 && magnitude.shape.length > 1 ? 1 : 0
  const others = Array.from({ length: rank }, (_, index) => index).filter((index) => index !== axis)
  const shape = plain.shape.map((size, index) => (index === axis ? size : 1))
  const wanted = wholeWeight(g, `${name}.magnitude`, magnitude, shape, 'float32')
  return g.sub(g.mul(g.div(changed, g.reduceL2(changed, others)), wanted), plain)
}

function addedWeight(g: Graph, name: string, delta: Delta, plain: Value): Value {
  const { shape } = plain
  switch (delta.form) {
    case 'lora':
      return scaled(g, g.reshape(loraProduct(g, name, delta), shape), delta.scale)
    case 'loha': {
      const [one, other] = delta.factors.map((factor, index) => product(g, `${name}.w${index + 1}`, factor))
      return scaled(g, g.reshape(g.mul(one, other), shape), delta.scale)
    }
    case 'lokr': {
      const { part } = delta
      const whole = part ? shape.with(0, part.of) : shape
      const numbers = g.reshape(kronecker(g, name, delta, whole), whole)
      return scaled(g, part ? g.slice(numbers, 0, part.from, part.to) : numbers, delta.scale)
    }
    case 'ia3': {
      const axis = delta.onInput ? 1 : 0
      const along = shape.map((size, index) => (index === axis ? size : 1))
      return g.mul(plain, wholeWeight(g, `${name}.factors`, delta.factors, along, 'float32'))
    }
    case 'difference':
      return wholeWeight(g, `${name}.difference`, delta.weight, shape, 'float32')
  }
}

const scaled = (g: Graph, x: Value, scale: number): Value => (scale === 1 ? x : g.mul(x, g.wideNumber(scale)))

function loraProduct(g: Graph, name: string, { up, down, mid }: Lora): Value {
  const [rank] = down.shape
  const ups = wholeWeight(g, `${name}.up`, up, [up.shape[0], elements(up) / up.shape[0]], 'float32')
  const downs = wholeWeight(g, `${name}.down`, down, [rank, elements(down) / rank], 'float32')
  if (!mid) return g.matMul(ups, downs)
  const core = wholeWeight(g, `${name}.mid`, mid, mid.shape, 'float32')
  return g.einsum('on,nmkl,mi->oikl', ups, core, downs)
}

function product(g: Graph, name: string, { a, b, core }: Product): Value {
  const [left, right] = [a, b].map((weight, index) => {
    const [rows] = weight.shape
    return wholeWeight(g, `${name}.${index}`, weight, [rows, elements(weight) / rows], 'float32')
  }) as [Value, Value]
  if (!core) return g.matMul(left, right)
  return g.einsum(
    'ijkl,ip,jr->prkl',
    wholeWeight(g, `${name}.core`, core, core.shape, 'float32'),
    left,
    right,
  )
}

/** Both factors of a Kronecker product: [o1, i1], and [o2, i2] or [o2, i2, kernel, kernel]. */
export function kroneckerFactors(
  g: Graph,
  name: string,
  { left, right }: Lokr,
  [outputs, inputs, ...kernel]: readonly number[],
): [Value, Value] {
  const whole = factor(g, `${name}.left`, left)
  const [o1] = whole.shape
  const i1 = elements(whole) / o1
  const one = g.reshape(whole, [o1, i1])
  const other = factor(g, `${name}.right`, right)
  return [one, g.reshape(other, [outputs / o1, inputs / i1, ...kernel])]
}

function kronecker(g: Graph, name: string, delta: Lokr, shape: readonly number[]): Value {
  const [one, other] = kroneckerFactors(g, name, delta, shape)
  return g.einsum(other.shape.length === 4 ? 'ab,cdkl->acbdkl' : 'ab,cd->acbd', one, other)
}

const factor = (g: Graph, name: string, weight: Weight | Product): Value =>
  'a' in weight ? product(g, name, weight) : wholeWeight(g, name, weight, weight.shape, 'float32')

export const elements = ({ shape }: Pick<Weight, 'shape'>): number =>
  shape.reduce((product, size) => product * size, 1)
