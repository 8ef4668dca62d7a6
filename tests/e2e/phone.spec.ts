import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Page } from '@playwright/test'
import { root } from '../../scripts/build.ts'
import { openNetwork } from '../../src/studio/server/network/openNetwork.ts'
import { setPerson } from '../../src/studio/server/network/people.ts'
import { startServer } from '../../src/studio/server/server.ts'
import { openStudio } from '../../src/studio/studio.ts'
import { violations } from './axe.ts'
import { expect, film, generateButton, picture, promptField, test } from './studio.ts'

test.use({
  ...{ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
  // The studio has signed its certificate itself.
  ignoreHTTPSErrors: true,
})

const onNetwork = test.extend<{ address: string }>({
  address: async ({ dataFolder }, use) => {
    const enginePath = path.join(root, 'tests', 'studio', 'fixtures', 'engine.ts')
    await setPerson(dataFolder, { name: 'Ada', library: 'own', password: 'a password of Ada' })
    const network = await openNetwork(
      { listen: '127.0.0.1', tls: null, allowedHosts: [] },
      dataFolder,
      (options) => openStudio({ enginePath, ...options }),
    )
    const { shared: studio, listening } = network
    const server = await startServer({ studio, listening })
    await use(server.address)
    await server.close()
    await network.libraries.close()
  },
})

async function logIn(page: Page, password: string): Promise<void> {
  await page.getByLabel('Name').fill('Ada')
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Log in' }).click()
}

/** Whether a file of that name somewhere in the folder has the text. */
const findText = (folder: string, name: string, text: string): boolean =>
  readdirSync(folder, { recursive: true })
    .map(String)
    .filter((file) => path.basename(file) === name)
    .some((file) => readFileSync(path.join(folder, file), 'utf8').includes(text))

const title = 'on a phone: log in, make a picture, find it in the library, go on elsewhere, log out'
onNetwork(title, async ({ page, address, browser, dataFolder }) => {
  await page.goto(address)
  expect(await violations(page)).toEqual([])
  await logIn(page, 'a password of Eve')
  await expect(page.getByRole('alert')).toHaveText('The name or the password is wrong.')
  expect(await violations(page)).toEqual([])
  await page.screenshot({ path: test.info().outputPath('login.png') })
  await logIn(page, 'a password of Ada')

  await promptField(page).fill('a red house')
  await generateButton(page).tap()
  await expect(film(page)).toHaveCount(1)
  await expect(picture(page)).toBeVisible()
  await page.screenshot({ path: test.info().outputPath('create.png') })
  await page.getByRole('link', { name: 'Library' }).tap()
  await expect(page.getByRole('listbox', { name: 'Pictures' }).getByRole('option')).toHaveCount(1)
  await page.screenshot({ path: test.info().outputPath('library.png') })
  const wide = await page.evaluate(() => document.documentElement.scrollWidth)
  expect(wide).toBeLessThanOrEqual(390)

  // What was asked for last goes on in another browser.
  await expect.poll(() => findText(dataFolder, 'form.json', 'a red house')).toBe(true)
  const other = await browser.newPage({ ignoreHTTPSErrors: true })
  await other.goto(address)
  await logIn(other, 'a password of Ada')
  await expect(promptField(other)).toHaveValue('a red house')
  await other.close()

  await page.goto(`${address}login`)
  await page.getByRole('button', { name: 'Log out' }).tap()
  await expect(page.getByLabel('Password')).toBeVisible()
  await page.goto(address)
  await expect(page.getByLabel('Password')).toBeVisible()
})
