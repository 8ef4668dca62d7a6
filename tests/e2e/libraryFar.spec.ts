import type { Locator, Page } from '@playwright/test'
import { writeManyPictures } from '../studio/fixtures/manyPictures.ts'
import { expect, generateButton, promptField, test as base } from './studio.ts'

const count = 3000

/** A library of which most is never fetched: "picture 2999" is the newest, "picture 0" the oldest. */
const test = base.extend({
  dataFolder: async ({ dataFolder }, use) => {
    await writeManyPictures(dataFolder, count)
    await use(dataFolder)
  },
})
test.use({ engine: 'gradients' })

const list = (page: Page): Locator => page.getByRole('listbox', { name: 'Pictures' })
const named = (page: Page, number: number): Locator =>
  list(page).getByRole('option', { name: `picture ${number}`, exact: true })
const focused = (page: Page): Locator => page.locator(':focus')

async function openLibrary(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Library' }).click()
  await expect(named(page, count - 1)).toBeVisible()
}

/** As who drags the scroll bar does. */
async function scrollTo(page: Page, share: number): Promise<void> {
  await list(page).evaluate((element, to) => {
    const room = element.parentElement!
    room.scrollTop = to * (room.scrollHeight - room.clientHeight)
  }, share)
}

const inTheMiddle = (page: Page): Locator =>
  list(page)
    .getByRole('option', { name: /^picture 1[45]\d\d$/ })
    .first()

test('any place is one jump away: by the scroll bar, by End and by Home', async ({ window }) => {
  await openLibrary(window)
  await scrollTo(window, 1)
  await expect(named(window, 0)).toBeVisible()
  await expect(named(window, 0)).toHaveAttribute('aria-posinset', String(count))
  await expect(named(window, 0)).toHaveAttribute('aria-setsize', String(count))
  await scrollTo(window, 0.5)
  await expect(inTheMiddle(window)).toBeVisible()
  // What was let go meanwhile comes again.
  await scrollTo(window, 1)
  await expect(named(window, 0)).toBeVisible()
  await scrollTo(window, 0.5)
  await expect(inTheMiddle(window)).toBeVisible()
  await scrollTo(window, 0)
  await named(window, count - 1).focus()
  await window.keyboard.press('End')
  await expect(focused(window)).toHaveAccessibleName('picture 0')
  await window.keyboard.press('ArrowLeft')
  await expect(focused(window)).toHaveAccessibleName('picture 1')
  await window.keyboard.press('Home')
  await expect(focused(window)).toHaveAccessibleName(`picture ${count - 1}`)
  expect(await list(window).getByRole('option').count()).toBeLessThan(100)
})

test('a range is selected over pictures that were never fetched, and thrown away and brought back as one', async ({
  window,
}) => {
  await openLibrary(window)
  await named(window, count - 2).click({ modifiers: ['Control'] })
  await scrollTo(window, 1)
  await named(window, 1).click({ modifiers: ['Shift'] })
  await expect(window.getByText('2,998 selected')).toBeVisible()
  await window.getByRole('toolbar').getByRole('button', { name: 'Move to trash' }).click()
  await expect(window.getByRole('status').filter({ hasText: /^2 pictures$/ })).toBeVisible()
  await expect(list(window).getByRole('option')).toHaveCount(2)
  await window.getByRole('button', { name: 'Undo' }).click()
  await expect(window.getByRole('status').filter({ hasText: '3,000 pictures' })).toBeVisible()
  await scrollTo(window, 0.5)
  await expect(inTheMiddle(window)).toBeVisible()
})

test('the viewer goes on beyond what was fetched, both ways, and gives the keys to the last one seen', async ({
  window,
}) => {
  await openLibrary(window)
  await scrollTo(window, 0.5)
  const first = list(window)
    .getByRole('option', { name: /^picture 1[45]\d\d$/ })
    .first()
  const number = Number((await first.getAttribute('aria-label'))!.split(' ')[1])
  await first.click()
  const viewer = window.getByRole('dialog')
  const shows = (which: number): Promise<void> =>
    expect(viewer.getByRole('heading', { name: `picture ${which}`, exact: true })).toBeAttached()
  await shows(number)
  for (let step = 1; step <= 250; step++) {
    await window.keyboard.press('ArrowRight')
    await shows(number - step)
  }
  for (let step = 1; step <= 500; step++) {
    await window.keyboard.press('ArrowLeft')
    await shows(number - 250 + step)
  }
  await window.keyboard.press('Escape')
  await expect(focused(window)).toHaveAccessibleName(`picture ${number + 250}`)
})

test('what is new waits while somebody looks further down; the anchor of a range stays its picture', async ({
  window,
}) => {
  await openLibrary(window)
  await named(window, count - 3).click({ modifiers: ['Control'] })
  await scrollTo(window, 0.5)
  const name = (await inTheMiddle(window).getAttribute('aria-label'))!
  const before = await window.getByRole('option', { name, exact: true }).boundingBox()

  const other = await window.context().newPage()
  await other.goto(window.url().replace(/#.*/, ''))
  await promptField(other).fill('a newcomer')
  await expect(generateButton(other)).toBeEnabled()
  await other.keyboard.press('Control+Enter')
  const waiting = window.getByRole('button', { name: '1 new picture' })
  await expect(waiting).toBeVisible()
  await other.close()
  expect(await window.getByRole('option', { name, exact: true }).boundingBox()).toEqual(before)
  await waiting.click()
  await expect(list(window).getByRole('option').first()).toHaveAccessibleName('a newcomer')
  await expect(waiting).toBeHidden()
  await named(window, count - 5).click({ modifiers: ['Shift'] })
  await expect(window.getByText('3 selected')).toBeVisible()
  await expect(named(window, count - 2)).toHaveAttribute('aria-selected', 'false')
})
