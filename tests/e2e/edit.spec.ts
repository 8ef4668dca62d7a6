import { violations } from './axe.ts'
import { expect, film, makePicture, pixelsOf, setNumber, test } from './studio.ts'

test.use({ engine: 'gradients' })

test('a picture is turned, cut and toned by mouse and keys, seen live, and kept as a picture of its own', async ({
  window,
}) => {
  await setNumber(window, 'Width', 128)
  await setNumber(window, 'Height', 64)
  await makePicture(window, 'a fox')
  await film(window).first().dblclick()
  const viewer = window.getByRole('dialog', { name: 'a fox' })
  await expect(viewer).toBeVisible()
  await window.keyboard.press('e')
  const editor = window.getByRole('dialog', { name: 'Edit' })
  const save = editor.getByRole('button', { name: 'Save as a new picture' })
  await expect(save).toBeDisabled()

  await editor.getByRole('button', { name: 'Right' }).click()
  await expect(editor.getByText('Becomes 64 × 128.')).toBeVisible()
  const frame = editor.getByRole('group', { name: /^What is kept/ })
  await frame.focus()
  await window.keyboard.press('Shift+ArrowLeft')
  await window.keyboard.press('Alt+ArrowRight')
  await expect(frame).toHaveAccessibleName('What is kept: 62 × 128 at 1, 0')
  const box = (await frame.boundingBox())!
  await window.mouse.move(box.x + box.width / 2, box.y + box.height - 2)
  await window.mouse.down()
  await window.mouse.move(box.x + box.width / 2, box.y + box.height / 2 - 2, { steps: 3 })
  await window.mouse.up()
  await expect(frame).toHaveAccessibleName('What is kept: 62 × 64 at 1, 0')
  await setNumber(window, 'Gamma', 2)
  await expect(editor.getByRole('img', { name: 'The picture as it will be' })).toHaveCSS(
    'filter',
    /edit-levels/,
  )
  expect(await violations(window)).toEqual([])
  for (const colorScheme of ['dark', 'light'] as const) {
    await window.emulateMedia({ colorScheme })
    await window.screenshot({ path: test.info().outputPath(`edit-${colorScheme}.png`) })
  }

  await window.keyboard.press('Control+s')
  await expect(editor).toBeHidden()
  const made = viewer.getByRole('img').first()
  const first = await pixelsOf(made)
  await expect(viewer.getByText('turned 90° · 62 × 64 at 1, 0 · levels 0 · 2 · 255')).toBeVisible()
  await expect(viewer.getByRole('button', { name: /Edited/ })).toBeVisible()
  // What it came from stands as a drawing, in which the arrows go from picture to picture.
  const lineage = viewer.getByRole('region', { name: 'Where it comes from' })
  const edited = lineage.getByRole('button', { name: 'a fox, Edited' })
  const original = lineage.getByRole('button', { name: 'a fox', exact: true })
  await edited.press('ArrowLeft')
  await expect(original).toBeFocused()
  await window.keyboard.press('Enter')
  await expect(original).toHaveAttribute('aria-current', 'true')
  await expect(viewer.getByText('turned 90°')).toHaveCount(0)
  await edited.click()
  await expect(edited).toHaveAttribute('aria-current', 'true')
  // Both are among those that were gone through before, which go on.
  await viewer.getByRole('button', { name: 'Verify' }).click()
  await expect(viewer.getByText('Identical, pixel by pixel.')).toBeVisible()
  await viewer.getByRole('button', { name: 'Next picture' }).click()
  expect(await pixelsOf(made)).not.toBe(first)
  // What was made to verify it is told from it, and where it went.
  await expect(lineage.getByRole('button', { name: 'a fox, Made again, in the trash' })).toBeVisible()
  await expect(edited).toHaveCount(1)
})

test('Escape pressed before the editor is drawn, and once more at once, closes it and the viewer', async ({
  window,
}) => {
  await makePicture(window, 'a fox')
  await film(window).first().dblclick()
  await expect(window.getByRole('dialog', { name: 'a fox' })).toBeVisible()
  await window.evaluate(async () => {
    const dialogs = (): number => document.querySelectorAll('[role=dialog]').length
    const press = (key: string): boolean =>
      document.activeElement!.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))
    const untilOpen = async (count: number): Promise<void> => {
      while (dialogs() < count) await new Promise((resolve) => setTimeout(resolve))
    }
    press('e')
    await untilOpen(2)
    for (const key of ['Escape', 'Escape']) {
      press(key)
      await new Promise((resolve) => setTimeout(resolve))
    }
  })
  await expect(window.getByRole('dialog')).toHaveCount(0)
})

test('a picture is straightened, and what becomes empty is cut away', async ({ window }) => {
  await setNumber(window, 'Width', 128)
  await setNumber(window, 'Height', 64)
  await makePicture(window, 'a fox')
  await film(window).first().dblclick()
  const viewer = window.getByRole('dialog', { name: 'a fox' })
  await expect(viewer).toBeVisible()
  await window.keyboard.press('e')
  const editor = window.getByRole('dialog', { name: 'Edit' })
  await setNumber(window, 'Straighten', 5)
  const becomes = editor.getByText(/^Becomes \d+ × \d+\.$/)
  const [width, height] = (await becomes.textContent())!.match(/\d+/g)!.map(Number)
  expect(width).toBeLessThan(128)
  expect(height).toBeLessThan(64)
  await window.keyboard.press('Control+s')
  await expect(editor).toBeHidden()
  await expect(viewer.getByText(/straightened 5°/)).toBeVisible()
  const size = await viewer
    .getByRole('img')
    .first()
    .evaluate(async (image: HTMLImageElement) => {
      await image.decode()
      return [image.naturalWidth, image.naturalHeight]
    })
  expect(size).toEqual([width, height])
})
