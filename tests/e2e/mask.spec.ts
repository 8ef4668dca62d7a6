import type { Page } from '@playwright/test'
import sharp from 'sharp'
import { violations } from './axe.ts'
import {
  choose,
  expect,
  film,
  generateButton,
  makePicture,
  picture,
  setNumber,
  setSize,
  test,
} from './studio.ts'

const editor = (window: Page) => window.getByRole('application', { name: /to paint the mask on/ })

/** Noise, of which no pixel comes out of a decoder by chance. */
function noise(width: number, height: number): { data: Buffer; png: Promise<Buffer> } {
  const data = Buffer.from(
    Array.from({ length: width * height * 3 }, (_, i) => (i * 7919 + (i >> 3) * 104729) % 256),
  )
  return {
    data,
    png: sharp(data, { raw: { width, height, channels: 3 } })
      .png()
      .toBuffer(),
  }
}

async function startFrom(window: Page, buffer: Buffer): Promise<void> {
  await window
    .getByLabel('Drop, paste or choose a picture')
    .setInputFiles({ name: 'start.png', mimeType: 'image/png', buffer })
  await expect(window.getByAltText('The picture to start from')).toBeVisible()
}

/** Paints from one place to another, in shares of the editor's room. */
async function stroke(window: Page, from: [number, number], to: [number, number]): Promise<void> {
  const box = (await editor(window).boundingBox())!
  const at = ([x, y]: [number, number]) => [box.x + x * box.width, box.y + y * box.height] as const
  await window.mouse.move(...at(from))
  await window.mouse.down()
  await window.mouse.move(...at(to), { steps: 4 })
  await window.mouse.up()
}

/** The mask that is kept for the form, as levels; null where there is none. */
async function keptMask(window: Page): Promise<Buffer | null> {
  const base64 = await window.evaluate(async () => {
    const form = JSON.parse(localStorage.getItem('latent-studio.form') ?? '{}') as {
      mask?: { id: string } | null
    }
    if (!form.mask) return null
    const bytes = new Uint8Array(await (await fetch(`/inputs/${form.mask.id}`)).arrayBuffer())
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
  })
  return base64 === null ? null : sharp(Buffer.from(base64, 'base64')).extractChannel(0).raw().toBuffer()
}
const paintedIn = (mask: Buffer | null): number => mask?.filter((level) => level > 0).length ?? 0

async function pixelsOnStage(window: Page) {
  const url = (await picture(window).getAttribute('src'))!
  const bytes = await window.evaluate(
    async (source) => [...new Uint8Array(await (await fetch(source)).arrayBuffer())],
    url,
  )
  return sharp(Buffer.from(bytes)).removeAlpha().raw().toBuffer({ resolveWithObject: true })
}

test('what is painted over is made anew, and every other pixel stays, whole or alone', async ({ window }) => {
  const { data, png } = noise(256, 192)
  await startFrom(window, await png)
  await window.getByRole('button', { name: 'Paint a mask' }).click()
  await setNumber(window, 'Width of the brush', 40)
  await stroke(window, [0.4, 0.5], [0.6, 0.5])
  await expect.poll(async () => paintedIn(await keptMask(window))).toBeGreaterThan(1000)
  await expect(window.getByText('The result has 256 × 192')).toBeVisible()
  await setNumber(window, 'Mask blur', 0)
  await setNumber(window, 'Strength', 0.9)
  await makePicture(window, 'a red circle', 3)

  const mask = (await keptMask(window))!
  const { data: found, info } = await pixelsOnStage(window)
  expect([info.width, info.height]).toEqual([256, 192])
  const changed = { inside: 0, outside: 0 }
  found.forEach((level, i) => {
    if (level === data[i]) return
    if (mask[Math.floor(i / 3)] === 0) changed.outside++
    else changed.inside++
  })
  expect(changed.outside).toBe(0)
  expect(changed.inside).toBeGreaterThan(1000)

  await window.getByRole('button', { name: 'Run again' }).click()
  await expect(film(window)).toHaveCount(2)
  await expect(window.getByRole('progressbar')).toHaveCount(0)
  expect((await pixelsOnStage(window)).data.equals(found)).toBe(true)
})

