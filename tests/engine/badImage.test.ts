import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { explainBadImage, type Circumstances } from '../../src/engine/picture/badImage.ts'
import { createEngine } from '../../src/engine/engine.ts'
import { findBadWeight } from '../../src/engine/model/files/badWeights.ts'
import { readModel } from '../../src/engine/model/openModel.ts'
import { readSafetensors } from '../../src/engine/model/files/safetensors.ts'
import { checkLatents, checkPlanes } from '../../src/engine/picture/picture.ts'
import type { EngineEvents } from '../../src/shared/engine/engineContract.ts'
import { generationRequestSchema } from '../../src/shared/request/request.ts'
import { writeSafetensors, type TestTensor } from './model/safetensorsFile.ts'

const starter = fileURLToPath(new URL('../../resources/models/starter', import.meta.url))
const request = {
  ...generationRequestSchema.parse({ steps: 2, prompt: 'a circle', guidanceScale: 7 }),
  seed: 1,
  width: 64,
  height: 64,
}

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bad-image-'))
})
afterEach(() => rm(folder, { recursive: true }))

/** The starter model with the first value of a tensor made NaN. */
async function starterWithNaN(part: string, key: string): Promise<string> {
  await cp(starter, folder, { recursive: true })
  const name = part === 'text_encoder' ? 'model' : 'diffusion_pytorch_model'
  const path = join(folder, part, `${name}.safetensors`)
  const { tensors } = await readSafetensors(path)
  const { dtype, offset } = tensors.get(key)!
  const bytes = await readFile(path)
  const nan = { F32: 0x7fc00000, F16: 0x7e00, BF16: 0x7fc0 }[dtype as 'F16']
  if (dtype === 'F32') bytes.writeUInt32LE(nan, offset)
  else bytes.writeUInt16LE(nan, offset)
  await writeFile(path, bytes)
  return path
}

describe('a run whose model holds NaN', () => {
  it.each([
    ['unet', 'conv_out.bias'],
    ['text_encoder', 'text_model.final_layer_norm.weight'],
    ['vae', 'decoder.conv_out.bias'],
  ])(
    'in the %s names tensor and file, and saves nothing',
    async (part, key) => {
      const path = await starterWithNaN(part, key)
      const images: unknown[] = []
      const events: EngineEvents = {
        progress() {},
        evaluated() {},
        preview() {},
        warning() {},
        image: (image) => void images.push(image),
      }
      const task = {
        jobId: 'job',
        modelPath: folder,
        device: 'cpu',
        request,
        firstImage: 0,
        isDraft: false,
        initImage: null,
        mask: null,
        adapters: [],
        embeddings: [],
        vaePath: null,
        controls: [],
        hiresUpscaler: null,
        upscaler: null,
      } as const
      await expect(createEngine(events).run(task)).rejects.toMatchObject({
        code: 'bad-checkpoint',
        message: expect.stringMatching(
          new RegExp(
            `not a picture.*1 value of the tensor "${key.replaceAll('.', '\\.')}" in .*NaN.*another version`,
          ),
        ) as string,
      })
      await expect(readSafetensors(path)).resolves.toBeDefined()
      expect(images).toEqual([])
    },
    60_000,
  )
})

describe('weights that are no numbers', () => {
  /** Two good values, then a bad one. */
  const stored: Record<string, Uint8Array> = {
    F64: new Uint8Array(Float64Array.of(1, -1e300, Infinity).buffer),
    F32: new Uint8Array(Float32Array.of(1, -3e38, Number.NaN).buffer),
    F16: new Uint8Array(Float16Array.of(1, -65504, -Infinity).buffer),
    BF16: new Uint8Array(Uint16Array.of(0x3f80, 0xff7f, 0xffc0).buffer),
    F8_E4M3: Uint8Array.of(0x38, 0xfe, 0x7f),
    F8_E5M2: Uint8Array.of(0x3c, 0xfb, 0x7d),
  }
  it.each(Object.keys(stored))('are found in %s', async (dtype) => {
    await cp(starter, folder, { recursive: true })
    const path = join(folder, 'unet', 'diffusion_pytorch_model.safetensors')
    const { tensors } = await readSafetensors(path)
    const bytes = await readFile(path)
    const copied = [...tensors].map(([key, entry]): [string, TestTensor] => [
      key,
      { ...entry, shape: [...entry.shape], bytes: bytes.subarray(entry.offset, entry.offset + entry.length) },
    ])
    await writeSafetensors(path, {
      ...Object.fromEntries(copied),
      'extra.weight': { dtype, shape: [3], bytes: stored[dtype] },
    })
    const { parts } = await readModel(folder)
    expect(await findBadWeight(parts!)).toEqual({ name: 'extra.weight', path, count: 1 })
  })

  it('are nowhere in the model that ships', async () => {
    expect(await findBadWeight((await readModel(starter)).parts!)).toBeNull()
  })
})

describe('the advice for a result that is no picture', () => {
  const thrown = (work: () => void): unknown => {
    try {
      work()
    } catch (error) {
      return error
    }
    return null
  }
  const noLatents = () => checkLatents(Float32Array.of(1, Number.NaN))
  const noPixels = () => checkPlanes(Float32Array.of(0, Number.NaN, 0, 0, 0, 0))
  const oneColour = () => checkPlanes(Float32Array.of(0.5, 0.5, -0.2, -0.2, 0.1, 0.1))
  const advice = async (work: () => void, model: Partial<Circumstances['model']>): Promise<string> => {
    const all = { device: 'cpu', dtype: 'float32', predictionType: 'epsilon', ...model } as const
    const parts = async () => (await readModel(starter)).parts
    return String(await explainBadImage(thrown(work), { model: all, parts, request }))
  }

  it('fits the device and what came out', async () => {
    expect(await advice(noLatents, { device: 'webgpu', dtype: 'float16' })).toMatch(
      /half precision.*overflow.*device "cpu"/,
    )
    expect(await advice(noLatents, { device: 'cuda' })).toMatch(/driver.*cuda.*device "cpu"/)
    const onCpu = await advice(noLatents, {})
    expect(onCpu).toMatch(/All weights of the model are numbers.*guidance scale below 7.*more steps than 2/)
    expect(onCpu).not.toContain('"cpu"')
    expect(await advice(noPixels, {})).toMatch(/autoencoder.*in float32.*another VAE/)
    expect(await advice(oneColour, {})).toMatch(/now epsilon.*"predictionType"/)
  })

  it('is given for nothing else', async () => {
    const other = new Error('other')
    const model = { device: 'cpu', dtype: 'float32', predictionType: 'epsilon' } as const
    expect(await explainBadImage(other, { model, parts: async () => null, request })).toBe(other)
  })
})
