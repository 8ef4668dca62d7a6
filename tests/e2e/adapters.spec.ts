import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { writeEmbedding, writeLora, writeVae } from '../studio/fixtures/adapterFiles.ts'
import sharp from 'sharp'
import { pngWithText } from '../../src/studio/metadata/pngText.ts'
import { violations } from './axe.ts'
import {
  expect,
  film,
  makePicture,
  picture,
  pixelsOf,
  promptField,
  setNumber,
  test,
  optionOf,
} from './studio.ts'

const square = { width: 64, height: 64, channels: 3, background: '#a03020' } as const

test.beforeEach(({ dataFolder }) => {
  const folder = path.join(dataFolder, 'files')
  mkdirSync(folder)
  writeLora(path.join(folder, 'ink.safetensors'), 1.3, { 'modelspec.trigger_phrase': 'ink wash, sepia' })
  writeLora(path.join(folder, 'ink-lcm.safetensors'), 2.1)
  writeLora(path.join(folder, 'large.safetensors'), 0.7, { ss_base_model_version: 'sdxl_base_v1-0' })
  writeVae(path.join(folder, 'pale.safetensors'))
  writeEmbedding(path.join(folder, 'dusk.safetensors'))
  writeFileSync(path.join(dataFolder, 'settings.json'), JSON.stringify({ modelFolders: [folder] }))
})

test('a LoRA is searched, added with a strength and words, used, and taken away', async ({ window }) => {
  const seed = window.getByRole('textbox', { name: 'Seed' })
  await seed.fill('12')
  await seed.press('Enter')
  await makePicture(window, 'a house')
  const plain = await pixelsOf(picture(window))

  await window.getByRole('button', { name: 'Add a LoRA' }).click()
  const found = window.getByRole('listbox', { name: 'Add a LoRA' }).getByRole('option')
  await expect(found.filter({ hasText: 'large' })).toHaveAttribute('data-disabled')
  await expect(found.filter({ hasText: 'large' })).toContainText('made for SDXL')
  await window.getByRole('textbox', { name: 'Search names and trigger words' }).fill('sepia')
  await expect(found).toHaveCount(1)
  await window.keyboard.press('Enter')

  await setNumber(window, 'Strength of ink', 0.83)
  await expect(window.getByRole('spinbutton', { name: 'Strength of ink' })).toHaveValue('0.83')
  await window.getByRole('button', { name: 'ink wash', exact: true }).click()
  await expect(promptField(window)).toHaveValue('a house, ink wash')
  await expect(window.getByRole('button', { name: 'ink wash', exact: true })).toHaveAttribute(
    'aria-pressed',
    'true',
  )
  await makePicture(window, 'a house')
  expect(await pixelsOf(picture(window))).not.toBe(plain)

  await window.getByRole('button', { name: 'Remove ink' }).click()
  await makePicture(window, 'a house')
  expect(await pixelsOf(picture(window))).toBe(plain)
  await expect(film(window)).toHaveCount(3)
})

test('strengths are parted on demand, a LoRA for few steps brings its sampling, tags show, and a VAE is chosen', async ({
  window,
}) => {
  await window.getByRole('button', { name: 'Add a LoRA' }).click()
  await window.getByRole('option', { name: /^ink-lcm/ }).click()
  await window.getByRole('button', { name: 'Another strength in the text encoders' }).click()
  await setNumber(window, 'Strength of ink-lcm in the text encoders', -0.5)
  await window.getByRole('button', { name: /LCM: use its sampler/ }).click()
  await expect(window.getByRole('spinbutton', { name: 'Steps' })).toHaveValue('6')
  await expect(window.getByRole('combobox', { name: 'Sampler' })).toHaveText(/LCM/)
  await promptField(window).fill('a house <lora:ink:0.4> <lora:gone:1>')
  const loras = window.getByRole('region', { name: 'LoRAs' })
  await expect(loras).toContainText('in the prompt, 0.4')
  await expect(loras).toContainText('This LoRA is not here')
  await expect(window.getByRole('status').filter({ hasText: '<lora:gone:1>' })).toBeVisible()
  await window.getByRole('combobox', { name: 'VAE' }).click()
  await window.getByRole('option', { name: 'pale' }).click()
  expect(await violations(window)).toEqual([])
  for (const scheme of ['dark', 'light'] as const) {
    await window.emulateMedia({ colorScheme: scheme })
    await loras.scrollIntoViewIfNeeded()
    await window.screenshot({ path: test.info().outputPath(`adapters-${scheme}.png`) })
  }
})

