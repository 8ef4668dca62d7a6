import type { Flux2Config } from '../dit/flux2Config.ts'
import type { ZImageConfig } from '../dit/zImageConfig.ts'
import type { Qwen3Config } from '../qwen3/qwen3Config.ts'
import type { WeightSource } from '../weights/weight.ts'

/**
 * Transformers read off the shapes of their tensors, for files that carry no config.json. What shapes do not tell is as in
 * the published models.
 */

const reader =
  (source: WeightSource) =>
  (key: string): readonly number[] =>
    source(key)?.shape ?? []

/** How many of 0, 1, 2, … are there. */
function countWhere(isThere: (index: number) => boolean): number {
  let count = 0
  while (isThere(count)) count++
  return count
}

export function inferZImageConfig(source: WeightSource): ZImageConfig {
  const shape = reader(source)
  const [width = 3840, textWidth = 2560] = shape('cap_embedder.1.weight')
  const headWidth = shape('layers.0.attention.norm_q.weight')[0] ?? 128
  const has = (key: string): boolean => source(key) !== undefined
  const inBlocks = (scope: string): number =>
    countWhere((block) =>
      ['attention_norm1', 'ffn_norm1', 'feed_forward.w1'].some((name) =>
        has(`${scope}.${block}.${name}.weight`),
      ),
    )
  return {
    channels: (shape('all_x_embedder.2-1.weight')[1] ?? 64) / 4,
    width,
    layers: inBlocks('layers'),
    refinerLayers: inBlocks('noise_refiner'),
    heads: width / headWidth,
    epsilon: 1e-5,
    textWidth,
    ropeTheta: 256,
    // Of a head of 128: 32, 48 and 48.
    axes: [headWidth / 4, (3 * headWidth) / 8, (3 * headWidth) / 8],
    timeScale: 1000,
  }
}

export function inferFlux2Config(source: WeightSource): Flux2Config {
  const shape = reader(source)
  const has = (key: string): boolean => source(key) !== undefined
  const [width = 3072, channels = 128] = shape('x_embedder.weight')
  const headWidth = shape('single_transformer_blocks.0.attn.norm_q.weight')[0] ?? 128
  const blocks = (scope: string, names: readonly string[]): number =>
    countWhere((block) => names.some((name) => has(`${scope}.${block}.attn.${name}.weight`)))
  return {
    channels,
    width,
    doubleBlocks: blocks('transformer_blocks', ['to_q', 'add_q_proj', 'norm_q', 'to_out.0']),
    singleBlocks: blocks('single_transformer_blocks', ['norm_q', 'norm_k', 'to_out']),
    heads: width / headWidth,
    innerWidth: (shape('single_transformer_blocks.0.attn.to_out.weight')[1] ?? 4 * width) - width,
    textWidth: shape('context_embedder.weight')[1] ?? 7680,
    timeWidth: shape('time_guidance_embed.timestep_embedder.linear_1.weight')[1] ?? 256,
    epsilon: 1e-6,
    ropeTheta: 2000,
    axes: Array<number>(4).fill(headWidth / 4),
  }
}

/** Under transformers' names. */
export function inferQwen3Config(source: WeightSource): Qwen3Config {
  const shape = reader(source)
  const first = (name: string): readonly number[] => shape(`model.layers.0.${name}.weight`)
  const [vocabSize = 151936, width = 2560] = shape('model.embed_tokens.weight')
  const headWidth = first('self_attn.q_norm')[0] ?? 128
  return {
    vocabSize,
    width,
    innerWidth: first('mlp.gate_proj')[0] ?? 4 * width,
    layers: countWhere((layer) =>
      ['input_layernorm', 'post_attention_layernorm', 'self_attn.q_proj'].some(
        (name) => source(`model.layers.${layer}.${name}.weight`) !== undefined,
      ),
    ),
    heads: (first('self_attn.q_proj')[0] ?? width) / headWidth,
    keyHeads: (first('self_attn.k_proj')[0] ?? width) / headWidth,
    headWidth,
    epsilon: 1e-6,
    ropeTheta: 1e6,
  }
}
