import { readFileSync } from 'node:fs'
import type { Locator, Page } from '@playwright/test'
import { newImage, writePictures } from '../studio/fixtures/pictures.ts'
import { violations } from './axe.ts'
import { closeByEsc, expect, makePicture, test } from './studio.ts'

test.use({ engine: 'gradients' })

const pictures = (page: Page): Locator => page.getByRole('listbox', { name: 'Pictures' }).getByRole('option')
const searchField = (page: Page): Locator => page.getByRole('searchbox', { name: 'Search pictures' })
const facets = (page: Page): Locator => page.getByRole('complementary', { name: 'Narrow down' })

async function openLibrary(page: Page, ...prompts: string[]): Promise<void> {
  for (const [index, prompt] of prompts.entries()) await makePicture(page, prompt, index + 1)
  await page.getByRole('link', { name: 'Library' }).click()
  await expect(pictures(page)).toHaveCount(prompts.length)
}

test('pictures are found by parameters; what cannot be read is said and keeps what was found', async ({
  window,
}) => {
  await openLibrary(window, 'a red house', 'a red cat', 'a blue cat')
  await searchField(window).fill('cat steps>2')
  await expect(pictures(window)).toHaveCount(1)
  await expect(pictures(window)).toHaveAccessibleName('a blue cat')
  await expect(window.locator('mark')).toHaveText('cat')

  await searchField(window).fill('cat stepps>2')
  await expect(window.getByText('stepps>2 is no parameter. Did you mean steps')).toBeVisible()
  await expect(searchField(window)).toHaveAttribute('aria-invalid', 'true')
  await expect(pictures(window)).toHaveCount(1)

  await searchField(window).fill('red')
  await expect(pictures(window)).toHaveCount(2)
  await window.getByRole('button', { name: 'Saved searches' }).click()
  await window.getByRole('textbox', { name: 'Name of this search' }).fill('Red ones')
  await window.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(window.getByRole('button', { name: /^Red ones/ })).toBeVisible()
  await closeByEsc(window, window.getByRole('dialog', { name: 'Saved searches' }))
  await searchField(window).fill('')
  await expect(pictures(window)).toHaveCount(3)
  await window.getByRole('button', { name: 'Saved searches' }).click()
  await window.getByRole('button', { name: /^Red ones/ }).click()
  await expect(searchField(window)).toHaveValue('red')
  await expect(pictures(window)).toHaveCount(2)
})

test('stars, tags and rejecting by keyboard are counted, found and undone', async ({ window }) => {
  await openLibrary(window, 'one', 'two', 'three')
  await pictures(window).first().focus()
  await window.keyboard.press('4')
  await expect(pictures(window).first()).toHaveAccessibleName('three, 4 stars')
  await window.keyboard.press('x')
  await expect(pictures(window).first()).toHaveAccessibleName('three, 4 stars, rejected')
  // The star's message has an Undo as well.
  const rejected = window.getByRole('listitem').filter({ hasText: 'Rejected' })
  await rejected.getByRole('button', { name: 'Undo' }).click()
  await expect(pictures(window).first()).toHaveAccessibleName('three, 4 stars')

  await pictures(window).first().focus()
  await window.keyboard.press('Shift+ArrowRight')
  await expect(window.getByText('2 selected')).toBeVisible()
  await window.keyboard.press('t')
  const tag = window.getByRole('textbox', { name: 'Find or write a tag' })
  await tag.fill('nice')
  await tag.press('Enter')
  await closeByEsc(window, tag)
  const nice = facets(window).getByRole('button', { name: /^nice/ })
  await expect(nice).toHaveAccessibleName('nice 2')
  await nice.click()
  await expect(searchField(window)).toHaveValue('tag=nice')
  await expect(pictures(window)).toHaveCount(2)
  await nice.click()
  await expect(pictures(window)).toHaveCount(3)

  await pictures(window).first().focus()
  await window.keyboard.press('Control+a')
  await expect(window.getByText('3 selected')).toBeVisible()
  await window.getByRole('toolbar').getByRole('button', { name: '2 stars' }).click()
  await searchField(window).fill('rating:2')
  await expect(pictures(window)).toHaveCount(3)
  expect(await violations(window)).toEqual([])
})

