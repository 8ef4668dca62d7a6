import { StudioError } from '../../../shared/errors.ts'
import type { BlockForm } from './blockForms.ts'
import type { DataType, Initializer } from '../writing/onnx.ts'

/** A network's tensor, in a file or in memory. `transposed`: stored [in, out] where the network means [out, in]. */
export interface Weight {
  readonly dataType: DataType
  readonly shape: readonly number[]
  readonly transposed: boolean
  /** The first half of its rows lies where the network means the second. */
  readonly swapped?: true
  readonly data: Initializer['data']
  readonly scale?: Scale
  /** Its rows are turned in groups of so many numbers, and are to be turned back (see rotation.ts). */
  readonly rotation?: number
  /** It lies in blocks with factors of their own, as bytes; `shape` is that of its numbers. */
  readonly blocks?: BlockForm
}

/**
 * What the stored numbers are to be multiplied with: one number for all (`rows` 1), or one for each row of the tensor
 * as it is stored. "Scaled fp8" files of ComfyUI have it (comfy/ops.py, `scaled_fp8_ops`).
 */
export interface Scale {
  readonly dataType: DataType
  readonly rows: number
  readonly data: Initializer['data']
}

/** Some rows of a weight, which are some of the numbers that a layer answers with. */
export interface Rows {
  from: number
  to: number
}

/** Finds a tensor by its diffusers (or transformers) key; undefined when the file has none. */
export type WeightSource = (key: string) => Weight | undefined

/** How a tensor, also one that is not there, is spoken of: by the name it has in the file, and the file. */
export type WeightName = (key: string) => string

const shapeText = (shape: readonly number[]): string => `[${shape.join(', ')}]`

/** A tensor checked to have a shape. Throws `missing-weight` or `mis-shaped-weight` with its name and both shapes. */
export function weightOfShape(
  source: WeightSource,
  nameOf: WeightName,
  key: string,
  shape: readonly number[],
): Weight {
  const weight = source(key)
  if (!weight)
    throw new StudioError(
      'missing-weight',
      `${nameOf(key)} is missing (expected shape ${shapeText(shape)}). The file is incomplete, or its model is built in a way that this version does not know. Download it again, or take another version of the model.`,
    )
  if (weight.shape.length === shape.length && weight.shape.every((size, axis) => size === shape[axis]))
    return weight
  throw new StudioError(
    'mis-shaped-weight',
    `${nameOf(key)} should be ${shapeText(shape)} but is ${shapeText(weight.shape)}. Its model is built in another way than its file tells. Take another version of the model, or give its config.json under "configs" in its studio.json.`,
  )
}

/** Some rows of a tensor, as they lie in it: its scale and its bytes are narrower. */
export function rowsOfWeight<Whole extends Weight>(weight: Whole, { from, to }: Rows): Whole {
  const { shape, scale, data } = weight
  return {
    ...weight,
    shape: shape.with(0, to - from),
    data: rowsOfData(data, shape[0], from, to),
    ...(scale &&
      scale.rows > 1 && {
        scale: { ...scale, rows: to - from, data: rowsOfData(scale.data, scale.rows, from, to) },
      }),
  }
}

function rowsOfData<Data extends Weight['data']>(data: Data, count: number, from: number, to: number): Data {
  const bytes = data.length / count
  if (data instanceof Uint8Array) return data.subarray(from * bytes, to * bytes) as Data
  return { ...data, offset: data.offset + from * bytes, length: (to - from) * bytes }
}

/**
 * The number each byte stands for. Micikevicius et al. 2022 (FP8 formats for deep learning), table 1: E4M3 without
 * infinities, its largest number 448; E5M2 as the upper half of a half-precision number.
 */
export function float8Values(dataType: 'float8e4m3' | 'float8e5m2'): number[] {
  const bytes = Array.from({ length: 256 }, (_, byte) => byte)
  if (dataType === 'float8e5m2')
    return Array.from(new Float16Array(Uint16Array.from(bytes, (byte) => byte << 8).buffer))
  return bytes.map((byte) => {
    const [exponent, fraction] = [(byte >> 3) & 15, byte & 7]
    const size = exponent === 0 ? fraction / 512 : (1 + fraction / 8) * 2 ** (exponent - 7)
    return (byte & 0x7f) === 0x7f ? Number.NaN : byte < 128 ? size : -size
  })
}
