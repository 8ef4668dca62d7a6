import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, generateButton, test as base } from './studio.ts'

/** A data folder whose settings name a model folder with one model in it, which the gradient engine takes for one. */
const test = base.extend({
  dataFolder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'latent-studio-e2e-'))
    mkdirSync(join(folder, 'models'))
    writeFileSync(join(folder, 'models', 'dream.safetensors'), 'dream')
    writeFileSync(join(folder, 'settings.json'), JSON.stringify({ modelFolders: [join(folder, 'models')] }))
    await use(folder)
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  },
})
test.use({ engine: 'gradients' })

test('a model that an earlier version kept by its path is still the one that is chosen', async ({
  window,
  dataFolder,
}) => {
  const path = join(dataFolder, 'models', 'dream.safetensors')
  const former = `dream-${createHash('sha256').update(path).digest('hex').slice(0, 8)}`
  await window.evaluate((model) => {
    const kept = JSON.parse(localStorage.getItem('latent-studio.form') ?? '{}') as object
    localStorage.setItem('latent-studio.form', JSON.stringify({ ...kept, model }))
  }, former)
  await window.reload()
  await expect(window.getByRole('combobox', { name: 'Model' })).toHaveText(/dream/)
  await expect(generateButton(window)).toBeEnabled()
  const kept = () => window.evaluate(() => localStorage.getItem('latent-studio.form'))
  await expect.poll(kept).not.toContain(former)
})
