import type { Page } from '@playwright/test'
import { violations } from './axe.ts'
import { copiedBy, expect, makePicture, setSize, test } from './studio.ts'

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
  await setSize(window, 128)
  await makePicture(window, 'a red xylographic fox on a hill', 4)
  await openPage(window, 'Attention')
  const words = window.getByRole('group', { name: 'Words of the prompt' })
  await expect(words.getByRole('button', { name: 'fox' })).toBeVisible(longRun)
  // The words of the prompt, with its start and its end apart.
  await expect(words.getByRole('button')).toHaveCount(9)
  await words.getByRole('button', { name: 'fox' }).click()
  const lit = /^“fox”: [\d.]+% of the attention, on the mean over 4 steps/
  await expect(window.getByRole('img', { name: lit })).toBeVisible()
  await expect.poll(() => brightness(window, lit)).toBeGreaterThan(5)

  // A word of several pieces, and one piece of it.
  await words.getByRole('button', { name: 'xylographic' }).click()
  const pieces = window.getByRole('group', { name: 'Pieces of “xylographic”' })
  await pieces.getByRole('button').first().click()
  await expect(pieces.getByRole('button').first()).toHaveAttribute('aria-pressed', 'true')

  await words.getByRole('button', { name: 'fox' }).click()
  const slider = window.getByRole('slider', { name: 'Step' })
  await slider.press('End')
  const atEnd = window.getByText(/^“fox”: [\d.]+% of the attention, at step 4 of 4/)
  await expect(atEnd).toBeVisible()
  const said = await atEnd.textContent()
  await expect(window).toHaveURL(/#lab\/attention\?.*step=4/)
  await window.reload()
  await expect(window.getByText(said!)).toBeVisible(longRun)
  expect(await violations(window)).toEqual([])

  if (surface !== 'browser') return
  const rows = (
    await copiedBy(window.getByRole('button', { name: /^Copy as CSV: The same of all words/ }))
  ).split('\n')
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

test('the U-Net: its blocks, what one of them sees, and a picture with a skip connection cut and FreeU', async ({
  window,
}) => {
  await setSize(window, 64)
  await makePicture(window, 'a red fox on a hill', 2)
  await openPage(window, 'The U-Net')
  const drawn = window.getByRole('group', { name: 'The U-Net, drawn' })
  await expect(drawn.getByRole('switch')).toHaveCount(6, longRun)
  await expect(
    drawn.getByRole('button', { name: /^mid_block: 256 channels of 2 × 2.*the text enters here.* ms$/ }),
  ).toHaveAttribute('aria-pressed', 'true')
  await expect(window.getByText(/million parameters; [\d.e+]+ ms for one evaluation/)).toBeVisible()
  await expect(window.getByRole('img', { name: 'Channel 1', exact: true })).toBeVisible(longRun)
  await expect(window.getByRole('img', { name: 'turned' })).toBeVisible()
  const before = await window.getByRole('img', { name: 'turned' }).getAttribute('src')

  await drawn.getByRole('switch', { name: /^Skip connection 2:/ }).press('Space')
  await expect(window.getByText('Cut: skip connection 2.')).toBeVisible()
  await expect(window.getByRole('img', { name: 'turned' })).not.toHaveAttribute('src', before!, longRun)
  const cut = await window.getByRole('img', { name: 'turned' }).getAttribute('src')
  await window.getByRole('checkbox', { name: 'FreeU (Si et al. 2023)' }).check()
  await expect(window.getByText('FreeU with b 1.2 / 1.4 and s 0.9 / 0.2.')).toBeVisible()
  await expect(window.getByRole('img', { name: 'turned' })).not.toHaveAttribute('src', cut!, longRun)
  await window.getByRole('slider', { name: 'b: what comes from below' }).press('Home')
  await expect(window.getByText('FreeU with b 1 / 1 and s 0.9 / 0.2.')).toBeVisible()

  await drawn.getByRole('button', { name: /^up_blocks.2.resnets.0:/ }).click()
  const inside = window.getByRole('region', { name: 'Inside up_blocks.2.resnets.0' })
  await expect(inside.getByRole('img', { name: 'Channel 1', exact: true })).toBeVisible(longRun)
  await expect(window).toHaveURL(/#lab\/unet\?.*block=up_blocks\.2\.resnets\.0&.*off=1/)
  await window.reload()
  await expect(window.getByText('Cut: skip connection 2.')).toBeVisible(longRun)
  await expect(inside.getByRole('img', { name: 'Channel 1', exact: true })).toBeVisible(longRun)
  expect(await violations(window)).toEqual([])
})
