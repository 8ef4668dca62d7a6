import type { Locator } from '@playwright/test'
import sharp from 'sharp'
import { withTexts } from '../../src/studio/metadata/containers.ts'
import { violations } from './axe.ts'
import {
  expect,
  film,
  generateButton,
  makePicture,
  picture,
  pixelsOf,
  promptField,
  setNumber,
  test,
} from './studio.ts'

const redSquare = sharp({ create: { width: 200, height: 100, channels: 3, background: '#d02020' } })
  .png()
  .toBuffer()

const chooser = 'Drop, paste or choose a picture'

test('a picture from a file is started from, and less strength stays nearer to it', async ({ window }) => {
  await window
    .getByLabel(chooser)
    .setInputFiles({ name: 'red.png', mimeType: 'image/png', buffer: await redSquare })
  await expect(window.getByAltText('The picture to start from')).toBeVisible()
  await expect(window.getByText('200 × 100')).toBeVisible()

  const distances: number[] = []
  for (const strength of [0.2, 0.9]) {
    await setNumber(window, 'Strength', strength)
    await makePicture(window, 'a blue sea', 8)
    distances.push(await distanceFromRed())
  }
  expect(distances[0]).toBeLessThan(distances[1])

  async function distanceFromRed(): Promise<number> {
    const url = await picture(window).getAttribute('src')
    const bytes = await window.evaluate(async (source) => {
      const buffer = await (await fetch(source)).arrayBuffer()
      return [...new Uint8Array(buffer)]
    }, url!)
    const { channels } = await sharp(Buffer.from(bytes)).stats()
    return Math.hypot(channels[0].mean - 0xd0, channels[1].mean - 0x20, channels[2].mean - 0x20)
  }
})

test('a picture can be dropped and pasted', async ({ window }) => {
  const base64 = (await redSquare).toString('base64')
  for (const kind of ['drop', 'paste'] as const) {
    await window.evaluate(
      ([kind, base64]) => {
        const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
        const carried = new DataTransfer()
        carried.items.add(new File([bytes], 'red.png', { type: 'image/png' }))
        const event =
          kind === 'drop'
            ? new DragEvent('drop', { dataTransfer: carried, bubbles: true })
            : new ClipboardEvent('paste', { clipboardData: carried, bubbles: true })
        document.querySelector('main')!.dispatchEvent(event)
      },
      [kind, base64],
    )
    await expect(window.getByAltText('The picture to start from')).toBeVisible()
    await window.getByRole('button', { name: 'Remove the starting picture' }).click()
    await expect(window.getByText(chooser)).toBeVisible()
  }
})

test('a file is started from wherever in the window it is dropped, and text goes into the prompt', async ({
  window,
}) => {
  await window.getByRole('link', { name: 'Library' }).click()
  const base64 = (await redSquare).toString('base64')
  const isTaken = await window.evaluate((base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
    const dataTransfer = new DataTransfer()
    dataTransfer.items.add(new File([bytes], 'red.png', { type: 'image/png' }))
    const options = { dataTransfer, bubbles: true, cancelable: true }
    const { body } = document
    return ['dragover', 'drop'].map((kind) => !body.dispatchEvent(new DragEvent(kind, options)))
  }, base64)
  expect(isTaken).toEqual([true, true])
  await expect(window.getByAltText('The picture to start from')).toBeVisible()

  const isLeftAlone = await promptField(window).evaluate((field) => {
    const dataTransfer = new DataTransfer()
    dataTransfer.setData('text/plain', 'a fox')
    const options = { dataTransfer, bubbles: true, cancelable: true }
    return ['dragover', 'drop'].map((kind) => field.dispatchEvent(new DragEvent(kind, options)))
  })
  expect(isLeftAlone).toEqual([true, true])
})

test('a picture of another shape gives the next one its shape at once', async ({ window }) => {
  const picture = { name: 'red.png', mimeType: 'image/png', buffer: await redSquare }
  await window.getByLabel(chooser).setInputFiles(picture)
  const take = window.getByRole('button', { name: /^Draw in its shape: \d+ × \d+$/ })
  const [, width, height] = /(\d+) × (\d+)/.exec((await take.getAttribute('aria-label'))!)!
  expect(Number(width) / Number(height)).toBeCloseTo(2, 1)
  await take.click()
  await expect(window.getByRole('spinbutton', { name: 'Width', exact: true })).toHaveValue(width)
  await expect(window.getByRole('spinbutton', { name: 'Height', exact: true })).toHaveValue(height)
  await expect(take).toHaveCount(0)
})

