import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { inferControlNetConfig } from '../../../src/engine/graph/unet/controlConfigs.ts'
import { controlNet } from '../../../src/engine/graph/unet/controlNet.ts'
import { Graph } from '../../../src/engine/graph/writing/graph.ts'
import type { Weight } from '../../../src/engine/graph/weights/weight.ts'
import { checkpointForm, placeCheckpointKey } from '../../../src/engine/model/keys/checkpointKeys.ts'
import { controlNetKeys } from '../../../src/engine/model/keys/controlKeys.ts'

/** Full-size ControlNets by name and shape: the way down of a published checkpoint, and their own layers. */

type Shapes = Record<string, number[]>

const unetPrefix = 'model.diffusion_model.'

/** A ControlNet's own layers at their published sizes (cldm/cldm.py): convolutions of the hint, then one a skip. */
function ownLayers(skips: readonly number[]): Shapes {
  const hint = [3, 16, 16, 32, 32, 96, 96, 256, 320]
  const shapes: Shapes = {}
  for (let place = 0; place < hint.length - 1; place++) {
    shapes[`input_hint_block.${2 * place}.weight`] = [hint[place + 1], hint[place], 3, 3]
    shapes[`input_hint_block.${2 * place}.bias`] = [hint[place + 1]]
  }
  for (const [index, channels] of skips.entries()) {
    const layer = index === skips.length - 1 ? 'middle_block_out.0' : `zero_convs.${index}.0`
    shapes[`${layer}.weight`] = [channels, channels, 1, 1]
    shapes[`${layer}.bias`] = [channels]
  }
  return shapes
}

async function published(name: string, skips: readonly number[]): Promise<Shapes> {
  const url = new URL(`../../golden/keys/${name}.json`, import.meta.url)
  const { single_file: whole } = JSON.parse(await readFile(url, 'utf8')) as {
    single_file: { tensors: Record<string, [shape: number[], dtype: string]> }
  }
  const copied = Object.entries(whole.tensors)
    .filter(([key]) =>
      /^model\.diffusion_model\.(time_embed|label_emb|input_blocks|middle_block)\./.test(key),
    )
    .map(([key, [shape]]) => [key.slice(unetPrefix.length), shape] as const)
  return { ...Object.fromEntries(copied), ...ownLayers(skips) }
}

/** Writes the graph over tensors that are only shapes; answers the names it asked for. */
function askedFor(shapes: Shapes): { asked: Set<string>; there: string[] } {
  const rename = controlNetKeys(Object.keys(shapes))
  const named = new Map(Object.entries(shapes).map(([key, shape]) => [rename(key), shape]))
  const asked = new Set<string>()
  const source = (key: string): Weight | undefined => {
    const shape = named.get(key)
    if (!shape) return undefined
    asked.add(key)
    return {
      dataType: 'float16',
      shape,
      transposed: false,
      data: { folder: '', location: 'file', offset: 0, length: 0 },
    }
  }
  const config = inferControlNetConfig((key) => (named.has(key) ? source(key) : undefined), false)
  asked.clear()
  const graph = Graph.over(source, { attention: 'fused', precision: 'float32' })
  controlNet(graph, config, { height: 64, width: 64, contextTokens: 77 })
  return { asked, there: [...named.keys()] }
}

const sd1Skips = [320, 320, 320, 320, 640, 640, 640, 1280, 1280, 1280, 1280, 1280, 1280]
const sdxlSkips = [320, 320, 320, 320, 640, 640, 640, 1280, 1280, 1280]

describe('published ControlNets', () => {
  it.each(['', 'control_model.'])('of SD 1.5 with the prefix "%s" are read whole', async (prefix) => {
    const shapes = Object.entries(await published('sd15', sd1Skips)).map(([key, shape]) => [
      prefix + key,
      shape,
    ])
    expect(shapes).toHaveLength(340)
    const { asked, there } = askedFor(Object.fromEntries(shapes) as Shapes)
    expect(there.filter((key) => !asked.has(key))).toEqual([])
  })

  it('of SDXL in the naming of diffusers are read whole', async () => {
    const shapes = await published('sdxl_base', sdxlSkips)
    const full = Object.keys(shapes).map((key) => unetPrefix + key)
    const form = checkpointForm(full, false)
    const rename = controlNetKeys(Object.keys(shapes))
    const diffusers = Object.entries(shapes).map(([key, shape]) => {
      const [placed] = placeCheckpointKey(unetPrefix + key, shape, form)
      return [placed?.key ?? rename(key), shape]
    })
    const { asked, there } = askedFor(Object.fromEntries(diffusers) as Shapes)
    expect(there.filter((key) => !asked.has(key))).toEqual([])
    expect(there).toContain('controlnet_down_blocks.8.weight')
  })
})
