import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Page } from '@playwright/test'
import { violations } from './axe.ts'
import { closeByEsc, expect, film, makePicture, promptField, setNumber, test } from './studio.ts'

const facts = (page: Page) => page.getByRole('img', { name: /tokens$/ })
const suggested = (page: Page) => page.getByRole('listbox', { name: 'Suggestions' }).getByRole('option')
const settings = (page: Page) => page.getByRole('form', { name: 'What to make' })
const steps = (page: Page) => page.getByRole('spinbutton', { name: 'Steps', exact: true })

test('the prompt shows what the model sees: its tokens, words in pieces, and where a chunk ends', async ({
  window,
}) => {
  const prompt = promptField(window)
  await prompt.fill('a fox')
  await expect(facts(window).first()).toHaveText('2 / 75')
  await prompt.fill('a fox BREAK by greg rutkowski')
  await expect(facts(window).first()).toHaveText(/\/ 150$/)
  await expect(window.locator('.begins')).toHaveText(/^by/)
  await expect(window.locator('.broken').last()).toHaveText('rutkowski')
  await prompt.press('End')
  await expect(settings(window)).toContainText(/Read in pieces: \S+·\S+/)
  await prompt.fill('a (fox')
  await expect(settings(window)).toContainText('( has no partner.')
})

test('of a text too long to be a prompt it is said that not all of it was taken', async ({ window }) => {
  await promptField(window).fill('fox '.repeat(5001))
  await expect(promptField(window)).toHaveValue('fox '.repeat(5000))
  await expect(settings(window)).toContainText('Full: 20,000 characters are the most')
})

test('weights are changed by keys, and the text field can undo them', async ({ window }) => {
  const prompt = promptField(window)
  await prompt.fill('a red fox')
  await prompt.press('Home')
  for (let at = 0; at < 3; at++) await prompt.press('ArrowRight')
  await prompt.press('ControlOrMeta+ArrowUp')
  await prompt.press('ControlOrMeta+ArrowUp')
  await expect(prompt).toHaveValue('a (red:1.2) fox')
  await prompt.press('ControlOrMeta+ArrowDown')
  await prompt.press('ControlOrMeta+ArrowDown')
  await expect(prompt).toHaveValue('a red fox')
  await prompt.press('ControlOrMeta+z')
  await expect(prompt).toHaveValue(/\(red:1\.\d\)/)
})

test('words are suggested, taken by keys, and styles are chosen', async ({ window, dataFolder }) => {
  mkdirSync(path.join(dataFolder, 'tags'), { recursive: true })
  writeFileSync(path.join(dataFolder, 'tags', 'mine.csv'), 'long_hair,0,4000,longhair\nlong_sleeves,0,3000\n')
  writeFileSync(path.join(dataFolder, 'styles.csv'), 'name,prompt,negative_prompt\nLonghand,ink,\n')
  const prompt = promptField(window)
  await prompt.pressSequentially('1girl, long')
  await expect(suggested(window)).toHaveText([/Longhand/, /long_hair.*4K/, /long_sleeves.*3K/])
  expect(await violations(window)).toEqual([])
  await prompt.press('ArrowDown')
  await prompt.press('ArrowDown')
  await expect(suggested(window).nth(1)).toHaveAttribute('aria-selected', 'true')
  await prompt.press('Enter')
  await expect(prompt).toHaveValue('1girl, long hair, ')
  await expect(suggested(window)).toHaveCount(0)

  await prompt.pressSequentially('longh')
  await expect(suggested(window).first()).toHaveText(/Longhand/)
  await prompt.press('Tab')
  await expect(prompt).toHaveValue('1girl, long hair, ')
  await expect(prompt).toBeFocused()
  await prompt.pressSequentially('long')
  await expect(suggested(window).first()).toBeVisible()
  await prompt.press('Escape')
  await expect(suggested(window)).toHaveCount(0)

  // Who types on before the list has followed takes the whole word with it.
  await prompt.fill('')
  await prompt.pressSequentially('long_')
  await expect(suggested(window)).toHaveText([/long_hair/, /long_sleeves/])
  await prompt.press('h')
  await prompt.press('Tab')
  await expect(prompt).toHaveValue('long hair, ')
})

