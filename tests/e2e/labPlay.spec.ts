import { expect, test } from './studio.ts'

/** The pages of the Lab that need no model. */
test.use({ engine: 'gradients' })

test('reaction-diffusion: patterns grow, the brush drops, and the canvas becomes the starting picture', async ({
  window,
}) => {
  await window.goto(`${new URL(window.url()).origin}/#lab/reaction?feed=0.029&kill=0.057&palette=ember`)
  await expect(window.getByRole('combobox', { name: 'Pattern' })).toHaveText('Maze')
  const time = window.getByText(/^time \d+/)
  await expect(time).not.toHaveText('time 0')
  const dish = window.getByRole('application')
  const colours = (): Promise<number> =>
    dish.evaluate(async (canvas: HTMLCanvasElement) => {
      const bitmap = await createImageBitmap(canvas)
      const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!
      context.drawImage(bitmap, 0, 0)
      const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height)
      return new Set(Array.from({ length: data.length / 4 }, (_, i) => data[i * 4])).size
    })
  await expect.poll(colours).toBeGreaterThan(8)
  await window.getByRole('button', { name: 'Pause' }).click()
  await dish.focus()
  await window.keyboard.press('ArrowRight')
  await window.keyboard.press(' ')

  const map = window.getByRole('slider', { name: 'Map of feed and kill' })
  await map.press('ArrowUp')
  await expect(map).toHaveAttribute('aria-valuetext', 'F 0.0295, k 0.057')
  await expect(window).toHaveURL(/feed=0\.0295/)
  await window.getByRole('button', { name: 'Start from this' }).click()
  await expect(window.getByAltText('The picture to start from')).toBeVisible()
})

test('a tiny network learns what keys have drawn, and three samplers turn noise back into its shape', async ({
  window,
}) => {
  await window.goto(`${new URL(window.url()).origin}/#lab/toy?shape=outline`)
  const plane = window.getByRole('application')
  await plane.focus()
  for (const key of ['Enter', 'ArrowRight', 'Enter', 'Escape']) await window.keyboard.press(key)
  await expect(window).not.toHaveURL(/outline=/)
  for (const key of ['Enter', 'ArrowRight', 'Enter', 'ArrowUp', 'Enter', 'Enter'])
    await window.keyboard.press(key)
  await expect(window).toHaveURL(/outline=0.13\+0.00\+0.26\+0.00\+0.26\+0.13/)
  await window.getByRole('button', { name: 'Take a heart' }).click()
  await expect(window.getByText('Trained. Choose a way back and play it.')).toBeVisible({ timeout: 200_000 })
  for (const way of ['DDPM', 'DDIM', 'Flow']) {
    await window.getByRole('radio', { name: way, exact: true }).click()
    await expect(window.getByRole('button', { name: 'Play' })).toBeEnabled()
    await window.getByRole('slider', { name: 'Time' }).press('Home')
    await expect(plane).toHaveAccessibleName(new RegExp(`^${way} .* t = 0.00$`))
  }
  await expect(window).toHaveURL(/way=flow/)
  await window.reload()
  await expect(window.getByRole('radio', { name: 'Flow' })).toBeChecked()
})
