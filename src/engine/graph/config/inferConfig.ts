import type { Attention, UnetConfig, UnetLevel } from '../unet/unetConfig.ts'
import type { ClipTextConfig } from '../clip/clipTextConfig.ts'
import type { TinyVaeConfig, VaeConfig } from '../vae/vaeConfig.ts'
import type { WeightSource } from '../weights/weight.ts'

/**
 * Architectures read off the shapes of tensors, for files that carry no config.json. What shapes do not tell (heads,
 * groups) is as in the published models of the family; smaller networks get the nearest numbers that divide. No single
 * tensor decides whether there is a layer: one that is missing is to be missed, not to make the network smaller.
 */

/** A U-Net under diffusers' names. */
export function inferUnetConfig(source: WeightSource, pooledWidth: number): UnetConfig {
  const shape = (key: string): readonly number[] => source(key)?.shape ?? []
  const first = shape('conv_in.weight')
  const linearProjection = shape(findProjection(source)).length === 2
  const heads = (channels: number): number => (linearProjection ? Math.max(1, Math.floor(channels / 64)) : 8)
  const depth = countWhere((level) => hasResnet(source, `down_blocks.${level}.resnets.0`))
  const levels = Array.from({ length: depth }, (_, level) => inferLevel(source, level, depth, heads))
  const middle = transformerDepth(source, 'mid_block.attentions.0')
  const deepest = levels.at(-1)?.channels ?? 0
  const added = inferAdded(source, pooledWidth)
  return {
    inChannels: first[1] ?? 4,
    outChannels: shape('conv_out.weight')[0] ?? shape('conv_out.bias')[0] ?? 4,
    levels,
    middle: hasResnet(source, 'mid_block.resnets.0')
      ? { attention: middle > 0 ? 'cross' : 'none', heads: heads(deepest), transformerLayers: middle }
      : null,
    contextWidth: findContextWidth(source) ?? 768,
    linearProjection,
    groups: commonGroups(levels.map(({ channels }) => channels)),
    epsilon: 1e-5,
    downsamplePadding: 1,
    timestepWidth: first[0] ?? 320,
    cosineFirst: true,
    frequencyShift: 0,
    embeddingWidth: shape('time_embedding.linear_1.weight')[0] ?? 1280,
    added,
    // SD 2 alone is linear without added conditions.
    upcastAttention: linearProjection && added === null,
    guidanceWidth: shape('time_embedding.cond_proj.weight')[1] ?? null,
  }
}

function inferLevel(
  source: WeightSource,
  level: number,
  depth: number,
  heads: (channels: number) => number,
): UnetLevel {
  const [down, up] = [`down_blocks.${level}`, `up_blocks.${depth - 1 - level}`]
  const channels = channelsOf(source, `${down}.resnets.0`)
  const transformers = [
    transformerDepth(source, `${down}.attentions.0`),
    transformerDepth(source, `${up}.attentions.0`),
  ]
  const kind = (layers: number): Attention => (layers > 0 ? 'cross' : 'none')
  return {
    channels,
    downLayers: countWhere((layer) => hasResnet(source, `${down}.resnets.${layer}`)),
    upLayers: countWhere((layer) => hasResnet(source, `${up}.resnets.${layer}`)),
    attention: kind(transformers[0]),
    upAttention: kind(transformers[1]),
    heads: heads(channels),
    transformerLayers: Math.max(...transformers, 1),
  }
}

/** SDXL is told six numbers of size and crop, the refiner five; published models spell each as 256 sines. */
function inferAdded(source: WeightSource, pooledWidth: number): UnetConfig['added'] {
  if (!hasAny(source, 'add_embedding', ['linear_1.weight', 'linear_1.bias', 'linear_2.weight'])) return null
  const width = source('add_embedding.linear_1.weight')?.shape[1] ?? pooledWidth + 6 * 256
  const told = width - pooledWidth
  const count = [6, 5].find((numbers) => told === numbers * 256) ?? (told % 6 === 0 ? 6 : 5)
  return { width, idWidth: Math.floor(told / count) }
}

/** AutoencoderKL under diffusers' names; either half may be missing. */
export function inferVaeConfig(source: WeightSource, scalingFactor: number): VaeConfig {
  const shape = (key: string): readonly number[] => source(key)?.shape ?? []
  const depth = countWhere((level) => hasResnet(source, `decoder.up_blocks.${level}.resnets.0`))
  const channels = Array.from({ length: depth }, (_, level) =>
    channelsOf(source, `decoder.up_blocks.${depth - 1 - level}.resnets.0`),
  )
  return {
    kind: 'kl',
    pictureChannels: shape('decoder.conv_out.weight')[0] ?? 3,
    latentChannels: shape('decoder.conv_in.weight')[1] ?? 4,
    channels,
    layersPerBlock: countWhere((layer) => hasResnet(source, `decoder.up_blocks.0.resnets.${layer}`)) - 1,
    groups: commonGroups(channels),
    epsilon: 1e-6,
    midAttention: hasAny(source, 'decoder.mid_block.attentions.0', [
      'to_q.weight',
      'to_k.weight',
      'group_norm.weight',
    ]),
    quantConv: hasAny(source, 'quant_conv', ['weight', 'bias']),
    postQuantConv: hasAny(source, 'post_quant_conv', ['weight', 'bias']),
    scalingFactor,
    shiftFactor: 0,
    patches: hasAny(source, 'bn', ['running_mean', 'running_var']) ? { epsilon: 1e-4 } : null,
  }
}

