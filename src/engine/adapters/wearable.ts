import type { Rows } from '../graph/weights/weight.ts'
import type { DitKind } from '../model/dit/ditKinds.ts'
import type { DitParts } from '../model/dit/ditNetworks.ts'
import type { Tensors } from '../model/files/weights.ts'
import type { Parts } from '../model/networks/builtNetworks.ts'
import type { AdapterNetwork } from './adapterKeys.ts'
import type { Layer } from './adapterModule.ts'
import { blockOf } from './blocks.ts'
import { moduleNames } from './moduleNames.ts'
import { transformerLayers } from './transformerLayers.ts'

/** The networks of a model as adapters find them. */
export interface Wearable {
  /** Of the network that draws, then of the text encoders. */
  networks: readonly LayerNames[]
  /** Where the networks of adapters stand among them. */
  places: Partial<Record<AdapterNetwork, number>>
  /** A U-Net's blocks have strengths of their own, and adapters for a few steps become part of it. */
  isUnet: boolean
}

/** The layers of a network by all of their names. */
export type LayerNames = (name: string) => NamedLayer | undefined

/** What a name stands for: a layer, some rows of one, or several that are one in other files. */
export interface NamedLayer {
  layer: Layer
  pieces: readonly Piece[]
}

export interface Piece {
  /** Of the network's own layer. */
  key: string
  /** Which rows of the named layer it takes; null: all. */
  taken: Rows | null
  /** Which of its own rows these are; null: all. */
  rows: Rows | null
}

export function unetWearable({ unet, textEncoders }: Pick<Parts, 'unet' | 'textEncoders'>): Wearable {
  return {
    networks: [unet, ...textEncoders].map(({ tensors }) => namedLayers(tensors)),
    places: placesOf(textEncoders.length, unet.config.added !== null),
    isUnet: true,
  }
}

export const ditWearable = (
  { original }: Pick<DitKind, 'original'>,
  { transformer, textEncoder }: Pick<DitParts, 'transformer' | 'textEncoder'>,
): Wearable => ({
  networks: [transformerLayers(transformer.tensors, original), namedLayers(textEncoder.tensors)],
  places: { unet: 0, transformer: 0, text_encoder: 1 },
  isUnet: false,
})

/** Where the networks of an adapter stand in a model: 0 its U-Net, from 1 on its text encoders. */
function placesOf(encoders: number, isXl: boolean): Wearable['places'] {
  if (encoders === 2) return { unet: 0, text_encoder: 1, text_encoder_2: 2 }
  // SDXL's refiner has only the second of SDXL's encoders.
  return isXl ? { unet: 0, text_encoder_2: 1 } : { unet: 0, text_encoder: 1 }
}

function namedLayers({ keys, source }: Tensors): LayerNames {
  const names = moduleNames(keys)
  return (name) => {
    const { key, original } = names.get(name) ?? {}
    const shape = source(`${key}.weight`)?.shape
    if (key === undefined || !shape) return undefined
    const bias = source(`${key}.bias`)?.shape ?? null
    return {
      layer: { shape, bias, block: blockOf(original ?? null) },
      pieces: [{ key, taken: null, rows: null }],
    }
  }
}
