// node scripts/readmePictures.ts: takes the README's pictures of the built window, on a studio of its own.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { chromium, type Page } from '@playwright/test'
import type { StudioCalls } from '../src/shared/contract.ts'
import { startServer } from '../src/studio/server/server.ts'
import { openStudio, type Studio } from '../src/studio/studio.ts'
import { findBrowser } from './browser.ts'
import { buildIfStale, root } from './build.ts'

const prompts = [
  'a white boat below a yellow moon at night',
  'three red balloons in the sky',
  'an orange cat on a red chair',
  'a dog in a car',
  'a green dragon on a castle',
  'a yellow duck in a blue hat',
  'a girl riding a horse on the beach',
  'a red fox on a hill at sunset',
]
const seedsEach = 3
const size = { width: 1280, height: 800 }

buildIfStale()
const dataFolder = mkdtempSync(path.join(tmpdir(), 'latent-studio-readme-'))
const studio = await openStudio({ dataFolder })
const server = await startServer({ studio })
const browser = await chromium.launch({ executablePath: findBrowser() })
try {
  await makePictures(studio)
  await picture('create.png', 'dark', '#create', async (page) => {
    await page.getByRole('textbox', { name: 'Prompt', exact: true }).fill(prompts.at(-1)!)
    await page.getByRole('button', { name: 'Details' }).click()
  })
  await picture('library.png', 'light', '#library', async () => {})
  await picture('lab.png', 'dark', '#lab', async (page) => {
    // What the decoder draws once the slider rests.
    await page.locator('.paper img').waitFor()
  })
} finally {
  await browser.close()
  await server.close()
  await studio.close()
  rmSync(dataFolder, { recursive: true })
}

async function makePictures({ calls, subscribe }: Studio): Promise<void> {
  for (let seed = 0; seed < seedsEach; seed++) {
    for (const prompt of prompts) await calls.enqueue({ prompt, seed: seed + 1, model: 'starter-fast' })
  }
  await calls.enqueue({ prompt: prompts.at(-1)!, seed: 4 })
  await new Promise<void>((resolve) => {
    subscribe({
      jobChanged: () => void isQueueEmpty(calls).then((isEmpty) => isEmpty && resolve()),
    })
  })
}

async function isQueueEmpty(calls: StudioCalls): Promise<boolean> {
  return (await calls.jobs()).every(({ state }) => state !== 'queued' && state !== 'running')
}

async function picture(
  name: string,
  colorScheme: 'dark' | 'light',
  place: string,
  prepare: (page: Page) => Promise<void>,
): Promise<void> {
  const page = await browser.newPage({ viewport: size, colorScheme })
  await page.goto(server.address)
  await page.evaluate((hash) => (location.hash = hash), place)
  await page.waitForLoadState('networkidle')
  await prepare(page)
  await page.waitForLoadState('networkidle')
  await page.screenshot({ path: path.join(root, 'docs', name), animations: 'disabled' })
  await page.close()
}
