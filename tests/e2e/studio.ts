import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { _electron, test as base, expect, type Locator, type Page } from '@playwright/test'
import { root } from '../../scripts/build.ts'
import { electronBinary } from '../../scripts/electron.ts'
import { startServer } from '../../src/studio/server/server.ts'
import { openStudio } from '../../src/studio/studio.ts'
import { startApp } from '../main/app.ts'

export { expect }

/** Where the window is: a browser's page on the real server, Electron, or the stand-in for it (tests/main). */
export type Surface = 'browser' | 'electron' | 'standIn'

interface Options {
  surface: Surface
  /** `gradients` paints at once and misbehaves on certain words (tests/studio/fixtures/engine.ts). */
  engine: 'real' | 'gradients'
}

/** Every test gets a window on a studio of its own, with an empty data folder. An error in its console fails the test. */
export const test = base.extend<Options & { dataFolder: string; window: Page }>({
  surface: ['browser', { option: true }],
  engine: ['real', { option: true }],

  dataFolder: async ({}, use) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'latent-studio-e2e-'))
    await use(folder)
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  },

  window: async ({ surface, engine, dataFolder, page }, use, testInfo) => {
    testInfo.skip(surface !== 'browser' && engine !== 'real', 'the app has only its real engine')
    const opened = await {
      browser: () => openInBrowser(page, dataFolder, engine),
      electron: () => openInElectron(dataFolder),
      standIn: () => openInStandIn(dataFolder),
    }[surface]()
    const complaints = listenForComplaints(opened.page)
    await expect(generateButton(opened.page)).toBeEnabled()
    await use(opened.page)
    await opened.close()
    expect(complaints, 'errors in the console').toEqual([])
  },
})

async function openInBrowser(page: Page, dataFolder: string, engine: Options['engine']) {
  const enginePath = path.join(root, 'tests', 'studio', 'fixtures', 'engine.ts')
  const studio = await openStudio({
    dataFolder,
    followFolders: true,
    ...(engine === 'gradients' && { enginePath }),
  })
  const server = await startServer({ studio })
  await page.goto(server.address)
  const close = async (): Promise<void> => {
    await page.close()
    await server.close()
    await studio.close()
  }
  return { page, close }
}

async function openInElectron(dataFolder: string) {
  const env = { ...(process.env as Record<string, string>), LATENT_STUDIO_DATA: dataFolder }
  const args = process.getuid?.() === 0 ? [root, '--no-sandbox'] : [root]
  const app = await _electron.launch({ executablePath: electronBinary()!, args, env })
  return { page: await app.firstWindow(), close: () => app.close() }
}

async function openInStandIn(dataFolder: string) {
  const { page, stop } = await startApp(dataFolder)
  return { page, close: stop }
}

function listenForComplaints(page: Page): string[] {
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error' && !isExpected(message.location().url)) complaints.push(message.text())
  })
  return complaints
}

/** A starting picture or a list may be refused. */
const isExpected = (url: string): boolean => /\/(?:inputs|lists)(\/|$)/.test(url)

export const generateButton = (page: Page): Locator =>
  page.getByRole('button', { name: /^(Generate|Add to queue)/ })

/** One of an open list, by its own words: what is noted beside them belongs to its name too. */
export const optionOf = (page: Page, words: string): Locator =>
  page.getByRole('option').filter({ has: page.getByText(words, { exact: true }) })

/** Chooses from a list of names. The list is gone then, and takes neither keys nor the focus from what comes next. */
export async function choose(page: Page, list: string, option: string): Promise<void> {
  await page.getByRole('combobox', { name: list, exact: true }).click()
  await optionOf(page, option).click()
  await expect(optionOf(page, option)).toHaveCount(0)
}

export const chooseModel = (page: Page, model: string): Promise<void> => choose(page, 'Model', model)
/** In the open settings. */
export const chooseLanguage = (page: Page, name: string): Promise<void> => choose(page, 'Language', name)

/** Closes by Esc what lies on top, and waits until it is gone and the focus is back. */
export async function closeByEsc(page: Page, layer: Locator): Promise<void> {
  await page.keyboard.press('Escape')
  await expect(layer).toHaveCount(0)
  // A dialog gives the focus back in a task of its own.
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve)))
}

export const promptField = (page: Page): Locator => page.getByRole('textbox', { name: 'Prompt', exact: true })
export const film = (page: Page): Locator =>
  page.getByRole('listbox', { name: 'Recent pictures' }).getByRole('option')
/** The finished picture on the canvas. */
export const picture = (page: Page): Locator => page.getByLabel('Canvas').locator('[data-kind="picture"]')

export async function setNumber(page: Page, name: string, value: number): Promise<void> {
  const field = page.getByRole('spinbutton', { name, exact: true })
  await field.fill(String(value))
  await field.press('Enter')
}

/** What depends on no size is soonest seen of small pictures. */
export async function setSize(page: Page, side: number): Promise<void> {
  await setNumber(page, 'Width', side)
  await setNumber(page, 'Height', side)
}

/** Asks for one picture in few steps and waits until it lies on the canvas. */
export async function makePicture(page: Page, prompt: string, steps = 2): Promise<void> {
  const before = await film(page).count()
  await promptField(page).fill(prompt)
  await setNumber(page, 'Steps', steps)
  await page.keyboard.press('Control+Enter')
  await expect(film(page)).toHaveCount(before + 1)
  // A picture that was picked lies on the canvas until the studio has answered.
  await expect(film(page).first()).toHaveAttribute('aria-selected', 'true')
  await expect(page.getByRole('progressbar')).toHaveCount(0)
  await expect(picture(page)).toBeVisible()
}

/** The text that a press on a button copies. */
export async function copiedBy(button: Locator): Promise<string> {
  const read = (): Promise<string> => button.page().evaluate(() => navigator.clipboard.readText())
  await button.page().evaluate(() => navigator.clipboard.writeText(''))
  await button.click()
  await expect.poll(read).not.toBe('')
  return read()
}

/** SHA-256 of the pixels of a picture the page shows. */
export async function pixelsOf(image: Locator): Promise<string> {
  const source = await image.getAttribute('src')
  return image.page().evaluate(async (url) => {
    const bitmap = await createImageBitmap(await (await fetch(url)).blob())
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!
    context.drawImage(bitmap, 0, 0)
    const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height)
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', data))
    return [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  }, source!)
}
