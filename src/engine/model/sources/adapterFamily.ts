import { adapterKey, type Role } from '../../adapters/adapterKeys.ts'

/** Which transformer an adapter was made for, by the names and sizes of the layers that it changes. */

type Header = ReadonlyMap<string, { readonly shape: readonly number[] }>
type Shapes = Partial<Record<Role, readonly number[]>>
/** Layers as adapters name them, with underscores in place of dots, and their [out, in], where the file tells. */
type Layers = ReadonlyMap<string, readonly [outputs: number, inputs: number] | null>

/** The first that fits counts; those that look at sizes tell relatives apart that have the same names. */
const signs: readonly [RegExp, string | ((layers: Layers) => string)][] = [
  [/^distilled_guidance_layer_/, 'chroma'],
  [/^txt_in_individual_token_refiner_/, 'hunyuan-video'],
  [/^(txtfusion|text_fusion)_/, 'krea2'],
  [/^llm_adapter_/, 'anima'],
  [
    /^single_transformer_blocks_\d+_attn_to_(qkv_mlp_proj|out)$|^transformer_blocks_\d+_ff(_context)?_linear_|^(double|single)_stream_modulation/,
    flux2OfWidth,
  ],
  [/^single_transformer_blocks_\d+_(proj_mlp|proj_out|norm_linear)$/, 'flux'],
  [/^(double|single)_blocks_\d+_((img|txt)_mod|modulation)_/, fluxOfDepth],
  [/^transformer_blocks_\d+_(img|txt)_(mod|mlp)_/, 'qwen-image'],
  [/^joint_blocks_/, 'sd3'],
  [/^(double|single)_blocks_\d+_|^single_transformer_blocks_\d+_/, fluxOrFlux2],
  [/^transformer_blocks_\d+_attn_add_[qkv]_proj$/, jointAttention],
  [
    /^(layers|noise_refiner|context_refiner)_\d+_(attention|feed_forward|adaLN_modulation)_/,
    (layers) =>
      widthOf(layers, /_attention_(qkv|to_[qkv])$|_feed_forward_w1$/) === 2304 ? 'lumina2' : 'z-image',
  ],
  [/^blocks_\d+_(self|cross)_attn_[qkvo]$/, 'wan'],
  [/^blocks_\d+_(self|cross)_attn_([qkv]|output)_proj$/, 'cosmos'],
]

/** null: it is for none of these. */
export function adapterFamily(tensors: Header): string | null {
  const layers = layersOf(tensors)
  for (const [sign, family] of signs)
    if ([...layers.keys()].some((layer) => sign.test(layer)))
      return typeof family === 'string' ? family : family(layers)
  return null
}

function layersOf(tensors: Header): Layers {
  const modules = new Map<string, Shapes>()
  for (const [key, { shape }] of tensors) {
    const known = adapterKey(key)
    if (known?.network !== 'unet' && known?.network !== 'transformer') continue
    modules.set(known.module, { ...modules.get(known.module), [known.role]: shape })
  }
  return new Map([...modules].map(([name, shapes]) => [name, sizeOf(shapes)]))
}

function sizeOf({ up, down, diff, hada_w1_a, hada_w1_b, ...lokr }: Shapes): [number, number] | null {
  if (up && down) return [up[0], down[1]]
  if (hada_w1_a && hada_w1_b) return [hada_w1_a[0], hada_w1_b[1]]
  if (diff && diff.length > 1) return [diff[0], diff[1]]
  const factor = (whole?: readonly number[], a?: readonly number[], b?: readonly number[]) =>
    whole ?? (a && b ? [a[0], b[1]] : undefined)
  const left = factor(lokr.lokr_w1, lokr.lokr_w1_a, lokr.lokr_w1_b)
  const right = factor(lokr.lokr_w2, lokr.lokr_w2_a, lokr.lokr_w2_b)
  return left && right ? [left[0] * right[0], left[1] * right[1]] : null
}

const widthOf = (layers: Layers, name: RegExp): number | undefined =>
  [...layers].find(([layer, size]) => size && name.test(layer))?.[1]?.[1]

/** FLUX.2 dev is wider than the kleins. */
function flux2OfWidth(layers: Layers): string {
  return widthOf(layers, /_(qkv|to_[qkv]|linear1|to_qkv_mlp_proj|linear_in|linear|lin|0)$/) === 6144
    ? 'flux2'
    : 'flux2-klein'
}

/** HunyuanVideo has one block of each kind more than FLUX.1. */
function fluxOfDepth(layers: Layers): string {
  return depthOf(layers, 'double') === 20 || depthOf(layers, 'single') === 40 ? 'hunyuan-video' : 'flux'
}

/** The kleins have at most 8 and 24 blocks of each kind. */
const deepestKlein = { double: 8, single: 24 }

/** FLUX.1's feed-forward is 4 times as wide as its blocks; FLUX.2's 3 times, and gated. */
function fluxOrFlux2(layers: Layers): string {
  for (const [layer, size] of layers) {
    const ratio = size && size[0] / size[1]
    if (/^single_blocks_\d+_linear1$/.test(layer) && ratio)
      return ratio === 9 ? flux2OfWidth(layers) : fluxOfDepth(layers)
    if (/_(img|txt)_mlp_0$/.test(layer) && ratio)
      return ratio === 6 ? flux2OfWidth(layers) : fluxOfDepth(layers)
  }
  const isDeep = (['double', 'single'] as const).some((kind) => depthOf(layers, kind) > deepestKlein[kind])
  return isDeep && flux2OfWidth(layers) !== 'flux2' ? fluxOfDepth(layers) : flux2OfWidth(layers)
}

/** How many blocks the last one that is changed is of. */
function depthOf(layers: Layers, kind: 'double' | 'single'): number {
  const block =
    kind === 'double'
      ? /^(?:double_blocks|transformer_blocks)_(\d+)_/
      : /^single_(?:transformer_)?blocks_(\d+)_/
  return Math.max(0, ...[...layers.keys()].map((layer) => Number(block.exec(layer)?.[1] ?? -1) + 1))
}

/** Attention of words and picture together, of which nothing else is changed: SD 3, Qwen-Image, FLUX.1 or FLUX.2. */
function jointAttention(layers: Layers): string {
  const width = widthOf(layers, /_attn_(to_[qkv]|add_[qkv]_proj)$/)
  if (width === 1536 || width === 2432) return 'sd3'
  const depth = depthOf(layers, 'double')
  if (width === 6144 || depth <= deepestKlein.double) return flux2OfWidth(layers)
  return depth > 19 ? 'qwen-image' : 'flux'
}
