import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { StudioError } from '../../../shared/errors.ts'
import { kindNames } from '../../../shared/models/ownedFile.ts'
import {
  controlNetConfig,
  inferControlNetConfig,
  inferT2iAdapterConfig,
  type ControlNetConfig,
  type T2iAdapterConfig,
} from '../../graph/unet/controlConfigs.ts'
import type { Part } from '../networks/builtNetworks.ts'
import { readConfig, readTensors } from './component.ts'
import { controlNetKeys, t2iAdapterKeys } from '../keys/controlKeys.ts'
import { identify } from './identify.ts'
import { readSafetensors } from '../files/safetensors.ts'
import { joinTensors, renameTensors, requireReadable, type Tensors } from '../files/weights.ts'

/**
 * A network that steers a U-Net with a picture, as it lies on disk. `isInferred`: its numbers are read off the shapes of
 * tensors, which do not tell how many heads and groups there are.
 */
export type ControlFile = { path: string } & (
  | ({ kind: 'controlnet'; isInferred: boolean } & Part<ControlNetConfig>)
  | ({ kind: 't2i-adapter' } & Part<T2iAdapterConfig>)
)

/**
 * The ControlNet or T2I-Adapter at a path: a file in either naming, or a folder as diffusers writes it. Throws
 * `not-found`, `not-a-checkpoint`, `unsupported-model`, and what reading a checkpoint throws.
 */
export async function readControlFile(path: string): Promise<ControlFile> {
  const found = await stat(path).catch(() => null)
  if (!found)
    throw new StudioError('not-found', `There is no ControlNet at ${path}. Put it back, or choose another.`)
  if (!found.isDirectory()) {
    const file = await readSafetensors(path)
    const { kind } = identify(file)
    if (kind !== 'controlnet' && kind !== 't2i-adapter')
      throw new StudioError('not-a-checkpoint', `${path} is ${kindNames[kind]}, not a ControlNet.`)
    return readTensorsAs(path, joinTensors([file]))
  }
  const config = await readConfig(path)
  const tensors = await readTensors(path)
  if (config['_class_name'] !== 'ControlNetModel') return readTensorsAs(path, tensors)
  refuseRelatives(path, tensors.keys)
  return { kind: 'controlnet', path, isInferred: false, config: controlNetConfig(config), tensors }
}

function readTensorsAs(path: string, stored: Tensors): ControlFile {
  refuseRelatives(path, stored.keys)
  requireReadable(stored)
  if (stored.keys.some((key) => /^(adapter\.)?body\.\d+\./.test(key))) {
    const tensors = renameTensors(stored, t2iAdapterKeys(stored.keys))
    return { kind: 't2i-adapter', path, config: inferT2iAdapterConfig(tensors.source), tensors }
  }
  const tensors = renameTensors(stored, controlNetKeys(stored.keys))
  // The published file's name alone tells it from the others.
  const pooled = /shuffle/i.test(basename(path))
  const config = inferControlNetConfig(tensors.source, pooled)
  return { kind: 'controlnet', path, isInferred: true, config, tensors }
}

/** Networks of the same purpose that are built otherwise, by a key that they alone have. */
const relatives: readonly [sign: RegExp, what: string][] = [
  [/^task_embedding$|^(control_model\.)?(transformer_layes|spatial_ch_projs)\./, 'a ControlNet Union'],
  [/^lora_controlnet$/, 'a Control-LoRA'],
  [/^lllite_/, 'a ControlNet-LLLite'],
  [/^difference$/, 'a ControlNet stored as a difference to its base model'],
]

function refuseRelatives(path: string, keys: readonly string[]): void {
  const relative = relatives.find(([sign]) => keys.some((key) => sign.test(key)))
  if (relative)
    throw new StudioError(
      'unsupported-model',
      `${path} is ${relative[1]}, which this version cannot run. Take a plain ControlNet or a T2I-Adapter for the same purpose.`,
    )
}
