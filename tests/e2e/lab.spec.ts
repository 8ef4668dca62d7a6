import type { Page } from '@playwright/test'
import sharp from 'sharp'
import { violations } from './axe.ts'
import { choose, copiedBy, expect, makePicture, setSize, test } from './studio.ts'

test.beforeEach(async ({ context, surface }) => {
  if (surface === 'browser') await context.grantPermissions(['clipboard-read', 'clipboard-write'])
})

/** A picture on a busy machine. */
const longRun = { timeout: 200_000 }

const openLab = (page: Page): Promise<void> => page.getByRole('link', { name: 'Lab', exact: true }).click()

/** The middle value of a canvas's spread from pixel to pixel: noise has much of it. */
const roughness = (page: Page, name: RegExp): Promise<number> =>
  page.getByRole('img', { name }).evaluate((canvas: HTMLCanvasElement) => {
    const { data, width } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)
    let sum = 0
    for (let i = 0; i + 4 < data.length; i += 4) sum += Math.abs(data[i] - data[i + 4])
    return sum / (data.length / 4) / width
  })

test('forwards: a picture drowns in noise as the slider goes, and the address brings it back; curves are copied as CSV, and it is saved with its formula', async ({
  window,
  surface,
}) => {
  await setSize(window, 128)
  await makePicture(window, 'a red fox on a hill', 4)
  await openLab(window)
  await expect(window.getByRole('heading', { name: 'Forwards' })).toBeVisible()
  const slider = window.getByRole('slider', { name: 'Timestep' })
  await expect(window.getByRole('img', { name: /^Timestep 300 of 1000/ })).toBeVisible()
  const before = await roughness(window, /^Timestep 300/)
  await slider.press('End')
  await expect(window.getByRole('img', { name: /^Timestep 1000 of 1000/ })).toBeVisible()
  await expect.poll(() => roughness(window, /^Timestep 1000/)).toBeGreaterThan(before)
  // The decoder draws it once the slider rests.
  await expect(window.locator('.paper img')).toBeVisible()

  await slider.press('PageDown')
  const said = window.getByText(/^timestep \d+ of 1000/)
  await expect(said).not.toHaveText(/^timestep 1000 /)
  const words = (await said.textContent())!
  await expect(window).toHaveURL(new RegExp(`#lab/forwards\\?.*t=${/\d+/.exec(words)![0]}(&|$)`))
  await window.reload()
  await expect(said).toHaveText(words)
  await window.getByRole('radio', { name: 'Sigma' }).click()
  await window.getByRole('slider', { name: 'Sigma' }).press('Home')
  await expect(said).toContainText('timestep 1 of')

  // Leaving for another page and coming back keeps the experiment.
  await window.getByRole('link', { name: 'Library' }).click()
  await openLab(window)
  await expect(said).toContainText('timestep 1 of')

  // The clipboard is read in the browser.
  if (surface !== 'browser') return
  await expect(window.getByRole('img', { name: /^Timestep 1 of/ })).toBeVisible()
  await choose(window, 'Schedule', 'Constant β')
  const csv = await copiedBy(window.getByRole('button', { name: /^Copy as CSV: ᾱ/ }))
  const rows = csv.split('\n').map((row) => row.split(','))
  expect(rows).toHaveLength(1001)
  expect(rows[0]).toEqual(['x', 'chosen', 'this model’s own'])
  const [first, second] = [Number(rows[1][1]), Number(rows[2][1])]
  expect(second).toBeCloseTo(first ** 2, 9)

  const [download] = await Promise.all([
    window.waitForEvent('download'),
    window.getByRole('button', { name: 'Save with its formula' }).click(),
  ])
  expect(download.suggestedFilename()).toBe('forwards.png')
  const file = test.info().outputPath('forwards.png')
  await download.saveAs(file)
  // Below the picture, 1024 pixels wide between margins of 48, stands the formula in ink.
  const place = { left: 48, top: 1024 + 96, width: 1024, height: 60 }
  const grey = await sharp(file).extract(place).greyscale().raw().toBuffer()
  expect(grey.filter((value) => value < 100).length).toBeGreaterThan(500)
})

