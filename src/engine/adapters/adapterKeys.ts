import { spelled } from './moduleNames.ts'

/**
 * The names of tensors in adapter files, as kohya's sd-scripts, LyCORIS, diffusers in its three generations, PEFT and
 * ComfyUI write them. Pure functions of a key.
 */

/** Names that do not tell a transformer from a U-Net say `unet`. */
export type AdapterNetwork = 'unet' | 'transformer' | 'text_encoder' | 'text_encoder_2'

/** What a tensor of an adapter is for. `weight` is (IA)³'s, beside `on_input`; `row_magnitude` is PEFT's. */
export type Role =
  | 'down'
  | 'up'
  | 'mid'
  | 'up_bias'
  | 'alpha'
  | 'magnitude'
  | 'row_magnitude'
  | 'hada_w1_a'
  | 'hada_w1_b'
  | 'hada_w2_a'
  | 'hada_w2_b'
  | 'hada_t1'
  | 'hada_t2'
  | 'lokr_w1'
  | 'lokr_w1_a'
  | 'lokr_w1_b'
  | 'lokr_w2'
  | 'lokr_w2_a'
  | 'lokr_w2_b'
  | 'lokr_t2'
  | 'weight'
  | 'on_input'
  | 'diff'
  | 'diff_b'

export interface AdapterKey {
  network: AdapterNetwork
  /** The layer with underscores in place of dots. */
  module: string
  role: Role
}

const prefixes: readonly [RegExp, AdapterNetwork][] = [
  [/^(lora_te2_|text_encoder_2\.|(text_encoders\.)?clip_g\.(transformer\.)?)/, 'text_encoder_2'],
  [/^(lora_te1?_|text_encoder\.|(text_encoders\.)?(clip_[lh]|qwen3_\w+)\.(transformer\.)?)/, 'text_encoder'],
  [/^(lora_transformer_|transformer\.)/, 'transformer'],
  [/^(lora_unet__?|lycoris_|unet\.|(model\.)?diffusion_model\.)/, 'unet'],
]

/** null for what no adapter's tensor is called. */
export function adapterKey(key: string): AdapterKey | null {
  const known = roleOf(key)
  if (!known) return null
  const plain = key.slice(0, known.at).replace(/^base_model\.model\./, '')
  const [prefix, network] = prefixes.find(([pattern]) => pattern.test(plain)) ?? [/^/, bareNetwork(plain)]
  if (network === null) return null
  const layer = plain
    .replace(prefix, '')
    .replace(/^base_model\.model\./, '')
    .replace('.processor', '')
  return { network, module: spelled(layer), role: known.role }
}

/** Names of layers with nothing before them. */
function bareNetwork(layer: string): AdapterNetwork | null {
  if (/^(down_blocks|up_blocks|mid_block|conv_in|conv_out|time_embedding|add_embedding)\b/.test(layer))
    return 'unet'
  if (/^model\.layers\./.test(layer)) return 'text_encoder'
  if (transformerLayer.test(layer)) return 'transformer'
  return layer.startsWith('text_model.') ? 'text_encoder' : null
}

const transformerLayer =
  /^(layers|(noise|context)_refiner|(all_)?(x_embedder|final_layer)|[ct]\w*_embedder|(single_)?transformer_blocks|(double|single)_(blocks|stream_modulation\w*)|time_(in|guidance_embed)|(img|txt)_in|norm_out|proj_out)(\.|$)/

const lowRank =
  /(?:[._]lora|\.lora_linear_layer)[._](down|up|mid|A|B)(?:\.(?!weight$|bias$)[^.]+)?(?:\.(weight|bias))?$/
const lowRankRoles: Readonly<Record<string, Role>> = {
  down: 'down',
  up: 'up',
  mid: 'mid',
  A: 'down',
  B: 'up',
}
const magnitude = /\.(dora_scale|lora_magnitude_vector(\.(?!weight$)[^.]+)?(\.weight)?)$/
const named =
  /\.(alpha|hada_[wt][12](?:_[ab])?|lokr_[wt][12](?:_[ab])?|weight|on_input|diff|diff_b|w_norm|b_norm)$/
const normRoles: Readonly<Record<string, Role>> = { w_norm: 'diff', b_norm: 'diff_b' }

/** What a tensor is for, and where that begins to be said in its name. */
function roleOf(key: string): { role: Role; at: number } | null {
  const factor = lowRank.exec(key)
  if (factor) {
    const role = lowRankRoles[factor[1]]
    if (factor[2] === 'bias') return role === 'up' ? { role: 'up_bias', at: factor.index } : null
    return { role, at: factor.index }
  }
  const length = magnitude.exec(key)
  if (length) return { role: length[1] === 'dora_scale' ? 'magnitude' : 'row_magnitude', at: length.index }
  const other = named.exec(key)
  return other && { role: normRoles[other[1]] ?? (other[1] as Role), at: other.index }
}
