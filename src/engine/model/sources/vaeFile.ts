import { stat } from 'node:fs/promises'
import { StudioError } from '../../../shared/errors.ts'
import type { ConfigFile } from '../../graph/config/configFile.ts'
import { autoencoderConfig } from '../../graph/vae/vaeConfig.ts'
import { inferTinyVaeConfig, inferVaeConfig } from '../../graph/config/inferConfig.ts'
import type { Parts } from '../networks/builtNetworks.ts'
import { checkpointForm, modernKey, placeTinyVaeKey, placeVaeKey } from '../keys/checkpointKeys.ts'
import { readConfig, readTensors } from './component.ts'
import { kindNames } from '../../../shared/models/ownedFile.ts'
import { identify } from './identify.ts'
import { readWeightFile } from '../files/weightFile.ts'
import { joinTensors, placeTensors, renameTensors, requireReadable, type Tensors } from '../files/weights.ts'

/** What latents are scaled by, and what is taken away before. */
export interface Scaling {
  scalingFactor: number
  shiftFactor?: number
}

/** A bare autoencoder does not tell by how much its latents are scaled; the family it is used with does. */
export const stableDiffusionScalingFactor = 0.18215
export const sdxlScalingFactor = 0.13025

/**
 * The autoencoder at a path: a file, or a folder with config.json as diffusers writes AutoencoderKL and
 * AutoencoderTiny. `scaling` is for files, which do not tell theirs, as does `said` of their other numbers. Throws
 * `missing-part`, `not-a-checkpoint`.
 */
export async function readVae(
  path: string,
  scaling: Scaling,
  said?: ConfigFile,
): Promise<NonNullable<Parts['vae']>> {
  const found = await stat(path).catch(() => null)
  if (!found)
    throw new StudioError(
      'missing-part',
      `There is nothing at ${path}, where an autoencoder (VAE) should be.`,
    )
  if (!found.isDirectory()) return readVaeFile(path, scaling, said)
  return { config: autoencoderConfig(await readConfig(path)), tensors: await readTensors(path) }
}

/** AutoencoderKL in either naming, or TAESD. */
async function readVaeFile(
  path: string,
  scaling: Scaling,
  said?: ConfigFile,
): Promise<NonNullable<Parts['vae']>> {
  const file = await readWeightFile(path)
  const { kind } = identify(file)
  const tensors = joinTensors([file])
  if (kind === 'tiny-vae') {
    const side = tensors.source('0.weight') ? 'encoder' : 'decoder'
    const tiny = placeTensors(tensors, (key) => placeTinyVaeKey(key, side)).parts.vae
    requireReadable(tiny)
    return { config: inferTinyVaeConfig(tiny.source), tensors: tiny }
  }
  if (kind !== 'vae') throw new StudioError('not-a-checkpoint', `${path} is ${kindNames[kind]}, not a VAE.`)
  const isDiffusers = tensors.keys.some((key) => key.includes('_blocks.'))
  const form = checkpointForm(tensors.keys, false)
  const vae = isDiffusers
    ? renameTensors(tensors, modernKey)
    : placeTensors(tensors, (key, shape) => placeVaeKey(key, shape, form)).parts.vae
  requireReadable(vae)
  return autoencoderOf(vae, scaling, said)
}

/** The autoencoder of tensors that are no folder's. */
export function autoencoderOf(
  tensors: Tensors,
  { scalingFactor, shiftFactor = 0 }: Scaling,
  said?: ConfigFile,
): NonNullable<Parts['vae']> {
  if (said) return { config: autoencoderConfig(said), tensors }
  const config = inferVaeConfig(tensors.source, scalingFactor)
  return { config: config.patches ? config : { ...config, shiftFactor }, tensors }
}