test('how a picture of another shape is brought to size is seen on the canvas while fitting and size change', async ({
  window,
}) => {
  const file = { name: 'red.png', mimeType: 'image/png', buffer: await redSquare }
  await makePicture(window, 'a fox')
  await window.getByLabel(chooser).setInputFiles(file)
  const canvas = window.getByLabel('Canvas')
  const fitted = canvas.getByRole('img', { name: /^The starting picture as it is used, at 256 × 256: / })
  const frame = fitted.locator('.frame')
  const ratio = async (part: Locator): Promise<number> => {
    const { width, height } = (await part.boundingBox())!
    return width / height
  }
  await expect(fitted).toHaveAccessibleName(/50% is cut away$/)
  expect(await ratio(fitted)).toBeCloseTo(2, 1)
  expect(await ratio(frame)).toBeCloseTo(1, 1)
  const thumb = window.getByAltText('The picture to start from')
  await expect(thumb).toHaveCSS('object-fit', 'cover')

  await window.getByRole('radio', { name: 'Crop', exact: true }).focus()
  await window.keyboard.down('ArrowRight')
  await expect(window.getByRole('radio', { name: 'Fit', exact: true })).toBeChecked()
  await window.keyboard.up('ArrowRight')
  await expect(fitted).toHaveAccessibleName(/50% is added: its edges, drawn out$/)
  await expect(window.getByRole('status').filter({ hasText: '50% is added' })).toBeVisible()
  await expect(thumb).toHaveCSS('object-fit', 'contain')
  expect(await ratio(fitted)).toBeCloseTo(1, 1)
  // The picture's edges are drawn out to the edge of the frame: all of it is red, under the lines of what is added.
  const { channels } = await sharp(await fitted.screenshot()).stats()
  expect(channels[0].mean).toBeGreaterThan(2 * channels[1].mean)
  await window.getByRole('radio', { name: 'Stretch' }).click()
  await expect(fitted).toHaveAccessibleName(/Stretched by 100%$/)
  expect(await violations(window)).toEqual([])

  await setNumber(window, 'Height', 384)
  const taller = canvas.getByRole('img', { name: /at 256 × 384: Stretched by 200%$/ })
  expect(await ratio(taller)).toBeCloseTo(2 / 3, 1)
  await window.getByRole('button', { name: 'Back to the last picture' }).click()
  await expect(picture(window)).toBeVisible()
  const see = window.getByRole('button', { name: 'See it on the canvas' })
  await see.press('Enter')
  await expect(taller).toBeVisible()
  await expect(see).toHaveAttribute('aria-pressed', 'true')
  await film(window).first().click()
  await expect(picture(window)).toBeVisible()
  await expect(taller).toHaveCount(0)

  // What is drawn on has the room, until a person asks.
  await see.click()
  await window.getByRole('button', { name: 'Paint a mask' }).click()
  await expect(taller).toHaveCount(0)
  await see.click()
  await expect(taller).toBeVisible()
})

test('a picture is scribbled over as it is brought to size', async ({ window }) => {
  const blue = { create: { width: 200, height: 100, channels: 3, background: '#2050d0' } } as const
  const red = { create: { width: 100, height: 100, channels: 3, background: '#d02020' } } as const
  const middle = await sharp(red).png().toBuffer()
  const buffer = await sharp(blue)
    .composite([{ input: middle }])
    .png()
    .toBuffer()
  await window.getByLabel(chooser).setInputFiles({ name: 'bands.png', mimeType: 'image/png', buffer })
  const paper = window.getByLabel('Canvas').locator('canvas')
  const corner = () =>
    paper.evaluate((canvas: HTMLCanvasElement) => [
      ...canvas.getContext('2d')!.getImageData(4, 4, 1, 1).data.slice(0, 3),
    ])
  await window.getByRole('button', { name: 'Scribble over it' }).click()
  await expect.poll(corner).toEqual([0xd0, 0x20, 0x20])
  await window.getByRole('radio', { name: 'Fit', exact: true }).click()
  await expect.poll(corner).toEqual([0x20, 0x50, 0xd0])
})

