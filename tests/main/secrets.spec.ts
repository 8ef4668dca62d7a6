import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import type { DownloadTokens } from '../../src/shared/models/downloads.ts'
import { startApp } from './app.ts'

const token = 'hf_veryWellHidden'

function whereItStands(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true }).map((name) => path.join(folder, String(name)))
  return files.filter((file) => statSync(file).isFile() && readFileSync(file).includes(token))
}

test('R27: a token is kept encrypted by the system, outlives the app, and is forgotten on demand', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'latent-studio-secrets-'))
  const app = await startApp(folder)
  const given = await app.call<DownloadTokens>('setDownloadToken', { site: 'huggingface', token })
  expect(given).toEqual({ places: { huggingface: 'keychain', civitai: null }, areKept: true })
  await app.stop()
  expect(whereItStands(folder)).toEqual([])

  const again = await startApp(folder)
  expect(await again.call('downloadTokens')).toMatchObject({ places: { huggingface: 'keychain' } })
  await again.call('setDownloadToken', { site: 'huggingface', token: null })
  expect(await again.call('downloadTokens')).toMatchObject({ places: { huggingface: null } })
  await again.stop()
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

test('R27: without a keychain a token is held for the session alone, and that is said', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'latent-studio-secrets-'))
  const app = await startApp(folder, { STAND_IN_KEYCHAIN: 'basic_text' })
  const given = await app.call<DownloadTokens>('setDownloadToken', { site: 'civitai', token })
  expect(given).toEqual({ places: { huggingface: null, civitai: 'session' }, areKept: false })
  await app.stop()
  expect(whereItStands(folder)).toEqual([])
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})
