import type { Locator, Page } from '@playwright/test'
import sharp from 'sharp'
import { violations } from './axe.ts'
import { expect, makePicture, picture, setNumber, setSize, test } from './studio.ts'

/** A picture on a busy machine. */
const longRun = { timeout: 200_000 }

async function openWithTwo(page: Page, side: number): Promise<void> {
  await setSize(page, side)
  await makePicture(page, 'a red fox on a hill', 2)
  await makePicture(page, 'a blue boat at night', 2)
  await page.getByRole('link', { name: 'Lab', exact: true }).click()
  await page.getByRole('link', { name: 'Latent space' }).click()
}

/** The page may not fetch a picture of its own. */
const shownPixels = (image: Locator): Promise<number[]> =>
  image.evaluate((element: HTMLImageElement) => {
    const { naturalWidth: width, naturalHeight: height } = element
    const context = new OffscreenCanvas(width, height).getContext('2d')!
    context.drawImage(element, 0, 0)
    return [...context.getImageData(0, 0, width, height).data]
  })

const choose = (page: Page, way: string): Promise<void> =>
  page.getByRole('radio', { name: way, exact: true }).click()

test('two pictures are mixed in their latents at once, the address brings the mix back, and a walk between them is made, saved, and can be stopped', async ({
  window,
}) => {
  // Large enough that a long walk is not over before it is stopped.
  await openWithTwo(window, 256)
  await expect(window.getByRole('img', { name: 'Latents with a share of 0.50' })).toBeVisible(longRun)
  const slider = window.getByRole('slider', { name: 'Share of the second picture' })
  await slider.press('PageUp')
  await expect(window.getByRole('img', { name: 'Latents with a share of 0.60' })).toBeVisible()
  await expect(window.locator('.paper img')).toBeVisible(longRun)
  await expect(window.getByText(/^Angle between both: \d+\.\d°/)).toBeVisible()
  await expect(window).toHaveURL(/#lab\/latent\?.*share=0\.6/)
  expect(await violations(window)).toEqual([])
  await window.reload()
  await expect(window.getByRole('img', { name: 'Latents with a share of 0.60' })).toBeVisible(longRun)
  // The last that is asked for wins: the page has to have its picture.
  await expect(window.locator('.paper img')).toBeVisible(longRun)

  const walk = window.getByRole('region', { name: 'A walk from one to the other' })
  await setNumber(window, 'Frames', 4)
  await expect(walk.getByText(/^4 frames of \d+ × \d+, 0\.3 s/)).toBeVisible()
  await walk.getByRole('button', { name: 'Make the walk' }).click()
  await expect(walk.getByText(/^4 frames, \d+ kB\.$/)).toBeVisible(longRun)
  const [download] = await Promise.all([
    window.waitForEvent('download'),
    walk.getByRole('link', { name: 'Save the walk' }).click(),
  ])
  expect(download.suggestedFilename()).toBe('walk.webp')
  const file = test.info().outputPath('walk.webp')
  await download.saveAs(file)
  expect(await sharp(file, { animated: true }).metadata()).toMatchObject({ pages: 4, loop: 0 })

  await setNumber(window, 'Frames', 60)
  await walk.getByRole('button', { name: 'Make the walk' }).click()
  // By the key: a click waits for frames, which a busy machine draws late.
  await walk.getByRole('button', { name: 'Stop' }).press('Enter')
  await expect(walk.getByText(/^Stopped/)).toBeVisible(longRun)

  // A mix is a picture to start from.
  await expect(window.locator('.paper img')).toBeVisible(longRun)
  await window.getByRole('button', { name: 'Start from this' }).click()
  await expect(window.getByRole('img', { name: 'The picture to start from' })).toBeVisible()
})

test('with nothing of the second a mixed run is the first picture, pixel for pixel; a picture moves along a word, and its channels are turned', async ({
  window,
}) => {
  await openWithTwo(window, 64)
  await choose(window, 'Noise, text')
  await window.getByRole('slider', { name: 'Share of the second picture' }).press('Home')
  const drawn = window.getByRole('img', { name: /^Noise and text with a share of 0\.00/ })
  await expect(drawn).toBeVisible(longRun)
  await expect(window.getByRole('link', { name: 'Save picture' })).toBeVisible(longRun)
  const mixed = await shownPixels(drawn)
  await window.getByRole('link', { name: 'Create' }).click()
  expect(await shownPixels(picture(window))).toEqual(mixed)

  await window.getByRole('link', { name: 'Lab', exact: true }).click()
  await choose(window, 'A word')
  await expect(window.getByText('Type a word to move the picture along it.')).toBeVisible()
  await window.getByRole('textbox', { name: 'More of this word' }).fill('snow')
  await expect(window.getByRole('img', { name: '1.0 times “snow”.' })).toBeVisible(longRun)
  await window.getByRole('slider', { name: 'Strength of the word' }).press('Home')
  await expect(window.getByRole('img', { name: '-2.0 times “snow”.' })).toBeVisible(longRun)
  await expect(window.getByRole('link', { name: 'Save picture' })).toBeVisible(longRun)
  expect(await violations(window)).toEqual([])

  await choose(window, 'Channels')
  await expect(window.getByRole('img', { name: 'All channels as they are.' })).toBeVisible(longRun)
  const slider = window.getByRole('slider', { name: 'Scale of channel 1' })
  await slider.press('Home')
  await expect(window.getByRole('img', { name: 'channel 1: × -1.00 + 0.00' })).toBeVisible()
  await expect(window.locator('.paper img')).toBeVisible(longRun)
  await expect(window).toHaveURL(/scales=-1%2C1%2C1%2C1/)
  expect(await violations(window)).toEqual([])
  await window.getByRole('button', { name: 'As it was' }).click()
  await expect(window.getByRole('img', { name: 'All channels as they are.' })).toBeVisible()
})
