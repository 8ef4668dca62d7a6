import type { Locator, Page } from '@playwright/test'
import { violations } from './axe.ts'
import { expect, film, generateButton, picture, promptField, setNumber, test } from './studio.ts'

test.use({ engine: 'gradients' })

const queueOf = (window: Page): Locator => window.getByRole('dialog', { name: 'Queue' })
const rows = (window: Page): Locator => queueOf(window).locator('[data-row]')
const handle = (window: Page, prompt: string): Locator =>
  queueOf(window).getByRole('button', { name: `Move: ${prompt}` })
const inOrder = (window: Page, prompts: readonly string[]): Promise<void> =>
  expect(rows(window).locator('.prompt')).toHaveText([...prompts])

/** A picture that never ends, and behind it those of a few steps; the queue is open. */
async function fillQueue(window: Page, prompts: readonly string[]): Promise<void> {
  await promptField(window).fill('endless')
  await generateButton(window).click()
  await expect(window.getByRole('progressbar')).toHaveAttribute('aria-valuetext', /Step/)
  await setNumber(window, 'Steps', 2)
  for (const prompt of prompts) {
    await promptField(window).fill(prompt)
    await generateButton(window).click()
  }
  await window.getByRole('button', { name: /^Queue/ }).click()
  await inOrder(window, prompts)
}

test('what waits is put in another order by dragging, and runs in it', async ({ window }) => {
  await fillQueue(window, ['red', 'green', 'blue'])
  // The queue and its rows lie where they stay.
  await handle(window, 'blue').hover()
  const from = (await handle(window, 'blue').boundingBox())!
  const to = (await rows(window).first().boundingBox())!
  await window.mouse.move(from.x + from.width / 2, from.y + from.height / 2)
  await window.mouse.down()
  await window.mouse.move(to.x + 20, to.y + 30, { steps: 4 })
  await window.mouse.move(to.x + 20, to.y + 4)
  await window.mouse.up()
  await inOrder(window, ['blue', 'red', 'green'])

  // Given up in the middle, it stays where it was.
  const held = (await handle(window, 'green').boundingBox())!
  await window.mouse.move(held.x + 4, held.y + 4)
  await window.mouse.down()
  await window.mouse.move(to.x + 20, to.y + 4, { steps: 4 })
  await window.keyboard.press('Escape')
  await window.mouse.up()
  await inOrder(window, ['blue', 'red', 'green'])

  await queueOf(window)
    .getByRole('listitem')
    .filter({ hasText: 'endless' })
    .getByRole('button', { name: 'Cancel' })
    .click()
  await expect(film(window)).toHaveCount(3)
  const made = (): Promise<unknown> =>
    film(window).evaluateAll((frames) => frames.map((frame) => frame.ariaLabel))
  await expect.poll(made).toEqual(['green', 'red', 'blue'])
})

test('the second click of a double click does nothing to what took the place of the first', async ({
  window,
}) => {
  await fillQueue(window, [])
  const pause = queueOf(window).getByRole('button', { name: 'Pause', exact: true })
  const goOn = queueOf(window).getByRole('button', { name: 'Go on', exact: true })
  const { x, y, width, height } = (await pause.boundingBox())!
  await window.mouse.move(x + width / 2, y + height / 2)
  for (const clickCount of [1, 2]) {
    await window.mouse.down({ clickCount })
    await window.mouse.up({ clickCount })
    await expect(goOn).toBeVisible()
  }
  await window.reload()
  await window.getByRole('button', { name: /^Queue/ }).click()
  await goOn.click()
  await expect(pause).toBeVisible()
})

test('a handle moves its job by the arrow keys, keeps the focus, and says the place', async ({ window }) => {
  await fillQueue(window, ['red', 'green', 'blue'])
  expect(await violations(window)).toEqual([])
  const grip = (await handle(window, 'blue').boundingBox())!
  expect(Math.min(grip.width, grip.height), 'wide enough for an unsteady hand').toBeGreaterThanOrEqual(24)
  await handle(window, 'blue').focus()
  await window.keyboard.press('ArrowUp')
  await inOrder(window, ['red', 'blue', 'green'])
  await expect(queueOf(window).getByText('Place 2 of 3')).toBeAttached()
  await expect(handle(window, 'blue')).toBeFocused()
  await window.keyboard.press('Home')
  await inOrder(window, ['blue', 'red', 'green'])
  await window.keyboard.press('ArrowUp')
  await inOrder(window, ['blue', 'red', 'green'])
  await window.keyboard.press('End')
  await inOrder(window, ['red', 'green', 'blue'])
  await window.reload()
  await window.getByRole('button', { name: /^Queue/ }).click()
  await inOrder(window, ['red', 'green', 'blue'])
})

