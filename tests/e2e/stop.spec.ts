import type { Page } from '@playwright/test'
import { expect, film, generateButton, picture, promptField, setNumber, setSize, test } from './studio.ts'

/** A list stays in the page for as long as it fades: here long enough to press a key meanwhile. */
const slowFade = `
  @keyframes leave { to { opacity: 0 } }
  .popover[data-state='closed'] { animation: leave 30s }
`

/** Asks for a picture that a quick engine is still at when a slow window presses the key. */
async function makeLongPicture(window: Page, prompt: string): Promise<void> {
  await promptField(window).fill(prompt)
  await setSize(window, 512)
  await setNumber(window, 'Steps', 150)
  await generateButton(window).click()
  await expect(window.getByRole('progressbar')).toHaveAttribute('aria-valuetext', /Step [1-9]/)
}

test('Esc cancels, and the next picture is made as if nothing had been', async ({ window }) => {
  await makeLongPicture(window, 'three pink hearts')
  await window.keyboard.press('Escape')
  await expect(window.getByRole('progressbar')).toHaveCount(0)
  await expect(film(window)).toHaveCount(0)
  await expect(promptField(window)).toHaveValue('three pink hearts')

  await setNumber(window, 'Steps', 2)
  await generateButton(window).click()
  await expect(picture(window)).toBeVisible()
})

test.describe('with an engine that misbehaves', () => {
  test.use({ engine: 'gradients' })

  test('a stop that lasts can be made at once', async ({ window }) => {
    await promptField(window).fill('hang')
    await generateButton(window).click()
    await expect(window.getByRole('progressbar')).toHaveAttribute('aria-valuetext', /Step/)
    await window.getByRole('button', { name: 'Cancel' }).click()
    await expect(window.getByLabel('Canvas')).toContainText('Stopping')
    await window.getByRole('button', { name: 'Stop now' }).click()
    await expect(window.getByRole('progressbar')).toHaveCount(0)
  })

  test('a failure says why with its code, leaves the form alone, and can be tried again', async ({
    window,
  }) => {
    await promptField(window).fill('crash please')
    await setNumber(window, 'Steps', 7)
    await generateButton(window).click()
    const canvas = window.getByLabel('Canvas')
    await expect(canvas.getByRole('alert')).toContainText('engine-crashed')
    await expect(promptField(window)).toHaveValue('crash please')
    await expect(window.getByRole('spinbutton', { name: 'Steps' })).toHaveValue('7')
    await canvas.getByRole('button', { name: 'Try again' }).click()
    await expect(canvas.getByRole('alert')).toContainText('engine-crashed')
    await canvas.getByRole('button', { name: 'Dismiss' }).click()
    await expect(canvas.getByRole('alert')).toHaveCount(0)
  })

  test('Esc closes an open list and leaves the job alone; the next one cancels it, even while the list fades', async ({
    window,
  }) => {
    await promptField(window).fill('endless')
    await generateButton(window).click()
    await expect(window.getByRole('progressbar')).toHaveAttribute('aria-valuetext', /Step/)
    const openings = [
      window.getByRole('button', { name: /^Queue/ }),
      window.getByRole('combobox', { name: 'Sampler' }),
      window.getByRole('button', { name: 'Settings', exact: true }),
    ]
    for (const opening of openings) {
      await opening.click()
      await expect(window.locator('[data-dismissable-layer]')).toBeVisible()
      await window.keyboard.press('Escape')
      await expect(window.locator('[data-dismissable-layer]')).toHaveCount(0)
    }
    await expect(window.getByRole('progressbar')).toHaveAttribute('aria-valuetext', /Step/)
    await window.addStyleTag({ content: slowFade })
    await openings[0].click()
    await window.keyboard.press('Escape')
    await expect(window.locator('[data-dismissable-layer][data-state="closed"]')).toBeVisible()
    await window.keyboard.press('Escape')
    await expect(window.getByRole('progressbar')).toHaveCount(0)
    await expect(film(window)).toHaveCount(0)
  })

  test('the queue lists what waits; a job in it can be cancelled and tried again', async ({ window }) => {
    await promptField(window).fill('endless one')
    await generateButton(window).click()
    await promptField(window).fill('second')
    await setNumber(window, 'Steps', 3)
    await generateButton(window).click()

    const queue = window.getByRole('dialog', { name: 'Queue' })
    await window.getByRole('button', { name: /^Queue/ }).click()
    await expect(queue.getByRole('listitem')).toHaveCount(2)
    await queue
      .getByRole('listitem')
      .filter({ hasText: 'second' })
      .getByRole('button', { name: 'Cancel' })
      .click()
    await expect(queue.getByText('Cancelled')).toBeVisible()
    await queue
      .getByRole('listitem')
      .filter({ hasText: 'endless one' })
      .getByRole('button', { name: 'Cancel' })
      .click()
    await queue
      .getByRole('listitem')
      .filter({ hasText: 'second' })
      .getByRole('button', { name: 'Try again' })
      .click()
    await expect(film(window)).toHaveCount(1)
    await expect(picture(window)).toHaveAttribute('alt', 'second')
  })
})

test('a picture is paused in the middle, makes way for the next, and goes on after a reload', async ({
  window,
}) => {
  await makeLongPicture(window, 'three pink hearts')
  await window.getByRole('button', { name: 'Pause' }).click()
  const queue = window.getByRole('button', { name: /^Queue/ })
  await expect(queue).toContainText('1 paused')

  await setNumber(window, 'Steps', 2)
  await generateButton(window).click()
  await expect(picture(window)).toBeVisible()

  await window.reload()
  await queue.click()
  const dialog = window.getByRole('dialog', { name: 'Queue' })
  const item = dialog.getByRole('listitem').filter({ hasText: 'three pink hearts' })
  await expect(item).toContainText('Paused')
  await item.getByRole('button', { name: 'Go on' }).click()
  await expect(item).toContainText(/Step [1-9]\d of 150/)
  await item.getByRole('button', { name: 'Cancel' }).click()
  await expect(item).toContainText('Cancelled')
})
