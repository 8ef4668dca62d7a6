import type { Locator, Page } from '@playwright/test'
import { expect, film, makePicture, picture, promptField, setNumber, test } from './studio.ts'

test.use({ engine: 'gradients' })

const pictures = (page: Page): Locator => page.getByRole('listbox', { name: 'Pictures' }).getByRole('option')

async function openLibrary(page: Page, ...prompts: string[]): Promise<void> {
  for (const prompt of prompts) await makePicture(page, prompt)
  await page.getByRole('link', { name: 'Library' }).click()
  await expect(pictures(page)).toHaveCount(prompts.length)
}

test('words of the prompt find a picture', async ({ window }) => {
  await openLibrary(window, 'a red house', 'a blue house', 'a blue fish')
  const search = window.getByRole('searchbox', { name: 'Search pictures' })
  await search.fill('blue')
  await expect(pictures(window)).toHaveCount(2)
  await search.fill('blue hou')
  await expect(pictures(window)).toHaveCount(1)
  await expect(pictures(window)).toHaveAccessibleName('a blue house')
  await search.fill('elephant')
  await expect(window.getByRole('heading', { name: 'No picture is like this' })).toBeVisible()
  await search.press('Escape')
  await expect(pictures(window)).toHaveCount(3)
})

test('a picture goes to the trash at once, and Undo brings it back', async ({ window }) => {
  await makePicture(window, 'a red house')
  await window.getByRole('button', { name: 'Move to trash' }).click()
  await expect(film(window)).toHaveCount(0)
  await window.getByRole('button', { name: 'Undo' }).click()
  await expect(film(window)).toHaveCount(1)
  await expect(picture(window)).toHaveAttribute('alt', 'a red house')
})

test('the trash gives back what is chosen and asks before it is emptied', async ({ window }) => {
  await openLibrary(window, 'one', 'two', 'three')
  await pictures(window)
    .first()
    .click({ modifiers: ['Control'] })
  await pictures(window).nth(1).click()
  await window.getByRole('button', { name: 'Move to trash' }).click()
  await expect(pictures(window)).toHaveCount(1)

  await window.getByRole('button', { name: 'Trash', exact: true }).click()
  await expect(pictures(window)).toHaveCount(2)
  await pictures(window)
    .first()
    .click({ modifiers: ['Control'] })
  await window.getByRole('button', { name: 'Restore' }).click()
  await expect(pictures(window)).toHaveCount(1)

  await window.getByRole('button', { name: 'Empty trash' }).click()
  const question = window.getByRole('alertdialog', { name: 'Remove 1 picture for good?' })
  await question.getByRole('button', { name: 'Cancel' }).click()
  await expect(pictures(window)).toHaveCount(1)
  await window.getByRole('button', { name: 'Empty trash' }).click()
  await question.getByRole('button', { name: 'Remove for good' }).click()
  await expect(window.getByRole('heading', { name: 'The trash is empty' })).toBeVisible()
  await window.getByRole('button', { name: 'Back to the pictures' }).click()
  await expect(pictures(window)).toHaveCount(2)
})

test('the viewer goes from picture to picture and takes settings over', async ({ window }) => {
  await openLibrary(window, 'first', 'second')
  await pictures(window).first().click()
  const viewer = window.getByRole('dialog')
  await expect(viewer.getByRole('img', { name: 'second' })).toBeVisible()
  await window.keyboard.press('ArrowRight')
  await expect(viewer.getByRole('img', { name: 'first' })).toBeVisible()
  await expect(viewer.getByRole('button', { name: 'Next picture' })).toBeDisabled()
  await viewer.getByRole('button', { name: 'Use settings' }).click()
  await expect(promptField(window)).toHaveValue('first')
})

test('the history is long: only what is in sight exists, and scrolling brings the rest', async ({
  window,
}) => {
  await setNumber(window, 'Steps', 1)
  await setNumber(window, 'Pictures', 64)
  for (let round = 0; round < 2; round++) {
    await promptField(window).fill(`round ${round}`)
    await window.keyboard.press('Control+Enter')
  }
  await window.getByRole('link', { name: 'Library' }).click()
  await expect(window.getByRole('status')).toHaveText('128 pictures', { timeout: 200_000 })
  expect(await pictures(window).count()).toBeLessThan(80)
  await pictures(window).first().focus()
  await expect(async () => {
    await window.keyboard.press('End')
    await expect(window.locator(':focus')).toHaveAccessibleName('round 0', { timeout: 1000 })
  }).toPass()
})
