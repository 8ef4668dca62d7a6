import { copyFile, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InferenceSession } from 'onnxruntime-node'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { EngineAdapter } from '../../../src/shared/engine/engineContract.ts'
import { liveModel } from '../../../src/engine/model/liveModel.ts'
import type { Model } from '../../../src/engine/model/model.ts'
import { openModel, readModel } from '../../../src/engine/model/openModel.ts'
import { colours } from '../../../src/engine/lab/looks.ts'
import { newTallies } from '../../../src/engine/model/runtime/tallies.ts'
import { writeSafetensors, type TestTensor } from '../model/safetensorsFile.ts'
import { kohya, loraTensors, tinyLayers, tinyTextLayers, wave, waves } from './adapterFiles.ts'
import { inEnglish } from '../../../src/shared/notices.ts'

const golden = join(import.meta.dirname, '../../golden')
const sd15 = join(golden, 'pipelines/sd15')

let folder: string
let model: Model
beforeAll(async () => {
  model = await openModel(sd15, 'cpu')
})
afterAll(() => model.release())
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wearing-'))
})
afterEach(() => rm(folder, { recursive: true }))

const unetTensors = loraTensors(tinyLayers, kohya('lora_unet_'))
const textTensors = loraTensors(tinyTextLayers, kohya('lora_te_'))

async function written(name: string, tensors: Record<string, TestTensor>): Promise<string> {
  const path = join(folder, `${name}.safetensors`)
  await writeSafetensors(path, tensors)
  return path
}

const adapter = (path: string, over: Partial<EngineAdapter> = {}): EngineAdapter => ({
  name: 'style',
  path,
  unet: 1,
  text: 1,
  blocks: null,
  ...over,
})

const warnings: string[] = []
const wearing = (over: Model, ...adapters: EngineAdapter[]): Promise<Model> =>
  over.wearing({ adapters, embeddings: [], vaePath: null }, (...says) => warnings.push(inEnglish(says)))

const context = waves(77 * 32, 1)
async function predicted(worn: Model): Promise<Float32Array> {
  const unet = await worn.openUnet({ height: 8, width: 8, contextTokens: 77 })
  return unet.run(waves(4 * 64, 2), 500, context)
}

const encoded = async (worn: Model): Promise<Float32Array> =>
  (await worn.encodeText(0, [638, 5, 6, ...Array<number>(74).fill(639)], 1)).hidden

const largest = (one: Float32Array, other: Float32Array): number =>
  one.reduce((most, value, i) => Math.max(most, Math.abs(value - other[i])), 0)

