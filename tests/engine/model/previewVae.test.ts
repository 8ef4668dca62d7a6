import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Pixels } from '../../../src/shared/engine/engineContract.ts'
import { generationRequestSchema } from '../../../src/shared/request/request.ts'
import { createEngine } from '../../../src/engine/engine.ts'
import { createPreviewer } from '../../../src/engine/picture/previewer.ts'
import { examineModel } from '../../../src/engine/model/doctor.ts'
import { openModel } from '../../../src/engine/model/openModel.ts'
import { writeSafetensors, type TestTensor } from './safetensorsFile.ts'
import { planes, tinyVaeByHand } from './tinyVaeByHand.ts'
import { inEnglish } from '../../../src/shared/notices.ts'

const starter = fileURLToPath(new URL('../../../resources/models/starter', import.meta.url))
const small = tinyVaeByHand({ width: 5, latentChannels: 4, decoderBlocks: [1, 2, 1, 1] })

/** The decoder alone, as diffusers names it. */
const decoderOf = (tensors: Record<string, TestTensor>): Record<string, TestTensor> =>
  Object.fromEntries(
    Object.entries(tensors).flatMap(([key, tensor]) => {
      const [, layer, rest] = /^taesd_decoder\.(\d+)\.(.+)$/.exec(key) ?? []
      return layer === undefined ? [] : [[`decoder.layers.${Number(layer) - 1}.${rest}`, tensor]]
    }),
  )

const config = {
  _class_name: 'AutoencoderTiny',
  act_fn: 'relu',
  decoder_block_out_channels: [5, 5, 5, 5],
  encoder_block_out_channels: [5, 5, 5, 5],
  in_channels: 3,
  latent_channels: 4,
  latent_magnitude: 3,
  latent_shift: 0.5,
  num_decoder_blocks: [1, 2, 1, 1],
  num_encoder_blocks: [1, 3, 3, 3],
  out_channels: 3,
  scaling_factor: 1.0,
  upsampling_scaling_factor: 2,
}

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'preview-'))
  await cp(starter, folder, { recursive: true })
  // Whatever the included model has of its own.
  await rm(join(folder, 'preview_vae'), { recursive: true, force: true })
})
afterEach(() => rm(folder, { recursive: true }))

async function writePart(
  changes: Record<string, unknown> = {},
  tensors = decoderOf(small.tensors),
  name = 'preview_vae',
): Promise<void> {
  await mkdir(join(folder, name))
  await writeFile(join(folder, name, 'config.json'), JSON.stringify({ ...config, ...changes }))
  await writeSafetensors(join(folder, name, 'diffusion_pytorch_model.safetensors'), tensors)
}

const name = (previewVae: string): Promise<void> =>
  writeFile(join(folder, 'studio.json'), JSON.stringify({ previewVae }))

const latents = { data: Float32Array.from(planes(4, 2, 3).flat(2)), channels: 4, height: 2, width: 3 }

/** What the previewer of the model in the folder draws, and what it warns of. */
async function drawPreview() {
  const model = await openModel(folder, 'cpu')
  const warnings: string[] = []
  const previewer = createPreviewer(model, (...says) => warnings.push(inEnglish(says)))
  const preview = (await previewer.draw(latents, model))!
  await model.release()
  return { preview, warnings }
}

/** Two pictures of the model in the folder, and what the engine tells meanwhile. */
async function paintTwo() {
  const previews: Pixels[] = []
  const pictures: Pixels[] = []
  const warnings: string[] = []
  const engine = createEngine({
    progress() {},
    evaluated() {},
    preview: (_, pixels) => previews.push(pixels),
    image: ({ pixels }) => pictures.push(pixels),
    warning: (...says) => warnings.push(inEnglish(says)),
  })
  const input = generationRequestSchema.parse({ prompt: 'a house', steps: 2, batchSize: 2 })
  const request = { ...input, seed: 3, width: 64, height: 64 }
  const given = { firstImage: 0, isDraft: false, initImage: null, mask: null }
  const larger = { hiresUpscaler: null, upscaler: null }
  const bare = { adapters: [], embeddings: [], vaePath: null, controls: [], ...larger }
  await engine.run({ jobId: 'job', modelPath: folder, device: 'cpu', request, ...given, ...bare })
  return { previews, pictures, warnings }
}

