import type { AdapterModule } from '../graph/adapters/adaptation.ts'
import { elements, type Delta, type Product } from '../graph/adapters/delta.ts'
import { rowsOfWeight, type Rows } from '../graph/weights/weight.ts'
import type { NamedLayer } from './wearable.ts'

/** What a module does to each layer that its name stands for; a text that says why it cannot be taken apart. */
export function piecesOf(
  module: AdapterModule,
  { layer, pieces }: NamedLayer,
): { key: string; module: AdapterModule }[] | string {
  const found: { key: string; module: AdapterModule }[] = []
  for (const { key, taken, rows } of pieces) {
    const part = taken ? someRows(module, taken, layer.shape[0]) : module
    if (typeof part === 'string') return part
    found.push({ key, module: { ...part, rows } })
  }
  return found
}

function someRows(
  { delta, magnitude, bias, ...module }: AdapterModule,
  rows: Rows,
  of: number,
): AdapterModule | string {
  if (magnitude && (magnitude.shape[0] === 1 || elements(magnitude) !== of))
    return 'scales the columns of several layers together, each of which is computed by itself here'
  const part = delta && rowsOfDelta(delta, rows, of)
  if (typeof part === 'string') return part
  return {
    ...module,
    delta: part,
    magnitude: magnitude && rowsOfWeight(magnitude, rows),
    bias: bias && { ...bias, difference: rowsOfWeight(bias.difference, rows) },
  }
}

function rowsOfDelta(delta: Delta, rows: Rows, of: number): Delta | string {
  switch (delta.form) {
    case 'lora':
      return { ...delta, up: rowsOfWeight(delta.up, rows) }
    case 'loha': {
      if (delta.factors.some(({ core }) => core)) return 'is in Tucker form, which linear layers do not have'
      const [one, other] = delta.factors.map((factor): Product => ({
        ...factor,
        a: rowsOfWeight(factor.a, rows),
      }))
      return { ...delta, factors: [one, other] }
    }
    case 'lokr':
      return { ...delta, part: { ...rows, of } }
    case 'ia3':
      return delta.onInput ? delta : { ...delta, factors: rowsOfWeight(delta.factors, rows) }
    case 'difference':
      return { ...delta, weight: rowsOfWeight(delta.weight, rows) }
  }
}
