import type { Page } from '@playwright/test'
import { expect, film, generateButton, makePicture, picture, promptField, test } from './studio.ts'

test.use({ engine: 'gradients' })

/** The windows that are hardest on the layout. */
const forms = [
  { name: 'zoomed to 200 %', width: 640, height: 400 },
  { name: 'on a telephone', width: 360, height: 740 },
  { name: 'from right to left', width: 1280, height: 800, direction: 'rtl' },
]

/** What can be seen and sticks out at a side, and not because it can be scrolled to. */
function outside(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const isScrolled = (element: Element | null): boolean =>
      element !== null &&
      (element.scrollWidth > element.clientWidth && getComputedStyle(element).overflowX !== 'visible'
        ? true
        : isScrolled(element.parentElement))
    return [...document.querySelectorAll<HTMLElement>('body *:not(svg *)')]
      .filter((element) => {
        const { left, right, width, height } = element.getBoundingClientRect()
        const isOut = width > 1 && height > 1 && (left < -1 || right > innerWidth + 1)
        return (
          isOut && !element.closest('.visually-hidden, .katex-mathml') && !isScrolled(element.parentElement)
        )
      })
      .map((element) => element.outerHTML.slice(0, 120))
  })
}

for (const { name, width, height, direction } of forms) {
  test(`nothing falls off a window ${name}`, async ({ window }) => {
    const check = async (place: string): Promise<void> => {
      await expect.poll(() => outside(window), { message: place }).toEqual([])
      expect(await window.evaluate(() => document.scrollingElement!.scrollHeight - innerHeight), place).toBe(
        0,
      )
    }
    await makePicture(window, 'a red house')
    await window.setViewportSize({ width, height })
    if (direction) await window.evaluate((way) => (document.documentElement.dir = way), direction)
    // The picture is to be seen, and what makes the next one is at hand.
    await expect(picture(window)).toBeInViewport({ ratio: 0.99 })
    await expect(generateButton(window)).toBeInViewport({ ratio: 0.99 })
    expect((await picture(window).boundingBox())!.height).toBeGreaterThan(90)
    await check('Create')
    await window.getByRole('button', { name: 'Details' }).click()
    await expect(window.getByRole('complementary', { name: 'Details' })).toBeVisible()
    await check('details')
    await window.getByRole('button', { name: 'Close', exact: true }).click()
    await film(window).first().dblclick()
    await expect(window.getByRole('dialog', { name: 'a red house' })).toBeVisible()
    await check('viewer')
    await window.keyboard.press('e')
    await expect(window.getByRole('dialog', { name: 'Edit' })).toBeVisible()
    await check('editor')
    await window.keyboard.press('Escape')
    await window.keyboard.press('Escape')
    await expect(window.getByRole('dialog')).toHaveCount(0)
    for (const place of ['Library', 'Models', 'Lab']) {
      await window.getByRole('link', { name: place }).click()
      await expect(window.getByRole('main')).toBeVisible()
      await check(place)
    }
    await window.keyboard.press('Control+,')
    await expect(window.getByRole('dialog', { name: 'Settings' })).toBeVisible()
    await check('settings')
  })
}

test('on a telephone a help lies beside what it explains, not over it', async ({ window }) => {
  await window.setViewportSize({ width: 360, height: 740 })
  const steps = window.getByRole('spinbutton', { name: 'Steps' })
  await steps.focus()
  await window.keyboard.press('Tab')
  const bubble = window.locator('.bubble')
  await expect(bubble).toHaveCSS('visibility', 'visible')
  const guidance = window.getByRole('spinbutton', { name: 'Guidance' })
  await expect(guidance).toBeFocused()
  const [of, by] = [(await guidance.boundingBox())!, (await bubble.boundingBox())!]
  expect(by.y >= of.y + of.height || by.y + by.height <= of.y).toBe(true)
})

test('on a telephone a message is said in one line, and a queue that is held pushes nothing aside', async ({
  window,
}) => {
  await makePicture(window, 'a red house')
  await window.setViewportSize({ width: 360, height: 740 })
  await window.getByLabel('Canvas').getByRole('button', { name: 'Move to trash' }).click()
  const words = window.getByRole('listitem').getByText('Moved to trash', { exact: true })
  await expect(words).toBeVisible()
  const lines = await words.evaluate(
    (element) => element.clientHeight / parseFloat(getComputedStyle(element).lineHeight),
  )
  expect(lines).toBe(1)

  await promptField(window).fill('endless')
  await generateButton(window).click()
  await window.getByLabel('Canvas').getByRole('button', { name: 'Pause' }).click()
  await expect(window.getByRole('button', { name: /^Queue 1 paused/ })).toBeVisible()
  expect(await outside(window)).toEqual([])
  await expect(window.getByRole('button', { name: 'Settings' })).toBeInViewport({ ratio: 1 })
})
