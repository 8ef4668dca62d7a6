import { open, realpath, stat, type FileHandle } from 'node:fs/promises'
import { StudioError } from '../../../shared/errors.ts'
import { blockBytes, blockForms, type BlockForm } from '../../graph/blockForms.ts'
import type { Dtype, Safetensors, TensorEntry } from './safetensors.ts'

/**
 * The header of a GGUF file, checked in full, without reading a tensor.
 * Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md, versions 2 and 3, little-endian.
 */

/** The types that tensors are read in, by the number of `ggml_type`. */
const readableTypes: Readonly<Record<number, Dtype | BlockForm>> = {
  0: 'F32',
  1: 'F16',
  2: 'Q4_0',
  3: 'Q4_1',
  6: 'Q5_0',
  7: 'Q5_1',
  8: 'Q8_0',
  12: 'Q4_K',
  13: 'Q5_K',
  14: 'Q6_K',
  30: 'BF16',
}

/** Types that are known by name and not read. */
const otherTypes: Readonly<Record<number, string>> = {
  9: 'Q8_1',
  10: 'Q2_K',
  11: 'Q3_K',
  15: 'Q8_K',
  16: 'IQ2_XXS',
  17: 'IQ2_XS',
  18: 'IQ3_XXS',
  19: 'IQ1_S',
  20: 'IQ4_NL',
  21: 'IQ3_S',
  22: 'IQ2_S',
  23: 'IQ4_XS',
  24: 'I8',
  25: 'I16',
  26: 'I32',
  27: 'I64',
  28: 'F64',
  29: 'IQ1_M',
  34: 'TQ1_0',
  35: 'TQ2_0',
  39: 'MXFP4',
}

/** Tokenizers lie in the header: those of 150 000 tokens take some 6 MB. */
const maxHeaderLength = 64 * 2 ** 20

const most = { tensors: 100_000, entries: 100_000, axes: 4, text: 2 ** 24, array: 2 ** 24 }

/**
 * Reads and checks a header. Throws `bad-checkpoint` naming the file, what was expected and what was found, `not-found`,
 * and `unsupported-model` for a tensor of a type that is not read, by the names of both.
 */
export async function readGguf(path: string): Promise<Safetensors> {
  const real = await realpath(path).catch(() => {
    throw new StudioError('not-found', `There is no file at ${path}.`)
  })
  if (!(await stat(real)).isFile()) throw broken(path, 'it is a folder, a pipe or a device and not a file')
  const file = await open(real, 'r').catch((cause: NodeJS.ErrnoException) => {
    throw broken(path, `the system does not let it be opened (${cause.code}); look at its permissions`)
  })
  try {
    const { size } = await file.stat()
    const { metadata, infos, dataStart } = await readHeader(path, file, size, [])
    const tensors = new Map<string, TensorEntry>()
    for (const info of infos) {
      if (tensors.has(info.name)) throw broken(path, `its header names "${info.name}" twice`)
      tensors.set(info.name, entryOf(path, info, { dataStart, size, metadata }))
    }
    checkRanges(path, tensors)
    return { path: real, size, dataStart, metadata, tensors }
  } finally {
    await file.close()
  }
}

/** Lists of texts and numbers in a header, by their keys; those that are not there are left out. Throws what `readGguf` throws. */
export async function readGgufLists(
  path: string,
  keys: readonly string[],
): Promise<Record<string, readonly string[]>> {
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw new StudioError('not-found', `There is no file at ${path}.`, { cause })
  })
  try {
    return (await readHeader(path, file, (await file.stat()).size, keys)).lists
  } finally {
    await file.close()
  }
}

interface TensorInfo {
  name: string
  /** Slowest first. */
  shape: number[]
  type: number
  /** From the start of the data. */
  offset: number
}

interface Header {
  metadata: Record<string, string>
  /** Those that were asked for. */
  lists: Record<string, string[]>
  infos: TensorInfo[]
  dataStart: number
}

/** The length of a header is not told: more is read until it is whole. */
async function readHeader(
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

const elements = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1)

function entryOf(
  path: string,
  { name, shape: stored, type, offset }: TensorInfo,
  { dataStart, size, metadata }: { dataStart: number; size: number; metadata: Header['metadata'] },
): TensorEntry {
  const dtype = readableTypes[type]
  if (dtype === undefined) {
    const read = Object.values(readableTypes).join(', ')
    throw new StudioError(
      'unsupported-model',
      `${path} cannot be used: its tensor "${name}" is stored as ${otherTypes[type] ?? `type ${type}`}. Of GGUF files ${read} are read. Get the model in one of these types, for example Q8_0.`,
    )
  }
  const length = bytesOf(path, name, stored, dtype)
  const entry = {
    dtype,
    shape: trueShape(path, name, stored, metadata),
    offset: dataStart + offset,
    length,
    key: name,
  }
  if (entry.offset + length > size)
    throw broken(
      path,
      `tensor "${name}" should end at byte ${entry.offset + length} but the file ends at ${size}: the download broke off, get it again`,
    )
  return entry
}

function bytesOf(path: string, name: string, shape: readonly number[], dtype: Dtype | BlockForm): number {
  const count = elements(shape)
  if (!isBlockForm(dtype)) return count * (dtype === 'F32' ? 4 : 2)
  const { values } = blockForms[dtype]
  const width = shape.at(-1) ?? 0
  if (width % values !== 0)
    throw broken(
      path,
      `tensor "${name}" has rows of ${width} numbers, which ${dtype} does not cut into blocks of ${values}`,
    )
  return (count / values) * blockBytes(dtype)
}

export const isBlockForm = (dtype: string): dtype is BlockForm => Object.hasOwn(blockForms, dtype)

/** ComfyUI-GGUF writes down the shape of tensors that it had to lay out in another one. */
function trueShape(
  path: string,
  name: string,
  stored: readonly number[],
  metadata: Header['metadata'],
): readonly number[] {
  const said = metadata[`comfy.gguf.orig_shape.${name}`]
  if (said === undefined) return stored
  const shape = said.split(',').map(Number)
  if (elements(shape) === elements(stored)) return shape
  throw broken(
    path,
    `tensor "${name}" is said to be of shape [${shape.join(', ')}] and is [${stored.join(', ')}]`,
  )
}

/** Between tensors there may be bytes that only align; none belongs to two. */
function checkRanges(path: string, tensors: ReadonlyMap<string, TensorEntry>): void {
  let end = 0
  for (const [name, { offset, length }] of [...tensors].sort(([, a], [, b]) => a.offset - b.offset)) {
    if (offset < end) throw broken(path, `tensor "${name}" overlaps another`)
    end = offset + length
  }
}

const broken = (path: string, what: string): StudioError =>
  new StudioError('bad-checkpoint', `${path} cannot be read: ${what}.`)
