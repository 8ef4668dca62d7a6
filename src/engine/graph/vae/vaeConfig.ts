import {
  unsupported,
  requireValues,
  requireEach,
  count,
  counts,
  real,
  type ConfigFile,
} from '../config/configFile.ts'

/** AutoencoderKL and AutoencoderKLFlux2. */
export interface VaeConfig {
  kind: 'kl'
  pictureChannels: number
  latentChannels: number
  /** Channels of each level, finest first. */
  channels: readonly number[]
  layersPerBlock: number
  groups: number
  epsilon: number
  midAttention: boolean
  quantConv: boolean
  postQuantConv: boolean
  scalingFactor: number
  shiftFactor: number
  /**
   * The latents that are sampled are patches of two by two, brought to mean 0 and variance 1 by statistics in the file;
   * null: they are the autoencoder's own.
   */
  patches: { epsilon: number } | null
}

/** AutoencoderTiny (TAESD). */
export interface TinyVaeConfig {
  kind: 'tiny'
  pictureChannels: number
  latentChannels: number
  channels: number
  /** Residual blocks at each resolution, in the order they are run. */
  encoderBlocks: readonly number[]
  decoderBlocks: readonly number[]
}

/** AutoencoderKL, AutoencoderKLFlux2 or AutoencoderTiny. */
export function autoencoderConfig(file: ConfigFile): VaeConfig | TinyVaeConfig {
  if (file['_class_name'] === 'AutoencoderTiny') return tinyVaeConfig(file)
  return file['_class_name'] === 'AutoencoderKLFlux2' ? patchedVaeConfig(file) : vaeConfig(file)
}

function tinyVaeConfig(file: ConfigFile): TinyVaeConfig {
  requireValues(file, {
    act_fn: 'relu',
    upsample_fn: 'nearest',
    upsampling_scaling_factor: 2,
    latent_magnitude: 3,
    scaling_factor: 1,
    shift_factor: 0,
  })
  const [channels, ...others] = counts(file, 'decoder_block_out_channels', [64, 64, 64, 64])
  if (others.some((count) => count !== channels)) throw unsupported('decoder_block_out_channels', others)
  return {
    kind: 'tiny',
    pictureChannels: count(file, 'in_channels', 3),
    latentChannels: count(file, 'latent_channels', 4),
    channels: channels,
    encoderBlocks: counts(file, 'num_encoder_blocks', [1, 3, 3, 3]),
    decoderBlocks: counts(file, 'num_decoder_blocks', [3, 3, 3, 1]),
  }
}

export function vaeConfig(file: ConfigFile): VaeConfig {
  requireValues(file, { act_fn: 'silu' })
  requireEach(file, 'down_block_types', ['DownEncoderBlock2D'])
  requireEach(file, 'up_block_types', ['UpDecoderBlock2D'])
  return {
    kind: 'kl',
    pictureChannels: count(file, 'in_channels', 3),
    latentChannels: count(file, 'latent_channels', 4),
    channels: counts(file, 'block_out_channels', [64]),
    layersPerBlock: count(file, 'layers_per_block', 1),
    groups: count(file, 'norm_num_groups', 32),
    epsilon: 1e-6,
    midAttention: file['mid_block_add_attention'] !== false,
    quantConv: file['use_quant_conv'] !== false,
    postQuantConv: file['use_post_quant_conv'] !== false,
    scalingFactor: real(file, 'scaling_factor', 0.18215),
    shiftFactor: real(file, 'shift_factor', 0),
    patches: null,
  }
}

/** AutoencoderKLFlux2, whose statistics stand in place of a scale. */
function patchedVaeConfig(file: ConfigFile): VaeConfig {
  if (counts(file, 'patch_size', [2, 2]).some((size) => size !== 2))
    throw unsupported('patch_size', file['patch_size'])
  const patches = { epsilon: real(file, 'batch_norm_eps', 1e-4) }
  return { ...vaeConfig(file), latentChannels: count(file, 'latent_channels', 32), scalingFactor: 1, patches }
}
