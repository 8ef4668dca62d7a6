import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Page } from '@playwright/test'
import sharp from 'sharp'
import { violations } from './axe.ts'
import {
  choose,
  chooseLanguage,
  closeByEsc,
  expect,
  generateButton,
  promptField,
  setNumber,
  test,
} from './studio.ts'

const values = (page: Page, axis: string) => page.getByRole('textbox', { name: `Values of ${axis}` })
const table = (page: Page) => page.getByRole('grid')
/** What else a cell says of itself stands behind its name. */
const cell = (page: Page, name: string) =>
  table(page).getByRole('button', { name: new RegExp(`^${name.replaceAll('+', '\\+')}( \\d+ steps)?$`) })
/** Cells that show a picture of the history. */
const pictures = (page: Page) => table(page).locator('img[src^="/images"], img[src^="/thumbnails"]')

/** The fold of the grid, with two axes written: colours across, steps down. */
async function writeGrid(page: Page): Promise<void> {
  await promptField(page).fill('a red house')
  await setNumber(page, 'Width', 64)
  await setNumber(page, 'Height', 64)
  await setNumber(page, 'Steps', 6)
  await page.getByRole('button', { name: 'Grid', exact: true }).click()
  await page.getByRole('radio', { name: 'A grid' }).click()
  await expect(page.getByText('Choose what X, Y or Z changes.')).toBeVisible()
  await choose(page, 'X changes', 'Prompt S/R')
  await expect(page.getByText('Choose what X, Y or Z changes.')).toHaveCount(0)
  await values(page, 'X').fill('red, blue, "green, dark"')
  await choose(page, 'Y changes', 'Sampler')
  await values(page, 'Y').fill('Euler, DPM++ 2M')
}

const makeButton = (page: Page) => page.getByRole('button', { name: /^Make (the grid|\d+ picture)/ })

/** In the studio's page as it is, in both themes and in Chinese. */
async function pictureOf(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme })
    await page.screenshot({ path: test.info().outputPath(`${name}-${colorScheme}.png`) })
  }
}

test('a grid is written, what an axis does not take is said at once, and it is tried in few steps', async ({
  window,
}) => {
  await writeGrid(window)
  await expect(makeButton(window)).toHaveText(/Make 6 pictures/)
  await values(window, 'Y').fill('Euler, Eulr')
  await expect(window.getByRole('alert')).toContainText('Y (Sampler, "Eulr"): there is no sampler called')
  await expect(makeButton(window)).toBeDisabled()
  await values(window, 'Y').fill('Euler, DPM++ 2M')
  await setNumber(window, 'First try', 2)
  await window.locator('.fields').evaluate((fields) => fields.scrollTo(0, fields.scrollHeight))
  await expect(makeButton(window)).toBeEnabled()
  expect(await violations(window)).toEqual([])
  await pictureOf(window, 'grid-fields')

  await makeButton(window).click()
  await expect(table(window)).toContainText('green, dark')
  await expect(pictures(window)).toHaveCount(6)
  await expect(window.getByRole('status').filter({ hasText: '6 of 6' })).toBeVisible()
  await expect(cell(window, 'blue · Euler')).toContainText('2 steps')
  expect(await violations(window)).toEqual([])
  await pictureOf(window, 'grid')
})

