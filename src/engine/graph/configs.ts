import { StudioError } from '../../shared/errors.ts'

/** Architectures as numbers, read from the config.json that lies beside diffusers and transformers weights. */

export interface ClipTextConfig {
  vocabSize: number
  maxTokens: number
  width: number
  innerWidth: number
  layers: number
  heads: number
  activation: 'quick_gelu' | 'gelu'
  epsilon: number
  /** Width of the pooled output; null where it is not projected. */
  projection: number | null
}

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

/** config.json, parsed. */
export type ConfigFile = Readonly<Record<string, unknown>>

/** CLIPTextModel or CLIPTextModelWithProjection. Throws `unsupported-model` for numbers that cannot be. */
export function clipTextConfig(file: ConfigFile): ClipTextConfig {
  const projected =
    Array.isArray(file['architectures']) && file['architectures'].includes('CLIPTextModelWithProjection')
  const activation = file['hidden_act'] ?? 'quick_gelu'
  if (activation !== 'quick_gelu' && activation !== 'gelu') throw unsupported('hidden_act', activation)
  return {
    vocabSize: count(file, 'vocab_size', 49408),
    maxTokens: count(file, 'max_position_embeddings', 77),
    width: count(file, 'hidden_size', 512),
    innerWidth: count(file, 'intermediate_size', 2048),
    layers: count(file, 'num_hidden_layers', 12),
    heads: count(file, 'num_attention_heads', 8),
    activation,
    epsilon: real(file, 'layer_norm_eps', 1e-5),
    projection: projected ? count(file, 'projection_dim', 512) : null,
  }
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

const optional = (file: ConfigFile, key: string): unknown => file[key] ?? null

const unsupported = (key: string, value: unknown): StudioError =>
  new StudioError(
    'unsupported-model',
    `The model's config.json says ${key} = ${JSON.stringify(value)}, which this version cannot run.`,
  )

function requireValues(file: ConfigFile, values: Readonly<Record<string, unknown>>): void {
  for (const [key, value] of Object.entries(values))
    if (key in file && file[key] !== value) throw unsupported(key, file[key])
}

function requireEach(file: ConfigFile, key: string, allowed: readonly string[]): void {
  const values = file[key]
  if (values === undefined) return
  if (!Array.isArray(values) || !values.every((value) => allowed.includes(value as string)))
    throw unsupported(key, values)
}

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value > 0 && value < 2 ** 24

function count(file: ConfigFile, key: string, otherwise: number): number {
  return optionalCount(file, key) ?? otherwise
}

function optionalCount(file: ConfigFile, key: string): number | null {
  const value = optional(file, key)
  if (value === null || isCount(value)) return value
  throw unsupported(key, value)
}

function counts(file: ConfigFile, key: string, otherwise: readonly number[]): readonly number[] {
  const value = optional(file, key) ?? otherwise
  if (Array.isArray(value) && value.length > 0 && value.length <= 16 && value.every(isCount)) return value
  throw unsupported(key, value)
}

/** One number for all levels, or one for each. */
function perLevel(file: ConfigFile, key: string, levels: number, otherwise: number): number[] {
  const value = optional(file, key) ?? otherwise
  if (isCount(value)) return Array<number>(levels).fill(value)
  if (Array.isArray(value) && value.length === levels && value.every(isCount)) return value
  throw unsupported(key, value)
}

function real(file: ConfigFile, key: string, otherwise: number): number {
  const value = optional(file, key) ?? otherwise
  if (typeof value === 'number' && Number.isFinite(value)) return value
  throw unsupported(key, value)
}
