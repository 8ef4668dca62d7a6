import { open, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import type { DataType, FileRange } from '../../graph/writing/onnx.ts'
import type { Parts } from '../networks/builtNetworks.ts'
import type { Tensors } from './weights.ts'

/** A tensor that holds NaN or infinities. */
export interface BadWeight {
  /** As its file calls it. */
  name: string
  path: string
  /** How many of its values are no finite numbers. */
  count: number
}

/** Looks through the weights of all networks, reading all of their bytes, for the first that holds NaN or infinity. */
export async function findBadWeight({ textEncoders, unet, vae }: Parts): Promise<BadWeight | null> {
  const networks = [...textEncoders, unet, ...(vae ? [vae] : [])]
  for (const { tensors } of networks) {
    const bad = await badWeightAmong(tensors)
    if (bad) return bad
  }
  return null
}

/** The first of one network's tensors that holds NaN or infinity. */
export async function badWeightAmong({ folder, keys, source }: Tensors): Promise<BadWeight | null> {
  const files = new Map<string, FileHandle>()
  try {
    for (const key of keys) {
      const { name, dataType, data, scale } = source(key)!
      const path = join(folder, data.location)
      const stored = [{ dataType, data }, ...(scale ? [scale] : [])]
      for (const part of stored) {
        const place = join(folder, part.data.location)
        const file = files.get(place) ?? (await open(place, 'r'))
        files.set(place, file)
        const count = await countBad(file, part.dataType, part.data)
        if (count > 0) return { name, path, count }
      }
    }
    return null
  } finally {
    for (const file of files.values()) await file.close()
  }
}

/** A multiple of every element's size. */
const chunkBytes = 8 * 2 ** 20

async function countBad(
  file: FileHandle,
  dataType: DataType,
  { offset, length }: FileRange,
): Promise<number> {
  const count = badValues[dataType]
  if (!count) return 0
  let bad = 0
  const bytes = new Uint8Array(Math.min(length, chunkBytes))
  for (let at = 0; at < length; at += bytes.length) {
    const { bytesRead } = await file.read(bytes, 0, Math.min(bytes.length, length - at), offset + at)
    if (bytesRead === 0) return bad
    bad += count(bytes.buffer, bytesRead)
  }
  return bad
}

/** How many of the values in some bytes have the exponent that stands for NaN and infinity, by type. */
const badValues: Partial<Record<DataType, (buffer: ArrayBuffer, length: number) => number>> = {
  float64: (buffer, length) =>
    countWhere(new Float64Array(buffer, 0, length / 8), (v) => !Number.isFinite(v)),
  float32: (buffer, length) => countMasked(new Uint32Array(buffer, 0, length / 4), 0x7f800000),
  float16: (buffer, length) => countMasked(new Uint16Array(buffer, 0, length / 2), 0x7c00),
  bfloat16: (buffer, length) => countMasked(new Uint16Array(buffer, 0, length / 2), 0x7f80),
  float8e4m3: (buffer, length) => countMasked(new Uint8Array(buffer, 0, length), 0x7f),
  float8e5m2: (buffer, length) => countMasked(new Uint8Array(buffer, 0, length), 0x7c),
}

/** All bits of the mask set. A plain loop: it runs over every weight. */
function countMasked(values: Uint32Array | Uint16Array | Uint8Array, mask: number): number {
  let count = 0
  for (let i = 0; i < values.length; i++) if ((values[i] & mask) === mask) count++
  return count
}

function countWhere(values: Float64Array, isIt: (value: number) => boolean): number {
  return values.reduce((count, value) => count + Number(isIt(value)), 0)
}
