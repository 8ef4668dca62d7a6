import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { violations } from './axe.ts'
import { expect, test } from './studio.ts'

test.use({ engine: 'gradients' })

const cases = fileURLToPath(new URL('../studio/metadata/cases', import.meta.url))

test('a folder of other programs shows in the library, and its settings are taken', async ({
  window,
}, info) => {
  const folder = info.outputPath('pictures')
  mkdirSync(folder, { recursive: true })
  for (const name of ['forge-neo.png', 'swarmui-init-picture.png', 'draw-things.jpg'])
    copyFileSync(join(cases, name), join(folder, name))
  await window.getByRole('link', { name: 'Library' }).click()
  const path = window.getByRole('textbox', { name: 'Path of a folder with pictures' })
  await path.fill(folder)
  await path.press('Enter')
  const pictures = window.getByRole('listbox', { name: 'Pictures' }).getByRole('option')
  await expect(pictures).toHaveCount(3)
  await window.getByRole('button', { name: /^Forge Neo/ }).click()
  await expect(pictures).toHaveCount(1)
  await expect(window.getByRole('searchbox', { name: 'Search pictures' })).toHaveValue('tool="Forge Neo"')
  expect(await violations(window)).toEqual([])
  await pictures.first().click()
  await expect(window.getByRole('dialog')).toBeVisible()
  await window.keyboard.press('s')
  await expect(window.getByRole('searchbox', { name: 'Search pictures' })).toHaveValue(/^similar:file-/)
  await expect(pictures.first()).toHaveAccessibleName(/quiet harbor/)
  await pictures.first().click()
  await expect(window.getByRole('button', { name: 'Rerun' })).toHaveCount(0)
  await window.getByRole('button', { name: 'Use settings' }).click()
  await expect(window.getByRole('heading', { name: 'Create' })).toBeAttached()
})
