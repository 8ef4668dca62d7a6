import { open, realpath, stat } from 'node:fs/promises'
import { StudioError } from '../../../shared/errors.ts'
import { blockBytes, blockForms, type BlockForm } from '../../graph/weights/blockForms.ts'
import { broken, readHeader, type Header, type TensorInfo } from './ggufHeader.ts'
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

/**
 * Reads and checks a header. Throws `bad-checkpoint` naming the file, what was expected and what was found, `not-found`,
 * and `unsupported-model` for a tensor of a type that is not read, by the names of both.
 */
export async function readGguf(path: string): Promise<Safetensors> {
  const real = await realpath(path).catch(() => {
    throw new StudioError('not-found', `There is no file at ${path}. Put it back, or choose another.`)
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
    throw new StudioError('not-found', `There is no file at ${path}. Put it back, or choose another.`, {
      cause,
    })
  })
  try {
    return (await readHeader(path, file, (await file.stat()).size, keys)).lists
  } finally {
    await file.close()
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
