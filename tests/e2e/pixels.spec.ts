import type { Page } from '@playwright/test'
import { violations } from './axe.ts'
import { chooseModel, expect, film, generateButton, picture, promptField, setNumber, test } from './studio.ts'

const openLab = (page: Page): Promise<void> => page.getByRole('link', { name: 'Lab', exact: true }).click()

/** A picture of the model of pixels on the canvas. */
async function makePixels(page: Page): Promise<void> {
  await chooseModel(page, 'Starter, pixels')
  await setNumber(page, 'Steps', 10)
  await generateButton(page).click()
  await expect(film(page)).toHaveCount(1)
  await expect(picture(page)).toBeVisible()
}

test('a model of pixels is asked without words, and nothing is kept that did not decide its picture', async ({
  window,
}) => {
  await promptField(window).fill('a cat')
  await makePixels(window)
  await expect(promptField(window)).toHaveCount(0)
  await expect(window.getByRole('spinbutton', { name: 'Guidance' })).toHaveCount(0)
  await expect(window.getByText('This model reads no words')).toBeVisible()
  await expect(picture(window)).toHaveJSProperty('naturalWidth', 32)
  await expect(picture(window)).toHaveAttribute('alt', 'a picture without a prompt')
  expect(await violations(window)).toEqual([])

  // The words wait for a model that reads them.
  await chooseModel(window, 'Starter')
  await expect(promptField(window)).toHaveValue('a cat')
})

test('the Lab shows pixels as they are: noised, drawn back, and step by step', async ({ window }) => {
  await makePixels(window)
  await openLab(window)
  await expect(window.getByRole('img', { name: /^Timestep 300 of 1000/ })).toBeVisible()
  await expect(window.getByText('these pixels')).toBeVisible()
  await expect(window.getByRole('textbox', { name: 'Prompt' })).toHaveCount(0)
  await window.getByRole('button', { name: 'Run backwards from here' }).click()
  await expect(window.getByText('Done. The picture is in the library.')).toBeVisible()

  await window.getByRole('link', { name: 'Step by step' }).click()
  const guess = window.getByRole('img', { name: 'its guess of the picture' })
  await expect(guess).toBeVisible()
  expect(await guess.evaluate((canvas: HTMLCanvasElement) => canvas.width)).toBe(32)
})

test('training: pictures on the way, curves, and the algorithms beside the code that does them', async ({
  window,
}) => {
  await openLab(window)
  await window.getByRole('link', { name: 'Training', exact: true }).click()
  const pixelsAt = (step: number): Promise<string> =>
    window
      .getByRole('img', { name: new RegExp(`^After ${step} of`) })
      .evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL())
  const slider = window.getByRole('slider', { name: 'Steps of training' })
  await slider.press('Home')
  await expect(window.getByRole('img', { name: /^After 100 of/ })).toBeVisible()
  const early = await pixelsAt(100)
  await slider.press('ArrowRight')
  await expect.poll(() => pixelsAt(200)).not.toBe(early)
  await expect(window).toHaveURL(/#lab\/training\?at=2/)
  expect(await violations(window)).toEqual([])

  await window.getByRole('radio', { name: 'Algorithm 1' }).click()
  await expect(window.getByRole('group', { name: 'training/ddpm.py' })).toContainText(
    'epsilon = torch.randn_like(x_0)',
  )
  await window.getByRole('radio', { name: 'Algorithm 2' }).click()
  await expect(window.getByRole('group', { name: 'src/engine/samplers/ddpm.ts' })).toContainText(
    'noise(sigma, next)',
  )
  expect(await violations(window)).toEqual([])
  await window.getByRole('link', { name: 'Train a tiny one yourself' }).click()
  await expect(window.getByRole('heading', { name: 'Train a tiny one' })).toBeVisible()
})
