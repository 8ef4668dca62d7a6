// node scripts/readmePictures.ts: takes the README's pictures of the built window, on a studio of its own.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { chromium, type Page } from '@playwright/test'
import sharp from 'sharp'
import type { StudioCalls } from '../src/shared/calls/contract.ts'
import { startServer } from '../src/studio/server/server.ts'
import { openStudio, type Studio } from '../src/studio/studio.ts'
import {
  writeEmbedding,
  writeLora,
  writeT2iAdapter,
  writeVae,
} from '../tests/studio/fixtures/adapterFiles.ts'
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
    await page.getByText('8 / 75').waitFor()
    await page.getByRole('button', { name: 'Details' }).click()
  })
  await picture('library.png', 'light', '#library', async () => {})
  await addOwnFiles(studio)
  await picture('models.png', 'dark', '#models', async (page) => {
    await page.getByRole('option', { name: /^foxes/ }).click()
    await page.getByRole('button', { name: 'red fox', exact: true }).waitFor()
  })
  await picture('lab.png', 'dark', '#lab', async (page) => {
    // What the decoder draws once the slider rests.
    await page.locator('.paper img').waitFor()
  })
  await picture('lab-attention.png', 'dark', '#lab/attention', async (page) => {
    await page
      .getByRole('group', { name: 'Words of the prompt' })
      .getByRole('button', { name: 'fox' })
      .click()
    await page.getByRole('img', { name: /^“fox”/ }).waitFor()
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

/** A folder as AUTOMATIC1111 has it, with small files of the kinds that people own and pictures beside them. */
async function addOwnFiles({ calls }: Studio): Promise<void> {
  const folder = path.join(dataFolder, 'stable-diffusion-webui')
  const place = (name: string): string => {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
    return path.join(folder, name)
  }
  writeFileSync(place('webui.py'), '')
  writeFileSync(place('modules/shared.py'), '')
  const loras = { foxes: 'red fox, hill', boats: 'white boat, moon', dragons: 'green dragon, castle' }
  for (const [index, [name, words]] of Object.entries(loras).entries()) {
    const metadata = { 'modelspec.trigger_phrase': words, ss_base_model_version: 'sd_v1' }
    writeLora(place(`models/Lora/${name}.safetensors`), 1 + index / 3, metadata)
    const { items } = await calls.history({ search: words.split(',')[0], limit: 1 })
    await sharp(items[0].path).toFile(place(`models/Lora/${name}.preview.png`))
  }
  writeVae(place('models/VAE/contrast.safetensors'))
  writeT2iAdapter(place('models/ControlNet/edges.safetensors'), 1.1)
  writeEmbedding(place('embeddings/moody.safetensors'))
  await calls.changeSettings({ modelFolders: [folder] })
  await calls.files()
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
  // What is new is told once, and is no part of a picture.
  const told = page.getByRole('button', { name: 'Dismiss' })
  if (await told.isVisible()) await told.click()
  await prepare(page)
  // What lies under the pointer looks otherwise.
  await page.mouse.move(0, 0)
  await page.waitForLoadState('networkidle')
  await page.screenshot({ path: path.join(root, 'docs', name), animations: 'disabled' })
  await page.close()
}
