import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { safetensorsBytes } from '../engine/model/safetensorsFile.ts'

const command = fileURLToPath(new URL('../../src/cli/models.ts', import.meta.url))

const models = (...words: string[]): Promise<string> =>
  new Promise((resolve) => {
    execFile(process.execPath, [command, ...words], (_, stdout) => resolve(stdout))
  })

it('models lists every file with its kind, its family and what is wrong with it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'models-cli-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const lora = safetensorsBytes({
    'lora_unet_mid_block_attentions_0_transformer_blocks_0_attn2_to_k.lora_down.weight': {
      dtype: 'F16',
      shape: [1, 2048],
    },
  })
  mkdirSync(join(folder, 'checkpoints'))
  writeFileSync(join(folder, 'checkpoints', 'style.safetensors'), lora)
  writeFileSync(join(folder, 'old.ckpt'), 'pickle')
  writeFileSync(join(folder, 'settings.json'), JSON.stringify({ modelFolders: [folder] }))
  const listed = JSON.parse(await models('--data', folder, '--json')) as { name: string }[]
  expect(listed.find(({ name }) => name === 'style')).toMatchObject({
    kind: 'lora',
    family: 'sdxl',
    findings: [{ code: 'misplaced-file' }],
  })
  expect(listed.find(({ name }) => name === 'old')).toMatchObject({ findings: [{ code: 'pickle-refused' }] })
  expect(listed.find(({ name }) => name === 'starter')).toMatchObject({
    kind: 'checkpoint',
    family: 'sd1',
    findings: [],
  })
  expect(await models('--data', folder)).toMatch(/^lora {2}sdxl {2}style .*\n {2}misplaced-file: /m)
})
