import { dirname, relative, sep } from 'node:path'
import type { DataType, FileRange } from '../graph/onnx.ts'
import type { Weight } from '../graph/graph.ts'
import type { PartName, Placement } from './checkpointKeys.ts'
import type { Dtype, Safetensors } from './safetensors.ts'

/** A tensor that stays in the file it lies in. */
export type WeightInFile = Weight & { readonly data: FileRange }

/** The tensors of one network or one checkpoint, in one file or in shards, and the folder all of them lie below. */
export interface Tensors {
  readonly folder: string
  readonly source: (key: string) => WeightInFile | undefined
  readonly keys: readonly string[]
  /** Numbers in all. */
  readonly elements: number
  /** The type that most of the numbers are stored in. */
  readonly dtype: string
}

const dataTypes: Partial<Record<Dtype, DataType>> = {
  F32: 'float32',
  F16: 'float16',
  BF16: 'bfloat16',
  F8_E4M3: 'float8e4m3',
  F8_E5M2: 'float8e5m2',
}

/** Tensors of other types (position ids, counters) are not weights and are left out. */
export function joinTensors(files: readonly Safetensors[]): Tensors {
  const folder = commonFolder(files.map((file) => dirname(file.path)))
  const weights = new Map<string, WeightInFile>()
  for (const { path, tensors } of files) {
    const location = relative(folder, path).split(sep).join('/')
    for (const [key, { dtype, shape, offset, length }] of tensors) {
      const dataType = dataTypes[dtype]
      if (dataType)
        weights.set(key, { dataType, shape, transposed: false, data: { location, offset, length } })
    }
  }
  return tensorsIn(folder, weights)
}

/** The same tensors under other names. */
export function renameTensors(tensors: Tensors, rename: (key: string) => string): Tensors {
  return tensorsIn(tensors.folder, new Map(tensors.keys.map((key) => [rename(key), tensors.source(key)!])))
}

/** Sorts the tensors of a checkpoint into its networks; `unused` are the keys that belong to none. */
export function placeTensors(
  tensors: Tensors,
  place: (key: string, shape: readonly number[]) => readonly Placement[],
): { parts: Record<PartName, Tensors>; unused: string[] } {
  const maps: Record<PartName, Map<string, WeightInFile>> = {
    unet: new Map(),
    vae: new Map(),
    text_encoder: new Map(),
    text_encoder_2: new Map(),
  }
  const unused: string[] = []
  for (const key of tensors.keys) {
    const weight = tensors.source(key)!
    const places = place(key, weight.shape)
    if (places.length === 0) unused.push(key)
    for (const placement of places) maps[placement.part].set(placement.key, seenAs(weight, placement))
  }
  const part = (name: PartName): Tensors => tensorsIn(tensors.folder, maps[name])
  return {
    parts: {
      unet: part('unet'),
      vae: part('vae'),
      text_encoder: part('text_encoder'),
      text_encoder_2: part('text_encoder_2'),
    },
    unused,
  }
}

/** No bytes move: rows are a narrower range of the file, a transpose is told to whoever multiplies. */
function seenAs(weight: WeightInFile, { rows, transpose, squeeze }: Placement): WeightInFile {
  if (rows) {
    const { location, offset, length } = weight.data
    const bytesPerRow = length / weight.shape[0]
    const [from, to] = rows
    return {
      ...weight,
      shape: weight.shape.with(0, to - from),
      data: { location, offset: offset + from * bytesPerRow, length: (to - from) * bytesPerRow },
    }
  }
  if (transpose) return { ...weight, shape: weight.shape.toReversed(), transposed: true }
  return squeeze ? { ...weight, shape: weight.shape.slice(0, 2) } : weight
}

const tensorsIn = (folder: string, weights: ReadonlyMap<string, WeightInFile>): Tensors => ({
  folder,
  source: (key) => weights.get(key),
  keys: [...weights.keys()],
  ...census(weights.values()),
})

function census(weights: Iterable<WeightInFile>): Pick<Tensors, 'elements' | 'dtype'> {
  const counts = new Map<DataType, number>()
  for (const { dataType, shape } of weights)
    counts.set(dataType, (counts.get(dataType) ?? 0) + shape.reduce((product, size) => product * size, 1))
  const [most] = [...counts].sort(([, a], [, b]) => b - a)
  return {
    elements: [...counts.values()].reduce((sum, count) => sum + count, 0),
    dtype: most?.[0] ?? 'float32',
  }
}

/** Shards that are links into a cache may lie in several folders. */
function commonFolder(folders: readonly string[]): string {
  let common = folders[0]
  while (
    folders.some(
      (folder) => folder !== common && !folder.startsWith(common.endsWith(sep) ? common : common + sep),
    )
  )
    common = dirname(common)
  return common
}
