import { sizeOf } from '../writing/shapes.ts'
import { isReadable, storedNumbers } from './weightNumbers.ts'
import type { Weight } from './weight.ts'

/** Largest magnitude of a quantised weight: where a processor adds two products in 16 bits, 2 · 255 · 63 still fits. */
export const largest = 63

/** A weight's numbers as signed 8 bits, in their order, and a factor for each output. */
export interface QuantisedWeight {
  values: Int8Array
  factors: Float32Array
}

/** Whether a weight can be quantised: one row an output, and numbers that are read here. */
export const isQuantisable = ({ dataType, scale, transposed }: Weight): boolean =>
  isReadable(dataType) && !scale && !transposed

/** A weight that is still to be rounded, and the room for it in memory that threads share. */
export interface Rounding {
  weight: Pick<Weight, 'dataType' | 'data'>
  rounded: QuantisedWeight
}

export function toBeRounded({ dataType, data, shape }: Weight): Rounding {
  const values = new Int8Array(new SharedArrayBuffer(sizeOf(shape)))
  const factors = new Float32Array(new SharedArrayBuffer(4 * shape[0]))
  return { weight: { dataType, data }, rounded: { values, factors } }
}

/** Rounds a weight [outputs, …] with one factor for each output (Jacob et al. 2018, equation 1, with zero point 0). */
export function round({ weight, rounded: { values, factors } }: Rounding): void {
  const { bits, table } = storedNumbers(weight)
  const outputs = factors.length
  const width = bits.length / outputs
  const row = new Float32Array(width)
  for (let output = 0; output < outputs; output++) {
    const first = output * width
    let most = 0
    for (let i = 0; i < width; i++) {
      row[i] = table ? table[bits[first + i]] : bits[first + i]
      most = Math.max(most, Math.abs(row[i]))
    }
    // A factor that is no number makes a picture that is none: a broken weight is found, not rounded away.
    factors[output] = most === 0 ? 1 : most / largest
    const inverse = 1 / factors[output]
    // Above zero, cutting off rounds down: this is the time of opening, and Math.round takes longer.
    for (let i = 0; i < width; i++) values[first + i] = ((row[i] * inverse + 64.5) | 0) - 64
  }
}
