import type { ConfigFile } from '../../graph/config/configFile.ts'
import { flux2Config } from '../../graph/dit/flux2Config.ts'
import { zImageConfig } from '../../graph/dit/zImageConfig.ts'
import { inferFlux2Config, inferZImageConfig } from '../../graph/config/inferTransformers.ts'
import {
  originalFlux2Layer,
  originalZImageLayer,
  placeFlux2Key,
  placeZImageKey,
  type OriginalLayer,
} from '../keys/ditKeys.ts'
import type { Placement } from '../keys/checkpointKeys.ts'
import { flux2KleinFamily, zImageFamily, type Family } from '../family.ts'
import type { Tensors } from '../files/weights.ts'
import { flux2Transformer } from './flux2Transformer.ts'
import type { Transformer } from './transformer.ts'
import { zImageTransformer } from './zImageTransformer.ts'

/** A family of models that are drawn by a transformer: how they are known, read and run. */
export interface DitKind {
  family: Family
  /** The classes of diffusers' pipelines for it. */
  pipeline: RegExp
  steps: number
  /** What a scheduler says where a model brings none. */
  scheduler: Readonly<Record<string, unknown>>
  transformer(config: ConfigFile, tensors: Tensors): Transformer
  /** The same where no config.json tells its numbers. */
  inferred(tensors: Tensors): Transformer
  /** Where a tensor of a single file belongs. */
  place(key: string, shape: readonly number[]): Placement[]
  /** What a layer is called there; null: nothing. */
  original(layer: string): OriginalLayer | null
  /** Where its parts can be had, on Hugging Face. */
  repository: string
}

export const ditKinds: readonly DitKind[] = [
  {
    family: zImageFamily,
    pipeline: /^ZImage.*Pipeline$/,
    steps: 8,
    scheduler: { shift: 3 },
    transformer: (file, tensors) => zImageTransformer({ config: zImageConfig(file), tensors }),
    inferred: (tensors) => zImageTransformer({ config: inferZImageConfig(tensors.source), tensors }),
    place: placeZImageKey,
    original: originalZImageLayer,
    repository: 'Tongyi-MAI/Z-Image-Turbo',
  },
  {
    family: flux2KleinFamily,
    pipeline: /^Flux2Klein.*Pipeline$/,
    steps: 4,
    scheduler: {},
    transformer: (file, tensors) => flux2Transformer({ config: flux2Config(file), tensors }),
    inferred: (tensors) => flux2Transformer({ config: inferFlux2Config(tensors.source), tensors }),
    place: placeFlux2Key,
    original: originalFlux2Layer,
    repository: 'black-forest-labs/FLUX.2-klein-4B',
  },
]

/** The kind of a diffusers folder; undefined where it is none of these. */
export const ditKindOf = (index: ConfigFile): DitKind | undefined =>
  ditKinds.find(({ pipeline }) => pipeline.test(String(index['_class_name'])))
