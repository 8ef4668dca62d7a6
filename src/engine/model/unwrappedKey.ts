/** Where the names of a checkpoint's networks begin, and those of a network alone under diffusers' names. */
const inCheckpoint =
  /^(.*?)\.?\b((?:model\.diffusion_model|first_stage_model|cond_stage_model|conditioner\.embedders)\..+)$/
const inNetwork =
  /^(?:(?:module|state_dict|model|network|net)\.)+((?:down_blocks|up_blocks|mid_block|conv_in|conv_out|conv_norm_out|time_embedding|add_embedding|text_model|text_projection|encoder|decoder|quant_conv|post_quant_conv)\..+)$/

/**
 * The name of a tensor without what training and conversion programs wrap around it: `module.` (data parallel),
 * `_orig_mod.` (torch.compile), `state_dict.`, `model.model.` and the like. Averaged copies (EMA) keep theirs: they
 * are other weights.
 */
export function unwrappedKey(key: string): string {
  const compiled = key.replaceAll('_orig_mod.', '')
  const [, wrapper, inside] = inCheckpoint.exec(compiled) ?? []
  if (inside !== undefined) return /ema/i.test(wrapper) ? key : inside
  return inNetwork.exec(compiled)?.[1] ?? compiled
}
