import { closeSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import type { DataType, FileRange } from '../writing/onnx.ts'
import { float8Values, type Weight } from './weight.ts'

/** The numbers of a weight, read here and not by ONNX Runtime. */

/** Whether weights of a type are read. */
export const isReadable = (dataType: DataType): boolean => dataType in readers

/** What is stored, without the factors of 8-bit weights. */
export const storedNumbers = ({ data, dataType }: Pick<Weight, 'data' | 'dataType'>): Stored =>
  readers[dataType]!(bytesOf(data))

/** The same as single numbers. */
export function numbersOf(weight: Pick<Weight, 'data' | 'dataType'>): Float32Array {
  const { bits, table } = storedNumbers(weight)
  return Float32Array.from(bits, (value) => (table ? table[value] : value))
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
