import { open, realpath, stat, type FileHandle } from 'node:fs/promises'
import { StudioError } from '../../../shared/errors.ts'
import type { BlockForm } from '../../graph/weights/blockForms.ts'
import { averagedKey } from '../keys/averagedKey.ts'
import { unwrappedKey } from '../keys/unwrappedKey.ts'

/**
 * The header of a .safetensors file, checked in full, without reading a tensor.
 * Format: https://github.com/huggingface/safetensors#format — 8 bytes header length (little-endian), a JSON header,
 * then the tensors' bytes without holes.
 */
export interface Safetensors {
  /** Real path, symbolic links resolved. */
  readonly path: string
  readonly size: number
  /** Where the tensors begin. */
  readonly dataStart: number
  readonly metadata: Readonly<Record<string, string>>
  /** By name, without what training programs wrap around it (`module.`, `state_dict.`). */
  readonly tensors: ReadonlyMap<string, TensorEntry>
}

export interface TensorEntry {
  /** Of files in GGUF also a form of blocks. */
  readonly dtype: Dtype | BlockForm
  readonly shape: readonly number[]
  /** Bytes from the start of the file. */
  readonly offset: number
  readonly length: number
  /** The name it has in the file. */
  readonly key: string
}

/** Bytes an element takes. */
const elementSizes = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E5M2: 1,
  F8_E4M3: 1,
  F8_E8M0: 1,
  I16: 2,
  U16: 2,
  F16: 2,
  BF16: 2,
  I32: 4,
  U32: 4,
  F32: 4,
  I64: 8,
  U64: 8,
  F64: 8,
  C64: 8,
} as const
export type Dtype = keyof typeof elementSizes

/** The format allows 100 MB; the largest published headers are below 5 MB, and more would only take time to refuse. */
const maxHeaderLength = 16 * 2 ** 20

/**
 * Reads and checks a header. Throws `bad-checkpoint` naming the file, what was expected and what was found,
 * `pickle-refused` and `not-found`.
 */
export async function readSafetensors(path: string): Promise<Safetensors> {
  refusePickle(path)
  const real = await realpath(path).catch(() => {
    throw new StudioError('not-found', `There is no file at ${path}. Put it back, or choose another.`)
  })
  // Whoever opens a pipe for reading waits for somebody to write.
  if (!(await stat(real)).isFile()) throw broken(path, 'it is a folder, a pipe or a device and not a file')
  const file = await open(real, 'r').catch((cause: NodeJS.ErrnoException) => {
    throw broken(path, `the system does not let it be opened (${cause.code}); look at its permissions`)
  })
  try {
    const { size } = await file.stat()
    const header = await readHeader(path, file, size)
    const { metadata, tensors } = parseHeader(path, header, size)
    return { path: real, size, dataStart: 8 + header.length, metadata, tensors: unwrapped(tensors) }
  } finally {
    await file.close()
  }
}

async function readHeader(path: string, file: FileHandle, size: number): Promise<Buffer> {
  const beginning = Buffer.alloc(Math.min(size, 64))
  await file.read(beginning, 0, beginning.length, 0)
  const stub = stubOfDownload(beginning)
  if (stub) throw broken(path, stub)
  if (size < 8) throw broken(path, `it is ${size} bytes long, too short to hold a header`)
  const length = beginning.readBigUInt64LE()
  if (length > BigInt(size - 8))
    throw broken(
      path,
      `its header should be ${length} bytes but only ${size - 8} bytes follow; ` +
        'it is not a .safetensors file, or the download broke off',
    )
  if (length > maxHeaderLength)
    throw broken(path, `its header claims ${length} bytes, more than the ${maxHeaderLength} allowed`)
  const header = Buffer.alloc(Number(length))
  await file.read(header, 0, header.length, 8)
  return header
}

/** What a file is that came instead of a model, by its first bytes; null where it may be one. */
export function stubOfDownload(beginning: Buffer): string | null {
  if (beginning.length === 0) return 'it is empty: download it again'
  const text = beginning.toString('latin1')
  if (text.startsWith('version https://git-lfs.github.com/'))
    return 'it is a Git LFS pointer, which only names the model: run "git lfs pull", or download the file itself'
  if (/^\s*<(!doctype|html|\?xml)/i.test(text))
    return 'it is a web page, not a model: the download needs a login or another address'
  return null
}

/** Where two names would become one, the plain one keeps it. */
function unwrapped(tensors: ReadonlyMap<string, TensorEntry>): Map<string, TensorEntry> {
  const named = [...tensors].map(([key, entry]): [string, TensorEntry] => {
    const plain = unwrappedKey(key)
    return [tensors.has(plain) ? key : plain, entry]
  })
  const hasUnet = named.some(([key]) => key.startsWith('model.diffusion_model.'))
  return new Map(hasUnet ? named : named.map(([key, entry]) => [averagedKey(key) ?? key, entry]))
}

