import { stat } from 'node:fs/promises'
import { StudioError } from '../../../shared/errors.ts'
import { familyName } from '../../../shared/models/families.ts'
import type { Parts } from './builtNetworks.ts'
import { identify } from '../sources/identify.ts'
import type { ModelFacts } from '../model.ts'
import { latentChannelsOf, latentScaleOf, vaeScaling } from '../modelFacts.ts'
import { readSafetensors } from '../files/safetensors.ts'
import { readVae } from '../sources/vaeFile.ts'

/** An autoencoder in place of a model's own. */
export type Vae = NonNullable<Parts['vae']>

type Fitting = Pick<ModelFacts, 'info' | 'family' | 'latentChannels' | 'latentScale' | 'scalingFactor'>

/**
 * Reads an autoencoder for a model: a file in the naming of latent-diffusion or of diffusers, a TAESD, or a folder.
 * Throws what reading it throws, and `does-not-fit` when its latents are others than the model's.
 */
export async function readSwappedVae(path: string, facts: Fitting): Promise<Vae> {
  const expected = expectedScaling(facts)
  const vae = await readVae(path, { ...facts.family, scalingFactor: expected })
  const { config } = vae
  const { family } = facts.info
  const refuse = (found: string, wanted: string): StudioError =>
    new StudioError(
      'does-not-fit',
      `The VAE ${path} does not fit this model: ${found}, and ${familyName(family)} ${wanted}. Choose a VAE for ${familyName(family)}.`,
    )
  if (latentChannelsOf(config) !== facts.latentChannels)
    throw refuse(`its latents have ${latentChannelsOf(config)} channels`, `has ${facts.latentChannels}`)
  if (latentScaleOf(config) !== facts.latentScale)
    throw refuse(`it makes ${latentScaleOf(config)} pixels of a latent`, `makes ${facts.latentScale}`)
  const said = await saidFamily(path)
  if (said !== null && !family.startsWith(said))
    throw refuse(`it is made for ${familyName(said)}`, 'is another')
  const { scalingFactor } = vaeScaling(config)
  if (config.kind === 'kl' && Math.abs(scalingFactor / expected - 1) > 0.01)
    throw refuse(`its latents are scaled by ${scalingFactor}`, `scales by ${expected}`)
  return vae
}

/** A model with a tiny autoencoder of its own does not say what the full one of its family is scaled by. */
const expectedScaling = ({ family, scalingFactor }: Fitting): number =>
  scalingFactor === 1 ? family.scalingFactor : scalingFactor

/** The files of all families have the same names: only what a program wrote beside the tensors tells. */
async function saidFamily(path: string): Promise<string | null> {
  if ((await stat(path)).isDirectory()) return null
  return identify(await readSafetensors(path)).family
}