test('a list of tags that is dropped on the window is suggested from, until that is undone', async ({
  window,
}) => {
  await window.getByRole('link', { name: 'Library' }).click()
  const isTaken = await window.evaluate(() => {
    const dataTransfer = new DataTransfer()
    dataTransfer.items.add(
      new File(['long_hair,0,4000\nlong_sleeves,0,3000\n'], 'mine.csv', { type: 'text/csv' }),
    )
    const options = { dataTransfer, bubbles: true, cancelable: true }
    return ['dragover', 'drop'].map((kind) => !document.body.dispatchEvent(new DragEvent(kind, options)))
  })
  expect(isTaken).toEqual([true, true])
  await expect(
    window.getByText('2 tags of mine are suggested while you write', { exact: true }),
  ).toBeVisible()
  await window.getByRole('link', { name: 'Create' }).click()
  const prompt = promptField(window)
  await prompt.pressSequentially('1girl, long')
  await expect(suggested(window)).toHaveText([/long_hair.*4K/, /long_sleeves.*3K/])
  await prompt.press('Escape')
  await window.getByRole('button', { name: 'Undo', exact: true }).click()
  await expect(window.getByText('2 tags of mine')).toHaveCount(0)

  // By keyboard the same files are chosen among the prompts.
  await window.getByRole('button', { name: 'Prompts', exact: true }).click()
  const chosen = window.waitForEvent('filechooser')
  await window.getByRole('button', { name: 'Add a list…' }).press('Enter')
  const animals = { name: 'animals.txt', mimeType: 'text/plain', buffer: Buffer.from('fox\nowl\n') }
  await (await chosen).setFiles([animals])
  await expect(window.getByText('__animals__ now stands for one of 2 choices', { exact: true })).toBeVisible()
  expect(await violations(window)).toEqual([])

  await window.evaluate(() => {
    const dataTransfer = new DataTransfer()
    dataTransfer.items.add(new File([new Uint8Array(101 * 2 ** 20)], 'long.csv', { type: 'text/csv' }))
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }))
  })
  await expect(
    window.getByText('long.csv was not taken in: it is larger than 32 MiB. Divide it. bad-list', {
      exact: true,
    }),
  ).toBeVisible()
})

test('letters of an input method are not disturbed', async ({ window }) => {
  const prompt = promptField(window)
  await prompt.focus()
  const session = await window.context().newCDPSession(window)
  await session.send('Input.imeSetComposition', { text: 'hu li', selectionStart: 5, selectionEnd: 5 })
  await expect(window.locator('.field.composing')).toHaveCount(1)
  await session.send('Input.insertText', { text: '狐狸' })
  await expect(window.locator('.field.composing')).toHaveCount(0)
  await expect(prompt).toHaveValue('狐狸')
  await expect(facts(window).first()).toHaveText(/^\d+ \/ 75$/)
})

test('prompts are found again, those of pictures and those that were kept', async ({ window }) => {
  await makePicture(window, 'a blue fish')
  await promptField(window).fill('an owl in a hat')
  const library = window.getByRole('button', { name: 'Prompts', exact: true })
  await library.click()
  const dialog = window.getByRole('dialog', { name: 'Prompts' })
  await dialog.getByRole('textbox', { name: 'Name of this prompt' }).fill('Owl')
  await window.keyboard.press('Enter')
  await expect(dialog.getByRole('button', { name: /Owl an owl/ })).toBeVisible()
  await dialog.getByRole('button', { name: 'a blue fish' }).click()
  await expect(promptField(window)).toHaveValue('a blue fish')
  await library.click()
  await dialog.getByRole('searchbox').or(dialog.getByPlaceholder('Search your prompts')).fill('owl')
  await expect(dialog.getByRole('button', { name: 'a blue fish' })).toHaveCount(0)
  await dialog.getByRole('button', { name: /Owl an owl/ }).click()
  await expect(promptField(window)).toHaveValue('an owl in a hat')

  // The same name again takes the place of what had it, which can be had back.
  await promptField(window).fill('an owl asleep')
  await library.click()
  await dialog.getByRole('textbox', { name: 'Name of this prompt' }).fill('Owl')
  await window.keyboard.press('Enter')
  await window.getByRole('button', { name: 'Undo', exact: true }).click()
  await expect(async () => {
    if ((await dialog.count()) === 0) await library.click()
    await expect(dialog.getByRole('button', { name: 'Owl an owl in a hat' })).toBeVisible({ timeout: 2000 })
  }).toPass()
})