test('pictures are put into an album by keys, which is narrowed down to, and taken out again', async ({
  window,
}) => {
  await openLibrary(window, 'one', 'two', 'three')
  await pictures(window).first().focus()
  await window.keyboard.press('Shift+ArrowRight')
  await expect(window.getByText('2 selected')).toBeVisible()
  await window.keyboard.press('b')
  const album = window.getByRole('textbox', { name: 'Find or name an album' })
  await album.fill('Seaside')
  await album.press('Enter')
  await closeByEsc(window, album)
  const seaside = facets(window).getByRole('button', { name: /^Seaside/ })
  await expect(seaside).toHaveAccessibleName('Seaside 2')
  await seaside.click()
  await expect(pictures(window)).toHaveCount(2)
  await pictures(window).first().click()
  await window.getByRole('button', { name: 'Take Seaside away' }).click()
  await window.keyboard.press('Escape')
  await expect(pictures(window)).toHaveCount(1)
})

test('a picture is dragged out of the library as its file', async ({ window, surface }) => {
  test.skip(surface !== 'browser', 'the app drags by the system')
  await openLibrary(window, 'one', 'two')
  await window.evaluate(() =>
    addEventListener('dragstart', ({ dataTransfer }) => {
      const carried = { address: dataTransfer!.getData('DownloadURL'), files: dataTransfer!.files.length }
      Object.assign(globalThis, { carried })
    }),
  )
  const { x, y } = (await pictures(window).first().boundingBox())!
  await window.mouse.move(x + 80, y + 80)
  await window.mouse.down()
  await window.mouse.move(x + 140, y + 80, { steps: 4 })
  await window.mouse.up()
  const carried = () => window.evaluate(() => (globalThis as { carried?: object }).carried)
  await expect.poll(carried).toMatchObject({
    address: expect.stringMatching(/^image\/png:[\w-]+\.png:http:.+\/images\/[\w-]+\.png/),
    files: 0,
  })
})

test('two pictures are compared in four ways, with what differs of their making', async ({ window }) => {
  await openLibrary(window, 'one', 'two')
  await pictures(window)
    .first()
    .click({ modifiers: ['Control'] })
  await pictures(window).nth(1).click()
  await window.getByRole('button', { name: 'Compare' }).click()
  const dialog = window.getByRole('dialog', { name: 'Compare' })
  await expect(dialog.getByRole('columnheader', { name: 'Picture 2' })).toBeVisible()
  const row = dialog.getByRole('row', { name: /^Prompt/ })
  await expect(row).toHaveText('Prompttwoone')
  await dialog.getByRole('slider').fill('25')
  // The edge between the two is held and moved, too: from a quarter of the picture to its middle.
  const shown = (await dialog.getByAltText('Second picture').boundingBox())!
  const across = (share: number): [number, number] => [
    shown.x + share * shown.width,
    shown.y + shown.height / 2,
  ]
  await window.mouse.move(...across(0.25))
  await window.mouse.down()
  await window.mouse.move(...across(0.5), { steps: 4 })
  await window.mouse.up()
  await expect.poll(() => dialog.getByRole('slider').inputValue().then(Number)).toBeCloseTo(50, 0)
  await dialog.getByRole('radio', { name: 'Difference' }).click()
  await expect(dialog.getByRole('status')).toHaveText(/^(At most \d+ of 255 levels|Identical)/)
  // As large as the pictures that it is of.
  const difference = (await dialog.locator('canvas').boundingBox())!
  expect(difference.width).toBeCloseTo(shown.width, 0)
  await dialog.getByRole('radio', { name: 'Side by side' }).click()
  await expect(dialog.getByRole('group', { name: /^Picture/ })).toHaveCount(2)
  await dialog.getByRole('radio', { name: 'Blink' }).click()
  await expect(dialog.getByText(/^(First|Second) picture$/)).toBeVisible()
  expect(await violations(window)).toEqual([])
  await window.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
})