test('of a tried grid cells are picked with the keyboard, finished, looked at and saved', async ({
  window,
}) => {
  await writeGrid(window)
  await setNumber(window, 'First try', 2)
  await expect(makeButton(window)).toHaveText(/Make 6 pictures/)
  await window.keyboard.press('Control+Enter')
  await expect(window.getByRole('status').filter({ hasText: '6 of 6' })).toBeVisible()
  // With the keyboard: to the second cell, which is picked, as is the one below it.
  await cell(window, 'red · Euler').focus()
  await window.keyboard.press('End')
  await expect(cell(window, 'green, dark · DPM++ 2M')).toBeFocused()
  await window.keyboard.press('Home')
  await expect(cell(window, 'red · Euler')).toBeFocused()
  await window.keyboard.press('ArrowRight')
  await window.keyboard.press(' ')
  await window.keyboard.press('ArrowDown')
  await window.keyboard.press(' ')
  await expect(cell(window, 'blue · DPM++ 2M')).toHaveAttribute('aria-pressed', 'true')
  await window.getByRole('button', { name: 'Finish 2 picked' }).click()
  await expect(cell(window, 'blue · Euler')).not.toContainText('2 steps')
  await expect(cell(window, 'blue · DPM++ 2M')).not.toContainText('2 steps')
  await expect(cell(window, 'red · Euler')).toContainText('2 steps')
  await expect(window.getByRole('button', { name: 'Finish all 4' })).toBeVisible()

  await cell(window, 'blue · Euler').click()
  const viewer = window.getByRole('dialog')
  await expect(viewer).toContainText('a blue house')
  await expect(viewer).toContainText('column 2, row 1, sheet 1')
  await window.keyboard.press('ArrowRight')
  await expect(viewer).toContainText('a green, dark house')
  await viewer.getByRole('button', { name: 'Show the grid' }).click()
  await expect(viewer).toHaveCount(0)
  await expect(pictures(window)).toHaveCount(6)

  const save = async (format: string): Promise<Buffer> => {
    await window.getByRole('button', { name: 'Save as' }).click()
    const download = window.waitForEvent('download')
    await window.getByRole('menuitem', { name: format }).click()
    return readFileSync(await (await download).path())
  }
  const { width, height } = await sharp(await save('Labelled picture')).metadata()
  expect(width).toBeGreaterThan(3 * 64)
  expect(height).toBeGreaterThan(2 * 64)
  const page = (await save('Web page')).toString()
  expect(page.match(/<img src="data:image\/webp;base64,/g)).toHaveLength(6)
  expect(page).toContain('a blue house\nSteps: 6, Sampler: Euler')
  expect(page).not.toMatch(/<script|https?:/)
})

test.describe('with an engine that goes on until it is stopped', () => {
  test.use({ engine: 'gradients' })

  test('a grid is stopped, its missing cells are made, and it is found in the library', async ({
    window,
    dataFolder,
  }) => {
    await writeGrid(window)
    await promptField(window).fill('an endless house')
    await values(window, 'X').fill('endless, blue')
    await expect(makeButton(window)).toHaveText(/Make 4 pictures/)
    await window.keyboard.press('Control+Enter')
    await window.getByRole('button', { name: 'Stop the grid' }).click()
    const missing = window.getByRole('button', { name: 'Make 4 missing' })
    await expect(missing).toBeVisible()
    await window.screenshot({ path: test.info().outputPath('stopped.png') })
    await window.reload()
    await missing.click()
    await window.getByRole('button', { name: 'Stop the grid' }).click()
    await expect(missing).toBeVisible()
    for (const name of ['blue · Euler Not made', 'blue · DPM++ 2M Not made'])
      await table(window).getByRole('button', { name, exact: true }).click()
    await window.getByRole('button', { name: 'Finish 2 picked' }).click()
    await expect(pictures(window)).toHaveCount(2)
    await expect(window.getByRole('button', { name: 'Make 2 missing' })).toBeVisible()
    const made = readdirSync(dataFolder, { recursive: true }).filter((name) =>
      /images.*\.png$/.test(String(name)),
    )
    expect(made).toHaveLength(2)

    await window.getByRole('link', { name: 'Library' }).first().click()
    await window.getByRole('link', { name: 'Grids' }).click()
    await expect(window.getByRole('main')).toContainText('Prompt S/R × Sampler')
    await expect(window.getByRole('main')).toContainText('2 of 4')
    expect(await violations(window)).toEqual([])
    await pictureOf(window, 'grids')
    await window.getByText('Prompt S/R × Sampler').click()
    await expect(pictures(window)).toHaveCount(2)

    await window.getByRole('button', { name: 'Use this grid' }).click()
    await expect(values(window, 'X')).toHaveValue('endless, blue')
    await expect(makeButton(window)).toHaveText(/Make 4 pictures/)
    await window.getByRole('radio', { name: 'One picture' }).click()
    await expect(generateButton(window)).toBeEnabled()
    await window.goBack()
    await window.getByRole('button', { name: 'Remove the grid' }).click()
    await window.getByRole('alertdialog').getByRole('button', { name: 'Remove the grid' }).click()
    await expect(window.getByText('Compare at a glance')).toBeVisible()
  })
})

test('a grid of three axes, in Chinese', async ({ window }) => {
  await window.emulateMedia({ colorScheme: 'dark' })
  await writeGrid(window)
  await choose(window, 'Z changes', 'Guidance')
  await values(window, 'Z').fill('1-8 [2]')
  await expect(makeButton(window)).toHaveText(/Make 12 pictures/)
  await window.getByRole('button', { name: 'Settings' }).click()
  await chooseLanguage(window, '中文')
  await closeByEsc(window, window.getByRole('dialog'))
  await expect(window.getByRole('button', { name: /^生成 12 张图片/ })).toBeVisible()
  await window.locator('.fields').evaluate((fields) => fields.scrollTo(0, fields.scrollHeight))
  await window.screenshot({ path: test.info().outputPath('fields-zh.png') })
  await window.keyboard.press('Control+Enter')
  await expect(table(window)).toHaveCount(2)
  await expect(pictures(window)).toHaveCount(12)
  await expect(window.getByRole('heading', { name: '引导强度: 8' })).toBeVisible()
  await window.screenshot({ path: test.info().outputPath('grid-zh.png') })
})

test('every picture of a folder is a start picture of its own', async ({ window }) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'latent-studio-folder-'))
  for (const [name, background] of [
    ['hill.png', '#20a040'],
    ['sea.png', '#2040c0'],
  ] as const)
    await sharp({ create: { width: 64, height: 64, channels: 3, background } }).toFile(
      path.join(folder, name),
    )
  writeFileSync(path.join(folder, 'notes.txt'), 'no picture')
  writeFileSync(path.join(folder, 'broken.png'), 'no picture')
  await promptField(window).fill('a red house')
  await setNumber(window, 'Width', 64)
  await setNumber(window, 'Height', 64)
  await setNumber(window, 'Steps', 3)
  await window.getByRole('button', { name: 'Grid', exact: true }).click()
  await window.getByRole('radio', { name: 'A grid' }).click()
  await choose(window, 'X changes', 'Start picture')
  await window.locator('input[webkitdirectory]').setInputFiles(folder)
  await expect(window.getByRole('button', { name: '2 pictures', exact: true })).toBeVisible()
  const leftOut = 'Left out, as no picture could be read from it: broken.png'
  await expect(window.getByText(leftOut, { exact: true })).toBeVisible()
  await choose(window, 'Y changes', 'Strength')
  await values(window, 'Y').fill('0.3, 0.7')
  await expect(makeButton(window)).toHaveText(/Make 4 pictures/)
  await window.locator('.fields').evaluate((fields) => fields.scrollTo(0, fields.scrollHeight))
  expect(await violations(window)).toEqual([])
  await window.screenshot({ path: test.info().outputPath('folder.png') })
  await makeButton(window).click()
  await expect(cell(window, 'sea.png · Strength: 0.7')).toBeVisible()
  await expect(pictures(window)).toHaveCount(4)
  rmSync(folder, { recursive: true })
})
