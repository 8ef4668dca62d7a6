/**
 * The names a tensor has in a single-file checkpoint (the modules of CompVis latent-diffusion, OpenCLIP and
 * Stability's sgm) and in diffusers folders. Pure functions of a key and a shape.
 */

export type PartName = 'unet' | 'vae' | 'text_encoder' | 'text_encoder_2' | 'transformer'

/** Where a stored tensor belongs, and how it is to be seen: some of its rows, transposed, or with axes of size 1 put in or left out. */
export interface Placement {
  part: PartName
  key: string
  rows?: readonly [from: number, to: number]
  transpose?: true
  squeeze?: true
  /** The halves of its rows have changed places. */
  swap?: true
  /** An axis of size 1 comes first. */
  lift?: true
}

/** The counts that the names depend on, read from the names themselves. */
export interface CheckpointForm {
  unetLayersPerBlock: number
  vaeLevels: number
  /** OpenCLIP layers that are used: SD 2 leaves out the last and the projection. */
  openClipLayers: number
  openClipProjected: boolean
}

/** Reads the counts; `isStableDiffusion2` decides what of an OpenCLIP encoder is used. */
export function checkpointForm(keys: Iterable<string>, isStableDiffusion2: boolean): CheckpointForm {
  let [firstDown, vaeLevels, openClipLayers] = [Infinity, 0, 0]
  for (const key of keys) {
    const down = /^model\.diffusion_model\.input_blocks\.(\d+)\.0\.op\./.exec(key)
    if (down) firstDown = Math.min(firstDown, Number(down[1]))
    const level = /^(?:first_stage_model\.|vae\.)?(?:encoder\.down|decoder\.up)\.(\d+)\./.exec(key)
    if (level) vaeLevels = Math.max(vaeLevels, Number(level[1]) + 1)
    const layer = /\.model\.transformer\.resblocks\.(\d+)\./.exec(key)
    if (layer) openClipLayers = Math.max(openClipLayers, Number(layer[1]) + 1)
  }
  return {
    unetLayersPerBlock: Number.isFinite(firstDown) ? firstDown - 1 : 2,
    vaeLevels,
    openClipLayers: isStableDiffusion2 ? openClipLayers - 1 : openClipLayers,
    openClipProjected: !isStableDiffusion2,
  }
}

/** Every prefix that holds a network, and how the rest of the key is read. */
const prefixes: readonly [
  prefix: string,
  place: (rest: string, shape: readonly number[], form: CheckpointForm) => Placement[],
][] = [
  ['model.diffusion_model.', (rest, _, form) => placeIn('unet', unetKey(rest, form.unetLayersPerBlock))],
  ['first_stage_model.', (rest, shape, form) => placeVae(rest, shape, form)],
  ['cond_stage_model.transformer.', (rest) => placeIn('text_encoder', clipKey(rest))],
  ['cond_stage_model.model.', (rest, shape, form) => placeOpenClip('text_encoder', rest, shape, form)],
  ['conditioner.embedders.0.transformer.', (rest) => placeIn('text_encoder', clipKey(rest))],
  [
    'conditioner.embedders.0.model.',
    (rest, shape, form) => placeOpenClip('text_encoder_2', rest, shape, form),
  ],
  [
    'conditioner.embedders.1.model.',
    (rest, shape, form) => placeOpenClip('text_encoder_2', rest, shape, form),
  ],
]

/**
 * Where a tensor of a single-file checkpoint belongs: none for what is not used (EMA copies, training buffers), three
 * places for fused queries, keys and values.
 */
export function placeCheckpointKey(key: string, shape: readonly number[], form: CheckpointForm): Placement[] {
  const known = prefixes.find(([prefix]) => key.startsWith(prefix))
  return known ? known[1](key.slice(known[0].length), shape, form) : []
}

/** A standalone autoencoder in the naming of latent-diffusion, with or without its prefix. */
export const placeVaeKey = (key: string, shape: readonly number[], form: CheckpointForm): Placement[] =>
  placeVae(key.replace(/^(first_stage_model|vae)\./, ''), shape, form)

