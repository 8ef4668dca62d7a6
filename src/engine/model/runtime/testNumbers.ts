import { sizeOf } from '../../graph/writing/shapes.ts'
import type { Weight } from '../../graph/weights/weight.ts'

/** What tests of devices compute with, and how they compare. */

/** Weights that are waves, as large as keeps the size of what they are multiplied with. */
export function waves(shape: readonly number[], salt: number): Weight {
  const length = sizeOf(shape)
  const scale = 1 / Math.sqrt(length / shape[0])
  const values = Float32Array.from({ length }, (_, index) => scale * Math.sin(index * 1.7 + salt))
  return { dataType: 'float32', shape, transposed: false, data: new Uint8Array(values.buffer) }
}

/** Normally distributed numbers (Box and Muller 1958), the same few over and over. */
const numbers = Float32Array.from({ length: 65_537 }, (_, i) => {
  const [a, b] = [(i + 1) / 65_538, ((i * 40_503) % 65_536) / 65_536]
  return Math.sqrt(-2 * Math.log(a)) * Math.cos(2 * Math.PI * b)
})

/** The same of normally distributed numbers, for many layers behind each other. */
export function normal(shape: readonly number[]): Weight {
  const length = sizeOf(shape)
  const spread = 1 / Math.sqrt(length / shape[0])
  const few = numbers.map((value) => spread * value)
  const values = new Float32Array(length)
  for (let at = 0; at < length; at += few.length) values.set(few.subarray(0, length - at), at)
  return { dataType: 'float32', shape, transposed: false, data: new Uint8Array(values.buffer) }
}

/** Root mean square of the difference, relative to what is expected. */
export function relativeDifference(found: Float32Array, expected: Float32Array): number {
  let [difference, size] = [0, 0]
  for (let index = 0; index < expected.length; index++) {
    difference += (found[index] - expected[index]) ** 2
    size += expected[index] ** 2
  }
  const relative = Math.sqrt(difference / size)
  return Number.isFinite(relative) && found.length === expected.length ? relative : Number.MAX_VALUE
}