describe('a model under adapters', () => {
  it('opens nothing when only strengths change, and something when the files do', async () => {
    const path = await written('style', { ...unetTensors, ...textTensors })
    const full = await wearing(model, adapter(path))
    const [atFull, textAtFull] = [await predicted(full), await encoded(full)]
    const create = vi.spyOn(InferenceSession, 'create')
    const half = await wearing(model, adapter(path, { unet: 0.5, text: 0 }))
    expect(largest(await predicted(half), atFull)).toBeGreaterThan(1e-3)
    expect(largest(await encoded(half), textAtFull)).toBeGreaterThan(1e-3)
    const blocks = Array<number>(26).fill(0).with(0, 1)
    const middleOff = await wearing(model, adapter(path, { blocks }))
    expect(largest(await predicted(middleOff), atFull)).toBeGreaterThan(1e-3)
    expect(create).not.toHaveBeenCalled()
    await utimes(path, new Date(), new Date(Date.now() + 5000))
    expect(await predicted(await wearing(model, adapter(path)))).toEqual(atFull)
    expect(create).toHaveBeenCalledOnce()
    create.mockRestore()
  })

  it('is at strength 0 the model itself, and each network has a strength of its own', async () => {
    const path = await written('style', { ...unetTensors, ...textTensors })
    const [bare, bareText] = [await predicted(await wearing(model)), await encoded(await wearing(model))]
    const unetOnly = await wearing(model, adapter(path, { text: 0 }))
    expect(largest(await encoded(unetOnly), bareText)).toBeLessThan(1e-6)
    expect(largest(await predicted(unetOnly), bare)).toBeGreaterThan(1e-3)
    const textOnly = await wearing(model, adapter(path, { unet: 0 }))
    expect(largest(await encoded(textOnly), bareText)).toBeGreaterThan(1e-3)
    expect(largest(await predicted(textOnly), bare)).toBeLessThan(1e-6)
  })

  it('has LoRAs for few steps merged into its weights, to the same effect', async () => {
    const live = await predicted(
      await wearing(model, adapter(await written('style', unetTensors), { unet: 0.5 })),
    )
    const path = await written('lcm-lora', unetTensors)
    const create = vi.spyOn(InferenceSession, 'create')
    expect(largest(await predicted(await wearing(model, adapter(path, { unet: 0.5 }))), live)).toBeLessThan(
      1e-5,
    )
    await predicted(await wearing(model, adapter(path, { unet: 0.5 })))
    expect(create).toHaveBeenCalledTimes(1)
    await predicted(await wearing(model, adapter(path, { unet: 0.6 })))
    expect(create).toHaveBeenCalledTimes(2)
    create.mockRestore()
  })

  it('wears several at once', async () => {
    const path = await written('style', unetTensors)
    const other = await written('other', unetTensors)
    const both = await wearing(model, adapter(path, { unet: 0.25 }), adapter(other, { unet: 0.5 }))
    const once = await wearing(model, adapter(path, { unet: 0.75 }))
    expect(largest(await predicted(both), await predicted(once))).toBeLessThan(1e-5)
  })

  it('in half precision stays within 1 % of the full one', async () => {
    const path = await written('style', unetTensors)
    const stored = await readModel(sd15)
    const predict = async (precision: 'float32' | 'float16'): Promise<Float32Array> => {
      const dialect = { attention: 'sliced', precision } as const
      const opened = liveModel(stored, { device: 'cpu', dialect, tallies: newTallies() })
      const prediction = await predicted(await wearing(opened, adapter(path)))
      await opened.release()
      return prediction
    }
    const [full, half] = [await predict('float32'), await predict('float16')]
    const difference = Math.hypot(...half.map((value, i) => value - full[i])) / Math.hypot(...full)
    expect(difference).toBeGreaterThan(0)
    expect(difference).toBeLessThan(0.01)
  })

  it('is told of what belongs to nothing in the model', async () => {
    const strangers = loraTensors({ 'decoder.conv_in': [4, 4] }, kohya('lora_unet_'))
    const path = await written('style', { ...unetTensors, ...strangers, epoch: wave([1], 0) })
    warnings.length = 0
    await wearing(model, adapter(path))
    expect(warnings).toEqual([expect.stringMatching(/style.*"epoch"; "lora_unet_decoder_conv_in/)])
  })
})

describe('an adapter that does not fit', () => {
  it('names the family it is for and the one that was expected', async () => {
    await expect(
      wearing(model, adapter(join(golden, 'lora/sdxl_kohya_lora.safetensors'))),
    ).rejects.toMatchObject({
      code: 'does-not-fit',
      message: expect.stringMatching(/sdxl_kohya_lora.*made for SDXL.*the model is SD 1/) as string,
    })
  })

  it('is refused by the width of the text it reads, whatever else of it would fit', async () => {
    const path = await written('style', {
      ...unetTensors,
      ...loraTensors(
        { 'mid_block.attentions.0.transformer_blocks.0.attn2.to_v': [16, 48] },
        kohya('lora_unet_'),
      ),
    })
    await expect(wearing(model, adapter(path))).rejects.toMatchObject({ code: 'does-not-fit' })
  })

  it('as a FLUX LoRA is called one', async () => {
    const path = await written(
      'flux',
      loraTensors({ 'double_blocks.0.img_attn.qkv': [8, 8] }, kohya('lora_unet_')),
    )
    await expect(wearing(model, adapter(path))).rejects.toMatchObject({
      code: 'does-not-fit',
      message: expect.stringContaining('made for FLUX') as string,
    })
  })

  it('whose names match no layer says so, and is not called what it is not', async () => {
    const path = await written(
      'strange',
      loraTensors({ 'foo.bar': [8, 8] }, (layer) => layer),
    )
    await expect(wearing(model, adapter(path))).rejects.toMatchObject({
      code: 'does-not-fit',
      message: expect.stringMatching(
        /strange.*fits no model: none of its tensors is named after a layer.*"foo\.bar\./,
      ) as string,
    })
  })

  it('as something else says what it is', async () => {
    const path = join(golden, 'F_networks/sd15_single_file.fp16.safetensors')
    await expect(wearing(model, adapter(path))).rejects.toMatchObject({
      code: 'does-not-fit',
      message: expect.stringContaining('is a checkpoint, not a LoRA') as string,
    })
  })

  it.each([
    ['style.pt', 'pickle-refused'],
    ['nowhere.safetensors', 'not-found'],
  ])('%s: %s', async (name, code) => {
    await expect(wearing(model, adapter(join(folder, name)))).rejects.toMatchObject({ code })
  })

  it('cut off is named', async () => {
    const path = await written('style', unetTensors)
    await writeFile(path, (await readFile(path)).subarray(0, -10))
    await expect(wearing(model, adapter(path))).rejects.toMatchObject({
      code: 'bad-checkpoint',
      message: expect.stringContaining(path) as string,
    })
  })

  it('with NaN in it is named, tensor and all', async () => {
    const [key] = Object.keys(unetTensors)
    const bytes = new Uint8Array(unetTensors[key].bytes!)
    new Float32Array(bytes.buffer)[3] = Number.NaN
    const path = await written('style', { ...unetTensors, [key]: { ...unetTensors[key], bytes } })
    await expect(wearing(model, adapter(path))).rejects.toMatchObject({
      code: 'bad-checkpoint',
      message: expect.stringContaining(key) as string,
    })
  })

  it('with a strength that is no number is refused', async () => {
    const path = await written('style', unetTensors)
    await expect(wearing(model, adapter(path, { unet: Number.NaN }))).rejects.toMatchObject({
      code: 'bad-request',
    })
  })

  it('cannot change exported ONNX networks', async () => {
    const exported = await openModel(join(golden, 'onnx/sd15'), 'cpu')
    const path = await written('style', unetTensors)
    await expect(wearing(exported, adapter(path))).rejects.toMatchObject({ code: 'unsupported-model' })
    await exported.release()
  })
})

describe('another VAE', () => {
  const latents = { data: waves(4 * 16, 3), channels: 4, height: 4, width: 4 }
  const withVae = (vaePath: string): Promise<Model> =>
    model.wearing({ adapters: [], embeddings: [], vaePath }, () => {})

  it('takes the place of the model’s own in both naming schemes, and leaves it when it is taken off', async () => {
    const own = await model.decode(latents)
    const file = join(folder, 'vae.safetensors')
    await copyFile(join(golden, 'F_networks/sd15/vae/diffusion_pytorch_model.safetensors'), file)
    const worn = await withVae(join(golden, 'F_networks/sd15/vae'))
    const decoded = await worn.decode(latents)
    expect(largest(decoded, own)).toBeGreaterThan(1e-3)
    expect(await (await wearing(model)).decode(latents)).toEqual(own)
    // So it does in the colours that latents are shown in.
    const inColours = await colours(model)
    expect(await colours(worn)).not.toEqual(inColours)
    expect(await colours(await wearing(model))).toEqual(inColours)
    expect(
      largest((await worn.encode(own, 32, 32)).mean.data, (await model.encode(own, 32, 32)).mean.data),
    ).toBeGreaterThan(1e-3)
  })

  it('whose latents have other channels is refused', async () => {
    const tensors = {
      'decoder.conv_in.weight': wave([8, 16, 3, 3], 1),
      'decoder.mid_block.resnets.0.conv1.weight': wave([8, 8, 3, 3], 1),
    }
    await expect(withVae(await written('vae', tensors))).rejects.toMatchObject({
      code: 'does-not-fit',
      message: expect.stringMatching(/16 channels.*SD 1 has 4/) as string,
    })
  })

  it('for a family whose latents are scaled otherwise is refused', async () => {
    const source = join(golden, 'F_networks/sd15/vae')
    const config = JSON.parse(await readFile(join(source, 'config.json'), 'utf8')) as object
    await writeFile(join(folder, 'config.json'), JSON.stringify({ ...config, scaling_factor: 0.13025 }))
    await copyFile(
      join(source, 'diffusion_pytorch_model.safetensors'),
      join(folder, 'diffusion_pytorch_model.safetensors'),
    )
    await expect(withVae(folder)).rejects.toMatchObject({
      code: 'does-not-fit',
      message: expect.stringMatching(/scaled by 0.13025.*scales by 0.18215/) as string,
    })
  })
})
