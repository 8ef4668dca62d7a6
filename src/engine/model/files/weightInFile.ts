import { isBlockForm } from './gguf.ts'
import { quantisationIn, type Quantisation } from './quantisation.ts'
import type { Dtype, TensorEntry } from './safetensors.ts'
import type { BlockForm } from '../../graph/weights/blockForms.ts'
import type { DataType, FileRange } from '../../graph/writing/onnx.ts'
import type { Scale, Weight } from '../../graph/weights/weight.ts'

/** A tensor that stays in the file it lies in. */
export interface WeightInFile extends Weight {
  readonly data: FileRange
  readonly scale?: Scale & { readonly data: FileRange }
  /** The name it has in its file. */
  readonly name: string
  /** Why it cannot be computed with; null where it can. */
  readonly problem: string | null
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
export const readableTypes: readonly string[] = ['F64', 'F32', 'F16', 'BF16', 'F8_E4M3', 'F8_E5M2']

/** A tensor as it lies in one of the files of a set. */
export type Stored = TensorEntry & { readonly folder: string; readonly location: string }

/**
 * The weights among tensors, by their names. Left out is what is none (position ids, counters) and what belongs to the
 * scaling of 8-bit weights, which the weights themselves carry. `inHeader`: what headers say of modules' quantisation.
 */
export function weightsIn(
  stored: ReadonlyMap<string, Stored>,
  inHeader: Readonly<Record<string, Quantisation>>,
): Map<string, WeightInFile> {
  const unread = unreadFactors(stored)
  const weights = new Map<string, WeightInFile>()
  for (const [key, entry] of stored)
    if (isWeight(key, entry)) {
      const factors = { scale: scaleOf(key, stored), unread: unread.get(moduleOf(key)) }
      weights.set(
        key,
        inFile(entry, factors, () => quantisationOf(entry, stored, inHeader)),
      )
    }
  return weights
}

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
