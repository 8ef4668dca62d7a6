import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Page } from '@playwright/test'
import sharp from 'sharp'
import { findBrowser } from '../../scripts/browser.ts'
import { imageMetadata } from '../../src/studio/metadata/imageMetadata.ts'
import { pngWithText } from '../../src/studio/metadata/pngText.ts'
import { imageFileName, imageName } from '../../src/studio/pictures/imageFiles.ts'
import { writeLora } from '../studio/fixtures/adapterFiles.ts'
import { newImage } from '../studio/fixtures/pictures.ts'
import { expect, film, generateButton, picture, promptField, test } from './studio.ts'

/**
 * The main screens beside pictures of them that are kept in `screens/`. Letters are drawn otherwise by every browser, so
 * they are compared in the very one that drew them, whose version `screens/drawnBy.txt` names, and elsewhere skipped.
 * CONTRIBUTING says how they are drawn anew.
 */
const drawnBy = path.join(import.meta.dirname, 'screens', 'drawnBy.txt')

const day = 86_400_000
const prompts = ['a red fox on a hill at sunset', 'a white boat at night', 'three balloons in the sky']

/** Pictures of fixed days, and a folder with a file of every program's kind. */
async function writeData(dataFolder: string): Promise<void> {
  const models = path.join(dataFolder, 'models of mine')
  mkdirSync(models)
  writeLora(path.join(models, 'foxes.safetensors'), 1, { 'modelspec.trigger_phrase': 'red fox' })
  const settings = { modelFolders: [models], knownNews: 99, language: 'en' }
  writeFileSync(path.join(dataFolder, 'settings.json'), JSON.stringify(settings))
  for (let index = 0; index < 9; index++) await writePicture(dataFolder, index)
}

async function writePicture(dataFolder: string, index: number): Promise<void> {
  const [width, height] = [
    [128, 128],
    [192, 128],
    [128, 192],
  ][index % 3]
  const [jobId, createdAt] = [`0badcafe-0000-4000-8000-00000000000${index}`, 1_760_000_000_000 + index * day]
  const id = imageName({ id: jobId, createdAt }, 0)
  const { request } = newImage(index)
  const { file, ...record } = newImage(index, {
    ...{ id, jobId, createdAt, width, height, file: imageFileName(id) },
    request: { ...request, prompt: prompts[index % prompts.length], width, height },
  })
  const tone = { r: 60 + 20 * index, g: 120, b: 200 - 20 * index }
  const sun = { create: { width: 48, height: 48, channels: 3, background: '#f0e0b0' } } as const
  const png = await sharp({ create: { width, height, channels: 3, background: tone } })
    .composite([{ input: sun, left: 20 + 5 * index, top: 24 }])
    .png()
    .toBuffer()
  const place = path.join(dataFolder, 'images', file)
  mkdirSync(path.dirname(place), { recursive: true })
  writeFileSync(place, pngWithText(png, imageMetadata(record)))
}

/** On a folder with pictures of before. */
const testWithPictures = test.extend({
  dataFolder: async ({ dataFolder }, use) => {
    await writeData(dataFolder)
    await use(dataFolder)
  },
})

test.use({
  colorScheme: 'dark',
  timezoneId: 'UTC',
  // Without what a system's settings make of letters.
  launchOptions: {
    executablePath: findBrowser(),
    args: ['--font-render-hinting=none', '--disable-lcd-text'],
  },
})

test.beforeEach(({ browser, surface }, { config }) => {
  const here = `Chromium ${browser.version()} on ${process.platform}\n`
  if (['all', 'changed'].includes(config.updateSnapshots)) writeFileSync(drawnBy, here)
  const there = readFileSync(drawnBy, 'utf8')
  test.skip(surface !== 'browser' || here !== there, `drawn by ${there.trim()}; this is ${here.trim()}`)
})

/**
 * What a processor rounds otherwise may differ at the edge of a form; a letter that moved is more. The estimate has signs that
 * the window's own font lacks, which every system draws otherwise.
 */
async function looksAsKept(page: Page, name: string, changing: readonly string[] = []): Promise<void> {
  await page.mouse.move(0, 0)
  await expect.soft(page).toHaveScreenshot(`${name}.png`, {
    maxDiffPixels: 50,
    mask: ['[role=note]', ...changing].map((place) => page.locator(place)),
  })
}

test.describe('with pictures painted at once', () => {
  test.use({ engine: 'gradients' })

  test('Create looks as it did before its first picture', async ({ window }) => {
    await expect(window.getByRole('heading', { name: 'Describe a picture' })).toBeVisible()
    await looksAsKept(window, 'create-empty')
  })

  testWithPictures('Create, the queue, the library and the models look as they did', async ({ window }) => {
    await window.getByRole('button', { name: 'Dismiss' }).click()
    await expect(film(window)).toHaveCount(9)
    await window.getByRole('button', { name: 'Details' }).click()
    await expect(picture(window)).toBeVisible()
    await looksAsKept(window, 'create')
    await window.emulateMedia({ colorScheme: 'light' })
    await looksAsKept(window, 'create-light')
    await window.emulateMedia({ colorScheme: 'dark' })
    await window.getByRole('button', { name: 'Details' }).click()
    await window.getByRole('link', { name: 'Library' }).click()
    await expect(window.getByRole('listbox', { name: 'Pictures' }).getByRole('option')).toHaveCount(9)
    // Beside the count stands for a moment how many are still looked at.
    await expect(window.locator('p', { hasText: '9 pictures' })).toHaveText('9 pictures')
    await looksAsKept(window, 'library')
    await window.getByRole('link', { name: 'Models' }).click()
    await expect(window.getByRole('listbox', { name: 'Files' }).getByRole('option')).toHaveCount(4)
    await looksAsKept(window, 'models', ['.facets bdi'])
    await window.getByRole('link', { name: 'Create' }).click()
    await promptField(window).fill('an endless road')
    for (let job = 0; job < 3; job++) await generateButton(window).click()
    await expect(window.getByRole('progressbar')).toHaveAttribute('aria-valuetext', /Step 1/)
    await window.getByRole('button', { name: /^Queue/ }).click()
    await expect(window.locator('.queue .preview')).toBeVisible()
    // How long it all takes is as wide as its words: all of its line is left out.
    await looksAsKept(window, 'queue', ['.queue .head', '.queue .quiet-text', '.caption .words'])
  })
})

testWithPictures('the first page of the Lab looks as it did', async ({ window }) => {
  await window.getByRole('button', { name: 'Dismiss' }).click()
  await window.getByRole('link', { name: 'Lab' }).click()
  await expect(window.locator('.paper img')).toBeVisible()
  await looksAsKept(window, 'lab', ['.paper'])
})