test('a mask is undone and done again, changed as a whole, and there after a reload', async ({ window }) => {
  await startFrom(window, await noise(128, 128).png)
  await window.getByRole('button', { name: 'Paint a mask' }).click()
  await setNumber(window, 'Width of the brush', 20)
  const painted = async () => paintedIn(await keptMask(window))
  await stroke(window, [0.4, 0.4], [0.6, 0.4])
  await expect.poll(painted).toBeGreaterThan(300)
  const first = await painted()
  await editor(window).focus()
  await window.keyboard.press('r')
  await expect(window.getByRole('radio', { name: 'Rectangle' })).toBeChecked()
  await stroke(window, [0.4, 0.6], [0.6, 0.7])
  await expect.poll(painted).toBeGreaterThan(first)
  const second = await painted()

  await window.getByRole('button', { name: 'Undo', exact: true }).click()
  await expect.poll(painted).toBe(first)
  await window.getByRole('button', { name: 'Redo' }).click()
  await expect.poll(painted).toBe(second)
  await window.getByRole('button', { name: /^Grow/ }).click()
  await expect.poll(painted).toBeGreaterThan(second)
  await window.getByRole('button', { name: /^Invert/ }).click()
  await expect.poll(async () => (await keptMask(window))?.at(0)).toBe(255)
  const inverted = await painted()

  await window.reload()
  await window.getByRole('button', { name: 'Go on with the mask' }).click()
  await expect(editor(window)).toBeVisible()
  expect(await painted()).toBe(inverted)
  await window.getByRole('button', { name: /^Clear the mask/ }).click()
  await expect.poll(() => keptMask(window)).toBeNull()
  await expect(window.getByRole('button', { name: 'Paint a mask' })).toBeHidden()
  await window.getByRole('button', { name: 'Put the mask away' }).click()
  await expect(window.getByRole('button', { name: 'Paint a mask' })).toBeVisible()
})

test('a pen paints as wide as it is pressed', async ({ window }) => {
  await startFrom(window, await noise(128, 128).png)
  await window.getByRole('button', { name: 'Paint a mask' }).click()
  await setNumber(window, 'Width of the brush', 40)
  const dab = (pressure: number): Promise<void> =>
    editor(window).evaluate((room, pressed) => {
      const { left, top, width, height } = room.getBoundingClientRect()
      const [clientX, clientY] = [left + width / 2, top + height / 2]
      const pen = { pointerId: 1, pointerType: 'pen', pressure: pressed, clientX, clientY, bubbles: true }
      // The pointer is none of the system's, so that it cannot be captured.
      room.setPointerCapture = () => {}
      for (const kind of ['pointerdown', 'pointerup']) room.dispatchEvent(new PointerEvent(kind, pen))
    }, pressure)
  await dab(0.25)
  await expect.poll(async () => paintedIn(await keptMask(window))).toBeGreaterThan(0)
  const light = paintedIn(await keptMask(window))
  await dab(1)
  // A circle of 0.4 of the width has 0.16 of the area.
  await expect.poll(async () => paintedIn(await keptMask(window)) / light).toBeGreaterThan(4)
})

test('a mask is taken from a picture file and given as one, and hidden while one works', async ({
  window,
}) => {
  await startFrom(window, await noise(128, 128).png)
  await window.getByRole('button', { name: 'Paint a mask' }).click()
  const painted = async () => paintedIn(await keptMask(window))
  const take = async (width: number, height: number, white: Buffer): Promise<void> => {
    const chosen = window.waitForEvent('filechooser')
    await window.getByRole('button', { name: 'Take a mask from a picture file' }).click()
    const buffer = await sharp(white, { raw: { width, height, channels: 1 } })
      .png()
      .toBuffer()
    await (await chosen).setFiles({ name: 'white.png', mimeType: 'image/png', buffer })
  }
  const message = (words: string) => window.getByRole('listitem').filter({ hasText: words })
  const leftHalf = Buffer.from(Array.from({ length: 128 * 128 }, (_, i) => (i % 128 < 64 ? 255 : 0)))
  await take(128, 128, leftHalf)
  await expect.poll(painted).toBe(64 * 128)

  const saved = window.waitForEvent('download')
  await window.getByRole('button', { name: 'Save the mask as a picture file' }).click()
  const file = await (await saved).path()
  expect((await sharp(file).extractChannel(0).raw().toBuffer()).equals(leftHalf)).toBe(true)

  await take(64, 32, Buffer.alloc(64 * 32, 255))
  await expect(message('The picture of 64 × 32 was stretched to 128 × 128.')).toBeVisible()
  await expect.poll(painted).toBe(128 * 128)
  await window.getByRole('button', { name: 'Undo', exact: true }).click()
  await expect.poll(painted).toBe(64 * 128)
  await take(8, 8, Buffer.alloc(64))
  await expect(message('The picture has no white')).toBeVisible()
  expect(await painted()).toBe(64 * 128)

  const overlay = editor(window).locator('canvas')
  await editor(window).focus()
  await window.keyboard.press('o')
  await expect(overlay).toBeHidden()
  await expect(window.getByRole('button', { name: 'Hide the mask' })).toHaveAttribute('aria-pressed', 'true')
  // Nobody paints unseen.
  await setNumber(window, 'Width of the brush', 20)
  await stroke(window, [0.7, 0.5], [0.8, 0.5])
  await expect(overlay).toBeVisible()
  expect(await violations(window)).toEqual([])
})

