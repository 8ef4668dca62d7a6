import { expect, test } from '@playwright/test'
import type { Status } from '../../src/shared/calls/contract.ts'
import type { Settings } from '../../src/shared/settings.ts'
import { post, runToEnd, startApp, type RunningApp } from './app.ts'

let app: RunningApp

test.beforeAll(async () => {
  app = await startApp()
})

test.afterAll(() => app.stop())

test('the window loads the studio from its own scheme, and shows it', async () => {
  await expect(app.page).toHaveTitle('Latent Studio')
  await expect(app.page.getByRole('button', { name: /generate/i })).toBeVisible()
})

test('the window is sandboxed, isolated and without Node', async () => {
  const { webPreferences } = (await app.told('window')) as { webPreferences: object }
  expect(webPreferences).toMatchObject({ sandbox: true, contextIsolation: true, nodeIntegration: false })
})

test('the page gets one channel of three functions and nothing else', async () => {
  const exposed = await app.page.evaluate(() =>
    Object.keys((window as unknown as { latentStudio: object }).latentStudio),
  )
  expect(exposed).toEqual(['post', 'onMessage', 'onClose'])
})

test('a call crosses the channel and its answer comes back', async () => {
  const status = await app.call<Status>('status')
  expect(status.version).toMatch(/^\d+\.\d+\.\d+$/)
})

test('a call crosses the channel after the page was reloaded', async () => {
  await app.page.reload()
  expect(await app.call<Status>('status')).toHaveProperty('dataFolder')
})

test('a folder is asked for in the dialog of the system', async () => {
  const chosen = app.call<string | null>('chooseFolder')
  expect(await app.told('folder')).toMatchObject({
    properties: expect.arrayContaining(['openDirectory']),
  })
  app.say('folder:answer', ['/somewhere/models'])
  expect(await chosen).toBe('/somewhere/models')
  const cancelled = app.call<string | null>('chooseFolder')
  await app.told('folder')
  app.say('folder:answer', [])
  expect(await cancelled).toBe(null)
})

test('a page of another origin is not heard', async () => {
  app.say('load', 'https://elsewhere.test/')
  await app.page.waitForURL('https://elsewhere.test/')
  await post(app.page, 'changeSettings', [{ theme: 'light' }])
  app.say('load', 'studio://app/')
  await app.page.waitForURL('https://studio.test/')
  expect((await app.call<Settings>('settings')).theme).toBe('system')
})

test('a frame inside the page is not heard', async () => {
  await app.page.evaluate(async () => {
    const frame = document.body.appendChild(document.createElement('iframe'))
    const inside = frame.contentWindow as unknown as {
      sendToMain(channel: string, message: unknown): Promise<void>
    }
    await inside.sendToMain('studio', { t: 'q', i: '1', m: 'changeSettings', a: [{ theme: 'light' }] })
  })
  expect((await app.call<Settings>('settings')).theme).toBe('system')
})

test('the page cannot be navigated away', async () => {
  await app.page.evaluate(() => location.assign('https://elsewhere.test/'))
  expect(await app.told('navigationRefused')).toBe('https://elsewhere.test/')
  await expect(app.page).toHaveTitle('Latent Studio')
})

test('a link to the web opens in the system’s browser and no window', async () => {
  await app.page.evaluate(() => void window.open('https://elsewhere.test/help'))
  expect(await app.told('windowOpened')).toEqual({ url: 'https://elsewhere.test/help', action: 'deny' })
  expect(await app.told('openExternal')).toBe('https://elsewhere.test/help')
})

test('a link that is not https opens nothing', async () => {
  await app.page.evaluate(() => void window.open('http://elsewhere.test/'))
  expect(await app.told('windowOpened')).toHaveProperty('action', 'deny')
  await app.page.evaluate(() => void window.open('https://elsewhere.test/'))
  expect(await app.told('openExternal')).toBe('https://elsewhere.test/')
})

test('the page may load nothing but its own', async () => {
  const refused = await app.page.evaluate(
    () =>
      new Promise((resolve) => {
        document.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective))
        document.head.appendChild(document.createElement('script')).src = 'https://elsewhere.test/script.js'
      }),
  )
  expect(refused).toBe('script-src-elem')
})

for (const [permission, allowed] of [
  ['geolocation', false],
  ['media', false],
  ['clipboard-sanitized-write', true],
] as const) {
  test(`the page is ${allowed ? 'granted' : 'refused'} the permission ${permission}`, async () => {
    app.say('permission', { permission, requestingUrl: 'studio://app/' })
    expect(await app.told('permission')).toBe(allowed)
  })
}

test('paths that lead out of the page’s folder find nothing', async () => {
  const statuses = await app.page.evaluate(() =>
    Promise.all(
      ['/..%2fmain%2fstart.js', '/%2e%2e/main/start.js', '/..%5cmain%5cstart.js', '/%00', '/%ff'].map(
        async (address) => (await fetch(address)).status,
      ),
    ),
  )
  expect(statuses.every((status) => status >= 400)).toBe(true)
})

test('the menu opens the data folder', async () => {
  app.say('menu', 'Open Data Folder')
  expect(await app.told('openPath')).toBe((await app.call<Status>('status')).dataFolder)
})

test('a second start brings the first window to the front and ends', async () => {
  app.say('second-instance', { commandLine: ['latent-studio'], folder: '/' })
  await app.told('focused')
  expect((await runToEnd({ STAND_IN_IS_SECOND: 'yes' })).code).toBe(0)
})
