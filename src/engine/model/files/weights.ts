import { dirname, join, relative, sep } from 'node:path'
import { StudioError } from '../../../shared/errors.ts'
import { commonFolder } from '../../graph/externalData.ts'
import type { DataType, FileRange } from '../../graph/onnx.ts'
import type { BlockForm } from '../../graph/blockForms.ts'
import type { Scale, Weight } from '../../graph/weight.ts'
import type { PartName, Placement } from '../keys/checkpointKeys.ts'
import { nameInFile } from './nameInFile.ts'
import { quantisationIn, quantisationsIn, type Quantisation } from './quantisation.ts'
import { isBlockForm } from './gguf.ts'
import type { Dtype, Safetensors, TensorEntry } from './safetensors.ts'
import { unwrappedKey } from '../keys/unwrappedKey.ts'

/** A tensor that stays in the file it lies in. */
export interface WeightInFile extends Weight {
  readonly data: FileRange
  readonly scale?: Scale & { readonly data: FileRange }
  /** The name it has in its file. */
  readonly name: string
  /** Why it cannot be computed with; null where it can. */
  readonly problem: string | null
}

/** The tensors of one network or one checkpoint, in one file or in shards, and the folder all of them lie below. */
export interface Tensors {
  readonly folder: string
  /** The file, or the folder of the shards. */
  readonly path: string
  readonly source: (key: string) => WeightInFile | undefined
  readonly keys: readonly string[]
  /** Numbers in all. */
  readonly elements: number
  /** The type that most of the numbers are stored in. */
  readonly dtype: string
  /** How a tensor is spoken of, whether it is there or not: its name in the file, and the file. */
  readonly nameOf: (key: string) => string
}

/** The types of numbers, as the format and as ONNX call them. */
const dataTypes: Readonly<Record<Dtype, DataType>> = {
  BOOL: 'bool',
  U8: 'uint8',
  I8: 'int8',
  F8_E5M2: 'float8e5m2',
  F8_E4M3: 'float8e4m3',
  F8_E8M0: 'float8e8m0',
  I16: 'int16',
  U16: 'uint16',
  F16: 'float16',
  BF16: 'bfloat16',
  I32: 'int32',
  U32: 'uint32',
  F32: 'float32',
  I64: 'int64',
  U64: 'uint64',
  F64: 'float64',
  C64: 'complex64',
}

/** The types that weights are read in. */
const readableTypes: readonly string[] = ['F64', 'F32', 'F16', 'BF16', 'F8_E4M3', 'F8_E5M2']

/**
 * The tensors of some files as one set. Numbers of other types are left out where they are no weights (position ids,
 * counters), and so is what belongs to the scaling of 8-bit weights, which the weights themselves carry.
 */
export function joinTensors(files: readonly Safetensors[]): Tensors {
  // Shards that are links into a cache may lie in several folders.
  const folder = commonFolder(files.map((file) => dirname(file.path)))
  const stored = new Map<string, Stored>()
  const quantised: Record<string, Quantisation> = {}
  for (const { path, tensors, metadata } of files) {
    Object.assign(quantised, quantisationsIn(metadata['_quantization_metadata']))
    const location = relative(folder, path).split(sep).join('/')
    for (const [key, entry] of tensors) stored.set(key, { ...entry, folder, location })
  }
  const unread = unreadFactors(stored)
  const weights = new Map<string, WeightInFile>()
  for (const [key, entry] of stored)
    if (isWeight(key, entry)) {
      const factors = { scale: scaleOf(key, stored), unread: unread.get(moduleOf(key)) }
      weights.set(
        key,
        inFile(entry, factors, () => quantisationOf(entry, stored, quantised)),
      )
    }
  const path = files.length === 1 ? files[0].path : folder
  return tensorsIn({ folder, path, place: (key) => [key] }, weights)
}

type Stored = TensorEntry & { readonly folder: string; readonly location: string }

const isWeight = (key: string, { dtype }: TensorEntry): boolean => {
  if (/(^|\.)(scaled_fp8|comfy_quant)$|[._](scale_weight|weight_scale|scale_input|input_scale)$/.test(key))
    return false
  return isBlockForm(dtype) || readableTypes.includes(dtype) || /(weight|bias)$/.test(key)
}

/** Beside `X.weight`, ComfyUI's files call its factors `X.scale_weight`, newer ones `X.weight_scale`. */
const scaleOf = (key: string, stored: ReadonlyMap<string, Stored>): Stored | undefined =>
  stored.get(`${key}_scale`) ??
  (key.endsWith('weight') ? stored.get(key.replace(/weight$/, 'scale_weight')) : undefined)