test('a preset keeps all settings, over a reload', async ({ window }) => {
  await promptField(window).fill('a castle')
  await setNumber(window, 'Steps', 7)
  const presets = window.getByRole('button', { name: 'Presets' })
  await presets.click()
  await window.getByRole('textbox', { name: 'Name of these settings' }).fill('Castles')
  await window.getByRole('button', { name: 'Keep', exact: true }).click()
  const castles = window.getByRole('button', { name: 'Castles', exact: true })
  await expect(castles).toBeVisible()
  await closeByEsc(window, castles)
  await setNumber(window, 'Steps', 9)
  await promptField(window).fill('something else')
  await window.reload()
  await presets.click()
  await castles.click()
  await expect(steps(window)).toHaveValue('7')
  await expect(promptField(window)).toHaveValue('a castle')
  await window.getByRole('button', { name: 'Undo', exact: true }).last().click()
  await expect(steps(window)).toHaveValue('9')
})

test('changes of settings are taken back and made again, by keys and by buttons', async ({ window }) => {
  const before = await steps(window).inputValue()
  await setNumber(window, 'Steps', 9)
  await setNumber(window, 'Guidance', 7)
  await window.getByRole('button', { name: 'Reset Steps' }).focus()
  await window.keyboard.press('Control+z')
  await window.keyboard.press('Control+z')
  await expect(steps(window)).toHaveValue(before)
  await window.keyboard.press('Control+y')
  await expect(steps(window)).toHaveValue('9')
  await window.getByRole('button', { name: /^Make it again/ }).click()
  await expect(window.getByRole('spinbutton', { name: 'Guidance' })).toHaveValue('7')
  await window.getByRole('button', { name: /^Take back/ }).click()
  await expect(window.getByRole('spinbutton', { name: 'Guidance' })).not.toHaveValue('7')
})

test('a dot resets what it marks', async ({ window }) => {
  const before = await steps(window).inputValue()
  await setNumber(window, 'Steps', 9)
  await window.getByRole('button', { name: 'Reset Steps' }).click()
  await expect(steps(window)).toHaveValue(before)
  await expect(window.getByRole('button', { name: 'Reset Steps' })).toHaveCount(0)
})

test('the schedule is seen as the engine plans it', async ({ window }) => {
  await setNumber(window, 'Steps', 7)
  await expect(window.getByRole('img', { name: /^7 steps, noise from [\d.]+ to [\d.]+\.$/ })).toBeVisible()
})

test('sides keep their proportions when asked to', async ({ window }) => {
  await window.getByRole('button', { name: 'Common shapes at the size this model was trained for' }).click()
  await window.getByRole('menuitemcheckbox', { name: 'Keep the proportions' }).click()
  await window.getByRole('menuitem', { name: /^Portrait/ }).click()
  const [width, height] = ['Width', 'Height'].map((name) => window.getByRole('spinbutton', { name }))
  const ratio = Number(await width.inputValue()) / Number(await height.inputValue())
  await setNumber(window, 'Width', 192)
  await expect(width).toHaveValue('192')
  await expect.poll(async () => 192 / Number(await height.inputValue())).toBeCloseTo(ratio, 1)
})

test.describe('without end', () => {
  test.use({ engine: 'gradients' })

  test('pictures follow one another, each with a new seed, until one is cancelled', async ({ window }) => {
    await promptField(window).fill('slow waves')
    await setNumber(window, 'Steps', 4)
    await window.getByRole('button', { name: 'Without end' }).click()
    await expect(film(window).nth(1)).toBeVisible()
    await window.keyboard.press('Escape')
    await expect(window.getByRole('button', { name: 'Without end' })).toHaveAttribute('aria-pressed', 'false')
    await expect(window.getByRole('progressbar')).toHaveCount(0)
  })
})

test('looking at a picture’s settings changes none of mine', async ({ window }) => {
  await makePicture(window, 'a blue fish', 3)
  await promptField(window).fill('mine')
  await setNumber(window, 'Steps', 9)
  await film(window).first().click()
  await window.getByRole('button', { name: 'Details' }).click()
  await expect(window.getByRole('complementary').or(window.locator('.details')).first()).toContainText(
    'a blue fish',
  )
  await expect(promptField(window)).toHaveValue('mine')
  await expect(steps(window)).toHaveValue('9')
})
