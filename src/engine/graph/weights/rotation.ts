import type { Graph } from '../writing/graph.ts'
import type { Value } from '../writing/value.ts'

/**
 * Weights [rows, width] that were multiplied with a rotation before they were rounded to 8 bits, so that no number of a row
 * stands out ("convrot"; docs/int8_convrot.md of stable-diffusion.cpp): groups of `size` columns, each by the Kronecker power
 * of H4 / 2. The rotation is its own inverse.
 */
export function turnedBack(g: Graph, weight: Value, size: number): Value {
  const [rows, width] = weight.shape as [number, number]
  const groups = g.reshape(weight, [(rows * width) / size, size])
  const rotation = g.wideTable(`rotation:${size}`, rotationOf(size), [size, size])
  return g.reshape(g.matMul(groups, rotation), weight.shape)
}

/** Of the four by four, every row and column has a single -1: on the diagonal from right to left. */
function rotationOf(size: number): number[] {
  const norm = Math.sqrt(size)
  const sign = (row: number, column: number): number => {
    let [product, r, c] = [1, row, column]
    for (let left = size; left > 1; left /= 4) {
      if ((r % 4) + (c % 4) === 3) product = -product
      r = Math.floor(r / 4)
      c = Math.floor(c / 4)
    }
    return product
  }
  return Array.from({ length: size * size }, (_, i) => sign(Math.floor(i / size), i % size) / norm)
}