test('a mask is painted with the keyboard, and brushes change their size', async ({ window }) => {
  await startFrom(window, await noise(128, 128).png)
  await window.getByRole('button', { name: 'Paint a mask' }).click()
  await setNumber(window, 'Width of the brush', 20)
  await editor(window).focus()
  await window.keyboard.press(']')
  await expect(window.getByRole('spinbutton', { name: 'Width of the brush' })).toHaveValue('25')
  await window.keyboard.press('[')
  await window.keyboard.press('Enter')
  await window.keyboard.press('ArrowRight')
  await window.keyboard.press('Enter')
  await expect.poll(async () => paintedIn(await keptMask(window))).toBeGreaterThan(300)
  expect(await violations(window)).toEqual([])
})

test('a rectangle and a lasso are drawn with the keyboard, given up and erased', async ({ window }) => {
  const { keyboard } = window
  await startFrom(window, await noise(128, 128).png)
  await window.getByRole('button', { name: 'Paint a mask' }).click()
  await setNumber(window, 'Width of the brush', 40)
  const painted = async () => paintedIn(await keptMask(window))
  const press = async (...keys: string[]): Promise<void> => {
    for (const key of keys) await keyboard.press(key)
  }
  await editor(window).focus()
  await press('r', 'Enter', 'ArrowRight', 'ArrowDown', 'ArrowDown')
  await expect(editor(window).locator('polygon.shade')).not.toHaveAttribute('points', '')
  await press('Escape')
  await expect(editor(window).locator('polygon.shade')).toHaveAttribute('points', '')
  await expect(editor(window)).toBeFocused()

  await press('Enter', 'ArrowLeft', 'ArrowUp', 'ArrowUp', 'Enter')
  // A step is a quarter of the brush: 10 × 20 pixels.
  await expect.poll(painted).toBe(200)
  await press('l', 'Alt+Enter', 'ArrowRight', 'Enter', 'ArrowDown', 'ArrowDown', 'Enter', 'Alt+Enter')
  // The lasso takes out half of it.
  await expect
    .poll(async () => (await keptMask(window))!.filter((level) => level === 255).length)
    .toBeLessThan(110)
  await press('Control+z')
  await expect.poll(painted).toBe(200)
  expect(await violations(window)).toEqual([])
})

test('a region of a finished picture is refined: it alone is drawn again, under the picture’s own settings', async ({
  window,
}) => {
  await setNumber(window, 'Width', 64)
  await setNumber(window, 'Height', 64)
  await makePicture(window, 'a red circle')
  const { data: before } = await pixelsOnStage(window)
  await window.getByRole('textbox', { name: 'Prompt', exact: true }).fill('something else')
  await window.getByLabel('Canvas').getByRole('button', { name: 'Refine a region…' }).click()
  await expect(editor(window)).toBeVisible()
  await expect(window.getByRole('textbox', { name: 'Prompt', exact: true })).toHaveValue('a red circle')
  await expect(window.getByRole('spinbutton', { name: 'Strength', exact: true })).toHaveValue('0.4')
  await setNumber(window, 'Width of the brush', 8)
  await stroke(window, [0.5, 0.5], [0.52, 0.5])
  await expect.poll(async () => paintedIn(await keptMask(window))).toBeGreaterThan(20)
  await expect(window.getByRole('radio', { name: 'Only masked' })).toBeChecked()
  await makePicture(window, 'a red circle', 5)
  const { data: after } = await pixelsOnStage(window)
  expect(after.subarray(0, 64 * 3).equals(before.subarray(0, 64 * 3))).toBe(true)
  expect(after.equals(before)).toBe(false)
})

