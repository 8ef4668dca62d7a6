import type { TestTensor } from '../model/safetensorsFile.ts'

/** Adapters written by the tests. */

/** Numbers of a size that leaves a network in order, the same for the same seed. */
export const waves = (length: number, seed: number): Float32Array =>
  Float32Array.from({ length }, (_, index) => 0.3 * Math.sin(index * 1.7 + seed))

export const float32 = (shape: number[], values: ArrayLike<number>): TestTensor => ({
  dtype: 'F32',
  shape,
  bytes: new Uint8Array(Float32Array.from(values).buffer),
})

export const wave = (shape: number[], seed: number): TestTensor =>
  float32(
    shape,
    waves(
      shape.reduce((product, size) => product * size, 1),
      seed,
    ),
  )

/** Low-rank factors for the layers of a network, [out, in] each, under names that `spell` gives. */
export function loraTensors(
  layers: Readonly<Record<string, readonly [outputs: number, inputs: number]>>,
  spell: (layer: string) => string,
  rank = 2,
): Record<string, TestTensor> {
  return Object.fromEntries(
    Object.entries(layers).flatMap(([layer, [outputs, inputs]], index) => [
      [`${spell(layer)}.lora_down.weight`, wave([rank, inputs], index)],
      [`${spell(layer)}.lora_up.weight`, wave([outputs, rank], index + 0.5)],
      [`${spell(layer)}.alpha`, float32([], [1])],
    ]),
  )
}

/** The attention of the deepest part of the tiny SD 1 networks, and layers of its text encoder. */
export const tinyLayers = {
  'mid_block.attentions.0.transformer_blocks.0.attn1.to_q': [16, 16],
  'mid_block.attentions.0.transformer_blocks.0.attn2.to_k': [16, 32],
  'up_blocks.3.attentions.0.transformer_blocks.0.attn1.to_v': [8, 8],
} as const

export const tinyTextLayers = { 'text_model.encoder.layers.0.self_attn.q_proj': [32, 32] } as const

export const kohya = (prefix: string) => (layer: string) => `${prefix}${layer.replaceAll('.', '_')}`
