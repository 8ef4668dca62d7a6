import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, makePicture, setNumber, test } from './studio.ts'

test('what the next picture takes stands below Generate: memory at once, time after the first picture', async ({
  window,
}) => {
  const line = window.getByRole('note', { name: 'What it takes' })
  await expect(line).toHaveText(/^≈ \d+\.\d GB$/)
  await makePicture(window, 'a red fox', 2)
  await expect(line).toHaveText(/^≈ \d+\.\d GB · ≈ .+ s$/)
  const before = await line.textContent()
  await setNumber(window, 'Width', 2048)
  await expect(line).not.toHaveText(before!)
  await expect(line).toHaveText(/GB · ≈/)
})

test('how long an idle engine keeps its memory is a setting that lasts', async ({ window, dataFolder }) => {
  await window.getByRole('button', { name: 'Settings' }).click()
  const field = window.getByRole('dialog').getByRole('spinbutton', { name: 'Free memory after' })
  await expect(field).toHaveValue('10')
  await field.fill('0')
  await field.press('Enter')
  // What is on its way when a page goes away may not arrive.
  const kept = (): string => readFileSync(path.join(dataFolder, 'settings.json'), 'utf8')
  await expect.poll(kept).toMatch(/"unloadAfterMinutes":\s*0/)
  await window.reload()
  await window.getByRole('button', { name: 'Settings' }).click()
  await expect(field).toHaveValue('0')
})
