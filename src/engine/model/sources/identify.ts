import type { FileKind } from '../../../shared/models/ownedFile.ts'
import { adapterFamily } from './adapterFamily.ts'
import { transformerFamily } from './transformerFamily.ts'
import type { Safetensors } from '../files/safetensors.ts'

/** What a .safetensors file is, from the names and shapes in its header. */

/** The first that fits counts: a LoRA's names contain those of the networks it changes. */
const signs: readonly [FileKind, RegExp][] = [
  [
    'lora',
    /(\.|^)lora_(up|down|A|B|unet|te\d?|mid)|\.(hada_w1_a|lokr_w1|lokr_w2|lokr_w1_a|dora_scale|lora_magnitude_vector|lora_linear_layer|on_input|[wb]_norm)|\.lora\.(up|down)\.|_lora\.(up|down)\.|\.diff(_b)?$/,
  ],
  [
    'controlnet',
    /^(control_model\.|controlnet_|input_hint_block\.|controlnet_cond_embedding\.|zero_convs\.|lllite_)/,
  ],
  ['t2i-adapter', /^(adapter\.)?body\.\d+\.(in_conv|block1|resnets\.\d+\.block1)\./],
  ['checkpoint', /^model\.diffusion_model\./],
  [
    'upscaler',
    /^(params(_ema)?\.)|^(model\.\d+\.sub\.|RRDB_trunk\.|body\.\d+\.rdb1\.|body\.0\.(body\.0\.)?weight$|conv_first\.weight$|rdbs\.0\.|layers\.0\.residual_group\.)/,
  ],
  [
    'tiny-vae',
    /^(taesd_(encoder|decoder)\.)?\d+\.conv\.\d+\.weight$|^(encoder|decoder)\.layers\.\d+\.conv\./,
  ],
  ['vae', /^(first_stage_model\.|vae\.)?(decoder|encoder)\.(mid|mid_block|up|down|up_blocks|down_blocks)\./],
  ['unet', /^(down_blocks\.0\.resnets|diffusion_model\.input_blocks|input_blocks)\./],
  [
    'text-encoder',
    /^(text_model\.|transformer\.(text_model|resblocks)\.|encoder\.block\.|(model\.)?layers\.0\.self_attn\.|blk\.0\.attn_q\.)/,
  ],
  ['embedding', /^(emb_params|clip_l|clip_g|string_to_param\.\*|<[^>]+>)$/],
]

export interface Identity {
  kind: FileKind
  /** Of the model itself, or of the models it belongs to; null where the names do not tell. */
  family: string | null
}

type Header = Pick<Safetensors, 'tensors' | 'metadata'>

export function identify(file: Header): Identity {
  const keys = [...file.tensors.keys()]
  const kind = signs.find(([, sign]) => keys.some((key) => sign.test(key)))?.[0] ?? 'unknown'
  if (kind !== 'checkpoint' && kind !== 'unknown') return { kind, family: relatedFamily(file) }
  const family = transformerFamily(keys)
  if (family !== null) return { kind: 'checkpoint', family }
  return { kind, family: kind === 'checkpoint' ? checkpointFamily(file) : relatedFamily(file) }
}

/** By its text encoders where it has them, else by the U-Net; `-inpaint` with nine input channels. */
function checkpointFamily({ tensors }: Header): string | null {
  const has = (prefix: string): boolean => [...tensors.keys()].some((key) => key.startsWith(prefix))
  const unet = 'model.diffusion_model.'
  const first = tensors.get(`${unet}input_blocks.0.0.weight`)
  if (!first && !has(`${unet}input_blocks.`)) return null
  const inpaint = first?.shape[1] === 9 ? '-inpaint' : ''
  const added = tensors.get(`${unet}label_emb.0.0.weight`)?.shape[1]
  if (has('conditioner.embedders.0.model.') || added === 2560) return `sdxl-refiner${inpaint}`
  if (has('conditioner.embedders.1.model.') || added !== undefined) return `sdxl${inpaint}`
  const projection = tensors.get(`${unet}input_blocks.1.1.proj_in.weight`)
  const isSd2 = has('cond_stage_model.model.') || projection?.shape.length === 2
  return `${isSd2 ? 'sd2' : 'sd1'}${inpaint}`
}

/** By the width of the text that a model reads; of SDXL's second encoder, and of both. */
export const familyOfWidth: Readonly<Record<number, string>> = {
  768: 'sd1',
  1024: 'sd2',
  1280: 'sdxl',
  2048: 'sdxl',
}

/** What a LoRA, an embedding or a ControlNet was made for: by the width of text it reads. */
function relatedFamily({ tensors, metadata }: Header): string | null {
  const transformer = adapterFamily(tensors)
  if (transformer !== null) return transformer
  const said = metadata['modelspec.architecture'] ?? metadata['ss_base_model_version'] ?? ''
  if (/xl/i.test(said)) return 'sdxl'
  if (/v2/i.test(said)) return 'sd2'
  if (/v1/i.test(said)) return 'sd1'
  if ([...tensors.keys()].some((key) => /^(clip_g$|lora_te2_|text_encoder_2\.)/.test(key))) return 'sdxl'
  const entries = [...tensors]
  const told =
    entries.find(([key, { shape }]) => isOfTextWidth(key, shape)) ??
    // SDXL's first text encoder is SD 1's: where a file has U-Net layers too, they tell.
    entries.find(([key]) => /^(lora_te_|text_encoder\.).*[qkv]_proj.*(down\.|lora_A\.|w1_b$)/.test(key))
  return familyOfWidth[told?.[1].shape.at(-1) ?? 0] ?? null
}

/** Vectors, and what multiplies the text in a U-Net. (IA)³ has factors for results, of one axis. */
function isOfTextWidth(key: string, shape: readonly number[]): boolean {
  if (/^emb_params$|^string_to_param|^<[^>]+>$/.test(key)) return true
  return shape.length > 1 && /attn2.*to_k.*(weight|w1_b)$/.test(key) && !/to_k.*(up|lora_B)/.test(key)
}