test('all is cancelled at once, and comes back in its order', async ({ window }) => {
  await fillQueue(window, ['red', 'green'])
  await queueOf(window).getByRole('button', { name: 'Cancel all' }).click()
  await expect(rows(window)).toHaveCount(0)
  await window.getByRole('button', { name: 'Undo' }).click()
  await inOrder(window, ['red', 'green'])
  await expect(queueOf(window).getByRole('listitem').first()).toContainText('endless')
})

test('all is paused at once, and goes on in its order', async ({ window }) => {
  await fillQueue(window, ['red', 'green'])
  await queueOf(window).getByRole('button', { name: 'Pause all' }).click()
  const states = queueOf(window).getByRole('listitem')
  await expect(states.and(queueOf(window).locator('[data-state="paused"]'))).toHaveCount(3)
  await expect(window.getByRole('button', { name: 'Queue 3 paused' })).toBeAttached()
  await queueOf(window).getByRole('button', { name: 'Go on with all' }).click()
  await inOrder(window, ['red', 'green'])
  await expect(queueOf(window).getByRole('listitem').first()).toContainText('endless')
})

test('the queue says how long it will take, and shows what was made in this session', async ({ window }) => {
  await promptField(window).fill('first')
  await setNumber(window, 'Steps', 2)
  await generateButton(window).click()
  await expect(picture(window)).toBeVisible()
  await fillQueue(window, ['red', 'green'])
  await expect(rows(window).first()).toContainText(/Waiting in line · about \d/)
  await expect(queueOf(window).getByText(/^about .+ in all$/)).toBeVisible()
  const made = queueOf(window).getByRole('region', { name: 'Made in this session' })
  await expect(made.getByRole('button')).toHaveCount(1)
  await made.getByRole('button', { name: 'first' }).click()
  await expect(picture(window)).toHaveAttribute('alt', 'first')
})

test('what failed stands above what waits, a few of it, and all of it is tried again by one press', async ({
  window,
}) => {
  const named = (number: number): string => `nan ${number}`
  for (const number of [1, 2, 3, 4, 5]) {
    await promptField(window).fill(named(number))
    await generateButton(window).click()
    await expect(window.getByLabel('Canvas').getByRole('alert')).toBeVisible()
    await expect(window.getByLabel('Canvas').getByRole('progressbar')).toHaveCount(0)
  }
  await fillQueue(window, ['red', 'green'])
  await expect(window.getByRole('button', { name: 'Queue 3 5 failed' })).toBeVisible()
  const prompts = queueOf(window).locator('.prompt')
  await expect(queueOf(window).getByText('5 failed')).toBeVisible()
  await expect(prompts).toHaveText(['endless', ...[5, 4].map(named), 'red', 'green'])
  // Why they failed is said once.
  const reasons = queueOf(window).getByRole('alert')
  await expect(reasons).toHaveCount(1)
  await expect(queueOf(window).getByText('Failed for the same reason.')).toHaveCount(1)
  const rest = queueOf(window).getByRole('button', { name: 'and 3 more' })
  await rest.click()
  await expect(prompts).toHaveText(['endless', ...[5, 4, 3, 2, 1].map(named), 'red', 'green'])
  expect(await violations(window)).toEqual([])
  await expect(reasons).toHaveCount(1)
  await queueOf(window).getByRole('button', { name: 'Show fewer' }).click()
  await expect(prompts).toHaveCount(5)

  // What is taken out of the list comes back, one or all.
  const undo = window.getByRole('button', { name: 'Undo' })
  await queueOf(window).getByRole('button', { name: 'Dismiss' }).nth(1).click()
  await expect(prompts).toHaveText(['endless', ...[5, 3].map(named), 'red', 'green'])
  await undo.click()
  await expect(prompts).toHaveText(['endless', ...[5, 4].map(named), 'red', 'green'])
  await queueOf(window).getByRole('button', { name: 'Clear ended' }).click()
  await expect(prompts).toHaveText(['endless', 'red', 'green'])
  await undo.click()
  await expect(prompts).toHaveText(['endless', ...[5, 4].map(named), 'red', 'green'])
  await queueOf(window).getByRole('button', { name: 'Try all again' }).click()
  await inOrder(window, ['red', 'green', ...[1, 2, 3, 4, 5].map(named)])
})

test('opening the queue puts the keys on its list, and a number beside its name moves nothing', async ({
  window,
}) => {
  const places = (): Promise<unknown> =>
    window
      .getByRole('banner')
      .getByRole('button')
      .evaluateAll((buttons) => buttons.map((button) => button.getBoundingClientRect().x))
  const before = await places()
  await fillQueue(window, ['red', 'green'])
  await expect(queueOf(window).locator('[data-rows]')).toBeFocused()
  expect(await places()).toEqual(before)
  await window.keyboard.press('Enter')
  await inOrder(window, ['red', 'green'])
})
