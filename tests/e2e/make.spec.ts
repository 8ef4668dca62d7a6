import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { readGeneration } from '../../src/studio/metadata/readGeneration.ts'
import {
  closeByEsc,
  expect,
  film,
  generateButton,
  makePicture,
  picture,
  pixelsOf,
  promptField,
  setNumber,
  test,
} from './studio.ts'

test('a prompt becomes a picture, lies in the history, and runs again to the same pixels', async ({
  window,
}) => {
  await makePicture(window, 'two red houses in the snow', 4)
  const first = await pixelsOf(picture(window))
  await expect(picture(window)).toHaveAttribute('alt', 'two red houses in the snow')

  await window.getByRole('link', { name: 'Library' }).click()
  await expect(window.getByRole('status')).toHaveText('1 picture')
  await window.getByRole('listbox', { name: 'Pictures' }).getByRole('option').click()
  await window.getByRole('dialog').getByRole('button', { name: 'Run again' }).click()

  await expect(film(window)).toHaveCount(2)
  await expect(film(window).first()).toHaveAttribute('aria-selected', 'true')
  await expect(window.getByRole('progressbar')).toHaveCount(0)
  expect(await pixelsOf(picture(window))).toBe(first)
})

test('an empty canvas offers examples, and one click makes one', async ({ window }) => {
  await setNumber(window, 'Steps', 2)
  const example = window.getByLabel('Canvas').getByRole('listitem').getByRole('button').first()
  const prompt = (await example.textContent())!.trim()
  await example.click()
  await expect(picture(window)).toHaveAttribute('alt', prompt)
  await expect(promptField(window)).toHaveValue(prompt)
})

test('the picture develops: progress is told and previews show before the picture', async ({ window }) => {
  await promptField(window).fill('a big orange balloon')
  await setNumber(window, 'Steps', 200)
  await generateButton(window).click()
  // All at once: each is there for a while only.
  await Promise.all([
    expect(window.getByLabel('Canvas').locator('[data-kind="preview"]')).toBeVisible(),
    expect(window.getByRole('progressbar')).toHaveAttribute('aria-valuetext', /Step \d+ of 200/),
    expect(window.getByLabel('Canvas')).toContainText(/\d+ s left/),
  ])
  await expect(picture(window)).toBeVisible({ timeout: 240_000 })
  await expect(window).toHaveTitle('Latent Studio')
})

test('a batch gives each picture its own seed', async ({ window }) => {
  await promptField(window).fill('a green tree')
  await setNumber(window, 'Steps', 2)
  await setNumber(window, 'Pictures', 3)
  await generateButton(window).click()
  await expect(film(window).filter({ has: window.locator('img') })).toHaveCount(3)
  await expect(window.getByRole('progressbar')).toHaveCount(0)
  const seeds = new Set<string>()
  for (const frame of await film(window).all()) {
    await frame.click()
    seeds.add(
      (await window
        .getByLabel('Canvas')
        .getByText(/seed \d+/)
        .textContent())!,
    )
  }
  expect(seeds.size).toBe(3)
})

test('a locked seed gives the same pixels, a free one others', async ({ window }) => {
  const seed = window.getByRole('textbox', { name: 'Seed' })
  await seed.fill('1234')
  await seed.press('Enter')
  await makePicture(window, 'a yellow star')
  const first = await pixelsOf(picture(window))
  await makePicture(window, 'a yellow star')
  expect(await pixelsOf(picture(window))).toBe(first)
  await window.getByRole('button', { name: 'Keep this seed for the next picture' }).click()
  await makePicture(window, 'a yellow star')
  expect(await pixelsOf(picture(window))).not.toBe(first)
})

test('a variation is another picture near the first, and the same again from the same two seeds', async ({
  window,
}) => {
  const seed = window.getByRole('textbox', { name: 'Seed' })
  await seed.fill('1234')
  await seed.press('Enter')
  await makePicture(window, 'a yellow star')
  const plain = await pixelsOf(picture(window))
  await window.getByRole('button', { name: 'Advanced' }).click()
  await setNumber(window, 'Variation', 7)
  await setNumber(window, 'Variation by', 0.2)
  await makePicture(window, 'a yellow star')
  const varied = await pixelsOf(picture(window))
  expect(varied).not.toBe(plain)
  await makePicture(window, 'a yellow star')
  expect(await pixelsOf(picture(window))).toBe(varied)
  await window.getByRole('button', { name: 'Reset Variation by' }).click()
  await makePicture(window, 'a yellow star')
  expect(await pixelsOf(picture(window))).toBe(plain)
})

test('the settings of an old picture fill the controls, its seed too', async ({ window }) => {
  await makePicture(window, 'a blue fish', 3)
  const facts = (await window
    .getByLabel('Canvas')
    .getByText(/seed \d+/)
    .textContent())!
  await promptField(window).fill('something else')
  await setNumber(window, 'Steps', 9)
  await window.getByRole('button', { name: 'Use settings' }).click()
  await expect(promptField(window)).toHaveValue('a blue fish')
  await expect(window.getByRole('spinbutton', { name: 'Steps' })).toHaveValue('3')
  await expect(window.getByRole('textbox', { name: 'Seed' })).toHaveValue(/seed (\d+)/.exec(facts)![1])
})

for (const [format, extension] of [
  ['PNG', 'png'],
  ['JPEG', 'jpg'],
  ['WebP', 'webp'],
]) {
  test(`a picture is saved as ${format}, and how it was made is in the file`, async ({ window, surface }) => {
    test.skip(surface !== 'browser', 'the app asks where to save, in a dialog of the system')
    await makePicture(window, 'a blue fish', 3)
    const url = (await picture(window).getAttribute('src'))!
    await window.getByRole('button', { name: 'Save as' }).click()
    const saving = window.waitForEvent('download')
    await window.getByRole('menuitem', { name: new RegExp(`^${format}`) }).click()
    const download = await saving
    expect(download.suggestedFilename()).toBe(path.basename(url).replace(/png$/, extension))
    const generation = readGeneration(readFileSync(await download.path()))
    expect(generation?.request).toMatchObject({ prompt: 'a blue fish', steps: 3 })
  })
}

test('a style is put around the prompt, and the form keeps what was written', async ({
  window,
  dataFolder,
}) => {
  const styles = 'name,prompt,negative_prompt\nin snow,"{prompt} in the snow",'
  writeFileSync(path.join(dataFolder, 'styles.csv'), styles)
  await window.reload()
  await window.getByRole('button', { name: 'Styles' }).click()
  await window.getByRole('menuitemcheckbox', { name: 'in snow' }).click()
  await closeByEsc(window, window.getByRole('menu'))
  await makePicture(window, 'a red house')
  await expect(picture(window)).toHaveAttribute('alt', 'a red house in the snow')
  await promptField(window).fill('')
  await window.getByRole('button', { name: 'Use settings' }).click()
  await expect(promptField(window)).toHaveValue('a red house')
})