/**
 * TAESD as its author publishes it: an encoder and a decoder file, or both with prefixes in one. `side` is what keys
 * without a prefix belong to. The decoder's first layer there is a clamp without weights.
 */
export function placeTinyVaeKey(key: string, side: 'encoder' | 'decoder'): Placement[] {
  if (/^(encoder|decoder)\.layers\.\d+\./.test(key)) return [{ part: 'vae', key }]
  const [, prefix, layer, rest] = /^(?:taesd_(encoder|decoder)\.)?(\d+)\.(.+)$/.exec(key) ?? []
  if (layer === undefined) return []
  const half = prefix ?? side
  const index = Number(layer) - (half === 'decoder' ? 1 : 0)
  return [{ part: 'vae', key: `${half}.layers.${index}.${rest}` }]
}

/** Diffusers' naming before mid-2023, where attention over pixels was called query, key, value and proj_attn. */
export function modernKey(key: string): string {
  const names: Record<string, string> = { query: 'to_q', key: 'to_k', value: 'to_v', proj_attn: 'to_out.0' }
  return key.replace(
    /(\.attentions\.\d+)\.(query|key|value|proj_attn)\./,
    (_, block: string, name: string) => `${block}.${names[name]}.`,
  )
}

const placeIn = (part: PartName, key: string | null): Placement[] => (key === null ? [] : [{ part, key }])

const residual: Readonly<Record<string, string>> = {
  'in_layers.0': 'norm1',
  'in_layers.2': 'conv1',
  'emb_layers.1': 'time_emb_proj',
  'out_layers.0': 'norm2',
  'out_layers.3': 'conv2',
  skip_connection: 'conv_shortcut',
}

const unetEnds: Readonly<Record<string, string>> = {
  'time_embed.0': 'time_embedding.linear_1',
  'time_embed.2': 'time_embedding.linear_2',
  'label_emb.0.0': 'add_embedding.linear_1',
  'label_emb.0.2': 'add_embedding.linear_2',
  'input_blocks.0.0': 'conv_in',
  'out.0': 'conv_norm_out',
  'out.2': 'conv_out',
}

/** The U-Net numbers its blocks in one row; diffusers by level and layer. */
function unetKey(key: string, layersPerBlock: number): string | null {
  const [, stem, end] = /^(.*)\.(weight|bias)$/.exec(key) ?? []
  if (stem === undefined) return null
  const block = unetEnds[stem] ?? middleBlock(stem) ?? numberedBlock(stem, layersPerBlock)
  return block && `${block}.${end}`
}

function middleBlock(stem: string): string | null {
  const [, index, rest] = /^middle_block\.([012])\.(.+)$/.exec(stem) ?? []
  if (index === undefined) return null
  if (index === '1') return `mid_block.attentions.0.${rest}`
  return inResidual(`mid_block.resnets.${index === '0' ? 0 : 1}`, rest)
}

function numberedBlock(stem: string, layersPerBlock: number): string | null {
  const [, side, number, index, rest] = /^(input|output)_blocks\.(\d+)\.([012])\.(.+)$/.exec(stem) ?? []
  if (side === undefined) return null
  const position = side === 'input' ? Number(number) - 1 : Number(number)
  const level = `${side === 'input' ? 'down' : 'up'}_blocks.${Math.floor(position / (layersPerBlock + 1))}`
  const layer = position % (layersPerBlock + 1)
  if (rest === 'op') return `${level}.downsamplers.0.conv`
  if (rest === 'conv') return `${level}.upsamplers.0.conv`
  return index === '0'
    ? inResidual(`${level}.resnets.${layer}`, rest)
    : `${level}.attentions.${layer}.${rest}`
}

const inResidual = (block: string, rest: string): string | null => {
  const name = residual[rest]
  return name ? `${block}.${name}` : null
}

function placeVae(key: string, shape: readonly number[], { vaeLevels }: CheckpointForm): Placement[] {
  const attention = /\.mid\.attn_1\.(q|k|v|proj_out)\.weight$/.test(key)
  const part = 'vae'
  const renamed = vaeKey(key, vaeLevels)
  if (renamed === null) return []
  return [attention && shape.length === 4 ? { part, key: renamed, squeeze: true } : { part, key: renamed }]
}