/** What is said of a weight in whole numbers of 8 bits, beside it or in the header; null: nothing that is understood. */
function quantisationOf(
  { key }: Stored,
  stored: ReadonlyMap<string, Stored>,
  inHeader: Readonly<Record<string, Quantisation>>,
): Quantisation | null {
  const module = moduleOf(key)
  const beside = stored.get(`${module}.comfy_quant`)
  return beside ? quantisationIn(range(beside)) : (inHeader[module] ?? plainInt8)
}

const plainInt8: Quantisation = { format: 'int8_tensorwise', rotation: null }

/** `X` for `X.weight`, `X.bias` and `X_weight`. */
const moduleOf = (key: string): string => key.replace(/[._](weight|bias)$/, '')

/**
 * By the module whose name they begin with: what is called a scale and is not read. Factors for what goes into a layer
 * (`X.input_scale`) may be left out, since nothing is computed in 8 bits here.
 */
function unreadFactors(stored: ReadonlyMap<string, Stored>): Map<string, Stored> {
  const read = new Set([...stored.keys()].map((key) => scaleOf(key, stored)?.key))
  const unread = new Map<string, Stored>()
  for (const [key, entry] of stored) {
    if (!/scal(e|ing)/i.test(key) || read.has(entry.key)) continue
    if (/(^|\.)scaled_fp8$|[._](scale_input|input_scale)$|\.dora_scale$/.test(key)) continue
    for (const { index } of key.matchAll(/[._]/g)) unread.set(key.slice(0, index), entry)
  }
  return unread
}

function inFile(
  entry: Stored,
  { scale, unread }: Record<'scale' | 'unread', Stored | undefined>,
  quantisation: () => Quantisation | null,
): WeightInFile {
  const { dtype, shape, key: name } = entry
  if (isBlockForm(dtype)) return inBlocks(entry, dtype)
  const weight = {
    name,
    dataType: dataTypes[dtype],
    shape,
    transposed: false,
    data: range(entry),
    problem: readableTypes.includes(dtype) || (dtype === 'I8' && scale) ? null : `is stored as ${dtype}`,
  }
  if (unread && unread !== entry && dtype.startsWith('F8_'))
    return {
      ...weight,
      problem: `has factors under a name that is not known here (${unread.key})`,
    }
  if (!scale) return weight
  const rows = scale.shape.reduce((product, size) => product * size, 1)
  const fits = rows === 1 || (rows === shape[0] && scale.shape[0] === rows)
  if (!fits || isBlockForm(scale.dtype) || !readableTypes.includes(scale.dtype)) {
    const problem = `has factors (${scale.key}) of type ${scale.dtype} and shape [${scale.shape.join(', ')}], not one for all or one a row`
    return { ...weight, problem: weight.problem ?? problem }
  }
  const scaled = { ...weight, scale: { dataType: dataTypes[scale.dtype], rows, data: range(scale) } }
  return dtype === 'I8' ? inInt8(scaled, quantisation()) : scaled
}

/** Rows of whole numbers may be turned: groups of a power of four, which their length is a multiple of. */
function inInt8(weight: WeightInFile, said: Quantisation | null): WeightInFile {
  if (said?.format !== plainInt8.format)
    return {
      ...weight,
      problem: `is stored as I8 in a way that is not known here (${said?.format ?? 'unreadable'})`,
    }
  const { rotation } = said
  if (rotation === null) return weight
  const width = weight.shape.at(-1)!
  if (weight.shape.length === 2 && width % rotation === 0 && Number.isInteger(Math.log2(rotation) / 2))
    return { ...weight, rotation }
  return {
    ...weight,
    problem: `has rows of ${width} numbers, which cannot be turned in groups of ${rotation}`,
  }
}

const inBlocks = (entry: Stored, blocks: BlockForm): WeightInFile => ({
  ...{ name: entry.key, dataType: 'uint8', shape: entry.shape, transposed: false, data: range(entry) },
  ...{ blocks, problem: null },
})

const range = ({ folder, location, offset, length }: Stored): FileRange => ({
  folder,
  location,
  offset,
  length,
})

/** Throws `unsupported-model` when there is a tensor that cannot be computed with, and says why. */
export function requireReadable({ path, keys, source }: Tensors): void {
  const unreadable = keys.map((key) => source(key)!).filter(({ problem }) => problem !== null)
  const [first] = unreadable
  if (!first) return
  const others = unreadable.length > 1 ? ` (as are ${unreadable.length - 1} others)` : ''
  throw new StudioError(
    'unsupported-model',
    `${path} cannot be used: its tensor "${first.name}" ${first.problem}${others}. Weights are read as ${readableTypes.join(', ')}. Get the model in one of these types, for example its fp16 version.`,
  )
}

