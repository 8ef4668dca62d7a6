/** Between two arrays of numbers of the same length: 0 is the first, 1 the second, both exactly. */

/** On the straight line through both, (1 - t) a + t b; beyond them too. */
export const lerp = (a: Float32Array, b: Float32Array, t: number): Float32Array => weighed(a, b, 1 - t, t)

/**
 * On the sphere (Shoemake 1985, "Animating Rotation with Quaternion Curves", section 3.3): sin((1 - t) Ω) / sin Ω · a +
 * sin(t Ω) / sin Ω · b, where Ω is the angle between both. Vectors of one length keep it on the way, as noise has to.
 * Along one line there is no such angle, and the way is straight.
 */
export function slerp(a: Float32Array, b: Float32Array, t: number): Float32Array {
  const angle = Math.acos(cosine(a, b))
  const sine = Math.sin(angle)
  if (!(sine > leastSine)) return lerp(a, b, t)
  return weighed(a, b, Math.sin((1 - t) * angle) / sine, Math.sin(t * angle) / sine)
}

/** Below it the quotients lose more digits than the straight line is away. */
const leastSine = 1e-6

/** Of the angle between two vectors; NaN where one has no length. */
export function cosine(a: Float32Array, b: Float32Array): number {
  let [dot, first, second] = [0, 0, 0]
  for (let i = 0; i < a.length; i++) {
    dot += a[i] * b[i]
    first += a[i] * a[i]
    second += b[i] * b[i]
  }
  return Math.min(1, Math.max(-1, dot / Math.sqrt(first * second)))
}

const weighed = (a: Float32Array, b: Float32Array, ofA: number, ofB: number): Float32Array =>
  a.map((value, i) => ofA * value + ofB * b[i])