test('backwards from here is image-to-image from the picture, with or without fresh noise', async ({
  window,
}) => {
  await setSize(window, 64)
  await makePicture(window, 'a red fox on a hill', 2)
  await openLab(window)
  await expect(window.getByRole('img', { name: /^Timestep 300 of 1000/ })).toBeVisible()
  await window.getByRole('slider', { name: 'Timestep' }).press('End')
  for (let i = 0; i < 5; i++) await window.getByRole('slider', { name: 'Timestep' }).press('PageDown')
  const back = window.getByRole('region', { name: 'Backwards from here' })
  await back.getByRole('textbox').fill('a blue fox on a hill')
  await back.getByRole('spinbutton', { name: 'Steps' }).fill('6')
  await back.getByRole('spinbutton', { name: 'Steps' }).press('Enter')
  await expect(back.getByText(/^Image-to-image with strength 0\.\d+: [2-5] steps/)).toBeVisible()
  await back.getByRole('button', { name: 'Run backwards from here' }).click()
  await expect(back.getByText('Done. The picture is in the library.')).toBeVisible(longRun)
  await back.getByRole('checkbox').uncheck()
  await expect(back.getByRole('group', { name: 'Formula' })).not.toContainText('σ')
  await back.getByRole('button', { name: 'Run backwards from here' }).click()
  await expect(back.getByText('Done. The picture is in the library.')).toBeVisible(longRun)
  await window.getByRole('link', { name: 'Create' }).click()
  await expect(window.getByRole('listbox', { name: 'Recent pictures' }).getByRole('option')).toHaveCount(
    3,
    longRun,
  )
})

test('step by step: every prediction can be looked at; a branch goes on from one with something else, and its tree leads to both', async ({
  window,
}) => {
  await setSize(window, 64)
  await makePicture(window, 'a red fox on a hill', 4)
  await openLab(window)
  await window.getByRole('link', { name: 'Step by step' }).click()
  const branching = window.getByRole('region', { name: 'Branch from here' })
  await expect(window.getByRole('img', { name: 'x: what the network is shown' })).toBeVisible(longRun)
  await expect(window.getByRole('img', { name: 'their difference: where guidance pulls' })).toBeVisible()
  await expect(branching.getByText(/^From the first prediction on/)).toBeVisible()
  await expect(branching.getByRole('button', { name: 'Branch from prediction 1' })).toBeDisabled()
  const said = window.getByText(/^Prediction \d+ of \d+: σ/)
  const first = await said.textContent()
  await window.getByRole('slider', { name: 'Prediction' }).press('ArrowRight')
  await window.getByRole('slider', { name: 'Prediction' }).press('ArrowRight')
  await expect(said).not.toHaveText(first!)
  await expect(window.getByRole('img', { name: 'change since the last guess' })).toBeVisible()
  await branching.getByRole('textbox', { name: 'Prompt from here on' }).fill('a blue fox on a hill')
  await branching.getByRole('button', { name: 'Branch from prediction 3' }).click()
  await expect(branching.getByText('Done. The branch is in the tree')).toBeVisible(longRun)

  const tree = window.getByRole('tree', { name: 'Its branches' })
  const [root, branch] = [tree.getByRole('treeitem').first(), tree.getByRole('treeitem').nth(1)]
  // It was followed while it was made, and is what is looked at now.
  await expect(branch).toHaveAttribute('aria-selected', 'true')
  await expect(branch).toHaveText('From prediction 3: “a blue fox on a hill”')
  await branch.focus()
  await branch.press('ArrowUp')
  await root.press('Enter')
  await expect(root).toHaveAttribute('aria-selected', 'true')
  const prompt = branching.getByRole('textbox', { name: 'Prompt from here on' })
  await expect(prompt).toHaveValue('a red fox on a hill')
  await root.press('ArrowDown')
  await branch.press('Enter')
  await expect(prompt).toHaveValue('a blue fox on a hill')
  await expect(window.getByRole('img', { name: 'x: what the network is shown' })).toBeVisible(longRun)
  expect(await violations(window)).toEqual([])

  // Its details say where it comes from and lead there.
  await window.getByRole('link', { name: 'Library' }).click()
  await window.getByRole('option', { name: 'a blue fox on a hill' }).dblclick()
  await expect(window.getByText('prediction 3: “a blue fox on a hill”')).toBeVisible()
  await expect(window.getByRole('button', { name: 'Show where it branched' })).toBeVisible()

  // The controls cannot hold how it began, and say so.
  await window.getByRole('button', { name: 'Use settings' }).click()
  await expect(window.getByText(/^The controls now have the settings this branch ends with/)).toBeVisible()
})