describe('a tiny VAE for previews', () => {
  it.each<[string, () => Promise<unknown>]>([
    ['a part of the folder with a decoder alone', () => writePart()],
    ['a folder named in studio.json', () => writePart({}, undefined, 'tiny').then(() => name('tiny'))],
    [
      "a file under its author's names",
      () =>
        writeSafetensors(join(folder, 'taesd.safetensors'), small.tensors).then(() =>
          name('taesd.safetensors'),
        ),
    ],
    [
      "a decoder file under diffusers' names",
      () =>
        writeSafetensors(join(folder, 'decoder.safetensors'), decoderOf(small.tensors)).then(() =>
          name('decoder.safetensors'),
        ),
    ],
  ])('decodes the clean latents as they are, as %s', async (_, write) => {
    await write()
    const { preview, warnings } = await drawPreview()
    expect(warnings).toEqual([])
    expect([preview.width, preview.height]).toEqual([24, 16])
    const expected = small.decode(planes(4, 2, 3))
    const spread = new Set(preview.data)
    expect(spread.size).toBeGreaterThan(3)
    preview.data.forEach((level, i) => {
      const pixel = Math.floor(i / 3)
      const value = expected[i % 3][Math.floor(pixel / 24)][pixel % 24]
      const exact = Math.min(255, Math.max(0, (value + 1) * 127.5))
      expect(Math.abs(level - exact)).toBeLessThanOrEqual(1)
    })
    const { parts, problems } = await examineModel(folder, { hash: false })
    expect(parts).toContain('preview_vae')
    expect(problems).toEqual([])
  })

  it('may upsample less than the model does, for smaller previews', async () => {
    const coarse = tinyVaeByHand({ width: 5, latentChannels: 4, decoderBlocks: [1, 1] })
    await writeSafetensors(join(folder, 'coarse.safetensors'), coarse.tensors)
    await name('coarse.safetensors')
    const { preview } = await drawPreview()
    expect([preview.width, preview.height]).toEqual([6, 4])
  })

  it('is not missed where there is none', async () => {
    const { preview, warnings } = await drawPreview()
    expect([preview.width, preview.height, warnings]).toEqual([3, 2, []])
    expect((await examineModel(folder, { hash: false })).parts).not.toContain('preview_vae')
  })

  const wide = tinyVaeByHand({ width: 5, latentChannels: 16, decoderBlocks: [1, 2, 1, 1] })
  it.each<[string, () => Promise<unknown>, string, RegExp]>([
    ['is not there', () => name('nowhere.safetensors'), 'missing-part', /nowhere\.safetensors.*nothing/],
    ['is a full VAE', () => name('vae'), 'unsupported-model', /tiny VAE.*AutoencoderKL/],
    [
      'is a pickle',
      () => writeFile(join(folder, 'taesd.pth'), 'x').then(() => name('taesd.pth')),
      'pickle-refused',
      /taesd\.pth/,
    ],
    ['broke off', () => writePart({}, {}), 'missing-weight', /decoder\.layers\.0\.weight/],
    [
      'has no configuration',
      () => writePart().then(() => rm(join(folder, 'preview_vae/config.json'))),
      'missing-part',
      /config\.json/,
    ],
    [
      'is wider than its configuration says',
      () => writePart({ decoder_block_out_channels: [64, 64, 64, 64] }),
      'mis-shaped-weight',
      /should be \[64, 4, 3, 3\] but is \[5, 4, 3, 3\]/,
    ],
    [
      'reads other latents',
      () => writePart({ latent_channels: 16 }, decoderOf(wide.tensors)),
      'mis-shaped-weight',
      /4 channels.*16/,
    ],
    [
      'divides latents',
      () => writePart({ scaling_factor: 0.5 }),
      'unsupported-model',
      /scaling_factor = 0\.5/,
    ],
  ])('that %s is named, and the map draws instead', async (_, write, code, message) => {
    await write()
    const { preview, warnings } = await drawPreview()
    expect([preview.width, preview.height]).toEqual([3, 2])
    expect(warnings).toEqual([expect.stringMatching(message)])
    expect((await examineModel(folder, { hash: false })).problems).toEqual([
      { code, message: expect.stringMatching(message) as string },
    ])
  })

  it.each<[string, () => Promise<unknown>, number, number]>([
    ['the size of the picture with one that works', () => writePart(), 64, 0],
    ['a pixel for a latent with one that is broken, which is told of once', () => writePart({}, {}), 8, 1],
  ])('leaves the pictures as they are: previews have %s', async (_, write, side, warned) => {
    const { pictures: plain } = await paintTwo()
    await write()
    const { pictures, previews, warnings } = await paintTwo()
    expect(pictures).toEqual(plain)
    // The second picture's are coarse for as long as drawing finer ones is known to take.
    expect(previews[0]).toMatchObject({ width: side, height: side })
    expect(warnings.length).toBe(warned)
  })

  it('may not be named outside of the folder', async () => {
    await name('../taesd.safetensors')
    await expect(openModel(folder, 'cpu')).rejects.toMatchObject({ code: 'bad-checkpoint' })
  })
})
