import type { OriginalLayer } from '../model/keys/ditKeys.ts'
import type { Tensors } from '../model/files/weights.ts'
import { outside } from './blocks.ts'
import { layersOf, spelled } from './moduleNames.ts'
import type { LayerNames, NamedLayer, Piece } from './wearable.ts'

/**
 * The layers of a transformer by the names of diffusers and of its authors, whichever its file has: the authors fuse
 * queries, keys and values, and have the halves of FLUX.2's last scale and shift in the other order.
 */
export function transformerLayers(
  { keys, source }: Tensors,
  originalOf: (layer: string) => OriginalLayer | null,
): LayerNames {
  const names = new Map<string, NamedLayer>()
  const fused = new Map<string, string[]>()
  for (const key of layersOf(keys)) {
    const weight = source(`${key}.weight`)
    if (!weight) continue
    const { shape } = weight
    const layer = { shape, bias: source(`${key}.bias`)?.shape ?? null, block: outside }
    const isSwapped = weight.swapped ?? false
    const named = (name: string, isOtherOrder: boolean): void => {
      const pieces = isOtherOrder ? exchangedHalves(key, shape[0]) : [{ key, taken: null, rows: null }]
      names.set(spelled(name), { layer, pieces })
    }
    named(key, isSwapped)
    named(key.replace(/\.to_out\.0$/, '.to_out'), isSwapped)
    for (const [name, rows] of partsOf(key, shape)) {
      const part = { ...layer, shape: shape.with(0, rows.to - rows.from) }
      names.set(spelled(name), { layer: part, pieces: [{ key, taken: null, rows }] })
    }
    const original = originalOf(key)
    if (original?.third !== undefined) {
      const thirds = fused.get(original.name) ?? []
      thirds[original.third] = key
      fused.set(original.name, thirds)
    } else if (original) named(original.name, (original.swapped ?? false) !== isSwapped)
  }
  for (const [name, thirds] of fused) {
    const { shape } = source(`${thirds[0]}.weight`)!
    const [rows] = shape
    names.set(spelled(name), {
      layer: { shape: shape.with(0, 3 * rows), bias: null, block: outside },
      pieces: thirds.map((key, third) => ({
        key,
        taken: { from: third * rows, to: (third + 1) * rows },
        rows: null,
      })),
    })
  }
  return (name) => names.get(name)
}

function exchangedHalves(key: string, rows: number): Piece[] {
  const [lower, upper] = [
    { from: 0, to: rows / 2 },
    { from: rows / 2, to: rows },
  ]
  return [
    { key, taken: lower, rows: upper },
    { key, taken: upper, rows: lower },
  ]
}

/** FLUX.2's single blocks have one layer for what adapters may name apart (ComfyUI, flux_to_diffusers and model_lora_keys_unet). */
function partsOf(key: string, [, width]: readonly number[]): [string, { from: number; to: number }][] {
  const [, block] = /^single_transformer_blocks\.(\d+)\.attn\.to_qkv_mlp_proj$/.exec(key) ?? []
  if (block === undefined) return []
  const thirds = ['to_q', 'to_k', 'to_v'].map((name, third): [string, { from: number; to: number }] => [
    key.replace('to_qkv_mlp_proj', name),
    { from: third * width, to: (third + 1) * width },
  ])
  return [...thirds, [`single_blocks.${block}.linear1_qkv`, { from: 0, to: 3 * width }]]
}
