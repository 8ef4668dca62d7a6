import path from 'node:path'
import { root } from '../../scripts/build.ts'
import { startServer } from '../../src/studio/server/server.ts'
import { openStudio, type Studio } from '../../src/studio/studio.ts'
import { expect, generateButton, test as base } from './studio.ts'

/** A studio whose servers come and go. */
const test = base.extend<{ studio: Studio }>({
  studio: async ({ dataFolder, surface }, use, testInfo) => {
    testInfo.skip(surface !== 'browser', 'the app has its studio in itself')
    const enginePath = path.join(root, 'tests', 'studio', 'fixtures', 'engine.ts')
    const studio = await openStudio({ dataFolder, enginePath })
    await use(studio)
    await studio.close()
  },
})

test('a window says when its studio is gone, and when one that was started anew does not know it', async ({
  page,
  studio,
}) => {
  await page.setViewportSize({ width: 360, height: 740 })
  const server = await startServer({ studio })
  await page.goto(server.address)
  await expect(generateButton(page)).toBeEnabled()
  await server.close()
  const said = page.getByRole('banner').getByRole('status')
  await expect(said).toHaveText('The studio does not answer. Trying again…')
  const room = await said.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)
  expect(room, 'all of it is in sight').toBe(0)

  const again = await startServer({ studio, port: Number(new URL(server.address).port) })
  await expect(said).toHaveText('The studio does not know this page any more. Load it again.')
  await page.reload()
  await expect(page.getByText('Open the address that was printed when the studio started')).toBeVisible()
  await page.goto(again.address)
  await expect(generateButton(page)).toBeEnabled()
  await expect(said).toHaveCount(0)
  await page.close()
  await again.close()
})

test('a page that could not be loaded says so and is loaded again', async ({ page, studio }) => {
  const server = await startServer({ studio })
  await page.goto(server.address)
  await expect(generateButton(page)).toBeEnabled()
  const code = '**/assets/LabPage*'
  await page.route(code, (route) => route.abort())
  await page.getByRole('link', { name: 'Lab', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'This page could not be loaded' })).toBeVisible()
  await page.unroute(code)
  await page.getByRole('button', { name: 'Load again' }).click()
  await expect(page.getByRole('heading', { name: 'Forwards' })).toBeVisible()
  await page.close()
  await server.close()
})
