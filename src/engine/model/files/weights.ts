import { dirname, join, relative, sep } from 'node:path'
import { StudioError } from '../../../shared/errors.ts'
import { commonFolder } from '../../graph/writing/externalData.ts'
import type { DataType } from '../../graph/writing/onnx.ts'
import type { BlockForm } from '../../graph/weights/blockForms.ts'
import { rowsOfWeight } from '../../graph/weights/weight.ts'
import type { PartName, Placement } from '../keys/checkpointKeys.ts'
import { nameInFile } from './nameInFile.ts'
import { quantisationsIn, type Quantisation } from './quantisation.ts'
import type { Safetensors } from './safetensors.ts'
import { readableTypes, weightsIn, type Stored, type WeightInFile } from './weightInFile.ts'
import { unwrappedKey } from '../keys/unwrappedKey.ts'

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
  const path = files.length === 1 ? files[0].path : folder
  return tensorsIn({ folder, path, place: (key) => [key] }, weightsIn(stored, quantised))
}

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
  if (rows) return rowsOfWeight(weight, { from: rows[0], to: rows[1] })
  if (transpose) return { ...weight, shape: weight.shape.toReversed(), transposed: true }
  return squeeze ? { ...weight, shape: weight.shape.slice(0, 2) } : weight
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
