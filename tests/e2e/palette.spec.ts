import type { Locator, Page } from '@playwright/test'
import { shortcutNames } from '../../src/renderer/keys/shortcuts.ts'
import { violations } from './axe.ts'
import { closeByEsc, expect, makePicture, promptField, setNumber, test } from './studio.ts'

test.use({ engine: 'gradients' })

const palette = (window: Page): Locator => window.getByRole('dialog', { name: 'Commands' })

async function find(window: Page, words: string): Promise<Locator> {
  await window.keyboard.press('Control+k')
  await expect(palette(window).getByRole('textbox')).toBeFocused()
  await window.keyboard.type(words)
  return palette(window).getByRole('option')
}

test('pages, actions, models, settings and prompts are found by a few letters', async ({ window }) => {
  await makePicture(window, 'a lighthouse at dusk')

  await expect((await find(window, 'libr')).first()).toHaveText('Library')
  expect(await violations(window)).toEqual([])
  await window.keyboard.press('Enter')
  await expect(palette(window)).toHaveCount(0)
  await expect(window.getByRole('link', { name: 'Library' })).toHaveAttribute('aria-current', 'page')

  await expect((await find(window, 'theme light')).first()).toHaveText('Theme: Light')
  await window.keyboard.press('Enter')
  await expect(window.locator('html')).toHaveAttribute('data-theme', 'light')

  await expect((await find(window, 'starter-f')).first()).toContainText(/fast|4 steps/i)
  await window.keyboard.press('Enter')
  await expect(window.getByRole('combobox', { name: 'Model' })).toContainText(/fast/i)

  await promptField(window).fill('something else')
  await expect((await find(window, 'lighth')).first()).toHaveText('a lighthouse at dusk')
  await window.keyboard.press('Enter')
  await expect(promptField(window)).toHaveValue('a lighthouse at dusk')

  await (await find(window, 'trash')).first().click()
  await expect(window.getByText('Moved to trash').first()).toBeVisible()
})

test('the picture on the canvas is enlarged as the last one was, by its name alone', async ({ window }) => {
  await makePicture(window, 'a gradient')
  await expect((await find(window, 'upscale')).first()).toHaveText('Upscale: 2 × RDN-2x')
  await window.keyboard.press('Enter')
  await expect(window.getByLabel('Canvas').getByText(/256 × 256/)).toBeVisible()
})

test('settings that were kept are found by their name, and so is what is drawn on', async ({ window }) => {
  const steps = window.getByRole('spinbutton', { name: 'Steps', exact: true })
  await setNumber(window, 'Steps', 7)
  await window.getByRole('button', { name: 'Presets' }).click()
  await window.getByRole('textbox', { name: 'Name of these settings' }).fill('Castles')
  await window.keyboard.press('Enter')
  const kept = window.getByRole('button', { name: 'Castles', exact: true })
  await expect(kept).toBeVisible()
  await closeByEsc(window, kept)
  await setNumber(window, 'Steps', 9)
  await window.getByRole('link', { name: 'Models' }).click()
  await expect((await find(window, 'castl')).first()).toHaveText('Castles')
  await window.keyboard.press('Enter')
  await expect(steps).toHaveValue('7')

  await expect((await find(window, 'scribb')).first()).toHaveText('Scribble')
  await window.keyboard.press('Enter')
  await expect(window.getByRole('region', { name: 'Sketch' })).toBeVisible()
})

test('the palette is closed by Esc, which cancels nothing, and says when nothing fits', async ({
  window,
}) => {
  await expect(await find(window, 'zzqqxx')).toHaveCount(0)
  await expect(palette(window)).toContainText('Nothing has that name')
  await window.keyboard.press('Escape')
  await expect(palette(window)).toHaveCount(0)
})

test('the page of shortcuts lists every shortcut there is', async ({ window }) => {
  await window.getByRole('link', { name: 'Create' }).focus()
  await window.keyboard.press('?')
  const page = window.getByRole('dialog', { name: 'Shortcuts' })
  await expect(page.locator('dt')).toHaveCount(shortcutNames.length)
  await expect(page.locator('.line').filter({ hasText: 'Find a command' })).toContainText('K')
  expect(await violations(window)).toEqual([])
  await window.keyboard.press('Escape')
  await expect(page).toHaveCount(0)

  // Where words are written a question mark is a question mark.
  await promptField(window).fill('')
  await promptField(window).press('?')
  await expect(promptField(window)).toHaveValue('?')
  await expect(page).toHaveCount(0)
})
