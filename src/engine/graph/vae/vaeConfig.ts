import {
  unsupported,
  requireValues,
  requireEach,
  count,
  counts,
  real,
  type ConfigFile,
} from '../configFile.ts'

/** AutoencoderKL. */
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

/** AutoencoderKL or AutoencoderTiny. */
export function autoencoderConfig(file: ConfigFile): VaeConfig | TinyVaeConfig {
  return file['_class_name'] === 'AutoencoderTiny' ? tinyVaeConfig(file) : vaeConfig(file)
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
  }
}
