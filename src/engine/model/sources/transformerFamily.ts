/** Families of transformers, known by tensors that only theirs have, in the naming of their authors. */

/** What merged checkpoints and some authors put before every name. */
const prefix = /^(model\.diffusion_model\.|diffusion_model\.|net\.)/

/** The first that fits counts: those below have tensors of those above them. */
const signs: readonly [string, readonly RegExp[]][] = [
  ['flux2', [/^single_stream_modulation\.lin\.weight$/, /^guidance_in\.in_layer\.weight$/]],
  ['flux2-klein', [/^single_stream_modulation\.lin\.weight$/]],
  ['chroma', [/^distilled_guidance_layer\./]],
  ['hunyuan-video', [/^txt_in\.individual_token_refiner\./]],
  ['flux', [/^double_blocks\.0\./]],
  ['sd3', [/^joint_blocks\.0\./]],
  ['z-image', [/^layers\.0\.adaLN_modulation\.0\.weight$/]],
  ['lumina2', [/^cap_embedder\.[01]\.weight$/]],
  ['qwen-image', [/^txt_norm\.weight$/, /^transformer_blocks\.0\.img_mod\./]],
  ['anima', [/^llm_adapter\./]],
  ['wan', [/^head\.modulation$/]],
  ['ltx-video', [/^patchify_proj\./]],
  ['cosmos', [/^blocks\.0\.mlp\.layer1\.weight$/]],
  ['hidream', [/^caption_projection\.0\.linear\.weight$/]],
  ['mochi', [/^t5_yproj\.weight$/]],
  ['krea2', [/^(txtfusion|text_fusion)\.projector\./]],
  ['auraflow', [/^double_layers\.0\.attn\.w1q\./]],
  ['omnigen2', [/^time_caption_embed\.timestep_embedder\./]],
  ['kandinsky5', [/^visual_transformer_blocks\.0\./]],
  ['pixart', [/^t_block\.1\.weight$/]],
  ['stable-cascade', [/^clip_txt_mapper\./]],
  // In the naming of diffusers.
  ['flux', [/^single_transformer_blocks\.0\.proj_mlp\./]],
  ['sd3', [/^transformer_blocks\.0\.norm1_context\./]],
]

/** null: it is no transformer of these. */
export function transformerFamily(keys: Iterable<string>): string | null {
  const bare = [...keys].map((key) => key.replace(prefix, ''))
  const isOf = (needed: readonly RegExp[]): boolean =>
    needed.every((sign) => bare.some((key) => sign.test(key)))
  return signs.find(([, needed]) => isOf(needed))?.[0] ?? null
}
