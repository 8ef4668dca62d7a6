import { open } from 'node:fs/promises'
import { float8Values } from '../../graph/weights/weight.ts'
import type { TensorEntry } from './safetensors.ts'

/** Small tensors as numbers: factors, marks, vectors. */

/** The numbers of some tensors of one file, in their order. null for those of a type that is not read. */
export async function readNumbers(
  path: string,
  entries: readonly TensorEntry[],
): Promise<(Float64Array | null)[]> {
  const file = await open(path, 'r')
  try {
    const read: (Float64Array | null)[] = []
    for (const { dtype, offset, length } of entries) {
      const bytes = new Uint8Array(length)
      await file.read(bytes, 0, length, offset)
      const values = numbers[dtype]
      read.push(values ? Float64Array.from(values(bytes)) : null)
    }
    return read
  } finally {
    await file.close()
  }
}

/** The numbers that bytes stand for, by the type they are stored in. */
const numbers: Partial<Record<TensorEntry['dtype'], (bytes: Uint8Array<ArrayBuffer>) => ArrayLike<number>>> =
  {
    BOOL: (bytes) => bytes,
    U8: (bytes) => bytes,
    I8: ({ buffer }) => new Int8Array(buffer),
    I16: ({ buffer }) => new Int16Array(buffer),
    I32: ({ buffer }) => new Int32Array(buffer),
    I64: ({ buffer }) => Array.from(new BigInt64Array(buffer), Number),
    F64: ({ buffer }) => new Float64Array(buffer),
    F32: ({ buffer }) => new Float32Array(buffer),
    F16: ({ buffer }) => new Float16Array(buffer),
    BF16: ({ buffer }) =>
      new Float32Array(Uint32Array.from(new Uint16Array(buffer), (bits) => bits << 16).buffer),
    F8_E4M3: (bytes) => inFloat8(bytes, 'float8e4m3'),
    F8_E5M2: (bytes) => inFloat8(bytes, 'float8e5m2'),
  }

function inFloat8(bytes: Uint8Array, type: 'float8e4m3' | 'float8e5m2'): number[] {
  const values = float8Values(type)
  return Array.from(bytes, (byte) => values[byte])
}
