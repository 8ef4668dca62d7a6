import { StudioError } from '../../shared/errors.ts'
import type { AdapterModule } from '../graph/adapters/adaptation.ts'
import { elements, isLowRank } from '../graph/adapters/delta.ts'
import type { Parts } from '../model/networks/builtNetworks.ts'
import { familyName } from '../model/sources/identify.ts'
import type { Tensors } from '../model/files/weights.ts'
import type { AdapterFile, StoredModule } from './adapterFile.ts'
import type { AdapterNetwork } from './adapterKeys.ts'
import { adapterModule, type Layer } from './adapterModule.ts'
import { blockOf } from './blocks.ts'
import { moduleNames } from './moduleNames.ts'

/** An adapter, taken apart for the networks of a model. */
export interface FittedAdapter {
  path: string
  unet: ReadonlyMap<string, AdapterModule>
  /** One for every text encoder of the model. */
  text: readonly ReadonlyMap<string, AdapterModule>[]
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
  { unet, textEncoders }: Pick<Parts, 'unet' | 'textEncoders'>,
  family: string,
): FittedAdapter {
  const networks = [unet, ...textEncoders].map(({ tensors }) => namedLayers(tensors))
  const fitted = networks.map(() => new Map<string, AdapterModule>())
  const places = placesOf(textEncoders.length, unet.config.added !== null)
  const leftOut: string[] = [...file.strangers.map(quoted)]
  let denseNumbers = 0
  const misfits: string[] = []
  for (const stored of file.modules) {
    const place = places[stored.network]
    const layer = place === undefined ? undefined : networks[place]?.(stored.name)
    const module = layer && adapterModule(stored, layer, file.scaling)
    if (typeof module === 'object') {
      fitted[place!].set(layer!.key, module)
      if (isDense(module)) denseNumbers += elements(layer!)
    } else
      (module === undefined ? leftOut : misfits).push(
        `${quoted(stored.key)}${module ? `, which ${module}` : ''}`,
      )
    if (typeof module === 'string' && readsContext(stored)) throw doesNotFit(file, family, misfits.slice(-1))
  }
  const used = fitted.reduce((sum, { size }) => sum + size, 0)
  if (used <= file.modules.length / 2) throw doesNotFit(file, family, [...misfits, ...leftOut])
  return {
    path: file.path,
    unet: fitted[0],
    text: fitted.slice(1),
    isMerged: file.isFewStep || denseNumbers > mostDense,
    leftOut: [...misfits, ...leftOut],
  }
}

const isDense = ({ delta, magnitude }: AdapterModule): boolean =>
  delta !== null && (magnitude !== null || !isLowRank(delta))

const quoted = (key: string): string => `"${key}"`

/** The width of the text that a layer reads is what tells the families apart. */
const readsContext = ({ network, name }: StoredModule): boolean =>
  network === 'unet' && /_attn2_to_[kv]$/.test(name)

/** Where the networks of an adapter stand in a model: 0 its U-Net, from 1 on its text encoders. */
function placesOf(encoders: number, isXl: boolean): Partial<Record<AdapterNetwork, number>> {
  if (encoders === 2) return { unet: 0, text_encoder: 1, text_encoder_2: 2 }
  // SDXL's refiner has only the second of SDXL's encoders.
  return isXl ? { unet: 0, text_encoder_2: 1 } : { unet: 0, text_encoder: 1 }
}

/** The layers of a network by all of their names. */
function namedLayers({ keys, source }: Tensors): (name: string) => (Layer & { key: string }) | undefined {
  const names = moduleNames(keys)
  return (name) => {
    const { key, original } = names.get(name) ?? {}
    const shape = source(`${key}.weight`)?.shape
    if (key === undefined || !shape) return undefined
    return { key, shape, bias: source(`${key}.bias`)?.shape ?? null, block: blockOf(original ?? null) }
  }
}

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
  const others = why.length > 1 ? ` (and ${why.length - 1} more of ${modules.length} layers)` : ''
  return new StudioError(
    'does-not-fit',
    `${path} does not fit this model: ${made}, and the model is ${familyName(family)}. This finds no layer of its size: ${why[0]}${others}. Choose an adapter for ${familyName(family)}.`,
  )
}
