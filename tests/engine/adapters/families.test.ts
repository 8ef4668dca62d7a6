import { expect, it } from 'vitest'
import { identify } from '../../../src/engine/model/sources/identify.ts'

const toKeys = 'mid_block_attentions_0_transformer_blocks_0_attn2_to_k'

it.each([
  ['emb_params', [2, 768], 'embedding', 'sd1'],
  ['<cat-toy>', [1024], 'embedding', 'sd2'],
  ['clip_g', [2, 1280], 'embedding', 'sdxl'],
  [`lora_unet_${toKeys}.lora_down.weight`, [4, 2048], 'lora', 'sdxl'],
  [`lora_unet_up_blocks_1_${toKeys}.hada_w1_b`, [4, 768], 'lora', 'sd1'],
  [`lora_unet_${toKeys}.on_input`, [], 'lora', null],
  ['lora_te_text_model_encoder_layers_0_self_attn_q_proj.lora_down.weight', [4, 1024], 'lora', 'sd2'],
  ['text_encoder.text_model.encoder.layers.0.self_attn.q_proj.lora_A.weight', [4, 768], 'lora', 'sd1'],
  ['lora_unet_double_blocks_18_img_attn_qkv.lora_down.weight', [4, 3072], 'lora', 'flux'],
  ['lora_unet_double_blocks_4_img_attn_qkv.lora_down.weight', [4, 3072], 'lora', 'flux2-klein'],
  ['lora_unet_single_blocks_0_linear1.diff', [55296, 6144], 'lora', 'flux2'],
  ['lora_unet_double_blocks_19_img_attn_qkv.lora_down.weight', [4, 3072], 'lora', 'hunyuan-video'],
  ['lora_unet_single_blocks_0_linear1.diff', [21504, 3072], 'lora', 'flux'],
  ['lora_unet_single_blocks_0_linear1.diff', [27648, 3072], 'lora', 'flux2-klein'],
  ['transformer.single_transformer_blocks.0.proj_mlp.lora_A.weight', [4, 3072], 'lora', 'flux'],
  ['transformer.transformer_blocks.0.ff.linear_in.lora_A.weight', [4, 3072], 'lora', 'flux2-klein'],
  ['transformer.transformer_blocks.0.attn.add_q_proj.diff', [1536, 1536], 'lora', 'sd3'],
  ['transformer.transformer_blocks.0.img_mlp.net.2.lora_A.weight', [4, 3072], 'lora', 'qwen-image'],
  ['diffusion_model.layers.0.attention.qkv.diff', [11520, 3840], 'lora', 'z-image'],
  ['diffusion_model.layers.0.attention.qkv.diff', [3840, 2304], 'lora', 'lumina2'],
  ['diffusion_model.blocks.0.cross_attn.k.lora_A.weight', [4, 5120], 'lora', 'wan'],
])('a file with %s of %j is a %s for %s', (key, shape, kind, family) => {
  const entry = { dtype: 'F32', shape, offset: 0, length: 0, key } as const
  expect(identify({ tensors: new Map([[key, entry]]), metadata: {} })).toEqual({ kind, family })
})

it('SDXL’s first text encoder is not taken for SD 1’s', () => {
  const shapes: [string, number[]][] = [
    ['text_encoder.text_model.encoder.layers.0.self_attn.q_proj.lora_A.weight', [4, 768]],
    ['unet.mid_block.attentions.0.transformer_blocks.0.attn2.to_k.lora_A.weight', [4, 2048]],
  ]
  const tensors = new Map(
    shapes.map(([key, shape]) => [key, { dtype: 'F32', shape, offset: 0, length: 0, key } as const]),
  )
  expect(identify({ tensors, metadata: {} })).toEqual({ kind: 'lora', family: 'sdxl' })
})
