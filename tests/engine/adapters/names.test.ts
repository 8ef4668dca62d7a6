import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from 'vitest'
import { adapterKey } from '../../../src/engine/adapters/adapterKeys.ts'
import { blockOf, blockStrengths } from '../../../src/engine/adapters/blocks.ts'
import { moduleNames, spelled } from '../../../src/engine/adapters/moduleNames.ts'
import {
  originalFlux2Layer,
  originalZImageLayer,
  placeFlux2Key,
  placeZImageKey,
} from '../../../src/engine/model/keys/ditKeys.ts'

interface KeyList {
  diffusers: Record<string, { tensors: Record<string, unknown> }>
  mapping: Record<string, Record<string, string[] | string[][]>>
}

const keyList = (name: string): KeyList =>
  JSON.parse(readFileSync(join(import.meta.dirname, '../../golden/keys', `${name}.json`), 'utf8')) as KeyList

const layerOf = (key: string): string => key.replace(/\.(weight|bias)$/, '')

describe.each(['sd15', 'sd21_768v', 'sdxl_base'])('the published U-Net %s', (name) => {
  const list = keyList(name)
  const names = moduleNames(Object.keys(list.diffusers['unet'].tensors))

  it('is found by the names of single files, layer by layer', () => {
    const wrong = Object.entries(list.mapping['unet']).flatMap(([single, place]) => {
      const wanted = layerOf(String(place[0]))
      const original = spelled(layerOf(single.replace('model.diffusion_model.', '')))
      const found = names.get(original)?.key
      return found === wanted ? [] : [`${original}: ${found}, not ${wanted}`]
    })
    expect(wrong).toEqual([])
  })

  it('puts every layer into the block that the name of the single file says', () => {
    const wrong = Object.keys(list.mapping['unet']).flatMap((single) => {
      const [, way, number] = /(input|output)_blocks\.(\d+)/.exec(single) ?? []
      const expected = single.includes('middle_block')
        ? 13
        : way === undefined
          ? 26
          : Number(number) + (way === 'input' ? 1 : 14)
      const original = spelled(layerOf(single.replace('model.diffusion_model.', '')))
      return blockOf(names.get(original)!.original) === expected ? [] : [single]
    })
    expect(wrong).toEqual([])
  })
})

describe.each([
  ['zimage_turbo_transformer', placeZImageKey, originalZImageLayer],
  ['flux2_klein_4b_transformer', placeFlux2Key, originalFlux2Layer],
] as const)('the published %s', (name, place, originalOf) => {
  it('has every layer under the name of single files, in its third and order', () => {
    const list = JSON.parse(
      readFileSync(join(import.meta.dirname, '../../golden/dit/keys', `${name}.json`), 'utf8'),
    ) as { single_file: { tensors: Record<string, [number[], string]> } }
    const wrong = Object.entries(list.single_file.tensors).flatMap(([single, [shape]]) =>
      place(single, shape).flatMap(({ key, rows, swap }) => {
        const wanted = {
          name: single.replace(/\.(weight|bias|scale)$/, ''),
          ...(rows && { third: (3 * rows[0]) / shape[0] }),
          ...(swap && { swapped: true }),
        }
        return isDeepStrictEqual(originalOf(layerOf(key)), wanted) ? [] : [single]
      }),
    )
    expect(wrong).toEqual([])
  })
})

describe('the name of a tensor', () => {
  const query = 'mid_block_attentions_0_transformer_blocks_0_attn1_to_q'
  const dotted = 'mid_block.attentions.0.transformer_blocks.0.attn1.to_q'
  it.each([
    [`lora_unet_${query}.lora_down.weight`, 'unet', query, 'down'],
    [`unet.${dotted}.lora_A.weight`, 'unet', query, 'down'],
    [`unet.${dotted}.lora_B.default.weight`, 'unet', query, 'up'],
    [`unet.${dotted}.lora.up.weight`, 'unet', query, 'up'],
    [`unet.${dotted.replace('.to_q', '.processor.to_q')}_lora.down.weight`, 'unet', query, 'down'],
    [`base_model.model.${dotted}.lora_A.weight`, 'unet', query, 'down'],
    [`diffusion_model.middle_block.1.proj_in.lora_up.weight`, 'unet', 'middle_block_1_proj_in', 'up'],
    [`lora_unet_input_blocks_4_1_proj_in.alpha`, 'unet', 'input_blocks_4_1_proj_in', 'alpha'],
    [`lora_unet_${query}.dora_scale`, 'unet', query, 'magnitude'],
    [`unet.${dotted}.lora_magnitude_vector.default.weight`, 'unet', query, 'row_magnitude'],
    [`lora_unet_${query}.hada_w1_a`, 'unet', query, 'hada_w1_a'],
    [`lora_unet_${query}.lokr_t2`, 'unet', query, 'lokr_t2'],
    ['lora_te_text_model_final_layer_norm.w_norm', 'text_encoder', 'text_model_final_layer_norm', 'diff'],
    [
      'lora_te1_text_model_encoder_layers_0_mlp_fc1.diff_b',
      'text_encoder',
      'text_model_encoder_layers_0_mlp_fc1',
      'diff_b',
    ],
    ['lora_te2_text_projection.lora_up.weight', 'text_encoder_2', 'text_projection', 'up'],
    [
      'text_encoder_2.text_model.encoder.layers.0.mlp.fc1.lora_linear_layer.up.weight',
      'text_encoder_2',
      'text_model_encoder_layers_0_mlp_fc1',
      'up',
    ],
    [
      'clip_g.transformer.text_model.encoder.layers.0.mlp.fc1.lora_up.weight',
      'text_encoder_2',
      'text_model_encoder_layers_0_mlp_fc1',
      'up',
    ],
  ])('%s is read', (key, network, module, role) => {
    expect(adapterKey(key)).toEqual({ network, module, role })
  })

  it.each(['first_stage_model.decoder.conv_in.weight', 'epoch', 'lora_unet_x.reshape_weight'])(
    '%s is no adapter’s',
    (key) => {
      expect(adapterKey(key)).toBeNull()
    },
  )
})

describe('weights of blocks', () => {
  it('of 17 numbers leave blocks without attention out, and what is in no block alone', () => {
    const strengths = blockStrengths(2, [0.5, ...Array<number>(16).fill(1)])
    expect(strengths[0]).toBe(1)
    expect([strengths[1], strengths[2], strengths[13], strengths[14], strengths[17]]).toEqual([0, 2, 2, 0, 2])
    expect(strengths[26]).toBe(2)
  })

  it('of 12 and 20 numbers are SDXL’s', () => {
    const twelve = blockStrengths(
      1,
      Array.from({ length: 12 }, (_, i) => i),
    )
    expect([twelve[5], twelve[6], twelve[13], twelve[14]]).toEqual([1, 2, 5, 6])
    const twenty = blockStrengths(
      1,
      Array.from({ length: 20 }, (_, i) => i),
    )
    expect([twenty[1], twenty[9], twenty[13], twenty[14], twenty[22]]).toEqual([1, 9, 10, 11, 19])
  })

  it('of another length are refused', () => {
    expect(() => blockStrengths(1, [1, 2])).toThrow(/12 or 20 numbers.*found 2/)
  })
})