test('a dropped picture gives its LoRAs, and says which are another file or not here', async ({ window }) => {
  const infotext =
    'a house <lora:ink:0.7> <lora:gone:1>\nSteps: 3, Sampler: Euler, CFG scale: 5, Seed: 7, Size: 64x64, Lora hashes: "ink: 0123456789ab, gone: ba9876543210", Hires upscale: 2, Hires upscaler: 4x-Elsewhere'
  const buffer = pngWithText(await sharp({ create: square }).png().toBuffer(), [
    { keyword: 'parameters', text: infotext },
  ])
  await window
    .getByLabel('Drop, paste or choose a picture')
    .setInputFiles({ name: 'house.png', mimeType: 'image/png', buffer })
  await window.getByRole('button', { name: 'Use that' }).click()
  await expect(promptField(window)).toHaveValue('a house <lora:ink:0.7> <lora:gone:1>')
  await expect(window.getByRole('region', { name: 'LoRAs' })).toContainText('in the prompt, 0.7')
  const report = window.getByRole('region', { name: 'Taken over' })
  await expect(report).toContainText('The LoRA ink is another file here, of the same name')
  await expect(report).toContainText('The LoRA gone is not here')
  await expect(report).toContainText('The upscaler 4x-Elsewhere is not here; RDN-2x takes its place')
  await window.getByRole('button', { name: 'Hires. fix and upscaling' }).click()
  await expect(window.getByRole('combobox', { name: 'Hires. fix' })).toHaveText(/RDN-2x/)
})

test('a picture of one’s own gives back the LoRAs it was made with, from its file alone', async ({
  window,
}) => {
  await setNumber(window, 'Width', 64)
  await setNumber(window, 'Height', 64)
  await window.getByRole('button', { name: 'Add a LoRA' }).click()
  await optionOf(window, 'ink').click()
  await setNumber(window, 'Strength of ink', 0.8)
  await makePicture(window, 'a house')
  const first = await pixelsOf(picture(window))
  const source = (await picture(window).getAttribute('src'))!
  const bytes = await window.evaluate(
    async (url) => [...new Uint8Array(await (await fetch(url)).arrayBuffer())],
    source,
  )
  await window.getByRole('button', { name: 'Remove ink' }).click()
  await window
    .getByLabel('Drop, paste or choose a picture')
    .setInputFiles({ name: 'house.png', mimeType: 'image/png', buffer: Buffer.from(bytes) })
  await window.getByRole('button', { name: 'Use that' }).click()
  await expect(window.getByRole('spinbutton', { name: 'Strength of ink' })).toHaveValue('0.8')
  await expect(window.getByRole('region', { name: 'Taken over' })).toHaveCount(0)
  await makePicture(window, 'a house')
  expect(await pixelsOf(picture(window))).toBe(first)
})

test('an embedding is suggested while its name is written, and changes the picture', async ({ window }) => {
  const seed = window.getByRole('textbox', { name: 'Seed' })
  await seed.fill('12')
  await seed.press('Enter')
  await makePicture(window, 'a house, dus')
  const plain = await pixelsOf(picture(window))
  const prompt = promptField(window)
  await prompt.fill('a house, ')
  await prompt.pressSequentially('dus')
  const suggested = window.getByRole('listbox', { name: 'Suggestions' }).getByRole('option')
  await expect(suggested).toHaveText(/dusk.*embedding/)
  await prompt.press('ArrowDown')
  await expect(suggested).toHaveAttribute('aria-selected', 'true')
  await prompt.press('Enter')
  await expect(prompt).toHaveValue(/^a house, dusk/)
  await makePicture(window, 'a house, dusk')
  expect(await pixelsOf(picture(window))).not.toBe(plain)
})
