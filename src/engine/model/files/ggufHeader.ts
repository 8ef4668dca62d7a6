import type { FileHandle } from 'node:fs/promises'
import { StudioError } from '../../../shared/errors.ts'

/** What stands before the data of a GGUF file: its metadata, and where its tensors lie. See `gguf.ts` for the format. */

/** Tokenizers lie in the header: those of 150 000 tokens take some 6 MB. */
const maxHeaderLength = 64 * 2 ** 20

const most = { tensors: 100_000, entries: 100_000, axes: 4, text: 2 ** 24, array: 2 ** 24 }

export interface TensorInfo {
  name: string
  /** Slowest first. */
  shape: number[]
  type: number
  /** From the start of the data. */
  offset: number
}

export interface Header {
  metadata: Record<string, string>
  /** Those that were asked for. */
  lists: Record<string, string[]>
  infos: TensorInfo[]
  dataStart: number
}

/**
 * Reads a header, with the lists of it that are `wanted`. Its length is not told: more is read until it is whole. Throws
 * `bad-checkpoint`.
 */
export async function readHeader(
  path: string,
  file: FileHandle,
  size: number,
  wanted: readonly string[],
): Promise<Header> {
  for (let length = Math.min(size, 2 ** 20); ; length = Math.min(size, 4 * length, maxHeaderLength)) {
    const bytes = Buffer.alloc(length)
    await file.read(bytes, 0, length, 0)
    try {
      return parseHeader(path, bytes, wanted)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      if (length === size)
        throw broken(path, 'it ends within its header: the download broke off, get it again')
      if (length === maxHeaderLength)
        throw broken(path, `its header is longer than the ${maxHeaderLength} bytes allowed`)
    }
  }
}

/** Throws a RangeError where the bytes end too soon. */
function parseHeader(path: string, bytes: Buffer, wanted: readonly string[]): Header {
  const read = reader(path, bytes)
  if (bytes.toString('latin1', 0, 4) !== 'GGUF') throw broken(path, 'it does not begin with "GGUF"')
  read.skip(4)
  const version = read.uint32()
  if (version !== 2 && version !== 3)
    throw broken(path, `it is of version ${version} of the format; versions 2 and 3 are read`)
  const [tensorCount, entryCount] = [read.count(most.tensors), read.count(most.entries)]
  const metadata: Record<string, string> = {}
  const lists: Record<string, string[]> = {}
  for (let i = 0; i < entryCount; i++) {
    const key = read.text()
    const type = read.uint32()
    if (type === 9 && wanted.includes(key)) lists[key] = read.list()
    else {
      const value = read.value(type)
      if (value !== null) metadata[key] = value
    }
  }
  const infos = Array.from({ length: tensorCount }, () => {
    const name = read.text()
    const axes = read.uint32()
    if (axes > most.axes) throw broken(path, `tensor "${name}" has ${axes} axes`)
    const shape = Array.from({ length: axes }, () => read.count(2 ** 40)).reverse()
    return { name, shape, type: read.uint32(), offset: read.count(Number.MAX_SAFE_INTEGER) }
  })
  const alignment = Number(metadata['general.alignment'] ?? 32)
  if (!Number.isInteger(alignment) || alignment < 1 || alignment > 2 ** 16)
    throw broken(path, `its alignment is ${metadata['general.alignment']}`)
  return { metadata, lists, infos, dataStart: Math.ceil(read.position() / alignment) * alignment }
}

/** Bytes of the value types, by their number; 8 is a text, 9 a list. */
const sizes: Readonly<Record<number, number>> = {
  0: 1,
  1: 1,
  2: 2,
  3: 2,
  4: 4,
  5: 4,
  6: 4,
  7: 1,
  10: 8,
  11: 8,
  12: 8,
}

function reader(path: string, bytes: Buffer) {
  let at = 0
  const skip = (count: number): number => {
    const from = at
    at += count
    if (at > bytes.length) throw new RangeError('The bytes end here.')
    return from
  }
  const uint32 = (): number => bytes.readUInt32LE(skip(4))
  const count = (limit: number): number => {
    const value = bytes.readBigUInt64LE(skip(8))
    if (value > BigInt(limit)) throw broken(path, `its header counts ${value}, of at most ${limit}`)
    return Number(value)
  }
  const text = (): string => {
    const length = count(most.text)
    const from = skip(length)
    return bytes.toString('utf8', from, from + length)
  }
  const number = (type: number): string => numberAt(bytes, type, skip(sizes[type]))
  /** Texts and numbers, and short lists of numbers with commas between them; null for other lists. */
  const value = (type: number): string | null => {
    if (type === 8) return text()
    if (type !== 9) {
      if (!(type in sizes)) throw broken(path, `its header has a value of type ${type}, which is not known`)
      return number(type)
    }
    const [of, length] = [uint32(), count(most.array)]
    if (of in sizes && length > most.axes) skip(length * sizes[of])
    else if (of in sizes) return Array.from({ length }, () => number(of)).join()
    else if (of === 8) for (let i = 0; i < length; i++) skip(count(most.text))
    else throw broken(path, `its header has a list of values of type ${of}, which is not known`)
    return null
  }
  const list = (): string[] => {
    const [of, length] = [uint32(), count(most.array)]
    if (of !== 8 && !(of in sizes))
      throw broken(path, `its header has a list of values of type ${of}, which is not known`)
    return Array.from({ length }, () => (of === 8 ? text() : number(of)))
  }
  return { skip, uint32, count, text, value, list, position: () => at }
}

function numberAt(bytes: Buffer, type: number, from: number): string {
  switch (type) {
    case 0:
    case 7:
      return String(bytes.readUInt8(from))
    case 1:
      return String(bytes.readInt8(from))
    case 2:
      return String(bytes.readUInt16LE(from))
    case 3:
      return String(bytes.readInt16LE(from))
    case 4:
      return String(bytes.readUInt32LE(from))
    case 5:
      return String(bytes.readInt32LE(from))
    case 6:
      return String(bytes.readFloatLE(from))
    case 10:
      return String(bytes.readBigUInt64LE(from))
    case 11:
      return String(bytes.readBigInt64LE(from))
    default:
      return String(bytes.readDoubleLE(from))
  }
}

/** A file that is not as the format says. */
export const broken = (path: string, what: string): StudioError =>
  new StudioError('bad-checkpoint', `${path} cannot be read: ${what}.`)
