import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { safetensorsBytes } from '../engine/model/safetensorsFile.ts'
import { violations } from './axe.ts'
import { expect, promptField, setNumber, test } from './studio.ts'

/** A folder of another program: LoRAs, one of them in the wrong place, and a pickle. */
function writeFolder(folder: string): string {
  const key = 'lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k'
  const lora = (words: string): Buffer =>
    safetensorsBytes(
      {
        [`${key}.lora_down.weight`]: { dtype: 'F16', shape: [1, 768] },
        [`${key}.lora_up.weight`]: { dtype: 'F16', shape: [8, 1] },
      },
      { 'modelspec.trigger_phrase': words },
    )
  const files: Record<string, Uint8Array | string> = {
    'webui.py': '',
    'modules/a.py': '',
    'models/Stable-diffusion/wrong-place.safetensors': lora('lost'),
    'models/VAE/old.pt': 'pickle',
  }
  for (let index = 0; index < 60; index++)
    files[`models/Lora/style-${String(index).padStart(2, '0')}.safetensors`] = lora(`word ${index}`)
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
    writeFileSync(path.join(folder, name), content)
  }
  return folder
}

test('a folder is added, its files are searched, narrowed, and kept notes of', async ({
  window,
  dataFolder,
}) => {
  const folder = writeFolder(path.join(dataFolder, 'webui'))
  const files = window.getByRole('listbox', { name: 'Files' })
  const panel = window.getByRole('complementary', { name: 'About this file' })
  await window.getByRole('link', { name: 'Models' }).click()
  await expect(window.getByRole('heading', { name: 'Use the models you already have' })).toBeVisible()

  const field = window.getByRole('textbox', { name: 'Path of a folder with models' }).first()
  await field.fill('/no/such/folder')
  await field.press('Enter')
  await expect(window.getByRole('region', { name: 'Messages' })).toContainText('There is no folder at /no')
  await field.fill(folder)
  await field.press('Enter')
  await expect(window.getByRole('button', { name: 'LoRA 61' })).toBeVisible()

  const search = window.getByRole('searchbox')
  await search.fill('word 33')
  await expect(files.getByRole('option')).toHaveCount(1)
  await files.getByRole('option', { name: /style-33/ }).click()
  await panel.getByRole('textbox', { name: 'My notes' }).fill('for skies')
  await panel.getByRole('textbox', { name: 'My notes' }).blur()
  await panel.getByRole('button', { name: 'Favourite' }).click()
  await expect(panel.getByRole('button', { name: 'Favourite' })).toHaveAttribute('aria-pressed', 'true')
  await panel.getByRole('button', { name: 'Add to the prompt' }).click()

  await search.fill('')
  await window.getByRole('button', { name: 'With notes' }).click()
  await expect(files.getByRole('option')).toHaveCount(1)
  await window.getByRole('button', { name: 'With notes' }).click()
  await window.getByRole('button', { name: 'With a problem' }).click()
  await expect(files.getByRole('option')).toHaveCount(2)
  await files.getByRole('option', { name: /wrong-place/ }).click()
  await expect(panel).toContainText('move it to models/Lora')
  expect(await violations(window)).toEqual([])
  await files.getByRole('option', { name: /old/ }).click()
  await expect(panel).toContainText('pickle-refused')

  await window.reload()
  await window.getByRole('searchbox').fill('skies')
  await expect(files.getByRole('option')).toHaveCount(1)
  await files.getByRole('option', { name: /style-33/ }).click()
  await expect(panel.getByRole('textbox', { name: 'My notes' })).toHaveValue('for skies')
  await window.getByRole('link', { name: 'Create' }).click()
  await expect(promptField(window)).toHaveValue('<lora:style-33:1> word 33')
})