test('of two pictures that are chosen one after the other the last is started from, whichever answer comes first', async ({
  window,
  surface,
}) => {
  test.skip(surface !== 'browser', 'a window of the app has no network to hold back')
  let answer = (): void => {}
  const held = new Promise<void>((resolve) => (answer = resolve))
  const first = window.waitForRequest('**/inputs')
  await window.route('**/inputs', (route) => held.then(() => route.continue()), { times: 1 })
  const choose = (buffer: Buffer): Promise<void> =>
    window.getByLabel(chooser).setInputFiles({ name: 'chosen.png', mimeType: 'image/png', buffer })
  await choose(await redSquare)
  await first
  await choose(
    await sharp(await redSquare)
      .resize(64, 64)
      .png()
      .toBuffer(),
  )
  await expect(window.getByText('64 × 64')).toBeVisible()
  const late = window.waitForResponse('**/inputs')
  answer()
  await (await late).finished()
  await window.evaluate(() => new Promise((resolve) => setTimeout(resolve)))
  await window.reload()
  await expect(window.getByText('64 × 64')).toBeVisible()
})

test('a file that is no picture is refused where it was dropped, with its code', async ({ window }) => {
  const text = { name: 'letter.png', mimeType: 'image/png', buffer: Buffer.from('no picture at all') }
  await window.getByLabel(chooser).setInputFiles(text)
  await expect(window.getByRole('alert')).toContainText('bad-init-image')
  await expect(generateButton(window)).toBeEnabled()
})

test('what was refused is said until another picture is started from, or that is taken back', async ({
  window,
}) => {
  const refused = window.getByRole('alert').filter({ hasText: 'bad-init-image' })
  const letter = { name: 'letter.png', mimeType: 'image/png', buffer: Buffer.from('no picture at all') }
  const picture = { name: 'red.png', mimeType: 'image/png', buffer: await redSquare }
  const started = window.getByAltText('The picture to start from')
  await window.getByLabel(chooser).setInputFiles(picture)
  await expect(started).toBeVisible()
  // Without a change of something else in between, both would be one.
  await setNumber(window, 'Steps', 5)
  await window.getByRole('button', { name: 'Remove the starting picture' }).click()
  await window.getByLabel(chooser).setInputFiles(letter)
  await expect(refused).toBeVisible()
  // Back to the picture, and again to none, by the settings' own undo.
  await window.getByRole('button', { name: /^Take back/ }).click()
  await expect(started).toBeVisible()
  await expect(refused).toHaveCount(0)
  await window.getByLabel(chooser).setInputFiles(letter)
  // All that belongs to a picture has no room below it.
  await expect(refused).toBeInViewport({ ratio: 1 })
  await window.getByRole('button', { name: /^Make it again/ }).click()
  await expect(started).toHaveCount(0)
  await expect(refused).toHaveCount(0)
})

test('how much noise a strength means is said once, whether the picture was looked at or not', async ({
  window,
}) => {
  const picture = { name: 'red.png', mimeType: 'image/png', buffer: await redSquare }
  await window.getByLabel(chooser).setInputFiles(picture)
  const share = window.getByText(/^\d+% noise$/)
  const before = await share.textContent()
  await window.getByRole('button', { name: 'See the noise' }).click()
  await expect(window.getByRole('img', { name: `with ${before}` })).toBeVisible()
  await expect(share).toHaveText(before!)
  await setNumber(window, 'Strength', 0)
  await expect(share).toHaveText('0% noise')
})

test('a made picture can be the start of the next, and running that again gives the same pixels', async ({
  window,
}) => {
  await makePicture(window, 'a red house')
  await window.getByRole('button', { name: 'Start from this' }).click()
  await expect(window.getByAltText('The picture to start from')).toBeVisible()
  await makePicture(window, 'a red house in the snow', 4)
  const first = await pixelsOf(picture(window))
  await promptField(window).fill('')
  await window.getByRole('button', { name: 'Run again' }).click()
  await expect(film(window).filter({ has: window.locator('img') })).toHaveCount(3)
  await expect(window.getByRole('progressbar')).toHaveCount(0)
  expect(await pixelsOf(picture(window))).toBe(first)
})