/** Python pickles can run code when they are opened. */
function refusePickle(path: string): void {
  if (!/\.(ckpt|pt|pth|bin|pkl)$/i.test(path)) return
  throw new StudioError(
    'pickle-refused',
    `${path} is a Python pickle, which can run code when it is opened. Download the .safetensors version of the model.`,
  )
}

const broken = (path: string, what: string): StudioError =>
  new StudioError('bad-checkpoint', `${path} cannot be read: ${what}.`)

/** Checks the JSON of a header against the file's size. Exported for tests on bytes that never touch a disk. */
export function parseHeader(
  path: string,
  header: Buffer,
  size: number,
): Pick<Safetensors, 'metadata' | 'tensors'> {
  refuseStrangeJson(path, header)
  let parsed: unknown
  try {
    parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(header))
  } catch (cause) {
    throw new StudioError('bad-checkpoint', `${path} cannot be read: its header is not valid JSON.`, {
      cause,
    })
  }
  const dataStart = 8 + header.length
  const tensors = new Map<string, TensorEntry>()
  let metadata: Record<string, string> = {}
  for (const [name, value] of Object.entries(parsed as object)) {
    if (name === '__metadata__') metadata = readMetadata(path, value)
    else tensors.set(name, readEntry(path, name, value, dataStart))
  }
  checkRanges(path, tensors, dataStart, size)
  return { metadata, tensors }
}

/**
 * One pass over the bytes before JSON.parse sees them: an object, nested no deeper than headers are, no key twice
 * (JSON.parse would silently keep the last).
 */
function refuseStrangeJson(path: string, header: Buffer): void {
  const [quote, backslash] = [0x22, 0x5c]
  if (header[0] !== 0x7b)
    throw broken(path, 'its header does not begin with "{"; it is not a .safetensors file')
  const keys = new Set<string>()
  let depth = 0
  for (let at = 0; at < header.length; at++) {
    const byte = header[at]
    if (byte === 0x7b || byte === 0x5b) depth++
    else if (byte === 0x7d || byte === 0x5d) depth--
    else if (byte === quote) {
      const start = ++at
      while (at < header.length && header[at] !== quote) at += header[at] === backslash ? 2 : 1
      if (depth !== 1 || !isFollowedByColon(header, at + 1)) continue
      const key = header.toString('utf8', start, at)
      if (keys.has(key)) throw broken(path, `its header names "${key}" twice`)
      keys.add(key)
    }
    if (depth > 3) throw broken(path, 'its header is nested deeper than the format allows')
  }
}

function isFollowedByColon(header: Buffer, from: number): boolean {
  let at = from
  while (header[at] === 0x20 || header[at] === 0x0a || header[at] === 0x0d || header[at] === 0x09) at++
  return header[at] === 0x3a
}

function readMetadata(path: string, value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw broken(path, 'its __metadata__ is not a table')
  const wrong = Object.entries(value).find(([, text]) => typeof text !== 'string')
  if (wrong) throw broken(path, `its __metadata__ entry "${wrong[0]}" is not text`)
  return value as Record<string, string>
}

const isLength = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0

function readEntry(path: string, name: string, value: unknown, dataStart: number): TensorEntry {
  const { dtype, shape, data_offsets: offsets } = (value ?? {}) as Record<string, unknown>
  if (typeof dtype !== 'string' || !Object.hasOwn(elementSizes, dtype))
    throw broken(path, `tensor "${name}" has the type ${JSON.stringify(dtype)}, which is not known`)
  if (!Array.isArray(shape) || !shape.every(isLength))
    throw broken(path, `tensor "${name}" has no valid shape`)
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isLength))
    throw broken(path, `tensor "${name}" has no valid data_offsets`)
  const [begin, end] = offsets as [number, number]
  const length = shape.reduce((product, size) => product * size, elementSizes[dtype as Dtype])
  if (end - begin !== length)
    throw broken(
      path,
      `tensor "${name}" of shape [${shape.join(', ')}] and type ${dtype} should take ${length} bytes, ` +
        `its offsets span ${end - begin}`,
    )
  return { dtype: dtype as Dtype, shape, offset: dataStart + begin, length, key: name }
}

/** Every byte of the data belongs to exactly one tensor. */
function checkRanges(
  path: string,
  tensors: ReadonlyMap<string, TensorEntry>,
  dataStart: number,
  size: number,
): void {
  const inOrder = [...tensors].sort(([, a], [, b]) => a.offset - b.offset || a.length - b.length)
  let end = dataStart
  for (const [name, tensor] of inOrder) {
    if (tensor.offset < end) throw broken(path, `tensor "${name}" overlaps another`)
    if (tensor.offset > end)
      throw broken(path, `${tensor.offset - end} bytes before tensor "${name}" belong to no tensor`)
    end += tensor.length
  }
  if (end > size)
    throw broken(
      path,
      `its tensors should end at byte ${end} but the file ends at ${size}: the download broke off, get it again`,
    )
  if (end < size) throw broken(path, `${size - end} bytes at its end belong to no tensor`)
}
