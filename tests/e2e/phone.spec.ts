import path from 'node:path'
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

onNetwork(
  'on a phone: log in, make a picture, find it in the library, log out',
  async ({ page, address }) => {
    await page.goto(address)
    expect(await violations(page)).toEqual([])
    await page.getByLabel('Name').fill('Ada')
    await page.getByLabel('Password').fill('a password of Eve')
    await page.getByRole('button', { name: 'Log in' }).tap()
    await expect(page.getByRole('alert')).toHaveText('The name or the password is wrong.')
    expect(await violations(page)).toEqual([])
    await page.screenshot({ path: test.info().outputPath('login.png') })
    await page.getByLabel('Name').fill('Ada')
    await page.getByLabel('Password').fill('a password of Ada')
    await page.getByRole('button', { name: 'Log in' }).tap()

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

    await page.goto(`${address}login`)
    await page.getByRole('button', { name: 'Log out' }).tap()
    await page.goto(address)
    await expect(page.getByLabel('Password')).toBeVisible()
  },
)
