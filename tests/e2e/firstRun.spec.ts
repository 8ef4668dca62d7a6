import path from 'node:path'
import { root } from '../../scripts/build.ts'
import { openStudio } from '../../src/studio/studio.ts'
import { violations } from './axe.ts'
import { expect, film, picture, test } from './studio.ts'

test.use({ engine: 'gradients' })

const newsLine = 'Latent Studio has learnt new things.'

test('a new studio makes a picture with one click, and shows around when it is asked to', async ({
  window,
}) => {
  const tour = window.getByRole('dialog')
  await window.getByRole('button', { name: 'Take the tour' }).click()
  await expect(tour).toHaveAccessibleName('Say what you want to see')
  expect(await violations(window)).toEqual([])
  await window.screenshot({ path: test.info().outputPath('tour.png') })
  await window.keyboard.press('ArrowRight')
  await expect(tour).toHaveAccessibleName('Shape it')
  await window.keyboard.press('ArrowLeft')
  for (let stop = 1; stop < 5; stop++) await window.keyboard.press('Enter')
  await expect(tour).toHaveAccessibleName('Everything else')
  await window.keyboard.press('Enter')
  await expect(tour).toHaveCount(0)

  await window.setViewportSize({ width: 360, height: 740 })
  await window.keyboard.press('Control+k')
  await expect(window.getByRole('dialog', { name: 'Commands' }).getByRole('textbox')).toBeFocused()
  await window.keyboard.type('take the tour')
  await window.keyboard.press('Enter')
  await expect(tour).toHaveAccessibleName('Say what you want to see')
  await window.screenshot({ path: test.info().outputPath('tour-360.png') })
  await expect
    .poll(async () => {
      const { x, width } = (await tour.boundingBox())!
      return x >= 0 && x + width <= 360
    })
    .toBe(true)
  await window.keyboard.press('Escape')
  await expect(tour).toHaveCount(0)

  await window.getByLabel('Canvas').getByRole('button').first().click()
  await expect(picture(window)).toBeVisible()
})

test('who begins finds everything new, and is told nothing', async ({ window }) => {
  await window.getByLabel('Canvas').getByRole('button').first().click()
  await expect(picture(window)).toBeVisible()
  await window.reload()
  await expect(film(window)).toHaveCount(1)
  await expect(window.getByText(newsLine)).toHaveCount(0)
})

/** On a folder with a picture that no window has seen. */
const testBefore = test.extend({
  dataFolder: async ({ dataFolder }, use) => {
    const enginePath = path.join(root, 'tests', 'studio', 'fixtures', 'engine.ts')
    const studio = await openStudio({ dataFolder, enginePath })
    const made = new Promise<void>((resolve) => studio.subscribe({ imageAdded: () => resolve() }))
    await studio.calls.enqueue({ prompt: 'a picture of before', steps: 2 })
    await made
    await studio.close()
    await use(dataFolder)
  },
})

testBefore('what is new is told once, to whoever made pictures before', async ({ window }) => {
  const line = window.getByText(newsLine)
  await expect(line).toBeVisible()
  await window.getByRole('button', { name: 'What is new' }).click()
  await expect(window.getByRole('dialog', { name: 'What is new' })).toContainText('Pause inside a picture')
  expect(await violations(window)).toEqual([])
  await window.keyboard.press('Escape')
  await expect(line).toHaveCount(0)
  // Another browser, or another address of the studio, remembers nothing by itself.
  await window.evaluate(() => localStorage.clear())
  await window.reload()
  await expect(film(window)).toHaveCount(1)
  await expect(line).toHaveCount(0)
})
