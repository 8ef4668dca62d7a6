import { unsupported, count, real, type ConfigFile } from '../config/configFile.ts'

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
