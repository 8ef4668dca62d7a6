import {
  optional,
  unsupported,
  requireValues,
  count,
  optionalCount,
  counts,
  perLevel,
  real,
  type ConfigFile,
} from '../config/configFile.ts'

/** One resolution of a U-Net. */
export interface UnetLevel {
  channels: number
  downLayers: number
  upLayers: number
  attention: Attention
  upAttention: Attention
  heads: number
  transformerLayers: number
}

/** `cross`: a transformer that also reads the context; `pixels`: pixels among themselves. */
export type Attention = 'none' | 'cross' | 'pixels'

export interface UnetConfig {
  inChannels: number
  outChannels: number
  /** Finest first. */
  levels: readonly UnetLevel[]
  middle: Pick<UnetLevel, 'attention' | 'heads' | 'transformerLayers'> | null
  contextWidth: number | null
  linearProjection: boolean
  groups: number
  epsilon: number
  downsamplePadding: number
  /** Width of the sinusoidal embedding, whether cosines come first, and diffusers' shift of its frequencies. */
  timestepWidth: number
  cosineFirst: boolean
  frequencyShift: number
  embeddingWidth: number
  /** SDXL: pooled text and `timeIds` numbers, each as `idWidth` sines and cosines, `width` in all. */
  added: { width: number; idWidth: number } | null
  /** Attention overflows in half precision (SD 2). */
  upcastAttention: boolean
  /** Guidance-distilled models (latent consistency) are told the guidance scale. */
  guidanceWidth: number | null
}

const attentionOfBlock: Readonly<Record<string, Attention>> = {
  DownBlock2D: 'none',
  UpBlock2D: 'none',
  CrossAttnDownBlock2D: 'cross',
  CrossAttnUpBlock2D: 'cross',
  AttnDownBlock2D: 'pixels',
  AttnUpBlock2D: 'pixels',
}

/** UNet2DConditionModel or UNet2DModel. Throws `unsupported-model` naming the option that is not known here. */
export function unetConfig(file: ConfigFile): UnetConfig {
  requireValues(file, {
    act_fn: 'silu',
    center_input_sample: false,
    class_embed_type: null,
    dual_cross_attention: false,
    encoder_hid_dim_type: null,
    num_class_embeds: null,
    only_cross_attention: false,
    resnet_time_scale_shift: 'default',
    time_embedding_type: 'positional',
    mid_block_scale_factor: 1,
    conv_in_kernel: 3,
    conv_out_kernel: 3,
    downsample_type: 'conv',
    upsample_type: 'conv',
  })
  const conditional = file['_class_name'] !== 'UNet2DModel'
  const channels = counts(
    file,
    'block_out_channels',
    conditional ? [320, 640, 1280, 1280] : [224, 448, 672, 896],
  )
  const levels = unetLevels(file, channels, conditional)
  const timestepWidth = channels[0]
  return {
    inChannels: count(file, 'in_channels', conditional ? 4 : 3),
    outChannels: count(file, 'out_channels', conditional ? 4 : 3),
    levels,
    middle: unetMiddle(file, levels.at(-1)!, conditional),
    contextWidth: conditional ? count(file, 'cross_attention_dim', 1280) : null,
    linearProjection: file['use_linear_projection'] === true,
    groups: count(file, 'norm_num_groups', 32),
    epsilon: real(file, 'norm_eps', 1e-5),
    downsamplePadding: file['downsample_padding'] === 0 ? 0 : count(file, 'downsample_padding', 1),
    timestepWidth,
    cosineFirst: file['flip_sin_to_cos'] !== false,
    frequencyShift: real(file, 'freq_shift', 0),
    embeddingWidth: count(file, 'time_embedding_dim', 4 * timestepWidth),
    added: addedConfig(file),
    upcastAttention: file['upcast_attention'] === true,
    guidanceWidth: optionalCount(file, 'time_cond_proj_dim'),
  }
}

function unetLevels(file: ConfigFile, channels: readonly number[], conditional: boolean): UnetLevel[] {
  const down = blockTypes(file, 'down_block_types', channels.length)
  const up = blockTypes(file, 'up_block_types', channels.length)
  const layers = perLevel(file, 'layers_per_block', channels.length, 2)
  const heads = headCounts(file, channels, conditional)
  const transformers = perLevel(file, 'transformer_layers_per_block', channels.length, 1)
  return channels.map((width, level) => ({
    channels: width,
    downLayers: layers[level],
    upLayers: layers[level] + 1,
    attention: down[level],
    upAttention: up[channels.length - 1 - level],
    heads: heads[level],
    transformerLayers: transformers[level],
  }))
}

/** In conditional models `attention_head_dim` is, by an old mistake kept for compatibility, the number of heads. */
function headCounts(file: ConfigFile, channels: readonly number[], conditional: boolean): number[] {
  if (!conditional) {
    const width = 'attention_head_dim' in file ? optionalCount(file, 'attention_head_dim') : 8
    return channels.map((all) => (width === null ? 1 : all / width))
  }
  const key = optional(file, 'num_attention_heads') === null ? 'attention_head_dim' : 'num_attention_heads'
  return perLevel(file, key, channels.length, 8)
}

function unetMiddle(file: ConfigFile, deepest: UnetLevel, conditional: boolean): UnetConfig['middle'] {
  const { heads, transformerLayers } = deepest
  if (!conditional)
    return { attention: file['add_attention'] === false ? 'none' : 'pixels', heads, transformerLayers }
  const type = 'mid_block_type' in file ? file['mid_block_type'] : 'UNetMidBlock2DCrossAttn'
  if (type === null) return null
  if (type === 'UNetMidBlock2DCrossAttn') return { attention: 'cross', heads, transformerLayers }
  throw unsupported('mid_block_type', type)
}

function addedConfig(file: ConfigFile): UnetConfig['added'] {
  const type = optional(file, 'addition_embed_type')
  if (type === null) return null
  if (type !== 'text_time') throw unsupported('addition_embed_type', type)
  return {
    width: count(file, 'projection_class_embeddings_input_dim', 2816),
    idWidth: count(file, 'addition_time_embed_dim', 256),
  }
}

function blockTypes(file: ConfigFile, key: string, levels: number): Attention[] {
  const types = file[key]
  if (!Array.isArray(types) || types.length !== levels) throw unsupported(key, types)
  return types.map((type: unknown) => {
    const attention = typeof type === 'string' ? attentionOfBlock[type] : undefined
    if (!attention) throw unsupported(key, type)
    return attention
  })
}
