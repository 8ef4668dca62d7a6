import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { floats, largestDifference } from '../../../scripts/golden/numbers.ts'
import { describeModel, openModel } from '../../../src/engine/model/openModel.ts'

const exported = fileURLToPath(new URL('../../golden/onnx', import.meta.url))

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onnx-'))
  await cp(join(exported, 'sd15'), folder, { recursive: true })
})
afterEach(() => rm(folder, { recursive: true }))

interface Stored {
  shape: number[]
  base64: string
  values: number[]
}

/** The first run of a network's reference. */
async function reference(
  part: string,
): Promise<{ inputs: Record<string, Stored>; expected: Record<string, Stored> }> {
  const file = await readFile(join(exported, 'sd15_reference.json'), 'utf8')
  const { components } = JSON.parse(file) as { components: Record<string, { cases: [never] }> }
  return components[part].cases[0]
}

/** Opens the folder and compares the first of every batch. */
async function compareFirst(): Promise<number> {
  const model = await openModel(folder, 'cpu')
  const text = await reference('text_encoder')
  const { hidden } = await model.encodeText(0, text.inputs['input_ids'].values.slice(0, 77), 1)
  const states = floats(text.expected['last_hidden_state'].base64)
  const { inputs, expected } = await reference('unet')
  const [, channels, height, width] = inputs['sample'].shape
  const [, tokens, contextWidth] = inputs['encoder_hidden_states'].shape
  const unet = await model.openUnet(height, width, tokens)
  const size = channels * height * width
  const context = floats(inputs['encoder_hidden_states'].base64).subarray(0, tokens * contextWidth)
  const timestep = inputs['timestep'].values?.[0] ?? floats(inputs['timestep'].base64)[0]
  const prediction = await unet.run(floats(inputs['sample'].base64).subarray(0, size), timestep, context)
  await model.release()
  return Math.max(
    largestDifference(hidden, states.subarray(0, hidden.length)),
    largestDifference(prediction, floats(expected['out_sample'].base64).subarray(0, size)),
  )
}

describe('a folder of exported ONNX models', () => {
  it('is described without being opened', async () => {
    expect(await describeModel(folder)).toMatchObject({
      family: 'sd1',
      layout: 'onnx',
      dtype: 'float32',
      sizeMultiple: 64,
      canEncodeImages: true,
    })
  })

  it('gives the numbers of the reference', async () => {
    expect(await compareFirst()).toBeLessThan(1e-4)
  })

  it('gives them too without the configuration that older exports lack', async () => {
    for (const part of ['unet', 'text_encoder', 'vae_decoder', 'vae_encoder'])
      await rm(join(folder, part, 'config.json'))
    expect(await compareFirst()).toBeLessThan(1e-4)
  })

  it('works without a VAE encoder, until a picture comes in', async () => {
    await rm(join(folder, 'vae_encoder'), { recursive: true })
    expect((await describeModel(folder)).canEncodeImages).toBe(false)
    const model = await openModel(folder, 'cpu')
    await expect(model.encode(new Float32Array(3 * 64), 8, 8)).rejects.toMatchObject({ code: 'missing-part' })
  })

  it('says that skipping layers is not in the export', async () => {
    const model = await openModel(folder, 'cpu')
    await expect(model.encodeText(0, Array<number>(77).fill(1), 2)).rejects.toMatchObject({
      code: 'unsupported-model',
    })
  })

  it('says what is wrong with a damaged file', async () => {
    await writeFile(join(folder, 'unet', 'model.onnx'), Buffer.alloc(100, 0x41))
    expect(await describeModel(folder)).toMatchObject({ dtype: 'unknown' })
    const model = await openModel(folder, 'cpu')
    await expect(model.openUnet(8, 8, 77)).rejects.toMatchObject({ code: 'bad-checkpoint' })
  })
})