test('the picture on the canvas is copied and saved by keys, unless text is copied, and pasted as a start', async ({
  window,
  surface,
}) => {
  test.skip(surface !== 'browser', 'the clipboard is read in the browser')
  await window.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await makePicture(window, 'a red house')
  const types = () =>
    window.evaluate(async () => (await navigator.clipboard.read()).flatMap(({ types }) => [...types]))
  await window.evaluate(() => navigator.clipboard.writeText('mine'))
  await promptField(window).press('Control+c')
  expect(await types()).toEqual(['text/plain'])
  await film(window).first().press('Control+c')
  await expect.poll(types).toEqual(['image/png'])
  const saved = window.waitForEvent('download')
  await film(window).first().press('Control+s')
  expect((await saved).suggestedFilename()).toMatch(/\.png$/)
  await film(window).first().press('Control+v')
  await expect(window.getByAltText('The picture to start from')).toBeVisible()
  await expect(window.getByText('256 × 256').first()).toBeVisible()
})

test('a picture of another program says what cannot be taken over, and offers the nearest', async ({
  window,
}) => {
  const infotext =
    'a purple flower <lora:petals:0.7>\nSteps: 500, Sampler: Eular, CFG scale: 7, Seed: 7, Size: 4096x1000, Model: elsewhere, Model hash: 0123456789, Hires upscaler: Latent'
  const picture = withTexts(await redSquare, [{ keyword: 'parameters', text: infotext }])
  await window
    .getByLabel(chooser)
    .setInputFiles({ name: 'flower.png', mimeType: 'image/png', buffer: picture })
  await window.getByRole('button', { name: 'Use that' }).click()
  const report = window.getByRole('region', { name: 'Taken over' })
  await expect(report).toContainText('The model elsewhere (0123456789) is not here; Starter stays chosen')
  await expect(report).toContainText('Steps: 500 is outside the limits here; 200 is set.')
  await expect(report).toContainText(/4096 is outside the limits here; 2048 is set/)
  await expect(report).toContainText('Hires upscaler: Latent')
  await expect(window.getByRole('spinbutton', { name: 'Steps', exact: true })).toHaveValue('200')
  await expect(window.getByRole('spinbutton', { name: 'Width', exact: true })).toHaveValue('2048')
  await report.getByRole('button', { name: 'Euler a', exact: true }).click()
  await expect(window.getByRole('combobox', { name: 'Sampler' })).toContainText('Euler a')
  await expect(window.getByRole('status', { name: 'Notes on the settings' })).toContainText(
    '<lora:petals:0.7>',
  )
  await report.getByRole('button', { name: 'Dismiss' }).click()
  await expect(report).toHaveCount(0)
})

test('what a prompt asks for in vain is said before the run and with the picture', async ({ window }) => {
  await promptField(window).fill('a red circle __shape__')
  const words = 'There is no wildcard of this name, so it stands in the prompt as it is: __shape__'
  await expect(window.getByRole('status', { name: 'Notes on the settings' })).toHaveText(words)
  await makePicture(window, 'a red circle __shape__')
  const afterwards =
    'No wildcard of this name had a line to choose, so it stands in the prompt as it is: __shape__'
  await window.getByRole('button', { name: afterwards }).click()
  await expect(window.getByRole('complementary', { name: 'Details' })).toContainText(afterwards)
  await promptField(window).fill('a red circle')
  await expect(window.getByText('Notes on the settings')).toHaveCount(0)
})

test('-1 is a random seed', async ({ window }) => {
  const seed = window.getByRole('textbox', { name: 'Seed' })
  await seed.fill('12')
  await seed.press('Enter')
  await expect(seed).toHaveValue('12')
  await seed.fill('-1')
  await seed.press('Enter')
  await expect(seed).toHaveValue('')
})

test('a picture that tells how it was made gives its settings to the controls', async ({ window }) => {
  await makePicture(window, 'a purple flower', 3)
  const first = await pixelsOf(picture(window))
  const source = (await picture(window).getAttribute('src'))!
  const bytes = await window.evaluate(
    async (url) => [...new Uint8Array(await (await fetch(url)).arrayBuffer())],
    source,
  )
  await promptField(window).fill('something else')
  await setNumber(window, 'Steps', 9)
  const file = { name: 'flower.png', mimeType: 'image/png', buffer: Buffer.from(bytes) }
  await window.getByLabel(chooser).setInputFiles(file)
  await window.getByRole('button', { name: 'Use that' }).click()
  await expect(promptField(window)).toHaveValue('a purple flower')
  await expect(window.getByAltText('The picture to start from')).toHaveCount(0)
  await makePicture(window, 'a purple flower', 3)
  expect(await pixelsOf(picture(window))).toBe(first)
})
