import { normalsFrom } from './random.ts'

/** Points in the plane to learn from, about within ±1.5; x, y one after the other. */
export const toyShapes = ['moons', 'spiral', 'outline'] as const
export type ToyShape = (typeof toyShapes)[number]

/** Points along what a person has drawn, evenly by length. Empty without a line of any length. */
export function alongOutline(outline: ArrayLike<number>, count: number, uniform: () => number): Float32Array {
  const lengths: number[] = []
  for (let i = 2; i + 1 < outline.length; i += 2)
    lengths.push(Math.hypot(outline[i] - outline[i - 2], outline[i + 1] - outline[i - 1]))
  const whole = lengths.reduce((sum, length) => sum + length, 0)
  if (!(whole > 0)) return new Float32Array()
  const points = new Float32Array(2 * count)
  for (let p = 0; p < count; p++) {
    let left = uniform() * whole
    let piece = 0
    while (piece < lengths.length - 1 && left > lengths[piece]) left -= lengths[piece++]
    const share = lengths[piece] > 0 ? left / lengths[piece] : 0
    for (const axis of [0, 1]) {
      const [from, to] = [outline[2 * piece + axis], outline[2 * piece + 2 + axis]]
      points[2 * p + axis] = from + share * (to - from)
    }
  }
  return jittered(points, 0.015, uniform)
}

/** Two half circles that reach into each other. */
export function twoMoons(count: number, uniform: () => number): Float32Array {
  const points = new Float32Array(2 * count)
  for (let i = 0; i < count; i++) {
    const angle = Math.PI * uniform()
    const upper = i % 2 === 0
    points[2 * i] = (upper ? Math.cos(angle) : 1 - Math.cos(angle)) - 0.5
    points[2 * i + 1] = (upper ? Math.sin(angle) : 0.5 - Math.sin(angle)) - 0.25
  }
  return jittered(points, 0.05, uniform)
}

/** An Archimedean spiral of two turns. */
export function spiral(count: number, uniform: () => number): Float32Array {
  const points = new Float32Array(2 * count)
  for (let i = 0; i < count; i++) {
    const turn = Math.sqrt(uniform())
    const angle = turn * 4 * Math.PI
    points[2 * i] = 1.3 * turn * Math.cos(angle)
    points[2 * i + 1] = 1.3 * turn * Math.sin(angle)
  }
  return jittered(points, 0.03, uniform)
}

function jittered(points: Float32Array, by: number, uniform: () => number): Float32Array {
  const noise = normalsFrom(uniform)(points.length)
  return points.map((value, i) => value + by * noise[i])
}
