import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { clipText } from '../../../src/engine/graph/clip/clipText.ts'
import { autoencoderConfig } from '../../../src/engine/graph/vae/vaeConfig.ts'
import { clipTextConfig } from '../../../src/engine/graph/clip/clipTextConfig.ts'
import { unetConfig } from '../../../src/engine/graph/unet/unetConfig.ts'
import type { ConfigFile } from '../../../src/engine/graph/config/configFile.ts'
import { Graph } from '../../../src/engine/graph/writing/graph.ts'
import type { WeightSource } from '../../../src/engine/graph/weights/weight.ts'
import {
  inferClipTextConfig,
  inferTinyVaeConfig,
  inferUnetConfig,
  inferVaeConfig,
} from '../../../src/engine/graph/config/inferConfig.ts'
import { tinyVaeDecoder, tinyVaeEncoder } from '../../../src/engine/graph/vae/tinyVae.ts'
import { unet } from '../../../src/engine/graph/unet/unet.ts'
import { vaeDecoder, vaeEncoder } from '../../../src/engine/graph/vae/vae.ts'
import { startCpuTime } from '../../cpuTime.ts'

const folder = fileURLToPath(new URL('../../golden/keys', import.meta.url))
type Shapes = Record<string, [number[], string]>
interface Component {
  config: ConfigFile
  tensors: Shapes
}

async function component(list: string, part?: string): Promise<Component> {
  const { diffusers } = JSON.parse(await readFile(`${folder}/${list}.json`, 'utf8')) as {
    diffusers: Record<string, Component> & Component
  }
  return part === undefined ? diffusers : diffusers[part]
}

/** Tensors that have shapes only, and which of them were asked for. */
function shapesOnly(tensors: Shapes): { source: WeightSource; used: Set<string> } {
  const used = new Set<string>()
  const source: WeightSource = (key) => {
    if (!(key in tensors)) return undefined
    used.add(key)
    const shape = tensors[key][0]
    return { shape, dataType: 'float16', transposed: false, data: new Uint8Array() }
  }
  return { source, used }
}

const dialect = { attention: 'fused', precision: 'float32' } as const

describe('published architectures of full size', () => {
  it.each(['sd15', 'sd21_768v', 'sdxl_base'])(
    '%s: shapes alone tell the U-Net, text encoders and VAE',
    async (list) => {
      const { config, tensors } = await component(list, 'unet')
      const expected = unetConfig(config)
      const inferred = inferUnetConfig(shapesOnly(tensors).source, 1280)
      const withoutUnusedHeads = ({ levels, ...rest }: typeof expected): object => ({
        ...rest,
        levels: levels.map(({ heads, transformerLayers, ...level }) =>
          level.attention === 'none' && level.upAttention === 'none'
            ? level
            : { heads, transformerLayers, ...level },
        ),
      })
      expect(withoutUnusedHeads(inferred)).toEqual(withoutUnusedHeads(expected))

      const text = await component(list, 'text_encoder')
      expect(
        inferClipTextConfig(shapesOnly(text.tensors).source, list === 'sd21_768v' ? 'gelu' : 'quick_gelu'),
      ).toEqual(clipTextConfig(text.config))

      const vae = await component(list, 'vae')
      const factor = list === 'sdxl_base' ? 0.13025 : 0.18215
      expect(inferVaeConfig(shapesOnly(vae.tensors).source, factor)).toEqual(autoencoderConfig(vae.config))
    },
  )

  it('SDXL: shapes alone tell the second text encoder', async () => {
    const { config, tensors } = await component('sdxl_base', 'text_encoder_2')
    expect(inferClipTextConfig(shapesOnly(tensors).source, 'gelu')).toEqual(clipTextConfig(config))
  })

  it.each(['sd15', 'sd21_768v', 'sdxl_base'])(
    '%s: the U-Net uses every tensor once it is written',
    async (list) => {
      const { config, tensors } = await component(list, 'unet')
      const { source, used } = shapesOnly(tensors)
      const graph = Graph.over(source, dialect)
      const cpuTime = startCpuTime()
      unet(graph, unetConfig(config), { height: 64, width: 64, contextTokens: 77 })
      const bytes = graph.encode()
      expect(cpuTime()).toBeLessThan(2000)
      expect(Object.keys(tensors).filter((key) => !used.has(key))).toEqual([])
      expect(bytes.length).toBeLessThan(4_000_000)
    },
  )

  it('DDPM, the pixel-space U-Net, uses every tensor', async () => {
    const { config, tensors } = await component('ddpm_celebahq_256', 'unet')
    const { source, used } = shapesOnly(tensors)
    const parsed = unetConfig(config)
    expect(parsed).toMatchObject({
      contextWidth: null,
      inChannels: 3,
      downsamplePadding: 0,
      cosineFirst: false,
    })
    unet(Graph.over(source, dialect), parsed, { height: 256, width: 256, contextTokens: 0 })
    expect(Object.keys(tensors).filter((key) => !used.has(key))).toEqual([])
  })

  it('VAE, TAESD and text encoders use every tensor', async () => {
    const vae = await component('vae_sd15', 'vae')
    const shapes = shapesOnly(vae.tensors)
    const config = inferVaeConfig(shapes.source, 1)
    vaeEncoder(Graph.over(shapes.source, dialect), config, 64, 64)
    vaeDecoder(Graph.over(shapes.source, dialect), config, 8, 8)
    expect(Object.keys(vae.tensors).filter((key) => !shapes.used.has(key))).toEqual([])

    const taesd = await component('taesd')
    const tiny = shapesOnly(taesd.tensors)
    const tinyConfig = autoencoderConfig(taesd.config)
    expect(inferTinyVaeConfig(tiny.source)).toEqual(tinyConfig)
    if (tinyConfig.kind !== 'tiny') throw new Error('not recognised')
    tinyVaeEncoder(Graph.over(tiny.source, dialect), tinyConfig, 64, 64)
    tinyVaeDecoder(Graph.over(tiny.source, dialect), tinyConfig, 8, 8)
    expect(Object.keys(taesd.tensors).filter((key) => !tiny.used.has(key))).toEqual([])

    const text = await component('sdxl_base', 'text_encoder_2')
    const clip = shapesOnly(text.tensors)
    clipText(Graph.over(clip.source, dialect), clipTextConfig(text.config), {
      skip: 2,
      normalised: false,
      pooled: true,
    })
    expect(Object.keys(text.tensors).filter((key) => !clip.used.has(key))).toEqual([])
  })
})
