import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Page } from '@playwright/test'
import { startServer } from '../../src/studio/server/server.ts'
import { openStudio } from '../../src/studio/studio.ts'
import { findBrowser } from '../browser.ts'
import { buildIfStale } from '../build.ts'
import { median, row } from './report.ts'

/**
 * Live drawing as a person sees it: words are typed into the prompt of the real window on the real server, and what is
 * measured is the time from the last key to the changed picture on the canvas. Nothing is asserted.
 */
const prompts = [
  'a red fox on a hill at sunset',
  'a green dragon on a castle',
  'an orange cat on a red chair',
  'a yellow duck in a blue hat',
  'three red balloons in the sky',
  'a robot in the city',
  'a blue house by the sea',
  'a white horse in the forest',
  'a purple flower in a vase',
]
/** Ms between keys: somebody who types well. */
const keys = 80

buildIfStale()
const dataFolder = await mkdtemp(join(tmpdir(), 'latent-studio-bench-'))
const studio = await openStudio({ dataFolder })
const server = await startServer({ studio })
const browser = await chromium.launch({ executablePath: findBrowser() })
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  await page.goto(server.address)
  await page.getByRole('combobox', { name: 'Model' }).click()
  await page.getByRole('option', { name: 'Starter, 4 steps', exact: true }).click()
  await page.getByRole('button', { name: 'Live', exact: true }).click()
  const waits = []
  for (const prompt of prompts) waits.push(await typed(page, prompt))
  // The first opens the model.
  const [first, ...warm] = waits
  console.log(`live drawing, starter-fast, ${cpus().length} × ${cpus()[0]?.model.trim()}`)
  row('last key to the first draft, model and all', `${first.toFixed(0)} ms`)
  row(`last key to draft, minimum of ${warm.length}`, `${Math.min(...warm).toFixed(0)} ms`)
  row(`last key to draft, median of ${warm.length}`, `${median(warm).toFixed(0)} ms (target under 700)`)
  row('load of the machine, runnable threads', loadavg()[0].toFixed(1))
} finally {
  await browser.close()
  await server.close()
  await studio.close()
  await rm(dataFolder, { recursive: true, force: true })
}

/** Types a prompt, and answers the ms from its last key to a draft of it that is painted. */
async function typed(page: Page, prompt: string): Promise<number> {
  const field = page.getByRole('textbox', { name: 'Prompt', exact: true })
  await field.fill('')
  await page.evaluate(() => {
    document.addEventListener('keydown', () => performance.mark('key'), { capture: true })
  })
  await field.pressSequentially(prompt, { delay: keys })
  return page.evaluate(async (wanted) => {
    const frame = () => new Promise(requestAnimationFrame)
    const draft = () => document.querySelector<HTMLImageElement>('[data-kind="preview"]')
    while (draft()?.alt !== wanted) await frame()
    await draft()!.decode()
    await frame()
    return performance.now() - performance.getEntriesByName('key').at(-1)!.startTime
  }, prompt)
}
