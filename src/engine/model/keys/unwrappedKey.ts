/** Where the names of a checkpoint's networks begin, and those of a network alone under diffusers' names. */
const inCheckpoint =
  /^(.*?)\.?\b((?:model\.diffusion_model|first_stage_model|cond_stage_model|conditioner\.embedders)\..+)$/
const inNetwork =
  /^(?:(?:state_dict|model|network|net)\.)+((?:down_blocks|up_blocks|mid_block|conv_in|conv_out|conv_norm_out|time_embedding|add_embedding|text_model|text_projection|encoder|decoder|quant_conv|post_quant_conv)\..+)$/

/** What data parallel training and torch.compile put before any module's names. */
const wrappers = /(?<=^|\.)(?:module|_orig_mod)\./g
/** More of the kind on either side of the U-Net; an OpenCLIP encoder's `cond_stage_model.model.` is its own. */
const aroundUnet = /\bmodel\.(?:(?:model|network|net)\.)*diffusion_model\.(?:(?:model|network|net)\.)*/

/**
 * The name of a tensor without what training and conversion programs wrap around it or put inside: `module.` (data
 * parallel), `_orig_mod.` (torch.compile), `state_dict.`, `model.model.` and the like. Averaged copies (EMA) keep
 * theirs: they are other weights.
 */
export function unwrappedKey(key: string): string {
  const plain = key.replace(wrappers, '').replace(aroundUnet, 'model.diffusion_model.')
  const [, wrapper, inside] = inCheckpoint.exec(plain) ?? []
  if (inside !== undefined) return /ema/i.test(wrapper) ? key : inside
  return inNetwork.exec(plain)?.[1] ?? plain
}
