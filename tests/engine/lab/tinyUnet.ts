import { Graph } from '../../../src/engine/graph/writing/graph.ts'
import { unetConfig } from '../../../src/engine/graph/unet/unetConfig.ts'
import type { Dialect } from '../../../src/engine/graph/writing/value.ts'

/** A U-Net of one level with made-up weights, as small as one can be. */
export const tinyConfig = unetConfig({
  _class_name: 'UNet2DConditionModel',
  in_channels: 2,
  out_channels: 2,
  block_out_channels: [8],
  down_block_types: ['CrossAttnDownBlock2D'],
  up_block_types: ['CrossAttnUpBlock2D'],
  layers_per_block: 1,
  cross_attention_dim: 6,
  attention_head_dim: 2,
  norm_num_groups: 2,
})

/** Numbers between -1 and 1 that are float32. */
export const waves = (length: number, pace: number): Float64Array =>
  Float64Array.from({ length }, (_, i) => Math.fround(Math.sin((i + 1) * pace)))

interface Tensor {
  shape: readonly number[]
  data: Float64Array
}

const tensors = new Map<string, Tensor>()
export const weightOf = (key: string): Tensor | undefined => tensors.get(key)

function tensor(key: string, shape: readonly number[]): void {
  const length = shape.reduce((product, side) => product * side, 1)
  const data = waves(length, 0.7 + (tensors.size % 17) / 10).map((value) => Math.fround(value * 0.6))
  tensors.set(key, { shape, data })
}

export const tinyGraph = (dialect: Dialect): Graph =>
  Graph.over((key) => {
    const found = tensors.get(key)
    if (!found) return undefined
    const data = new Uint8Array(Float32Array.from(found.data).buffer)
    return { dataType: 'float32', shape: found.shape, transposed: false, data }
  }, dialect)

const layer = (key: string, weight: readonly number[], bias = true): void => {
  tensor(`${key}.weight`, weight)
  if (bias) tensor(`${key}.bias`, [weight[0]])
}
const resnet = (key: string, inputs: number): void => {
  layer(`${key}.norm1`, [inputs])
  layer(`${key}.conv1`, [8, inputs, 3, 3])
  layer(`${key}.time_emb_proj`, [8, 32])
  layer(`${key}.norm2`, [8])
  layer(`${key}.conv2`, [8, 8, 3, 3])
  if (inputs !== 8) layer(`${key}.conv_shortcut`, [8, inputs, 1, 1])
}
const transformer = (key: string): void => {
  const block = `${key}.transformer_blocks.0`
  layer(`${key}.norm`, [8])
  layer(`${key}.proj_in`, [8, 8, 1, 1])
  layer(`${key}.proj_out`, [8, 8, 1, 1])
  for (const norm of ['norm1', 'norm2', 'norm3']) layer(`${block}.${norm}`, [8])
  for (const [name, read] of [['attn1', 8] as const, ['attn2', 6] as const]) {
    layer(`${block}.${name}.to_q`, [8, 8], false)
    layer(`${block}.${name}.to_k`, [8, read], false)
    layer(`${block}.${name}.to_v`, [8, read], false)
    layer(`${block}.${name}.to_out.0`, [8, 8])
  }
  layer(`${block}.ff.net.0.proj`, [64, 8])
  layer(`${block}.ff.net.2`, [8, 32])
}
layer('time_embedding.linear_1', [32, 8])
layer('time_embedding.linear_2', [32, 32])
layer('conv_in', [8, 2, 3, 3])
layer('conv_norm_out', [8])
layer('conv_out', [2, 8, 3, 3])
resnet('down_blocks.0.resnets.0', 8)
transformer('down_blocks.0.attentions.0')
resnet('mid_block.resnets.0', 8)
resnet('mid_block.resnets.1', 8)
transformer('mid_block.attentions.0')
for (const index of [0, 1]) {
  resnet(`up_blocks.0.resnets.${index}`, 16)
  transformer(`up_blocks.0.attentions.${index}`)
}
