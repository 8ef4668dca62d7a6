import type { Page } from '@playwright/test'
import { expect, makePicture, promptField, setNumber, setSize, test } from './studio.ts'

/** A picture on a busy machine. */
const longRun = { timeout: 200_000 }

async function openSteps(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Lab', exact: true }).click()
  await page.getByRole('link', { name: 'Step by step' }).click()
}

const said = (page: Page) => page.getByText(/^Prediction \d+ of \d+: σ/)
const heard = async (page: Page): Promise<number> =>
  Number(/of (\d+):/.exec((await said(page).textContent()) ?? '')?.[1])

test('a picture’s steps are seen while it is made, and the finished one takes their place', async ({
  window,
}) => {
  await setSize(window, 64)
  await makePicture(window, 'a red fox on a hill', 1)
  // Far longer than it takes to come, look, and look away; it is cancelled before its end.
  await setSize(window, 512)
  await promptField(window).fill('a long road')
  await setNumber(window, 'Steps', 150)
  await window.keyboard.press('Control+Enter')
  await setSize(window, 64)
  await promptField(window).fill('a blue house')
  await setNumber(window, 'Steps', 8)
  await window.keyboard.press('Control+Enter')
  await openSteps(window)
  const follows = window.getByRole('checkbox', { name: 'Follow the picture that is being made' })
  await expect(follows).toBeChecked()
  const guess = window.getByRole('img', { name: 'its guess of the picture' })
  await expect(guess).toBeVisible(longRun)
  const first = await heard(window)
  await expect.poll(() => heard(window), longRun).toBeGreaterThan(first)
  // Whoever looks at the last one goes on with it.
  await expect(said(window)).toHaveText(/^Prediction (\d+) of \1:/, longRun)
  // By the key: a click waits for frames, which a busy machine draws late.
  await follows.press('Space')
  await expect(window.getByText('A picture is being made; the Lab goes on when it is done.')).toBeVisible()
  await follows.press('Space')
  await expect(guess).toBeVisible(longRun)
  await expect(window.getByText(/^Latents are shown in colours/)).toBeVisible()
  await window.getByRole('button', { name: /^Queue/ }).press('Enter')
  const queue = window.getByRole('dialog', { name: 'Queue' })
  const road = queue.getByRole('listitem').filter({ hasText: 'a long road' })
  await road.getByRole('button', { name: 'Cancel' }).press('Enter')
  await window.keyboard.press('Escape')
  await expect(
    window.getByText(/^Run again from what the picture says of itself: 8 predictions/),
  ).toBeVisible(longRun)
  await expect(said(window)).toHaveText(/^Prediction 8 of 8:/)
  const branching = window.getByRole('region', { name: 'Branch from here' })
  await expect(branching.getByRole('textbox', { name: 'Prompt from here on' })).toHaveValue('a blue house')
})

test('steps are kept with a picture when asked for, come back with it, and are let go', async ({
  window,
}) => {
  await setSize(window, 64)
  await makePicture(window, 'a red fox on a hill', 3)
  await openSteps(window)
  await expect(
    window.getByText(/^Run again from what the picture says of itself: 3 predictions/),
  ).toBeVisible(longRun)
  await window.getByRole('button', { name: /^Keep the steps with the picture \(\d+ kB\)$/ }).click()
  const kept = window.getByText(/^The 3 predictions are kept in a file beside the picture \(\d+ kB\)/)
  await expect(kept).toBeVisible(longRun)
  await window.reload()
  await expect(kept).toBeVisible(longRun)
  await expect(window.getByRole('img', { name: 'its guess of the picture' })).toBeVisible()
  await window.getByRole('button', { name: 'Do not keep them any more' }).click()
  await expect(window.getByRole('button', { name: /^Keep the steps with the picture/ })).toBeVisible()
  await window.reload()
  await expect(
    window.getByText(/^Run again from what the picture says of itself: 3 predictions/),
  ).toBeVisible(longRun)
})

test('an address by hand with nonsense in it opens its page, and a picture that is not there is named', async ({
  window,
}) => {
  await setSize(window, 64)
  await makePicture(window, 'a red fox on a hill', 2)
  const lab = async (address: string): Promise<void> => {
    await window.evaluate((written) => (location.hash = written), `lab/${address}`)
    await window.reload()
  }
  await lab('forwards?t=-50&by=foot&of=0&schedule=zzz&seed=-3&guidance=x')
  await expect(window.getByText(/^timestep 0 of 1000 · step 1 of 1/)).toBeVisible(longRun)
  await lab('forwards?t=1e9')
  await expect(window.getByText(/^timestep 1000 of 1000/)).toBeVisible(longRun)
  await lab('latent?way=channels&scales=1e99,x&frames=0')
  await expect(window.getByText('channel 1: × 3.00 + 0.00')).toBeVisible(longRun)
  for (const page of ['steps', 'attention', 'unet', 'latent?way=word']) {
    await lab(page + (page.includes('?') ? '&' : '?') + 'picture=image:nowhere&step=-4')
    await expect(window.getByText('There is no image "nowhere" in the history.')).toBeVisible(longRun)
  }
})

test('what could not be looked at can be tried again on the spot', async ({ window, surface }) => {
  test.skip(surface !== 'browser', 'the question is spoilt in the page’s own socket')
  await window.addInitScript(() => {
    const send = WebSocket.prototype.send
    let spoilt = false
    WebSocket.prototype.send = function (this: WebSocket, message: string) {
      const isFirst = !spoilt && message.includes('"m":"trace"')
      spoilt ||= isFirst
      send.call(this, isFirst ? message.replace('"m":"trace"', '"m":"nothing"') : message)
    }
  })
  await window.reload()
  await setSize(window, 64)
  await makePicture(window, 'a red fox on a hill', 2)
  await openSteps(window)
  await expect(window.getByRole('alert')).toBeVisible()
  await window.getByRole('button', { name: 'Look again' }).click()
  await expect(said(window)).toBeVisible(longRun)
  await expect(window.getByRole('alert')).toHaveCount(0)
})
