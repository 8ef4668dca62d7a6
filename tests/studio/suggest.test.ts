import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { writeSafetensors } from '../engine/model/safetensorsFile.ts'
import { defaultEnginePath } from '../../src/studio/paths.ts'
import { openTestStudio, temporaryFolder } from './fixtures/testStudio.ts'

const factor = (shape: [number, number]) => ({
  ...{ dtype: 'F32', shape },
  bytes: new Uint8Array(new Float32Array(shape[0] * shape[1]).buffer),
})

it('LoRAs are offered all the while "<lora:" is written, those of that name first', async () => {
  const folder = temporaryFolder()
  const files = join(folder, 'files')
  mkdirSync(files)
  for (const name of ['ink', 'flora'])
    await writeSafetensors(join(files, `${name}.safetensors`), {
      'lora_unet_down_blocks_0_attentions_0_proj_in.lora_down.weight': factor([2, 32]),
      'lora_unet_down_blocks_0_attentions_0_proj_in.lora_up.weight': factor([32, 2]),
    })
  const studio = await openTestStudio(folder, { enginePath: defaultEnginePath })
  await studio.calls.changeSettings({ modelFolders: [files] })
  const known = (await studio.allFiles()).filter(({ kind }) => kind === 'lora')
  expect(known.map(({ name }) => name).toSorted()).toEqual(['flora', 'ink'])
  const offered = async (before: string) =>
    (await studio.calls.suggest({ before, atEnd: true })).map(({ name, replaces }) => [name, replaces])
  expect(await offered('a house <')).toEqual([
    ['flora', 1],
    ['ink', 1],
  ])
  for (const begun of ['<l', '<lo', '<lor', '<lora', '<lora:'])
    expect(await offered(`a house ${begun}`)).toEqual([
      ['flora', begun.length],
      ['ink', begun.length],
    ])
  expect(await offered('a house <lora:in')).toEqual([['ink', 8]])
  expect(await offered('a house <lox')).toEqual([])
})