const vaeAttention: Readonly<Record<string, string>> = {
  norm: 'group_norm',
  q: 'to_q',
  k: 'to_k',
  v: 'to_v',
  proj_out: 'to_out.0',
}

/** The decoder counts its levels from the finest, diffusers from the coarsest. */
function vaeKey(key: string, levels: number): string | null {
  if (/^bn\./.test(key)) return key
  if (!/^(encoder|decoder|quant_conv|post_quant_conv)\..*(weight|bias)$/.test(key)) return null
  return key
    .replace(/^(?:encoder|decoder)\.(quant_conv|post_quant_conv)\./, '$1.')
    .replace(/\.down\.(\d+)\.block\.(\d+)\./, '.down_blocks.$1.resnets.$2.')
    .replace(/\.down\.(\d+)\.downsample\./, '.down_blocks.$1.downsamplers.0.')
    .replace(
      /\.up\.(\d+)\.block\./,
      (_, level: string) => `.up_blocks.${levels - 1 - Number(level)}.resnets.`,
    )
    .replace(
      /\.up\.(\d+)\.upsample\./,
      (_, level: string) => `.up_blocks.${levels - 1 - Number(level)}.upsamplers.0.`,
    )
    .replace(/\.mid\.block_([12])\./, (_, block: string) => `.mid_block.resnets.${Number(block) - 1}.`)
    .replace(
      /\.mid\.attn_1\.(\w+)\./,
      (_, name: string) => `.mid_block.attentions.0.${vaeAttention[name] ?? name}.`,
    )
    .replace('.nin_shortcut.', '.conv_shortcut.')
    .replace(/^(encoder|decoder)\.norm_out\./, '$1.conv_norm_out.')
}

/** transformers' own names; files of NovelAI's time leave out "text_model.". */
function clipKey(key: string): string | null {
  if (key.endsWith('.position_ids')) return null
  return /^(text_model|text_projection)\./.test(key) ? key : `text_model.${key}`
}

const openClipEnds: Readonly<Record<string, string>> = {
  'token_embedding.weight': 'embeddings.token_embedding.weight',
  positional_embedding: 'embeddings.position_embedding.weight',
  'ln_final.weight': 'final_layer_norm.weight',
  'ln_final.bias': 'final_layer_norm.bias',
}

const openClipLayer: Readonly<Record<string, string>> = {
  'attn.out_proj': 'self_attn.out_proj',
  ln_1: 'layer_norm1',
  ln_2: 'layer_norm2',
  'mlp.c_fc': 'mlp.fc1',
  'mlp.c_proj': 'mlp.fc2',
}

function placeOpenClip(
  part: PartName,
  key: string,
  shape: readonly number[],
  form: CheckpointForm,
): Placement[] {
  const end = openClipEnds[key]
  if (end) return [{ part, key: `text_model.${end}` }]
  if (key.startsWith('text_projection')) {
    const projection = { part, key: 'text_projection.weight' }
    if (!form.openClipProjected) return []
    return [key === 'text_projection' ? { ...projection, transpose: true } : projection]
  }
  const [, layer, rest] = /^transformer\.resblocks\.(\d+)\.(.+)$/.exec(key) ?? []
  if (layer === undefined || Number(layer) >= form.openClipLayers) return []
  const block = `text_model.encoder.layers.${layer}`
  const [, fused] = /^attn\.in_proj_(weight|bias)$/.exec(rest) ?? []
  if (fused) {
    const width = shape[0] / 3
    return ['q_proj', 'k_proj', 'v_proj'].map((name, index) => ({
      part,
      key: `${block}.self_attn.${name}.${fused}`,
      rows: [index * width, (index + 1) * width] as const,
    }))
  }
  const [, stem, kind] = /^(.+)\.(weight|bias)$/.exec(rest) ?? []
  const name = openClipLayer[stem ?? '']
  return name ? [{ part, key: `${block}.${name}.${kind}` }] : []
}