/** AutoencoderTiny under diffusers' names. */
export function inferTinyVaeConfig(source: WeightSource): TinyVaeConfig {
  const [channels = 64, latentChannels = 4] = source('decoder.layers.0.weight')?.shape ?? []
  const pictureChannels = source('encoder.layers.0.weight')?.shape[1] ?? 3
  const blocks = { encoderBlocks: [1, 3, 3, 3], decoderBlocks: tinyDecoderBlocks(source) }
  return { kind: 'tiny', pictureChannels, latentChannels, channels, ...blocks }
}

/**
 * Blocks of each level: after the first convolution and its activation, every level is its blocks, then but for the
 * last a layer without weights that doubles the size, then a convolution. TAESD's where there is no decoder.
 */
function tinyDecoderBlocks(source: WeightSource): number[] {
  const has = (layer: number, weight: string): boolean =>
    source(`decoder.layers.${layer}.${weight}`) !== undefined
  const levels: number[] = []
  for (let layer = 2; ; layer += levels.at(-1)! + 2) {
    const blocks = countWhere((block) => has(layer + block, 'conv.0.weight'))
    const goesOn = has(layer + blocks + 1, 'weight')
    if (blocks > 0 || goesOn || levels.length > 0) levels.push(blocks)
    if (!goesOn) return levels.length > 0 ? levels : [3, 3, 3, 1]
  }
}

/** CLIP's text transformer under transformers' names; every published one has heads of width 64. */
export function inferClipTextConfig(
  source: WeightSource,
  activation: ClipTextConfig['activation'],
): ClipTextConfig {
  const shape = (key: string): readonly number[] => source(`text_model.${key}`)?.shape ?? []
  const [vocabSize = 49408, width = 768] = shape('embeddings.token_embedding.weight')
  return {
    vocabSize,
    width,
    maxTokens: shape('embeddings.position_embedding.weight')[0] ?? 77,
    innerWidth: shape('encoder.layers.0.mlp.fc1.weight')[0] ?? 4 * width,
    layers: countWhere((layer) =>
      hasAny(source, `text_model.encoder.layers.${layer}`, [
        'layer_norm1.weight',
        'self_attn.out_proj.weight',
        'mlp.fc1.weight',
        'mlp.fc2.bias',
      ]),
    ),
    heads: Math.max(1, Math.floor(width / 64)),
    activation,
    epsilon: 1e-5,
    projection: source('text_projection.weight')?.shape[0] ?? null,
  }
}

/** How many of 0, 1, 2, … are there. */
function countWhere(isThere: (index: number) => unknown): number {
  let count = 0
  while (isThere(count)) count++
  return count
}

const transformerDepth = (source: WeightSource, attention: string): number =>
  countWhere((layer) =>
    hasAny(source, `${attention}.transformer_blocks.${layer}`, [
      'norm1.weight',
      'norm2.weight',
      'attn1.to_q.weight',
      'ff.net.2.weight',
    ]),
  )

const hasAny = (source: WeightSource, layer: string, names: readonly string[]): boolean =>
  names.some((name) => source(`${layer}.${name}`) !== undefined)

const hasResnet = (source: WeightSource, block: string): boolean =>
  hasAny(source, block, ['conv1.weight', 'conv1.bias', 'norm1.weight', 'conv2.weight'])

/** The channels that come out of a residual block that is there. */
function channelsOf(source: WeightSource, block: string): number {
  const tensors = ['conv1.weight', 'conv1.bias', 'norm2.weight', 'conv2.weight'] as const
  const [found] = tensors.flatMap((name) => source(`${block}.${name}`) ?? [])
  return found?.shape[0] ?? 0
}

/** The width of the text that the first transformers read. */
function findContextWidth(source: WeightSource): number | undefined {
  const blocks = ['down_blocks.0', 'down_blocks.1', 'down_blocks.2', 'mid_block']
  const keys = blocks.flatMap((block) =>
    ['to_k', 'to_v'].map((name) => `${block}.attentions.0.transformer_blocks.0.attn2.${name}.weight`),
  )
  const [found] = keys.flatMap((key) => source(key) ?? [])
  return found?.shape[1]
}

/** The key of some transformer's first projection. */
function findProjection(source: WeightSource): string {
  const blocks = [0, 1, 2, 3].map((level) => `down_blocks.${level}.attentions.0.proj_in.weight`)
  return blocks.find((key) => source(key)) ?? 'mid_block.attentions.0.proj_in.weight'
}

/** 32 in every published model; else the largest power of two below it that divides all channels. */
function commonGroups(channels: readonly number[]): number {
  let groups = 32
  while (groups > 1 && channels.some((count) => count % groups !== 0)) groups /= 2
  return groups
}
