import { count, real, requireValues, type ConfigFile } from '../config/configFile.ts'

/** Qwen3, of which diffusion models read hidden states. */
export interface Qwen3Config {
  vocabSize: number
  width: number
  innerWidth: number
  layers: number
  heads: number
  /** Each serves heads / keyHeads heads of the queries. */
  keyHeads: number
  headWidth: number
  epsilon: number
  ropeTheta: number
}

/** Qwen3Model or Qwen3ForCausalLM. Throws `unsupported-model` for numbers that cannot be. */
export function qwen3Config(file: ConfigFile): Qwen3Config {
  requireValues(file, {
    model_type: 'qwen3',
    hidden_act: 'silu',
    attention_bias: false,
    use_sliding_window: false,
    rope_scaling: null,
  })
  const heads = count(file, 'num_attention_heads', 32)
  const width = count(file, 'hidden_size', 4096)
  return {
    vocabSize: count(file, 'vocab_size', 151936),
    width,
    innerWidth: count(file, 'intermediate_size', 22016),
    layers: count(file, 'num_hidden_layers', 32),
    heads,
    keyHeads: count(file, 'num_key_value_heads', heads),
    headWidth: count(file, 'head_dim', 128),
    epsilon: real(file, 'rms_norm_eps', 1e-6),
    ropeTheta: real(file, 'rope_theta', 1e6),
  }
}