/** How many numbers the tensors of a scope have. */
export const elementsBelow = ({ keys, source }: Tensors, scope: string): number =>
  keys
    .filter((key) => key.startsWith(`${scope}.`))
    .reduce((sum, key) => sum + source(key)!.shape.reduce((product, side) => product * side, 1), 0)

/** The same tensors under other names. */
export function renameTensors(tensors: Tensors, rename: (key: string) => string): Tensors {
  const renamed = new Map(tensors.keys.map((key) => [rename(key), tensors.source(key)!]))
  return tensorsIn({ ...tensors, place: (name) => [rename(name)] }, renamed)
}

type Place = (key: string, shape: readonly number[]) => readonly Placement[]

/** Sorts the tensors of a checkpoint into its networks; `unused` are the names of those that belong to none. */
export function placeTensors(
  tensors: Tensors,
  place: Place,
): { parts: Record<PartName, Tensors>; unused: string[] } {
  const maps: Record<PartName, Map<string, WeightInFile>> = {
    unet: new Map(),
    vae: new Map(),
    text_encoder: new Map(),
    text_encoder_2: new Map(),
    transformer: new Map(),
  }
  const unused: string[] = []
  for (const key of tensors.keys) {
    const weight = tensors.source(key)!
    const places = place(key, weight.shape)
    if (places.length === 0) unused.push(weight.name)
    for (const placement of places) maps[placement.part].set(placement.key, seenAs(weight, placement))
  }
  const part = (name: PartName): Tensors => {
    const placesOf = (key: string, shape: readonly number[]): string[] =>
      place(key, shape).flatMap((placement) => (placement.part === name ? [placement.key] : []))
    return tensorsIn({ ...tensors, place: placesOf }, maps[name])
  }
  return {
    parts: {
      unet: part('unet'),
      vae: part('vae'),
      text_encoder: part('text_encoder'),
      text_encoder_2: part('text_encoder_2'),
      transformer: part('transformer'),
    },
    unused,
  }
}

/** No bytes move: rows are a narrower range of the file, a transpose is told to whoever multiplies. */
function seenAs(weight: WeightInFile, { rows, transpose, squeeze, swap, lift }: Placement): WeightInFile {
  if (swap) return { ...weight, swapped: true }
  if (lift) return { ...weight, shape: [1, ...weight.shape] }
  if (rows) {
    const { scale, shape, data } = weight
    const [from, to] = rows
    const ownRows = scale && scale.rows > 1
    return {
      ...weight,
      shape: shape.with(0, to - from),
      data: rowsOf(data, shape[0], from, to),
      ...(ownRows && {
        scale: { ...scale, rows: to - from, data: rowsOf(scale.data, scale.rows, from, to) },
      }),
    }
  }
  if (transpose) return { ...weight, shape: weight.shape.toReversed(), transposed: true }
  return squeeze ? { ...weight, shape: weight.shape.slice(0, 2) } : weight
}

function rowsOf(range: FileRange, count: number, from: number, to: number): FileRange {
  const bytesPerRow = range.length / count
  return { ...range, offset: range.offset + from * bytesPerRow, length: (to - from) * bytesPerRow }
}

interface Origin {
  folder: string
  path: string
  /** Under which names of the network a tensor of the file is looked up. */
  place: (key: string, shape: readonly number[]) => readonly string[]
}

const tensorsIn = ({ folder, path, place }: Origin, weights: ReadonlyMap<string, WeightInFile>): Tensors => ({
  folder,
  path,
  source: (key) => weights.get(key),
  keys: [...weights.keys()],
  ...census(weights.values()),
  nameOf(key) {
    const name = nameInFile(key, weights, (wrapped, shape) => place(unwrappedKey(wrapped), shape))
    const asked = name === key || name === null ? '' : ` (${key} in the naming of diffusers)`
    const file = weights.get(key)?.data.location
    return `Tensor "${name ?? key}"${asked} of ${file ? join(folder, file) : path}`
  },
})

function census(weights: Iterable<WeightInFile>): Pick<Tensors, 'elements' | 'dtype'> {
  const counts = new Map<DataType | BlockForm, number>()
  for (const { dataType, blocks, shape } of weights) {
    const type = blocks ?? dataType
    counts.set(type, (counts.get(type) ?? 0) + shape.reduce((product, size) => product * size, 1))
  }
  const [most] = [...counts].sort(([, a], [, b]) => b - a)
  return {
    elements: [...counts.values()].reduce((sum, count) => sum + count, 0),
    dtype: most?.[0] ?? 'float32',
  }
}
