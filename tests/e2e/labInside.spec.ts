import type { Page } from '@playwright/test'
import { violations } from './axe.ts'
import { expect, makePicture, test } from './studio.ts'

/** A picture on a busy machine. */
const longRun = { timeout: 200_000 }

const openPage = async (page: Page, name: string): Promise<void> => {
  await page.getByRole('link', { name: 'Lab', exact: true }).click()
  await page.getByRole('link', { name, exact: true }).click()
}

/** The mean brightness of a canvas. */
const brightness = (page: Page, name: RegExp): Promise<number> =>
  page.getByRole('img', { name }).evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)
    let sum = 0
    for (let i = 0; i < data.length; i += 4) sum += data[i] + data[i + 1] + data[i + 2]
    return sum / (data.length / 4) / 3
  })

test('attention: a word lights the picture where it was looked at, and the address brings it back', async ({
  window,
  surface,
}) => {
  if (surface === 'browser') await window.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await makePicture(window, 'a red xylographic fox on a hill', 4)
  await openPage(window, 'Attention')
  const words = window.getByRole('group', { name: 'Words of the prompt' })
  await expect(words.getByRole('button', { name: 'fox' })).toBeVisible(longRun)
  // The words of the prompt, with its start and its end apart.
  await expect(words.getByRole('button')).toHaveCount(9)
  await words.getByRole('button', { name: 'fox' }).click()
  const lit = /^“fox”: [\d.]+ % of the attention, on the mean over 4 steps/
  await expect(window.getByRole('img', { name: lit })).toBeVisible()
  expect(await brightness(window, lit)).toBeGreaterThan(5)

  // A word of several pieces, and one piece of it.
  await words.getByRole('button', { name: 'xylographic' }).click()
  const pieces = window.getByRole('group', { name: 'Pieces of “xylographic”' })
  await pieces.getByRole('button').first().click()
  await expect(pieces.getByRole('button').first()).toHaveAttribute('aria-pressed', 'true')

  await words.getByRole('button', { name: 'fox' }).click()
  const slider = window.getByRole('slider', { name: 'Step' })
  await slider.press('End')
  const atEnd = window.getByText(/^“fox”: [\d.]+ % of the attention, at step 4 of 4/)
  await expect(atEnd).toBeVisible()
  const said = await atEnd.textContent()
  await expect(window).toHaveURL(/#lab\/attention\?.*step=4/)
  await window.reload()
  await expect(window.getByText(said!)).toBeVisible(longRun)
  expect(await violations(window)).toEqual([])

  if (surface !== 'browser') return
  await window.getByRole('button', { name: /^Copy as CSV: The same of all words/ }).click()
  const rows = (await window.evaluate(() => navigator.clipboard.readText())).split('\n')
  expect(rows[0]).toBe('Step,start,a,red,xylographic,fox,on,a,hill,end and filling')
  for (const row of rows.slice(1)) {
    const [, ...shares] = row.split(',').map(Number)
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 2)
  }
  const [download] = await Promise.all([
    window.waitForEvent('download'),
    window.getByRole('button', { name: 'Save with its formula' }).click(),
  ])
  expect(download.suggestedFilename()).toBe('attention.png')
})
