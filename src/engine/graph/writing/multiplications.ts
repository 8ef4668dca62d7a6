import type { Written } from './folding.ts'
import { sizeOf } from './shapes.ts'

/** Multiplications of a graph's convolutions, all of which have a bias. */
export function multiplications({ nodes, elements, initializers }: Written): number {
  const numbersIn = (name: string): number =>
    elements.get(name) ?? sizeOf(initializers.get(name)?.shape ?? [0])
  return nodes
    .filter(({ operator }) => operator === 'Conv')
    .map(({ inputs: [, weight, bias], output }) => {
      const pixels = numbersIn(output) / numbersIn(bias)
      return pixels * numbersIn(weight)
    })
    .reduce((sum, count) => sum + count, 0)
}
