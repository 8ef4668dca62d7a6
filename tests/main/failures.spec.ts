import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import type { Status } from '../../src/shared/calls/contract.ts'
import { startApp, type RunningApp } from './app.ts'

let app: RunningApp
let folder: string

test.beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'latent-studio-failures-'))
  app = await startApp(folder)
})

test.afterEach(async () => {
  await app.stop()
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

const log = (): string => readFileSync(path.join(folder, 'window', 'failures.log'), 'utf8')

for (const how of ['throw', 'reject']) {
  test(`what nobody caught (${how}) is logged, shown once, and the app goes on`, async () => {
    app.say(how, 'nobody was there')
    expect(await app.told('failure')).toMatchObject({
      content: expect.stringMatching(/^nobody was there\n\n.*failures\.log/),
    })
    expect(log()).toMatch(/^\d{4}-\S+Z Error: nobody was there\n +at /)
    app.say(how, 'nobody was there')
    app.say(how, 'nor there')
    expect(await app.told('failure')).toMatchObject({
      content: expect.stringMatching(/^nor there/),
    })
    expect(log().match(/Error: nobody was there/g)).toHaveLength(2)
    expect(await app.call<Status>('status')).toHaveProperty('dataFolder', folder)
    app.say('quit')
    expect(await app.ended).toBe(0)
  })
}

test('a page whose process ends is loaded again, and one that ends again and again is left', async () => {
  app.say('crash', 'clean-exit')
  for (const reason of ['crashed', 'oom']) {
    const loaded = app.page.waitForEvent('load')
    app.say('crash', reason)
    await app.told('reloaded')
    await loaded
    await expect(app.page.getByRole('button', { name: /generate/i })).toBeVisible()
    expect(await app.call<Status>('status')).toHaveProperty('dataFolder', folder)
  }
  app.say('crash', 'crashed')
  expect(await app.told('failure')).toMatchObject({ title: 'The window of Latent Studio cannot be shown' })
  app.say('quit')
  expect(await app.ended).toBe(0)
})

test('what is left of crashes stays on the machine, the newest five, and is sent to nobody', async () => {
  expect(await app.told('crash reporter')).toMatchObject({ uploadToServer: false })
  await app.stop()
  const crashes = path.join(folder, 'window', 'crashes', 'completed')
  mkdirSync(crashes, { recursive: true })
  for (let age = 0; age < 7; age++) {
    const dump = path.join(crashes, `${age}.dmp`)
    writeFileSync(dump, '')
    utimesSync(dump, 1_800_000_000 - age, 1_800_000_000 - age)
  }
  app = await startApp(folder)
  expect(readdirSync(crashes).toSorted()).toEqual(['0.dmp', '1.dmp', '2.dmp', '3.dmp', '4.dmp'])
})

test('tools to look into the page are there only for who asks for them', async () => {
  expect(await app.told('menu roles')).not.toContain('toggleDevTools')
  expect(await app.told('window')).toMatchObject({ webPreferences: { devTools: false } })
  await app.stop()
  app = await startApp(folder, { LATENT_STUDIO_DEVTOOLS: '1' })
  expect(await app.told('menu roles')).toContain('toggleDevTools')
  expect(await app.told('window')).toMatchObject({ webPreferences: { devTools: true } })
})

test('the licences of what the app is made with open from the menu and from the settings', async () => {
  app.say('menu', 'Third-Party Licences')
  const file = String(await app.told('openPath'))
  const text = readFileSync(file, 'utf8')
  for (const name of ['vue', 'zod', 'sharp', 'onnxruntime-node', 'better-sqlite3', 'node', 'electron']) {
    expect(text).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+$`, 'm'))
  }
  await app.page.getByRole('button', { name: 'Settings' }).click()
  await app.page.getByRole('link', { name: 'Third-party licences' }).click()
  expect(await app.told('openPath')).toBe(file)
})
