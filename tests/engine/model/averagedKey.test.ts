import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { averagedKey } from '../../../src/engine/model/keys/averagedKey.ts'

const keysOf = async (list: string): Promise<string[]> => {
  const path = fileURLToPath(new URL(`../../golden/keys/${list}.json`, import.meta.url))
  const { single_file } = JSON.parse(await readFile(path, 'utf8')) as {
    single_file: { tensors: Record<string, unknown> }
  }
  return Object.keys(single_file.tensors).filter((key) => key.startsWith('model.diffusion_model.'))
}

it.each(['sd15', 'sd21_768v', 'sdxl_base'])('%s: every name gets its dots back', async (list) => {
  const keys = await keysOf(list)
  expect(keys.length).toBeGreaterThan(500)
  const copies = keys.map((key) => `model_ema.${key.replace('model.', '').replaceAll('.', '')}`)
  expect(copies.map(averagedKey)).toEqual(keys)
})

it.each([
  'model_ema.decay',
  'model_ema.diffusion_modelinput_blocks00wei',
  'model_ema.diffusion_modeljoint_blocks0',
])('%s is none of the U-Net', (key) => expect(averagedKey(key)).toBeNull())