test('an edge that is dragged adds to the picture, and what was there stays', async ({ window }) => {
  const { data, png } = noise(128, 128)
  await startFrom(window, await png)
  await window.getByRole('button', { name: 'Paint a mask' }).click()
  const edge = window.getByRole('slider', { name: 'Add at the right' })
  await edge.focus()
  for (let press = 0; press < 8; press++) await window.keyboard.press('ArrowRight')
  await expect(edge).toHaveAttribute('aria-valuenow', '64')
  await expect(window.getByText('The result has 192 × 128')).toBeVisible()
  await setNumber(window, 'Mask blur', 0)
  await setNumber(window, 'Strength', 1)
  await makePicture(window, 'the sea', 3)
  const { data: found, info } = await pixelsOnStage(window)
  expect([info.width, info.height]).toEqual([192, 128])
  const kept = sharp(found, { raw: { width: 192, height: 128, channels: 3 } })
  expect(
    (await kept.extract({ left: 0, top: 0, width: 128, height: 128 }).raw().toBuffer()).equals(data),
  ).toBe(true)

  const box = (await edge.boundingBox())!
  await window.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
  await window.mouse.down()
  await window.mouse.move(box.x - 500, box.y + box.height / 2, { steps: 3 })
  await window.mouse.up()
  await expect(edge).toHaveAttribute('aria-valuenow', '0')
})

test('where mask and picture have no room beside each other, what is asked for takes the place of the mask', async ({
  window,
}) => {
  await window.setViewportSize({ width: 360, height: 740 })
  await startFrom(window, await noise(128, 128).png)
  await setNumber(window, 'Steps', 2)
  await window.getByRole('button', { name: 'Paint a mask' }).click()
  await stroke(window, [0.4, 0.5], [0.6, 0.5])
  await generateButton(window).click()
  await expect(picture(window)).toBeInViewport({ ratio: 0.99 })
  await window.getByRole('button', { name: 'Go on with the mask' }).click()
  await expect(editor(window)).toBeVisible()
})

test('what lies under the mask, its blur and a soft edge each change the picture, and are reset by their dots', async ({
  window,
}) => {
  const { data, png } = noise(128, 128)
  await setSize(window, 128)
  await startFrom(window, await png)
  const seed = window.getByRole('textbox', { name: 'Seed' })
  await seed.fill('3')
  await seed.press('Enter')
  await setNumber(window, 'Strength', 0.9)
  await window.getByRole('button', { name: 'Paint a mask' }).click()
  await setNumber(window, 'Width of the brush', 30)
  await stroke(window, [0.4, 0.5], [0.6, 0.5])
  await expect.poll(async () => paintedIn(await keptMask(window))).toBeGreaterThan(300)
  await setNumber(window, 'Mask blur', 0)

  const drawn: Buffer[] = []
  const draw = async (): Promise<Buffer> => {
    await makePicture(window, 'a red circle')
    drawn.push((await pixelsOnStage(window)).data)
    return drawn.at(-1)!
  }
  for (const content of ['Fill', 'Latent noise', 'Latent nothing', 'Original']) {
    await choose(window, 'Masked content', content)
    await draw()
  }
  const mask = (await keptMask(window))!
  const changedOutside = (found: Buffer): number =>
    found.filter((level, i) => mask[Math.floor(i / 3)] === 0 && level !== data[i]).length
  expect(drawn.map(changedOutside)).toEqual([0, 0, 0, 0])
  await setNumber(window, 'Mask blur', 8)
  expect(changedOutside(await draw())).toBeGreaterThan(0)
  await window.getByRole('radio', { name: 'Soft', exact: true }).click()
  await draw()
  drawn.forEach((picture, i) => {
    for (const other of drawn.slice(i + 1)) expect(picture.equals(other)).toBe(false)
  })

  await window.getByRole('button', { name: 'Details' }).click()
  const details = window.getByRole('complementary', { name: 'Details' })
  await expect(details.getByText(/Mask blur 8.*Soft/)).toBeVisible()
  for (const field of ['Mask blur', 'Mask edge'])
    await window.getByRole('button', { name: `Reset ${field}` }).click()
  await expect(window.getByRole('spinbutton', { name: 'Mask blur' })).toHaveValue('4')
  await expect(window.getByRole('radio', { name: 'Hard', exact: true })).toBeChecked()
})