test('a large collection is counted in groups of digits; families have their names, models of the studio a picture', async ({
  window,
  dataFolder,
}) => {
  const folder = path.join(dataFolder, 'webui')
  mkdirSync(path.join(folder, 'models', 'VAE'), { recursive: true })
  for (let index = 0; index < 1000; index++)
    writeFileSync(path.join(folder, 'models', 'VAE', `${index}.pt`), 'pickle')
  writeFileSync(path.join(folder, 'webui.py'), '')
  await window.getByRole('link', { name: 'Models' }).click()
  const field = window.getByRole('textbox', { name: 'Path of a folder with models' }).first()
  await field.fill(folder)
  await field.press('Enter')
  await expect(window.getByRole('button', { name: 'VAE 1,000' })).toBeVisible()
  await expect(window.getByRole('button', { name: 'With a problem 1,000' })).toBeVisible()
  await expect(window.getByRole('status').filter({ hasText: '1,003 files' })).toBeVisible()

  await window.getByRole('button', { name: 'Checkpoint 3' }).click()
  await expect(window.getByRole('button', { name: 'SD 1 2' })).toBeVisible()
  await expect(window.getByRole('button', { name: 'DDPM (pixels) 1' })).toBeVisible()
  const cards = window.getByRole('listbox', { name: 'Files' }).getByRole('option')
  await expect(cards).toHaveCount(3)
  for (const card of await cards.all())
    await expect(card.locator('img')).toHaveJSProperty('naturalWidth', 256)
  await expect(cards.getByText('SD 1', { exact: true })).toHaveCount(2)
})

test('the list is walked with the keyboard, and a model starts with what a person gave it', async ({
  window,
}) => {
  await window.getByRole('link', { name: 'Models' }).click()
  const files = window.getByRole('listbox', { name: 'Files' })
  // The list moves once more when it is known that no folder was chosen yet.
  await expect(window.getByRole('heading', { name: 'Use the models you already have' })).toBeVisible()
  await expect(async () => {
    await files.getByRole('option', { name: /^starter Check/ }).focus()
    await window.keyboard.press('ArrowRight')
    await expect(files.getByRole('option', { name: /starter-fast/ })).toBeFocused({ timeout: 2000 })
  }).toPass()
  await window.keyboard.press('f')
  await expect(files.getByRole('option', { name: /starter-fast/ }).getByLabel('Favourite')).toBeVisible()
  // The first file: who is there already stays there.
  await expect(async () => {
    await window.keyboard.press('ArrowLeft')
    await expect(files.getByRole('option', { name: /^starter Check/ })).toBeFocused({ timeout: 2000 })
  }).toPass()
  await window.keyboard.press('Enter')
  const panel = window.getByRole('complementary', { name: 'About this file' })
  await expect(panel).toContainText('Examined: all its parts are there and fit.')
  expect(await violations(window)).toEqual([])
  await setNumber(window, 'Steps', 9)
  await expect(panel.getByRole('button', { name: 'Forget my defaults' })).toBeVisible()
  await window.keyboard.press('Escape')
  await expect(panel).toHaveCount(0)

  await window.getByRole('link', { name: 'Create' }).click()
  await expect(window.getByRole('spinbutton', { name: 'Steps', exact: true })).toHaveValue('9')
})

test('what files are narrowed to stays in sight where none fits, and nothing has a name without a choice', async ({
  window,
}) => {
  await window.getByRole('link', { name: 'Models' }).click()
  const facets = window.getByRole('complementary', { name: 'Narrow the list' })
  const [kind, family] = ['Kind', 'Family'].map((name) => facets.getByRole('group', { name }))
  await kind.getByRole('button', { name: /^Checkpoint 3/ }).click()
  await window.getByRole('searchbox').fill('nothing of this name')
  await expect(window.getByRole('heading', { name: 'Nothing fits' })).toBeVisible()
  await expect(kind.getByRole('button', { name: /^Checkpoint 0/ })).toHaveAttribute('aria-pressed', 'true')
  await expect(family).toHaveCount(0)
  await kind.getByRole('button').click()
  await expect(kind).toHaveCount(0)
})
