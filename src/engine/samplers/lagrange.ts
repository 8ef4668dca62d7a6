/** Integral over [from, to] of the polynomial that is 1 at nodes[j] and 0 at the other nodes; up to eight nodes. */
export function integrateBasis(nodes: readonly number[], j: number, from: number, to: number): number {
  const centre = (from + to) / 2
  const half = (to - from) / 2
  let sum = 0
  for (const [position, weight] of gaussLegendre) {
    sum += weight * (basis(nodes, j, centre + half * position) + basis(nodes, j, centre - half * position))
  }
  return half * sum
}

/** The polynomial itself. */
export function basis(nodes: readonly number[], j: number, at: number): number {
  return nodes.reduce(
    (product, node, k) => (k === j ? product : (product * (at - node)) / (nodes[j] - node)),
    1,
  )
}

/** Four points: exact for polynomials up to degree 7. */
const gaussLegendre = [
  [0.3399810435848563, 0.6521451548625461],
  [0.8611363115940526, 0.3478548451374538],
] as const
