import { randomBytes } from 'node:crypto'
import path from 'node:path'
import type { Page } from '@playwright/test'
import { startModelSites, type ModelSites } from '../studio/fixtures/modelSites.ts'
import { violations } from './axe.ts'
import { expect, test as base } from './studio.ts'

/** Hugging Face is a server of the test's own, named as a person names a mirror. */
const test = base.extend<{ sites: ModelSites }>({
  sites: async ({}, use) => {
    const sites = await startModelSites()
    process.env.HF_ENDPOINT = sites.huggingface
    await use(sites)
    delete process.env.HF_ENDPOINT
    await sites.close()
  },
  dataFolder: async ({ sites: _, dataFolder }, use) => use(dataFolder),
})

const file = 'model.safetensors'
const section = (page: Page) => page.getByRole('region', { name: 'Downloads' })
const plan = (page: Page) => page.getByRole('group', { name: 'What would be fetched' })
const items = (page: Page) => page.getByRole('list', { name: 'Downloads' }).getByRole('listitem')

async function look(page: Page, link: string): Promise<void> {
  await page.getByRole('link', { name: 'Models' }).click()
  await page.getByLabel('Link to a model, or its name on Hugging Face').fill(link)
  await page.keyboard.press('Enter')
}

test('a link shows what would be fetched, one press fetches it, and the library has it', async ({
  window,
  sites,
  dataFolder,
}) => {
  const { sha } = sites.repository('org/small', {
    files: { [file]: randomBytes(1_500_000), 'x.bin': Buffer.alloc(9) },
  })
  await look(window, 'org/small')
  for (const words of ['1.5 MB', 'mit', sha, path.join(dataFolder, 'models', 'small.safetensors')])
    await expect(plan(window)).toContainText(words)
  expect(sites.asked.filter(({ server }) => server === 'storage')).toEqual([])

  for (const colorScheme of ['dark', 'light'] as const) {
    await window.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    expect(await violations(window), colorScheme).toEqual([])
  }
  await plan(window)
    .getByRole('button', { name: /^Download/ })
    .click()
  await expect(items(window)).toContainText(/Ready: .*small\.safetensors/)
  await expect(plan(window)).toHaveCount(0)

  await look(window, 'org/small')
  await expect(plan(window)).toContainText('You have this already')
  await expect(plan(window).getByRole('button', { name: /^Download/ })).toHaveCount(0)
  await window.getByRole('button', { name: 'Take small out of the list' }).click()
  await expect(items(window)).toHaveCount(0)
})

test('a download is paused and goes on, also after the page was loaded anew, and is cancelled', async ({
  window,
  sites,
}) => {
  sites.repository('org/slow', { files: { [file]: randomBytes(30_000_000) } })
  sites.storing.pace = { bytes: 16_384, pauseMs: 30 }
  await look(window, 'org/slow')
  await plan(window)
    .getByRole('button', { name: /^Download/ })
    .click()
  await expect(items(window)).toContainText(/MB\/s|kB\/s/)
  await window.getByRole('button', { name: 'Pause slow' }).click()
  await expect(items(window)).toContainText('Paused at')
  await window.reload()
  await window.getByRole('link', { name: 'Models' }).click()
  await expect(items(window)).toContainText('Paused at')
  await window.getByRole('button', { name: 'Go on with slow' }).click()
  await expect(items(window)).toHaveAttribute('data-state', 'running')
  await window.getByRole('button', { name: 'Cancel slow, and delete what was fetched' }).click()
  await expect(items(window)).toHaveCount(0)
})

test('what is refused says why, and fetching it anew is one press', async ({ window, sites }) => {
  sites.repository('org/wrong', { files: { [file]: randomBytes(5000) } })
  sites.storing.sends = (bytes) => Buffer.from(bytes).fill(0)
  await look(window, 'org/wrong')
  await plan(window)
    .getByRole('button', { name: /^Download/ })
    .click()
  await expect(items(window).getByRole('alert')).toContainText(/not the promised ones.*bad-download/)
  sites.storing.sends = null
  await window.getByRole('button', { name: 'Fetch wrong anew' }).click()
  await expect(items(window)).toContainText('Ready')
})

test('a gated model asks for a token, which is not shown and can be forgotten', async ({ window, sites }) => {
  sites.repository('org/gated', { files: { [file]: randomBytes(5000) }, token: 'hf_secret', gated: true })
  await look(window, 'org/gated')
  await expect(plan(window).getByRole('button', { name: /^Download/ })).toBeDisabled()
  const field = plan(window).getByLabel('Hugging Face token')
  await expect(field).toHaveAttribute('type', 'password')
  await field.fill('hf_secret')
  await plan(window).getByRole('button', { name: 'Use' }).click()
  await plan(window)
    .getByRole('button', { name: /^Download/ })
    .click()
  await expect(items(window)).toContainText('Ready')
  expect(await window.content()).not.toContain('hf_secret')
  await window.getByRole('button', { name: 'Forget the Hugging Face token' }).click()
  await expect(section(window)).not.toContainText('known until')
})

test('several files behind a link are offered one by one, and first models are at hand', async ({
  window,
  sites,
}) => {
  const files = { 'a.safetensors': randomBytes(2000), 'b.safetensors': randomBytes(3000) }
  sites.repository('org/many', { files })
  await look(window, 'org/many')
  await expect(plan(window)).toContainText('Which one?')
  await plan(window)
    .getByRole('button', { name: /b\.safetensors/ })
    .click()
  await expect(plan(window).getByRole('button', { name: 'Download 3 kB' })).toBeVisible()
  await section(window).getByText('Good first models').click()
  await expect(section(window)).toContainText(/Stable Diffusion 1\.5\s*2\.13 GB · CreativeML Open RAIL-M/)
  await look(window, 'no link')
  await expect(section(window).getByRole('alert')).toContainText('This is no link to a model')
})
