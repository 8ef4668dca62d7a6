import type { Page } from '@playwright/test'
import { violations } from './axe.ts'
import {
  choose,
  expect,
  film,
  generateButton,
  makePicture,
  picture,
  promptField,
  setNumber,
  test,
} from './studio.ts'

const facts = (page: Page) => page.getByLabel('Canvas').getByText(/× .* · seed/)

test.beforeEach(async ({ window }) => {
  await setNumber(window, 'Width', 64)
  await setNumber(window, 'Height', 64)
})

test('a second pass and an upscaler are set, used, shown, reset, and taken from a picture again', async ({
  window,
}) => {
  const fold = window.getByRole('button', { name: 'Hires. fix and upscaling' })
  await fold.click()
  const pass = window.getByRole('group', { name: 'Hires. fix' })
  await expect(pass.getByRole('spinbutton')).toHaveCount(0)
  await choose(window, 'Hires. fix', 'Lanczos')
  await expect(pass).toContainText('Drawn again at 128 × 128')
  await setNumber(window, 'Hires scale', 1.5)
  await expect(pass).toContainText('Drawn again at 96 × 96')
  await setNumber(window, 'Hires steps', 2)
  await setNumber(window, 'Hires strength', 0.4)
  await choose(window, 'Hires sampler', 'Euler')
  await window.getByRole('textbox', { name: 'Hires prompt' }).fill('a {red|red} house')
  await choose(window, 'Upscale', 'RDN-2x')
  await expect(window.getByText(/Becomes 192 × 192 · ≈ \d/)).toBeVisible()
  await window.locator('.fields').evaluate((fields) => fields.scrollTo(0, fields.scrollHeight))
  expect(await violations(window)).toEqual([])
  for (const colorScheme of ['dark', 'light'] as const) {
    await window.emulateMedia({ colorScheme })
    await window.screenshot({ path: test.info().outputPath(`larger-${colorScheme}.png`) })
  }

  await makePicture(window, 'a red house')
  await expect(facts(window)).toContainText('192 × 192')
  await window.getByRole('button', { name: 'Details' }).click()
  const details = window.getByRole('complementary', { name: 'Details' })
  await expect(details).toContainText('1.5 × Lanczos · 2 steps · strength 0.4 · Euler')
  await expect(details).toContainText('2 × RDN-2x')
  await expect(details).toContainText('a red house')

  await pass.getByText('Hires. fix').dblclick()
  await expect(pass.getByRole('spinbutton')).toHaveCount(0)
  await choose(window, 'Hires. fix', 'Latent')
  await expect(pass.getByRole('spinbutton', { name: 'Hires strength' })).toHaveValue('0.4')
  await choose(window, 'Hires. fix', 'Off')
  await choose(window, 'Upscale', 'Off')
  await makePicture(window, 'a red house')
  await expect(facts(window)).toContainText('64 × 64')

  await film(window).nth(1).click()
  await details.getByRole('button', { name: 'Use settings' }).click()
  await expect(window.getByRole('combobox', { name: 'Hires. fix' })).toHaveText(/Lanczos/)
  await expect(window.getByRole('textbox', { name: 'Hires prompt' })).toHaveValue('a {red|red} house')
  await expect(window.getByRole('combobox', { name: 'Upscale', exact: true })).toHaveText(/RDN-2x/)
  await window.getByRole('button', { name: 'Start from this' }).first().click()
  await expect(pass).toContainText('Rests while there is a starting picture')
})

test('a picture is enlarged from its menu with the keyboard, and leads back to where it came from', async ({
  window,
}) => {
  await makePicture(window, 'a red house')
  const open = window.getByRole('button', { name: 'Upscale…' })
  await open.focus()
  await window.keyboard.press('Enter')
  const menu = window.getByRole('dialog', { name: 'Upscale…' })
  await expect(menu.getByRole('combobox', { name: 'Upscaler' })).toHaveText(/RDN-2x/)
  await expect(menu).toContainText(/Becomes 128 × 128 · ≈ \d+\.\d s/)
  await setNumber(window, 'Upscale by', 8)
  await expect(menu).toContainText(/Becomes 512 × 512 · ≈ \d/)
  await choose(window, 'Upscaler', 'Lanczos')
  await expect(menu).not.toContainText('≈')
  expect(await violations(window)).toEqual([])
  await window.screenshot({ path: test.info().outputPath('upscale-menu.png') })
  await menu.getByRole('button', { name: 'Upscale', exact: true }).press('Enter')
  await expect(film(window)).toHaveCount(2)
  await expect(facts(window)).toContainText('512 × 512')

  // Eight times as large by a network takes long enough to be stopped in the middle.
  await open.click()
  await choose(window, 'Upscaler', 'RDN-2x')
  await menu.getByRole('button', { name: 'Upscale', exact: true }).click()
  await expect(window.getByRole('progressbar')).toHaveAttribute(
    'aria-valuetext',
    /Enlarging the picture, part/,
  )
  await window.screenshot({ path: test.info().outputPath('enlarging.png') })
  await window.keyboard.press('Escape')
  await expect(window.getByRole('progressbar')).toHaveCount(0)
  await expect(film(window)).toHaveCount(2)

  await window.getByRole('button', { name: 'Details' }).click()
  await window.getByRole('button', { name: 'Show the original' }).click()
  const viewer = window.getByRole('dialog')
  await expect(viewer).toContainText('64 × 64')
  await viewer.getByRole('button', { name: 'Upscale…' }).click()
  await choose(window, 'Upscaler', 'Lanczos')
  await setNumber(window, 'Upscale by', 3)
  await menu.getByRole('button', { name: 'Upscale', exact: true }).click()
  await expect(viewer).toHaveCount(0)
  await expect(film(window)).toHaveCount(3)
  await expect(facts(window)).toContainText('192 × 192')
})

test('a picture that is too large to be made is said so before it is asked for', async ({ window }) => {
  await window.getByRole('button', { name: 'Hires. fix and upscaling' }).click()
  await setNumber(window, 'Width', 2048)
  await setNumber(window, 'Height', 2048)
  await choose(window, 'Upscale', 'RDN-2x')
  await setNumber(window, 'Upscale by', 8)
  await expect(window.getByText(/16384 × 16384 are more pixels than can be made/)).toBeVisible()
  await promptField(window).fill('a house')
  await generateButton(window).click()
  await expect(window.getByRole('alert')).toContainText('bad-request')
  await expect(picture(window)).toHaveCount(0)
})
