import { closeSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import type { DataType, FileRange } from './onnx.ts'
import { float8Values, type Weight } from './weight.ts'

/** Largest magnitude of a quantised weight: where a processor adds two products in 16 bits, 2 · 255 · 63 still fits. */
const largest = 63

/** A weight's numbers as signed 8 bits, in their order, and a factor for each output. */
export interface QuantisedWeight {
  values: Int8Array
  factors: Float32Array
}

/** Whether a weight can be quantised: one row an output, and numbers that are read here. */
export const isQuantisable = ({ dataType, scale, transposed }: Weight): boolean =>
  dataType in readers && !scale && !transposed

/** Rounds a weight [outputs, …] with one factor for each output (Jacob et al. 2018, equation 1, with zero point 0). */
export function quantise({ data, dataType, shape }: Weight): QuantisedWeight {
  const { bits, table } = readers[dataType]!(bytesOf(data))
  const [outputs] = shape
  const width = bits.length / outputs
  const values = new Int8Array(bits.length)
  const factors = new Float32Array(outputs)
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
  return { values, factors }
}

function bytesOf(data: Uint8Array | FileRange): Uint8Array<ArrayBuffer> {
  if (data instanceof Uint8Array) return Uint8Array.from(data)
  const bytes = new Uint8Array(data.length)
  const file = openSync(join(data.folder, data.location), 'r')
  try {
    readSync(file, bytes, 0, data.length, data.offset)
  } finally {
    closeSync(file)
  }
  return bytes
}

/** Numbers, or bits and what they stand for: looking them up takes a fraction of converting them one by one. */
interface Stored {
  bits: Float32Array | Uint8Array | Uint16Array
  table: Float32Array | null
}

const readers: Partial<Record<DataType, (bytes: Uint8Array<ArrayBuffer>) => Stored>> = {
  float32: ({ buffer }) => ({ bits: new Float32Array(buffer), table: null }),
  float16: ({ buffer }) => ({ bits: new Uint16Array(buffer), table: tables.float16() }),
  bfloat16: ({ buffer }) => ({ bits: new Uint16Array(buffer), table: tables.bfloat16() }),
  float8e4m3: (bits) => ({ bits, table: Float32Array.from(float8Values('float8e4m3')) }),
  float8e5m2: (bits) => ({ bits, table: Float32Array.from(float8Values('float8e5m2')) }),
}

const all16Bits = (): Uint16Array<ArrayBuffer> => Uint16Array.from({ length: 2 ** 16 }, (_, bits) => bits)
const tables = {
  float16: once(() => Float32Array.from(new Float16Array(all16Bits().buffer))),
  bfloat16: once(() => new Float32Array(Uint32Array.from(all16Bits(), (bits) => bits << 16).buffer)),
}

function once<Made>(make: () => Made): () => Made {
  let made: Made | undefined
  return () => (made ??= make())
}
