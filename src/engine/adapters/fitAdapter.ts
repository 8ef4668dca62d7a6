import { StudioError } from '../../shared/errors.ts'
import type { AdapterModule } from '../graph/adapters/adaptation.ts'
import { elements, isLowRank } from '../graph/adapters/delta.ts'
import { familyName, isOfFamily } from '../../shared/models/families.ts'
import type { AdapterFile, StoredModule } from './adapterFile.ts'
import { adapterModule } from './adapterModule.ts'
import { piecesOf } from './adapterPieces.ts'
import type { NamedLayer, Wearable } from './wearable.ts'

/** An adapter, taken apart for the networks of a model. */
export interface FittedAdapter {
  path: string
  /** The U-Net, or the transformer in its place. */
  unet: ReadonlyMap<string, readonly AdapterModule[]>
  /** One for every text encoder of the model. */
  text: readonly ReadonlyMap<string, readonly AdapterModule[]>[]
  /** Becomes part of the weights: it is used at one strength, or would lie in memory a second time. */
  isMerged: boolean
  /** What of the file is left out, and why. */
  leftOut: readonly string[]
}

/**
 * From how many numbers on, in forms as large as the weights they change, an adapter is merged. In float32 they are
 * 1 GiB.
 */
const mostDense = 2 ** 28

/**
 * Finds the layers of a model that an adapter changes. `family` is the model's. Throws `does-not-fit` with the file,
 * what it is made for and what was expected, when most of it finds no layer of its size.
 */
export function fitAdapter(
  file: AdapterFile,
  { networks, places, isUnet }: Wearable,
  family: string,
): FittedAdapter {
  // Transformers of several families have layers of the same names.
  if (!isUnet && !isOfFamily(file, family)) throw doesNotFit(file, family, [])
  const fitted = networks.map(() => new Map<string, AdapterModule[]>())
  const leftOut: string[] = [...file.strangers.map(quoted)]
  let denseNumbers = 0
  let used = 0
  const misfits: string[] = []
  for (const stored of file.modules) {
    const place = places[stored.network]
    const named = place === undefined ? undefined : networks.at(place)?.(stored.name)
    const pieces = named && pieceModules(stored, named, file)
    if (Array.isArray(pieces)) {
      used++
      for (const { key, module } of pieces)
        fitted[place!].set(key, [...(fitted[place!].get(key) ?? []), module])
      if (pieces.some(({ module }) => isDense(module))) denseNumbers += elements(named!.layer)
    } else
      (pieces === undefined ? leftOut : misfits).push(
        `${quoted(stored.key)}${pieces ? `, which ${pieces}` : ''}`,
      )
    if (typeof pieces === 'string' && readsContext(stored)) throw doesNotFit(file, family, misfits.slice(-1))
  }
  if (used <= file.modules.length / 2) throw doesNotFit(file, family, [...misfits, ...leftOut])
  return {
    path: file.path,
    unet: fitted[0],
    text: fitted.slice(1),
    isMerged: (isUnet && file.isFewStep) || denseNumbers > mostDense,
    leftOut: [...misfits, ...leftOut],
  }
}

function pieceModules(
  stored: StoredModule,
  named: NamedLayer,
  { scaling }: AdapterFile,
): ReturnType<typeof piecesOf> {
  const module = adapterModule(stored, named.layer, scaling)
  return typeof module === 'string' ? module : piecesOf(module, named)
}

const isDense = ({ delta, magnitude }: AdapterModule): boolean =>
  delta !== null && (magnitude !== null || !isLowRank(delta))

const quoted = (key: string): string => `"${key}"`

/** The width of the text that a layer reads is what tells the families apart. */
const readsContext = ({ network, name }: StoredModule): boolean =>
  network === 'unet' && /_attn2_to_[kv]$/.test(name)

function doesNotFit(
  { path, family: own, modules }: AdapterFile,
  family: string,
  why: readonly string[],
): StudioError {
  const made =
    own === null
      ? 'it is made for another kind of model'
      : family.startsWith(own)
        ? 'its layers have other sizes'
        : `it is made for ${familyName(own)}`
  const [first] = why
  const where = first === undefined ? '' : ` This finds no layer of its size: ${first}`
  const others = why.length > 1 ? ` (and ${why.length - 1} more of ${modules.length} layers)` : ''
  return new StudioError(
    'does-not-fit',
    `${path} does not fit this model: ${made}, and the model is ${familyName(family)}.${where}${others}${first === undefined ? '' : '.'} Choose an adapter for ${familyName(family)}.`,
  )
}
