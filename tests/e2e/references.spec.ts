import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import sharp from 'sharp'
import { writeSafetensors } from '../engine/model/safetensorsFile.ts'
import { violations } from './axe.ts'
import { chooseModel, expect, makePicture, picture, pixelsOf, setNumber, test } from './studio.ts'

/** Factors of a LoRA for three layers of 32 by 32 that are fused. */
const lora = (file: string, layer: string): Promise<void> =>
  writeSafetensors(file, {
    [`diffusion_model.${layer}.lora_A.weight`]: factor([2, 32]),
    [`diffusion_model.${layer}.lora_B.weight`]: factor([96, 2]),
  })

const factor = (shape: [number, number]) => ({
  ...{ dtype: 'F32', shape },
  bytes: new Uint8Array(new Float32Array(shape[0] * shape[1]).fill(0.3).buffer),
})

test.beforeEach(async ({ dataFolder }) => {
  const folder = path.join(dataFolder, 'files')
  mkdirSync(folder)
  cpSync(path.join(import.meta.dirname, '../golden/dit/flux2klein'), path.join(folder, 'klein'), {
    recursive: true,
  })
  await lora(path.join(folder, 'ink.safetensors'), 'double_blocks.0.img_attn.qkv')
  await lora(path.join(folder, 'oil.safetensors'), 'layers.0.attention.qkv')
  writeFileSync(path.join(dataFolder, 'settings.json'), JSON.stringify({ modelFolders: [folder] }))
})

const photo = (background: string): Promise<Buffer> =>
  sharp({ create: { width: 80, height: 64, channels: 3, background } })
    .png()
    .toBuffer()

test('pictures to change are shown, decide the result, and are taken away', async ({ window }) => {
  await chooseModel(window, 'klein')
  await setNumber(window, 'Width', 64)
  await setNumber(window, 'Height', 64)
  const seed = window.getByRole('textbox', { name: 'Seed' })
  await seed.fill('12')
  await seed.press('Enter')
  await makePicture(window, 'make it blue')
  const plain = await pixelsOf(picture(window))

  const chooser = window.getByLabel('Add a picture to change')
  for (const colour of ['#203080', '#c02020'])
    await chooser.setInputFiles({ name: 'photo.png', mimeType: 'image/png', buffer: await photo(colour) })
  await expect(window.getByAltText('Picture 2 that the model looks at')).toBeVisible()
  expect(await violations(window)).toEqual([])
  await makePicture(window, 'make it blue')
  expect(await pixelsOf(picture(window))).not.toBe(plain)

  await window.getByRole('button', { name: 'Take picture 2 away' }).click()
  await chooseModel(window, 'Starter')
  await expect(window.getByText('This model looks at no pictures.')).toBeVisible()
  await window.getByRole('button', { name: 'Take picture 1 away' }).click()
  await expect(window.getByText('This model looks at no pictures.')).toBeHidden()
  await expect(chooser).toBeHidden()
})

test('a LoRA for its family is offered and changes the picture; one for another is not offered', async ({
  window,
}) => {
  await chooseModel(window, 'klein')
  await setNumber(window, 'Width', 64)
  await setNumber(window, 'Height', 64)
  const seed = window.getByRole('textbox', { name: 'Seed' })
  await seed.fill('12')
  await seed.press('Enter')
  await makePicture(window, 'a cat')
  const plain = await pixelsOf(picture(window))
  await window.getByRole('button', { name: 'Add a LoRA' }).click()
  await expect(window.getByRole('option', { name: 'oil' })).toHaveAttribute('data-disabled')
  await expect(window.getByRole('option', { name: 'oil' })).toContainText('made for Z-Image')
  await window.getByRole('option', { name: 'ink' }).click()
  await makePicture(window, 'a cat')
  expect(await pixelsOf(picture(window))).not.toBe(plain)
})
