import type { Page } from '@playwright/test'
import { closeByEsc, expect, film, generateButton, promptField, setNumber, test } from './studio.ts'

test.use({ engine: 'gradients' })

/** What a page tells the system, which a browser without a desktop does not show. */
interface Told {
  title: string
  body: string
}

/** Writes down what the page tells, and lets it believe that the person is elsewhere. */
async function lookAway(page: Page, consent: 'granted' | 'denied'): Promise<void> {
  await page.addInitScript((answer) => {
    const told: Told[] = []
    class Notification {
      static permission = sessionStorage.getItem('consent') ?? 'default'
      static requestPermission(): Promise<string> {
        sessionStorage.setItem('consent', answer)
        return Promise.resolve((Notification.permission = answer))
      }
      constructor(title: string, { body }: { body: string }) {
        told.push({ title, body })
      }
      close(): void {}
    }
    Object.assign(window, { Notification, told })
    document.hasFocus = () => false
  }, consent)
  await page.reload()
  await expect(generateButton(page)).toBeEnabled()
}

const told = (page: Page): Promise<Told[]> =>
  page.evaluate(() => (window as unknown as { told: Told[] }).told)

async function makeUnseen(page: Page, prompt: string): Promise<void> {
  const before = await film(page).count()
  await promptField(page).fill(prompt)
  await setNumber(page, 'Steps', 2)
  await generateButton(page).click()
  await expect(film(page)).toHaveCount(before + 1)
  await expect(page.getByRole('progressbar')).toHaveCount(0)
}

async function choose(page: Page, setting: string, value: 'On' | 'Off'): Promise<void> {
  await page.getByRole('button', { name: 'Settings', exact: true }).click()
  await page.getByRole('radiogroup', { name: setting }).getByRole('radio', { name: value }).click()
  await closeByEsc(page, page.getByRole('dialog'))
}

test('pictures are told of only once the person agreed, without their prompts unless allowed', async ({
  window,
}) => {
  await lookAway(window, 'granted')
  await makeUnseen(window, 'my secret')
  expect(await told(window)).toEqual([])
  await expect(window).toHaveTitle('(1) Latent Studio')

  await choose(window, 'Notifications', 'On')
  await makeUnseen(window, 'my secret')
  await expect.poll(() => told(window)).toEqual([{ title: '2 pictures are ready', body: '' }])

  await choose(window, 'Prompts there', 'On')
  await window.evaluate(() => dispatchEvent(new Event('focus')))
  await makeUnseen(window, 'no secret')
  await expect.poll(() => told(window)).toContainEqual({ title: 'The picture is ready', body: 'no secret' })
})

test('where the browser blocks them it is said how to allow them, and they stay off', async ({ window }) => {
  await lookAway(window, 'denied')
  await choose(window, 'Notifications', 'On')
  await window.getByRole('button', { name: 'Settings', exact: true }).click()
  const settings = window.getByRole('dialog', { name: 'Settings' })
  await expect(settings).toContainText('blocks notifications')
  await expect(
    settings.getByRole('radiogroup', { name: 'Notifications' }).getByRole('radio', { name: 'Off' }),
  ).toBeChecked()
  await closeByEsc(window, settings)
  await makeUnseen(window, 'my secret')
  expect(await told(window)).toEqual([])
})
