import type { Locator, Page } from '@playwright/test'
import { closeByEsc, expect, film, makePicture, picture, setSize, test } from './studio.ts'

const facts = (window: Page): Locator => window.getByLabel('Canvas').getByText(/× .* · seed/)
const message = (window: Page): Locator =>
  window.getByRole('region', { name: 'Messages' }).getByRole('listitem')

/** Whether two things on the screen have a pixel in common. */
async function overlap(one: Locator, other: Locator): Promise<boolean> {
  const [a, b] = await Promise.all([one, other].map(async (of) => (await of.boundingBox())!))
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
}

test.beforeEach(async ({ window }) => {
  await setSize(window, 64)
  await makePicture(window, 'a red house')
  await makePicture(window, 'a blue house')
})

test('a message has room of its own: it lies over no picture and nothing that is said of one', async ({
  window,
}) => {
  await film(window).first().press('Delete')
  const told = message(window).filter({ hasText: 'Undo' })
  // The pointer keeps it.
  await told.hover()
  for (const [width, height] of [
    [1280, 800],
    [1920, 1080],
    [1100, 700],
  ]) {
    await window.setViewportSize({ width, height })
    await expect(told).toBeInViewport({ ratio: 1 })
    const others = [
      picture(window),
      facts(window),
      film(window).first(),
      window.getByRole('link', { name: 'Lab' }),
      window.getByRole('button', { name: 'Find a command' }),
    ]
    for (const other of others) expect(await overlap(told, other)).toBe(false)
  }
})

test('Esc in a popover closes that alone, and a message only where the focus is in it', async ({
  window,
}) => {
  const { keyboard } = window
  await film(window).first().press('Delete')
  await expect(message(window)).toHaveCount(1)
  const open = window.getByRole('button', { name: 'Upscale…' })
  await open.press('Enter')
  await closeByEsc(window, window.getByRole('dialog', { name: 'Upscale…' }))
  await expect(message(window)).toHaveCount(1)
  await expect(open).toBeFocused()

  await keyboard.press('F8')
  await expect(window.getByRole('button', { name: 'Undo', exact: true })).toBeFocused()
  await keyboard.press('Escape')
  await expect(message(window)).toHaveCount(0)
  await expect(open).toBeFocused()
})
