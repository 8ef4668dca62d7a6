import type { Graph } from '../writing/graph.ts'
import type { Value } from '../writing/value.ts'

/** Cosines and sines of rotary position embeddings, [tokens, half the width of a head] each. */
export interface Rotary {
  cos: Value
  sin: Value
}

/**
 * Positions of several axes, of each token one an axis; every axis has its own part of the head: Su et al. 2021,
 * equation 15, angle = position · theta^(-2i / width).
 */
export function rotary(
  g: Graph,
  positions: readonly (readonly number[])[],
  widths: readonly number[],
  theta: number,
): Rotary {
  const angles = positions.flatMap((position) =>
    widths.flatMap((width, axis) =>
      Array.from({ length: width / 2 }, (_, i) => position[axis] * theta ** ((-2 * i) / width)),
    ),
  )
  const shape = [positions.length, widths.reduce((sum, width) => sum + width / 2, 0)]
  return { cos: g.constant(angles.map(Math.cos), shape), sin: g.constant(angles.map(Math.sin), shape) }
}

/** Tokens [count, width] turned by their positions. */
export const turned = (g: Graph, x: Value, { cos, sin }: Rotary, pairs: 'neighbours' | 'halves'): Value =>
  g.reshape(g.rotaryEmbedding(g.reshape(x, [1, ...x.shape]), { cos, sin }, pairs), x.shape)