test('three pictures are compared side by side in step, and any two of them under the slider', async ({
  window,
}) => {
  await openLibrary(window, 'one', 'two', 'three')
  await pictures(window).first().focus()
  await window.keyboard.press('Control+a')
  await window.getByRole('button', { name: 'Compare' }).click()
  const dialog = window.getByRole('dialog', { name: 'Compare' })
  await expect(dialog.getByRole('group', { name: /^Picture/ })).toHaveCount(3)
  await expect(dialog.getByRole('row', { name: /^Prompt/ })).toHaveText('Promptthreetwoone')
  const widths = (): Promise<number[]> =>
    dialog
      .getByRole('img')
      .evaluateAll((images) => images.map((image) => image.getBoundingClientRect().width))
  await expect.poll(async () => Math.min(...(await widths()))).toBeGreaterThan(64)
  const before = await widths()
  await dialog
    .getByRole('group', { name: /^Picture/ })
    .first()
    .focus()
  await window.keyboard.press('+')
  await expect.poll(async () => (await widths()).every((width, at) => width > before[at])).toBe(true)
  await dialog.getByRole('radio', { name: 'Slider' }).click()
  await dialog.getByRole('combobox', { name: 'Second picture' }).selectOption({ label: '3: one' })
  await expect(dialog.getByRole('row', { name: /^Prompt/ })).toHaveText('Promptthreeone')
})

test('the viewer comes closer, says whether a picture becomes the same again, and copies it as text', async ({
  window,
  context,
}) => {
  await openLibrary(window, 'a red house')
  await pictures(window).first().click()
  const viewer = window.getByRole('dialog')
  const image = viewer.getByRole('img', { name: 'a red house' })
  const wide = async (): Promise<number> => (await image.boundingBox())!.width
  await expect.poll(wide).toBeGreaterThan(64)
  const before = await wide()
  await window.keyboard.press('+')
  await expect.poll(wide).toBeGreaterThan(before)
  await window.keyboard.press('f')
  await expect.poll(wide).toBeCloseTo(before, 0)

  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await viewer.getByRole('button', { name: 'Copy as text' }).click()
  await expect
    .poll(() => window.evaluate(() => navigator.clipboard.readText()))
    .toMatch(/^a red house\nSteps: 1/)

  // Where the details do not fit, what verifying found comes into sight by itself.
  await window.setViewportSize({ width: 1280, height: 480 })
  await viewer.getByRole('button', { name: 'Verify' }).click()
  const found = viewer.getByText('Identical, pixel by pixel. The second one is in the trash.')
  await expect(found).toBeInViewport({ ratio: 1 })
  expect(await violations(window)).toEqual([])
})

test('selected pictures are saved as one archive', async ({ window }) => {
  await openLibrary(window, 'one', 'two')
  await pictures(window).first().focus()
  await window.keyboard.press('Control+a')
  await window.getByRole('button', { name: 'Save copies' }).click()
  const download = window.waitForEvent('download')
  await window.getByRole('menuitem', { name: 'As JPEG' }).click()
  const bytes = readFileSync(await (await download).path())
  expect(bytes.toString('latin1', 0, 4)).toBe('PK\x03\x04')
  expect(bytes.toString('latin1').match(/\d{8}-\d{6}-[\da-f]{8}-01\.jpg/g)).toHaveLength(4)
})

const testWithSizes = test.extend({
  dataFolder: async ({ dataFolder }, use) => {
    const images = Array.from({ length: 12 }, (_, index) => {
      const { request } = newImage(index)
      return newImage(index, { width: 64 + 8 * index, request: { ...request, width: 64 + 8 * index } })
    })
    await writePictures(dataFolder, images)
    await use(dataFolder)
  },
})

testWithSizes(
  'a long list of what pictures can be narrowed by unfolds, and folds again',
  async ({ window }) => {
    await window.getByRole('link', { name: 'Library' }).click()
    const sizes = facets(window).getByRole('group', { name: 'Size' })
    await expect(sizes.getByRole('button')).toHaveCount(8)
    await sizes.getByRole('button', { name: '5 more' }).focus()
    await window.keyboard.press('Enter')
    await expect(sizes.getByRole('button')).toHaveCount(13)
    const fewer = sizes.getByRole('button', { name: 'Show fewer' })
    await expect(fewer).toBeFocused()
    await window.keyboard.press('Enter')
    await expect(sizes.getByRole('button')).toHaveCount(8)
    const more = sizes.getByRole('button', { name: '5 more' })
    await expect(more).toBeFocused()
    await expect(more).toBeInViewport()
  },
)
