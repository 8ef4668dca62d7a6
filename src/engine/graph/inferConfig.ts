import type { Attention, ClipTextConfig, TinyVaeConfig, UnetConfig, UnetLevel, VaeConfig } from './configs.ts'
import type { WeightSource } from './weight.ts'

/**
 * Architectures read off the shapes of tensors, for files that carry no config.json. What shapes do not tell (heads,
 * groups) is as in the published models of the family; smaller networks get the nearest numbers that divide.
 */

/** A U-Net under diffusers' names. */
export function inferUnetConfig(source: WeightSource, pooledWidth: number): UnetConfig {
  const shape = (key: string): readonly number[] => source(key)?.shape ?? []
  const first = shape('conv_in.weight')
  const linearProjection = shape(findProjection(source)).length === 2
  const heads = (channels: number): number => (linearProjection ? Math.max(1, Math.floor(channels / 64)) : 8)
  const depth = countWhere((level) => source(`down_blocks.${level}.resnets.0.conv1.weight`))
  const levels = Array.from({ length: depth }, (_, level) => inferLevel(source, level, depth, heads))
  const middle = transformerDepth(source, 'mid_block.attentions.0')
  const deepest = levels.at(-1)?.channels ?? 0
  const added = inferAdded(shape('add_embedding.linear_1.weight')[1], pooledWidth)
  return {
    inChannels: first[1] ?? 4,
    outChannels: shape('conv_out.weight')[0] ?? 4,
    levels,
    middle: source('mid_block.resnets.0.conv1.weight')
      ? { attention: middle > 0 ? 'cross' : 'none', heads: heads(deepest), transformerLayers: middle }
      : null,
    contextWidth:
      shape(findProjection(source).replace('proj_in', 'transformer_blocks.0.attn2.to_k'))[1] ?? 768,
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
  const channels = source(`${down}.resnets.0.conv1.weight`)!.shape[0]
  const transformers = [
    transformerDepth(source, `${down}.attentions.0`),
    transformerDepth(source, `${up}.attentions.0`),
  ]
  const kind = (layers: number): Attention => (layers > 0 ? 'cross' : 'none')
  return {
    channels,
    downLayers: countWhere((layer) => source(`${down}.resnets.${layer}.conv1.weight`)),
    upLayers: countWhere((layer) => source(`${up}.resnets.${layer}.conv1.weight`)),
    attention: kind(transformers[0]),
    upAttention: kind(transformers[1]),
    heads: heads(channels),
    transformerLayers: Math.max(...transformers, 1),
  }
}

/** SDXL is told six numbers of size and crop, the refiner five; published models spell each as 256 sines. */
function inferAdded(width: number | undefined, pooledWidth: number): UnetConfig['added'] {
  if (width === undefined) return null
  const told = width - pooledWidth
  const count = [6, 5].find((numbers) => told === numbers * 256) ?? (told % 6 === 0 ? 6 : 5)
  return { width, idWidth: Math.floor(told / count) }
}

/** AutoencoderKL under diffusers' names; either half may be missing. */
export function inferVaeConfig(source: WeightSource, scalingFactor: number): VaeConfig {
  const shape = (key: string): readonly number[] => source(key)?.shape ?? []
  const depth = countWhere((level) => source(`decoder.up_blocks.${level}.resnets.0.conv1.weight`))
  const channels = Array.from(
    { length: depth },
    (_, level) => shape(`decoder.up_blocks.${depth - 1 - level}.resnets.0.conv1.weight`)[0],
  )
  return {
    kind: 'kl',
    pictureChannels: shape('decoder.conv_out.weight')[0] ?? 3,
    latentChannels: shape('decoder.conv_in.weight')[1] ?? 4,
    channels,
    layersPerBlock: countWhere((layer) => source(`decoder.up_blocks.0.resnets.${layer}.conv1.weight`)) - 1,
    groups: commonGroups(channels),
    epsilon: 1e-6,
    midAttention: source('decoder.mid_block.attentions.0.to_q.weight') !== undefined,
    quantConv: source('quant_conv.weight') !== undefined,
    postQuantConv: source('post_quant_conv.weight') !== undefined,
    scalingFactor,
    shiftFactor: 0,
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
    layers: countWhere((layer) => source(`text_model.encoder.layers.${layer}.layer_norm1.weight`)),
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
  countWhere((layer) => source(`${attention}.transformer_blocks.${layer}.norm1.weight`))

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
