import type { Locator, Page } from '@playwright/test'
import { violations } from './axe.ts'
import { expect, makePicture, setSize, test } from './studio.ts'

/** A picture on a busy machine. */
const longRun = { timeout: 200_000 }

/** Goes to a control as somebody without a pointer does: by the tabulator, and along a list that is one stop by the arrows. */
async function tabTo(page: Page, control: Locator): Promise<void> {
  await expect(control).toBeVisible(longRun)
  const standing = (): Promise<'there' | 'beside' | 'elsewhere'> =>
    control.evaluate((element: HTMLElement) => {
      const { activeElement } = document
      if (activeElement === element) return 'there'
      const isBeside = element.tabIndex < 0 && activeElement?.parentElement === element.parentElement
      return isBeside ? 'beside' : 'elsewhere'
    })
  let isInList = false
  for (let presses = 0; presses < 100; presses++) {
    const now = await standing()
    if (now === 'there') return
    const along = isInList ? 'ArrowDown' : 'Home'
    isInList = now === 'beside'
    await page.keyboard.press(isInList ? along : 'Tab')
  }
  throw new Error(`The keys do not lead to ${control.toString()}.`)
}

/** The main control of every page, what is pressed on it, and what it then shows. */
const pages: readonly [
  page: string,
  control: (page: Page) => Locator,
  key: string,
  shows: (page: Page) => Locator,
][] = [
  [
    'Forwards',
    (page) => page.getByRole('slider', { name: 'Timestep' }),
    'End',
    (page) => page.getByRole('img', { name: /^Timestep 1000 of 1000/ }),
  ],
  [
    'Step by step',
    (page) => page.getByRole('slider', { name: 'Prediction' }),
    'End',
    (page) => page.getByText(/^Prediction 2 of 2/),
  ],
  [
    'Attention',
    (page) => page.getByRole('group', { name: 'Words of the prompt' }).getByRole('button', { name: 'fox' }),
    'Enter',
    (page) => page.getByRole('img', { name: /^“fox”/ }),
  ],
  [
    'The U-Net',
    (page) => page.getByRole('switch', { name: /^Skip connection 2:/ }),
    'Space',
    (page) => page.getByText('Cut: skip connection 2.'),
  ],
  [
    'Latent space',
    (page) => page.getByRole('slider', { name: 'Share of the second picture' }),
    'Home',
    (page) => page.getByRole('img', { name: 'Latents with a share of 0.00' }),
  ],
  [
    'Race of samplers',
    (page) => page.getByRole('button', { name: 'Start the race' }),
    'Enter',
    // It may be over by the time that a slow window shows it.
    (page) => page.getByRole('button', { name: 'Stop' }).or(page.getByText('All of it is run.')),
  ],
  [
    'Reaction-diffusion',
    (page) => page.getByRole('slider', { name: 'Map of feed and kill' }),
    'ArrowUp',
    (page) => page.locator('[role="slider"][aria-valuetext="F 0.055, k 0.062"]'),
  ],
  [
    'Training',
    (page) => page.getByRole('slider', { name: 'Steps of training' }),
    'Home',
    (page) => page.getByRole('img', { name: /^After 100 of/ }),
  ],
  [
    'Train a tiny one',
    (page) => page.getByRole('radio', { name: 'Forwards' }),
    'ArrowRight',
    (page) => page.getByRole('radio', { name: 'DDPM', checked: true }),
  ],
]

test('every page is reached and used without a pointer, and passes WCAG AA in dark and light', async ({
  window,
}) => {
  await window.emulateMedia({ reducedMotion: 'reduce' })
  await setSize(window, 64)
  await makePicture(window, 'a boat', 1)
  await makePicture(window, 'a red fox on a hill', 2)
  await tabTo(window, window.getByRole('link', { name: 'Lab', exact: true }))
  await window.keyboard.press('Enter')
  for (const [page, control, key, shows] of pages) {
    await tabTo(window, window.getByRole('link', { name: page, exact: true }))
    await window.keyboard.press('Enter')
    await expect(window.getByRole('heading', { name: page, exact: true })).toBeVisible()
    await tabTo(window, control(window))
    // As long as a finger stays: radios are chosen once they have the focus.
    await window.keyboard.press(key, { delay: 100 })
    await expect(shows(window)).toBeVisible(longRun)
    for (const colorScheme of ['dark', 'light'] as const) {
      await window.emulateMedia({ colorScheme })
      expect(await violations(window), `${page}, ${colorScheme}`).toEqual([])
    }
  }
})

test('before there is a picture pages say what to do, and pass WCAG AA', async ({ window }) => {
  await window.emulateMedia({ reducedMotion: 'reduce' })
  await window.getByRole('link', { name: 'Lab', exact: true }).click()
  for (const page of ['Forwards', 'Latent space', 'Race of samplers']) {
    await window.getByRole('link', { name: page, exact: true }).click()
    await expect(window.getByText('Make a picture first')).toBeVisible()
    for (const colorScheme of ['dark', 'light'] as const) {
      await window.emulateMedia({ colorScheme })
      expect(await violations(window), `${page}, ${colorScheme}`).toEqual([])
    }
  }
})

test('while the pictures are still read no page says that there are none', async ({ window, surface }) => {
  test.skip(surface !== 'browser', 'the question is held back in the page’s own socket')
  await window.addInitScript(() => {
    const send = WebSocket.prototype.send
    WebSocket.prototype.send = function (this: WebSocket, message: string) {
      const ask = (): void => send.call(this, message)
      if (message.includes('"m":"history"')) addEventListener('goOn', ask, { once: true })
      else ask()
    }
  })
  for (const page of ['forwards', 'steps', 'latent', 'race']) {
    await window.evaluate((name) => (location.hash = `#lab/${name}`), page)
    await window.reload()
    await expect(window.getByText('Reading the picture…')).toBeVisible()
    await expect(window.getByText('Make a picture first')).toHaveCount(0)
    await window.evaluate(() => dispatchEvent(new Event('goOn')))
    await expect(window.getByText('Make a picture first')).toBeVisible()
  }
})
