import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import sharp from 'sharp'
import { pngWithText } from '../../src/studio/metadata/pngText.ts'
import { writeT2iAdapter } from '../studio/fixtures/adapterFiles.ts'
import { violations } from './axe.ts'
import { expect, generateButton, makePicture, picture, pixelsOf, setNumber, test } from './studio.ts'

test.beforeEach(({ dataFolder }) => {
  const folder = path.join(dataFolder, 'files')
  mkdirSync(folder)
  writeT2iAdapter(path.join(folder, 'edges.safetensors'), 1.1)
  writeFileSync(path.join(dataFolder, 'settings.json'), JSON.stringify({ modelFolders: [folder] }))
})

const photo = (): Promise<Buffer> =>
  sharp({ create: { width: 96, height: 96, channels: 3, background: '#f0f0e8' } })
    .composite([
      { input: { create: { width: 40, height: 40, channels: 3, background: '#203080' } }, left: 30, top: 30 },
    ])
    .png()
    .toBuffer()

test('a control picture is shown as its network sees it, steers, and is taken away', async ({ window }) => {
  const seed = window.getByRole('textbox', { name: 'Seed' })
  await seed.fill('12')
  await seed.press('Enter')
  await makePicture(window, 'a house')
  const plain = await pixelsOf(picture(window))

  await window
    .getByLabel('Add a control picture')
    .setInputFiles({ name: 'photo.png', mimeType: 'image/png', buffer: await photo() })
  const control = window.getByRole('group', { name: 'Control picture' })
  const seen = control.getByAltText('What the network sees of it')
  await expect(seen).toBeVisible()
  const asItIs = await seen.getAttribute('src')
  await control.getByRole('combobox', { name: 'Make it' }).click()
  await window.getByRole('option', { name: 'Edges (Canny)' }).click()
  await expect(control.getByRole('spinbutton', { name: 'High' })).toHaveValue('200')
  await expect(seen).not.toHaveAttribute('src', asItIs!)

  expect(await violations(window)).toEqual([])

  await setNumber(window, 'Weight', 0.9)
  await control.getByRole('radio', { name: 'Picture' }).click()
  await makePicture(window, 'a house')
  expect(await pixelsOf(picture(window))).not.toBe(plain)

  await control.getByRole('button', { name: 'Take this control picture away' }).click()
  await expect(control).toBeHidden()
  await makePicture(window, 'a house')
  expect(await pixelsOf(picture(window))).toBe(plain)
})

test('a control of another program’s picture asks for its own picture before anything is drawn', async ({
  window,
}) => {
  const text =
    'a house\nSteps: 3, Sampler: Euler, CFG scale: 5, Seed: 7, Size: 64x64, ControlNet 0: "Module: none, Model: edges [d14c016b], Weight: 1.35, Guidance Start: 0, Guidance End: 0.9"'
  const buffer = pngWithText(await photo(), [{ keyword: 'parameters', text }])
  await window
    .getByLabel('Drop, paste or choose a picture')
    .setInputFiles({ name: 'house.png', mimeType: 'image/png', buffer })
  await window.getByRole('button', { name: 'Use that' }).click()
  const control = window.getByRole('group', { name: 'Control picture' })
  await expect(control.getByRole('spinbutton', { name: 'Weight' })).toHaveValue('1.35')
  await generateButton(window).click()
  await expect(window.getByText('control picture 1 is missing')).toBeVisible()
  await control
    .getByLabel('Choose the control picture')
    .setInputFiles({ name: 'photo.png', mimeType: 'image/png', buffer: await photo() })
  await expect(control.getByAltText('What the network sees of it')).toBeVisible()
  await makePicture(window, 'a house')
})
