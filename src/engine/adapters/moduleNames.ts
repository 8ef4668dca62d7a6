/**
 * The names that adapters give to the layers of a network: those of diffusers and transformers, which are also ours,
 * and those of latent-diffusion's U-Net. All with underscores in place of dots, as kohya's sd-scripts writes them, so
 * that one table finds every spelling.
 */

export const spelled = (name: string): string => name.replaceAll('.', '_')

/** From every name of a layer to its key. `keys` are those of the network's tensors. */
export function moduleNames(keys: readonly string[]): ReadonlyMap<string, LayerName> {
  const layers = layersOf(keys)
  const layersPerBlock = unetLayersPerBlock(layers)
  const names = new Map<string, LayerName>()
  for (const key of layers) {
    const original = latentDiffusionName(key, layersPerBlock)
    for (const name of [key, ...otherNames(key, original)]) names.set(spelled(name), { key, original })
  }
  return names
}

/** The layers that some tensors belong to. */
export const layersOf = (keys: readonly string[]): ReadonlySet<string> =>
  new Set(keys.filter((key) => !isTable(key)).map((key) => key.replace(/\.(weight|bias)$/, '')))

export interface LayerName {
  /** In diffusers' naming. */
  key: string
  /** In latent-diffusion's, an upsampler's without its place in its block; null for what is no U-Net's. */
  original: string | null
}

/** Tables are looked up, not multiplied with. */
const isTable = (key: string): boolean => /(^|\.)(embeddings|embed_tokens)\./.test(key)

/** Residual blocks of a level on the way down. */
function unetLayersPerBlock(layers: ReadonlySet<string>): number {
  let count = 0
  while (layers.has(`down_blocks.0.resnets.${count}.conv1`)) count++
  return count
}

function otherNames(layer: string, original: string | null): string[] {
  const attention = layer.replace(/\.to_out\.0$/, '.to_out')
  const text = layer.replace(/\.self_attn\.(\w)_proj$/, '.self_attn.to_$1').replace(/\.out_proj$/, '.to_out')
  // Qwen3's, where the reader is called the model.
  if (original === null) return [attention, text, layer.replace(/^model\./, '')]
  const upsampler = /^(output_blocks\.\d+)\.conv$/.exec(original)?.[1]
  // Behind the level's attention, where it has any.
  const places = upsampler ? [`${upsampler}.1.conv`, `${upsampler}.2.conv`] : [original]
  return [attention, text, ...places]
}

const ends: Readonly<Record<string, string>> = {
  'time_embedding.linear_1': 'time_embed.0',
  'time_embedding.linear_2': 'time_embed.2',
  'add_embedding.linear_1': 'label_emb.0.0',
  'add_embedding.linear_2': 'label_emb.0.2',
  conv_in: 'input_blocks.0.0',
  conv_norm_out: 'out.0',
  conv_out: 'out.2',
}

const residual: Readonly<Record<string, string>> = {
  norm1: 'in_layers.0',
  conv1: 'in_layers.2',
  time_emb_proj: 'emb_layers.1',
  norm2: 'out_layers.0',
  conv2: 'out_layers.3',
  conv_shortcut: 'skip_connection',
}

function latentDiffusionName(layer: string, layersPerBlock: number): string | null {
  const end = ends[layer]
  if (end !== undefined) return end
  const [, middle, inMiddle] = /^mid_block\.(resnets\.0|attentions\.0|resnets\.1)\.(.+)$/.exec(layer) ?? []
  if (middle !== undefined) {
    const index = ['resnets.0', 'attentions.0', 'resnets.1'].indexOf(middle)
    return inBlock(`middle_block.${index}`, middle.startsWith('resnets'), inMiddle)
  }
  const [, side, level, kind, index, rest] =
    /^(down|up)_blocks\.(\d+)\.(resnets|attentions|downsamplers|upsamplers)\.(\d+)\.(.+)$/.exec(layer) ?? []
  if (side === undefined) return null
  const isDown = side === 'down'
  // The first block of the way down is conv_in; on the way up levels are one layer longer.
  const first = Number(level) * (layersPerBlock + 1) + (isDown ? 1 : 0)
  if (kind === 'downsamplers') return `input_blocks.${first + layersPerBlock}.0.op`
  if (kind === 'upsamplers') return `output_blocks.${first + layersPerBlock}.conv`
  const block = `${isDown ? 'input' : 'output'}_blocks.${first + Number(index)}`
  return inBlock(`${block}.${kind === 'resnets' ? 0 : 1}`, kind === 'resnets', rest)
}

function inBlock(block: string, isResidual: boolean, rest: string): string | null {
  const name = isResidual ? residual[rest] : rest
  return name === undefined ? null : `${block}.${name}`
}
