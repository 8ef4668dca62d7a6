/** The modules of CompVis' U-Net (ldm/modules/diffusionmodules/openaimodel.py, ldm/modules/attention.py). */
const parts =
  /(input_blocks|output_blocks|label_emb)(\d+)(\d)|(middle_block|transformer_blocks|time_embed|in_layers|emb_layers|out_layers|to_out|net|out)(\d+)|skip_connection|attn[12]|norm[123]?|proj_in|proj_out|proj|to_[qkv]|ff|op|conv|weight|bias/y

/**
 * The name of the U-Net's tensor that an averaged copy (EMA) was made of; null for other names. Training keeps copies
 * as `model_ema.` and the name without its dots (ldm/modules/ema.py), conversions also with them.
 */
export function averagedKey(key: string): string | null {
  const [, name] = /^model_ema\.(?:model\.)?diffusion_model\.?(.+)$/.exec(key) ?? []
  if (name === undefined) return null
  const dotted = name.includes('.') ? name : withDots(name)
  return dotted && `model.diffusion_model.${dotted}`
}

/** null where it is made of other modules. */
function withDots(name: string): string | null {
  const found: string[] = []
  parts.lastIndex = 0
  for (let part = parts.exec(name); part; part = parts.exec(name)) {
    const [whole, ...numbered] = part
    const pieces = numbered.filter((piece) => piece !== undefined)
    found.push(...(pieces.length > 0 ? pieces : [whole]))
    if (parts.lastIndex === name.length) return found.join('.')
  }
  return null
}
