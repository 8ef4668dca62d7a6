import { placeVaeKey, type CheckpointForm, type Placement } from './checkpointKeys.ts'

/** The names of transformers' tensors in single files, as their authors and ComfyUI write them, and in diffusers folders. */

const part = 'transformer' as const

/** Merged checkpoints begin every name of their network with this. */
const bareTransformerKey = (key: string): string => key.replace(/^model\.diffusion_model\./, '')

/** Thirds of a fused tensor. */
const thirds = (names: readonly string[], rows: number): Placement[] =>
  names.map((key, index) => ({ part, key, rows: [(index * rows) / 3, ((index + 1) * rows) / 3] }))

/** The other parts of merged checkpoints of ComfyUI, which keep the names of their networks behind a prefix; null: no such part's. */
export function placeBesideTransformer(
  key: string,
  shape: readonly number[],
  form: CheckpointForm,
): Placement[] | null {
  if (/^(vae|first_stage_model)\./.test(key)) return placeVaeKey(key, shape, form)
  const [, text] = /^(?:text_encoders|cond_stage_model)\.\w+\.(?:transformer\.)?(.+)$/.exec(key) ?? []
  return text === undefined ? null : [{ part: 'text_encoder', key: qwen3Key(text) }]
}

/** Z-Image's (diffusers, convert_z_image_transformer_checkpoint_to_diffusers). */
export function placeZImageKey(given: string, shape: readonly number[]): Placement[] {
  const key = bareTransformerKey(given)
  if (key.startsWith('norm_final.')) return []
  // Files in GGUF leave out their axis of size 1.
  if (/^(x|cap)_pad_token$/.test(key))
    return [{ part, key, ...(shape.length === 1 && { lift: true as const }) }]
  const [, block, end] = /^(.+\.attention)\.qkv\.(weight|bias)$/.exec(key) ?? []
  if (block)
    return thirds(
      ['to_q', 'to_k', 'to_v'].map((name) => `${block}.${name}.${end}`),
      shape[0],
    )
  const renamed = key
    .replace(/^x_embedder\./, 'all_x_embedder.2-1.')
    .replace(/^final_layer\./, 'all_final_layer.2-1.')
    .replace(/\.attention\.out\./, '.attention.to_out.0.')
    .replace(/\.attention\.([qk])_norm\./, '.attention.norm_$1.')
  return [{ part, key: renamed }]
}

/** What its authors call a layer; `third`: which third of a fused one it is, `swapped`: its halves lie there in the other order. */
export interface OriginalLayer {
  name: string
  third?: number
  swapped?: true
}

/** Z-Image's, by the name in diffusers. */
export function originalZImageLayer(layer: string): OriginalLayer {
  const [, attention, part] = /^(.+\.attention)\.to_([qkv])$/.exec(layer) ?? []
  if (attention) return { name: `${attention}.qkv`, third: 'qkv'.indexOf(part) }
  const name = layer
    .replace(/^all_(x_embedder|final_layer)\.2-1/, '$1')
    .replace(/\.attention\.to_out\.0$/, '.attention.out')
    .replace(/\.attention\.norm_([qk])$/, '.attention.$1_norm')
  return { name }
}

const flux2Ends: Readonly<Record<string, string>> = {
  'time_in.in_layer': 'time_guidance_embed.timestep_embedder.linear_1',
  'time_in.out_layer': 'time_guidance_embed.timestep_embedder.linear_2',
  'double_stream_modulation_img.lin': 'double_stream_modulation_img.linear',
  'double_stream_modulation_txt.lin': 'double_stream_modulation_txt.linear',
  'single_stream_modulation.lin': 'single_stream_modulation.linear',
  img_in: 'x_embedder',
  txt_in: 'context_embedder',
  'final_layer.adaLN_modulation.1': 'norm_out.linear',
  'final_layer.linear': 'proj_out',
}

const flux2Double: Readonly<Record<string, string>> = {
  'img_attn.norm.query_norm': 'attn.norm_q',
  'img_attn.norm.key_norm': 'attn.norm_k',
  'img_attn.proj': 'attn.to_out.0',
  'txt_attn.norm.query_norm': 'attn.norm_added_q',
  'txt_attn.norm.key_norm': 'attn.norm_added_k',
  'txt_attn.proj': 'attn.to_add_out',
  'img_mlp.0': 'ff.linear_in',
  'img_mlp.2': 'ff.linear_out',
  'txt_mlp.0': 'ff_context.linear_in',
  'txt_mlp.2': 'ff_context.linear_out',
}

