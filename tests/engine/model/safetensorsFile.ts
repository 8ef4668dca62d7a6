import { readFile, writeFile } from 'node:fs/promises'

/** A tensor to write: its shape, type and raw bytes (zeros by default). */
export interface TestTensor {
  dtype: string
  shape: number[]
  bytes?: Uint8Array
}

const sizes: Record<string, number> = {
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  F8_E4M3: 1,
  F8_E5M2: 1,
  U8: 1,
  I8: 1,
  I32: 4,
  F64: 8,
}

/** The bytes of a well-formed .safetensors file. */
export function safetensorsBytes(
  tensors: Record<string, TestTensor>,
  metadata?: Record<string, string>,
): Buffer {
  const header: Record<string, unknown> = metadata ? { __metadata__: metadata } : {}
  const parts: Uint8Array[] = []
  let end = 0
  for (const [key, { dtype, shape, bytes }] of Object.entries(tensors)) {
    const length = shape.reduce((product, size) => product * size, sizes[dtype])
    parts.push(bytes ?? new Uint8Array(length))
    header[key] = { dtype, shape, data_offsets: [end, end + length] }
    end += length
  }
  return Buffer.concat([withLength(JSON.stringify(header)), ...parts])
}

/** A header as it lies in a file, length first. */
export function withLength(header: string | Buffer): Buffer {
  const json = Buffer.from(header as string)
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(json.length))
  return Buffer.concat([length, json])
}

export const writeSafetensors = (
  path: string,
  tensors: Record<string, TestTensor>,
  metadata?: Record<string, string>,
): Promise<void> => writeFile(path, safetensorsBytes(tensors, metadata))

/** The tensors of a file. */
export async function tensorsIn(path: string): Promise<Record<string, TestTensor>> {
  const bytes = await readFile(path)
  const end = 8 + Number(bytes.readBigUInt64LE(0))
  const header = JSON.parse(bytes.subarray(8, end).toString()) as Record<
    string,
    { dtype: string; shape: number[]; data_offsets: [number, number] }
  >
  delete header['__metadata__']
  return Object.fromEntries(
    Object.entries(header).map(([key, { dtype, shape, data_offsets }]) => [
      key,
      { dtype, shape, bytes: bytes.subarray(...data_offsets.map((at) => at + end)) },
    ]),
  )
}
