import type { Locator, Page } from '@playwright/test'
import { writeManyPictures } from '../studio/fixtures/manyPictures.ts'
import { closeByEsc, expect, test as base } from './studio.ts'

/** A finger on 360 pixels, the narrowest that there is room in. */
const wide = 360
const test = base.extend({
  dataFolder: async ({ dataFolder }, use) => {
    await writeManyPictures(dataFolder, 12)
    await use(dataFolder)
  },
})
test.use({ engine: 'gradients', viewport: { width: wide, height: 740 }, hasTouch: true, isMobile: true })

const pictures = (page: Page): Locator => page.getByRole('listbox', { name: 'Pictures' }).getByRole('option')
const top = async (locator: Locator): Promise<number> => (await locator.boundingBox())!.y

test('three pictures lie beside each other, are picked by a finger, and what is asked and said has room', async ({
  window,
}) => {
  await window.getByRole('link', { name: 'Library' }).tap()
  await expect(pictures(window)).toHaveCount(12)
  const first = await top(pictures(window).first())
  expect(await top(pictures(window).nth(2))).toBe(first)
  expect(await top(pictures(window).nth(3))).toBeGreaterThan(first)

  const picks = window.getByTitle('Select', { exact: true })
  await expect(picks.first()).toHaveCSS('opacity', '1')
  await picks.first().tap()
  await expect(window.getByText('1 selected')).toBeVisible()
  await window.getByRole('toolbar').getByRole('button', { name: 'Move to trash' }).tap()
  const said = window.getByRole('region', { name: 'Messages' }).getByText('Moved to trash', { exact: true })
  await expect(said).toBeVisible()
  // The words stand in one line.
  expect((await said.boundingBox())!.height).toBeLessThan(30)

  await window.getByRole('button', { name: 'Saved searches' }).tap()
  const searches = window.getByRole('dialog', { name: 'Saved searches' })
  await expect(searches).toBeInViewport({ ratio: 1 })
  await closeByEsc(window, searches)
  await window.getByRole('button', { name: 'Trash', exact: true }).tap()
  await window.getByRole('button', { name: 'Empty trash' }).tap()
  const question = (await window.getByRole('alertdialog').boundingBox())!
  expect(question.x).toBeGreaterThanOrEqual(0)
  expect(question.x + question.width).toBeLessThanOrEqual(wide)
})

test('the models scroll as one page, and are narrowed down where that is asked for', async ({ window }) => {
  await window.getByRole('link', { name: 'Models' }).tap()
  const begin = window.getByRole('heading', { name: 'Use the models you already have' })
  await expect(begin).toBeInViewport()
  const files = window.getByRole('listbox', { name: 'Files' }).getByRole('option')
  await files.last().scrollIntoViewIfNeeded()
  await expect(files.last()).toBeInViewport()
  await expect(begin).not.toBeInViewport()
  // What is searched for is not below all that.
  await window.getByRole('searchbox').fill('no such file')
  await expect(window.getByRole('heading', { name: 'Nothing fits' })).toBeInViewport()
  await window.getByRole('searchbox').fill('')

  const facets = window.getByRole('complementary', { name: 'Narrow the list' })
  await expect(facets).toHaveCount(0)
  await window.getByRole('button', { name: 'Narrow the list' }).tap()
  await expect(facets).toBeVisible()
})