const flux2Fused: Readonly<Record<string, readonly string[]>> = {
  'img_attn.qkv': ['attn.to_q', 'attn.to_k', 'attn.to_v'],
  'txt_attn.qkv': ['attn.add_q_proj', 'attn.add_k_proj', 'attn.add_v_proj'],
}

const flux2Single: Readonly<Record<string, string>> = {
  linear1: 'attn.to_qkv_mlp_proj',
  linear2: 'attn.to_out',
  'norm.query_norm': 'attn.norm_q',
  'norm.key_norm': 'attn.norm_k',
}

/** FLUX.2's (diffusers, convert_flux2_transformer_checkpoint_to_diffusers): norms have a scale, and the last shift comes first. */
export function placeFlux2Key(given: string, shape: readonly number[]): Placement[] {
  const [, stem] = /^(.+)\.(?:weight|scale)$/.exec(bareTransformerKey(given)) ?? []
  if (stem === undefined) return []
  const end = flux2Ends[stem]
  if (end) return [{ part, key: `${end}.weight`, ...(end === 'norm_out.linear' && { swap: true as const }) }]
  const [, kind, block, layer] = /^(double|single)_blocks\.(\d+)\.(.+)$/.exec(stem) ?? []
  if (layer === undefined) return []
  if (kind === 'single') {
    const name = flux2Single[layer]
    return name ? [{ part, key: `single_transformer_blocks.${block}.${name}.weight` }] : []
  }
  const inBlock = (name: string): string => `transformer_blocks.${block}.${name}.weight`
  const fused = flux2Fused[layer]
  if (fused) return thirds(fused.map(inBlock), shape[0])
  const name = flux2Double[layer]
  return name ? [{ part, key: inBlock(name) }] : []
}

const inverse = (names: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(names).map(([original, name]) => [name, original]))
const originalFlux2 = {
  ends: inverse(flux2Ends),
  double: inverse(flux2Double),
  single: inverse(flux2Single),
  fused: Object.fromEntries(
    Object.entries(flux2Fused).flatMap(([name, thirds]) =>
      thirds.map((layer, third) => [layer, { name, third }]),
    ),
  ),
}

/** FLUX.2's, by the name in diffusers. */
export function originalFlux2Layer(layer: string): OriginalLayer | null {
  const end = originalFlux2.ends[layer]
  if (end) return { name: end, ...(layer === 'norm_out.linear' && { swapped: true as const }) }
  const [, single, block, name] = /^(single_)?transformer_blocks\.(\d+)\.(.+)$/.exec(layer) ?? []
  if (name === undefined) return null
  const fused = single ? undefined : originalFlux2.fused[name]
  const original = fused?.name ?? originalFlux2[single ? 'single' : 'double'][name]
  if (original === undefined) return null
  return { ...fused, name: `${single ? 'single' : 'double'}_blocks.${block}.${original}` }
}

const ggufLayer: Readonly<Record<string, string>> = {
  attn_q: 'self_attn.q_proj',
  attn_k: 'self_attn.k_proj',
  attn_v: 'self_attn.v_proj',
  attn_output: 'self_attn.o_proj',
  attn_q_norm: 'self_attn.q_norm',
  attn_k_norm: 'self_attn.k_norm',
  ffn_gate: 'mlp.gate_proj',
  ffn_up: 'mlp.up_proj',
  ffn_down: 'mlp.down_proj',
  attn_norm: 'input_layernorm',
  ffn_norm: 'post_attention_layernorm',
}

/** Qwen3's under transformers' names: llama.cpp calls them otherwise, and a bare Qwen3Model leaves out "model.". */
export function qwen3Key(key: string): string {
  if (key === 'token_embd.weight') return 'model.embed_tokens.weight'
  if (key === 'output_norm.weight') return 'model.norm.weight'
  const [, layer, name] = /^blk\.(\d+)\.(\w+)\.weight$/.exec(key) ?? []
  if (name && ggufLayer[name]) return `model.layers.${layer}.${ggufLayer[name]}.weight`
  return /^(embed_tokens|layers|norm)\./.test(key) ? `model.${key}` : key
}
