import type { Locator, Page } from '@playwright/test'
import { expect, makePicture, promptField, test } from './studio.ts'

test.use({ engine: 'gradients' })

const pictures = (page: Page): Locator => page.getByRole('listbox', { name: 'Pictures' }).getByRole('option')
const focused = (page: Page): Locator => page.locator(':focus')

/** Three pictures, `three` the newest, and the keys on it. */
async function openLibrary(page: Page): Promise<void> {
  for (const prompt of ['one', 'two', 'three']) await makePicture(page, prompt)
  await page.getByRole('link', { name: 'Library' }).press('Enter')
  await expect(pictures(page)).toHaveCount(3)
  await page.keyboard.press('/')
  await expect(page.getByRole('searchbox', { name: 'Search pictures' })).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await expect(focused(page)).toHaveAccessibleName('three')
}

/** Takes back what was thrown away, once that is said. */
async function undo(page: Page): Promise<void> {
  const said = page.getByText('Moved to trash', { exact: true })
  await expect(said).toBeVisible()
  await page.keyboard.press('Control+z')
  await expect(said).toBeHidden()
}

test('a key that is held does its thing once', async ({ window }) => {
  const { keyboard } = window
  const hold = async (key: string): Promise<void> => {
    for (let time = 0; time < 4; time++) await keyboard.down(key)
    await keyboard.up(key)
  }
  await openLibrary(window)
  await hold('Delete')
  await expect(pictures(window)).toHaveCount(2)
  await undo(window)
  // An arrow goes on while it is held.
  await keyboard.press('Home')
  await hold('ArrowRight')
  await expect(focused(window)).toHaveAccessibleName('one')

  await window.getByRole('link', { name: 'Create' }).click()
  await promptField(window).fill('endless')
  await window.getByRole('button', { name: /^Generate/ }).focus()
  await hold('Enter')
  await expect(window.getByRole('progressbar')).toHaveAttribute('aria-valuetext', /Step/)
  await window.getByRole('button', { name: /^Queue/ }).click()
  await expect(window.getByRole('dialog', { name: 'Queue' }).locator('li[data-state]')).toHaveCount(1)
})

test('a tour of the library by keys: they stay where the hands are, whatever goes away', async ({
  window,
}) => {
  const { keyboard } = window
  await openLibrary(window)

  await keyboard.press('ArrowRight')
  await keyboard.press('Delete')
  await expect(focused(window)).toHaveAccessibleName('one')
  await undo(window)
  await expect(pictures(window)).toHaveCount(3)
  await expect(focused(window)).toHaveAccessibleName('one')

  await keyboard.press('Home')
  await expect(focused(window)).toHaveAccessibleName('three')
  await keyboard.press('Space')
  await keyboard.press('t')
  await expect(window.getByRole('textbox', { name: 'Find or write a tag' })).toBeFocused()
  await keyboard.type('nice')
  await keyboard.press('Enter')
  await keyboard.press('Escape')
  await expect(focused(window)).toHaveAccessibleName('three')
  await window.getByRole('button', { name: 'Clear selection' }).press('Enter')
  await expect(focused(window)).toHaveAccessibleName('three')

  await keyboard.press('Enter')
  await expect(window.getByRole('dialog')).toBeVisible()
  await keyboard.press('ArrowRight')
  await keyboard.press('Escape')
  await expect(focused(window)).toHaveAccessibleName('two')
  await keyboard.press('Enter')
  await expect(window.getByRole('dialog')).toBeVisible()
  await keyboard.press('Delete')
  await undo(window)
  await keyboard.press('Escape')
  await expect(pictures(window)).toHaveCount(3)
  await expect(focused(window)).toHaveRole('option')

  const tags = window.getByRole('group', { name: 'Tags' })
  await tags.getByRole('button', { name: /^nice/ }).press('Enter')
  await expect(pictures(window)).toHaveCount(1)
  await expect(focused(window)).toHaveAccessibleName('nice 1')
  await keyboard.press('Enter')
  await expect(pictures(window)).toHaveCount(3)
  await expect(focused(window)).toHaveAccessibleName('nice 1')
})

test('the trash by keys, and a message that is reached by a key', async ({ window }) => {
  const { keyboard } = window
  await openLibrary(window)
  await keyboard.press('Control+a')
  await expect(window.getByText('3 selected')).toBeVisible()
  await keyboard.press('Delete')
  await expect(window.getByRole('heading', { name: 'Every picture you make is kept here' })).toBeVisible()
  await expect(window.getByRole('button', { name: 'Undo', exact: true })).toBeVisible()
  await keyboard.press('F8')
  await expect(focused(window)).toHaveAccessibleName('Undo')
  await keyboard.press('Enter')
  await expect(pictures(window)).toHaveCount(3)

  await pictures(window).last().press('Delete')
  await expect(pictures(window)).toHaveCount(2)
  await window.getByRole('button', { name: 'Trash', exact: true }).press('Enter')
  await expect(pictures(window)).toHaveCount(1)
  await window.getByRole('button', { name: 'Empty trash' }).press('Enter')
  await expect(focused(window)).toHaveAccessibleName('Cancel')
  await keyboard.press('Tab')
  await expect(focused(window)).toHaveAccessibleName('Remove for good')
  await keyboard.press('Enter')
  await expect(window.getByRole('heading', { name: 'The trash is empty' })).toBeVisible()
  // What had opened the question is gone.
  await expect(focused(window)).toHaveAccessibleName('Grids')
})

test('paper is scribbled on by keys, and who goes round a dialog sees where', async ({ window }) => {
  const { keyboard } = window
  await window.getByRole('button', { name: 'Scribble' }).press('Enter')
  const paper = window.getByRole('application', { name: 'Paper to scribble on' })
  await paper.focus()
  await keyboard.press('ArrowLeft')
  await keyboard.press('Enter')
  await expect(window.getByAltText('The picture to start from')).toBeVisible()
  await keyboard.press('Control+,')
  await expect(window.getByRole('dialog', { name: 'Settings' })).toBeVisible()
  await expect(focused(window)).toHaveAccessibleName('Close')
  await keyboard.press('Shift+Tab')
  await expect(focused(window)).toHaveAccessibleName('Third-party licences')
  await expect(focused(window)).toBeInViewport({ ratio: 1 })
  await keyboard.press('Tab')
  await expect(focused(window)).toBeInViewport({ ratio: 1 })
  await keyboard.press('Escape')
  await expect(paper).toBeFocused()
  await expect(promptField(window)).toBeVisible()
})
