import type { Locator, Page } from '@playwright/test'
import { generationRequestSchema, type GenerationRequestInput } from '../../src/shared/request/request.ts'
import { newImage, writePictures } from '../studio/fixtures/pictures.ts'
import { violations } from './axe.ts'
import { expect, test as base } from './studio.ts'

const control = { model: 'Depth One', image: { id: 'a'.repeat(64) } }
const asked: GenerationRequestInput[] = [
  { prompt: 'a plain house' },
  { prompt: 'a clear house', negativePrompt: 'blurry, lowres' },
  { prompt: 'a steered house', controls: [control], styles: ['Oil paint'] },
  { prompt: 'a large house', hires: { steps: 12, upscaler: 'RDN-2x' } },
]

/** Pictures that are in the data folder, with what they were made with in their files. */
const test = base.extend({
  dataFolder: async ({ dataFolder }, use) => {
    const images = asked.map((each, index) => {
      const request = { ...newImage(index).request, ...generationRequestSchema.parse(each) }
      return newImage(index, { request: { ...request, seed: index, width: 64, height: 64 } })
    })
    await writePictures(dataFolder, images)
    await use(dataFolder)
  },
})
test.use({ engine: 'gradients' })

const pictures = (page: Page): Locator => page.getByRole('listbox', { name: 'Pictures' }).getByRole('option')
const searchField = (page: Page): Locator => page.getByRole('searchbox', { name: 'Search pictures' })
const suggested = (page: Page): Locator =>
  page.getByRole('listbox', { name: 'Suggestions' }).getByRole('option')

async function openLibrary(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Library' }).click()
  await expect(pictures(page)).toHaveCount(asked.length)
}

test('pictures are found by their negative prompt, styles, ControlNets and second pass', async ({
  window,
}) => {
  await openLibrary(window)
  for (const [search, prompt] of [
    ['negative:blur', 'a clear house'],
    ['control:depth', 'a steered house'],
    ['style="oil paint"', 'a steered house'],
    ['hiressteps>10 upscaler:rdn', 'a large house'],
  ]) {
    await searchField(window).fill(search)
    await expect(pictures(window)).toHaveCount(1)
    await expect(pictures(window)).toHaveAccessibleName(prompt)
  }
  await searchField(window).fill('house -negative:blur -is:hires')
  await expect(pictures(window)).toHaveCount(2)
})

test('the search suggests its parameters, then their values, to be taken by keys or a click', async ({
  window,
}) => {
  await openLibrary(window)
  await searchField(window).pressSequentially('house neg')
  await expect(suggested(window)).toHaveText([/^negative\s*Negative prompt$/])
  expect(await violations(window)).toEqual([])
  await searchField(window).press('ArrowDown')
  await expect(suggested(window)).toHaveAttribute('aria-selected', 'true')
  await searchField(window).press('Enter')
  await expect(searchField(window)).toHaveValue('house negative:')
  await expect(suggested(window)).toHaveCount(0)
  await searchField(window).pressSequentially('low')
  await expect(pictures(window)).toHaveCount(1)

  await searchField(window).fill('')
  await searchField(window).pressSequentially('is:hi')
  await suggested(window).filter({ hasText: 'hires' }).click()
  await expect(searchField(window)).toHaveValue('is:hires ')
  await expect(searchField(window)).toBeFocused()
  await expect(pictures(window)).toHaveCount(1)

  // By what it is called on the screen.
  await searchField(window).fill('')
  await searchField(window).pressSequentially('masked')
  await expect(suggested(window).first()).toContainText('Masked content')
  await searchField(window).press('Escape')
  await expect(suggested(window)).toHaveCount(0)
  await expect(searchField(window)).toHaveValue('masked')

  // What stands behind stays apart.
  await searchField(window).fill(' house')
  await searchField(window).press('Home')
  await searchField(window).pressSequentially('neg')
  await searchField(window).press('ArrowDown')
  await searchField(window).press('Tab')
  await searchField(window).pressSequentially('blur')
  await expect(searchField(window)).toHaveValue('negative:blur house')
  await expect(pictures(window)).toHaveCount(1)
})

test('all parameters are listed beside the saved searches', async ({ window }) => {
  await openLibrary(window)
  await window.getByRole('button', { name: 'Saved searches' }).click()
  await window.getByText('All parameters').click()
  await expect(window.getByRole('term').filter({ hasText: /^maskcontent$/ })).toBeVisible()
  expect(await violations(window)).toEqual([])
})
