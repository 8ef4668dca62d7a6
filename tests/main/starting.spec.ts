import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import { whileNobodyOpens } from '../../src/studio/ownership.ts'
import { runToEnd, startApp } from './app.ts'

let folder: string
let stateFile: string

test.beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'latent-studio-start-'))
  stateFile = path.join(folder, 'window', 'window.json')
  mkdirSync(path.dirname(stateFile))
})

test.afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))

/** Opens and quits the app; answers the options its window was made with. */
async function openAndQuit(): Promise<unknown> {
  const app = await startApp(folder)
  const options = await app.told('window')
  app.say('quit')
  await app.ended
  await app.stop()
  return options
}

const oneScreen = '0,0,1920x1080'

test('the window opens where it was last closed on these screens', async () => {
  const state = { bounds: { x: 100, y: 50, width: 1000, height: 700 }, maximized: true }
  const elsewhere = { bounds: { x: 2500, y: 0, width: 900, height: 600 }, maximized: false }
  const screens = { [oneScreen]: state, '0,0,1920x1080 1920,0,2560x1440': elsewhere }
  writeFileSync(stateFile, JSON.stringify({ screens }))
  expect(await openAndQuit()).toMatchObject(state.bounds)
  expect(JSON.parse(readFileSync(stateFile, 'utf8'))).toEqual({ screens })
})

test('the place that an older version remembered is still known', async () => {
  const state = { bounds: { x: 100, y: 50, width: 1000, height: 700 }, maximized: false }
  writeFileSync(stateFile, JSON.stringify(state))
  expect(await openAndQuit()).toMatchObject(state.bounds)
})

test('a window that would lie off every screen is drawn in, until all of it can be seen', async () => {
  const bounds = { x: 5000, y: -300, width: 900, height: 2000 }
  writeFileSync(stateFile, JSON.stringify({ screens: { other: { bounds, maximized: false } } }))
  expect(await openAndQuit()).toMatchObject({ x: 1020, y: 0, width: 900, height: 1080 })
})

test('a window stays in sight when the screen gets smaller', async () => {
  const bounds = { x: 900, y: 300, width: 1000, height: 700 }
  writeFileSync(stateFile, JSON.stringify({ screens: { [oneScreen]: { bounds, maximized: false } } }))
  const app = await startApp(folder)
  app.say('screen', { x: 0, y: 0, width: 1280, height: 800 })
  expect(await app.told('bounds')).toEqual({ x: 280, y: 100, width: 1000, height: 700 })
  await app.stop()
})

test('a remembered place that cannot be read does no harm', async () => {
  writeFileSync(stateFile, '{"bounds":')
  expect(await openAndQuit()).toMatchObject({ width: 1280, height: 800 })
})

test('a data folder that cannot be used is said in a dialog, and the app ends with code 1', async () => {
  const file = path.join(folder, 'file')
  writeFileSync(file, '')
  const { code, told } = await runToEnd({ LATENT_STUDIO_DATA: path.join(file, 'data') })
  expect(code).toBe(1)
  expect(await told('failure')).toHaveProperty('title', 'Latent Studio could not open')
})

test('R31: what the opening of the studio waits for stands in the window until it is open', async () => {
  const { promise: looked, resolve: letGo } = Promise.withResolvers<void>()
  const held = whileNobodyOpens(
    folder,
    () => {},
    () => looked,
  )
  const app = await startApp(folder, { STAND_IN_LOCALE: 'de-DE' })
  await expect(app.page.getByRole('status')).toContainText('Ein anderes Latent Studio öffnet gerade')
  letGo()
  await held
  await expect(app.page.getByRole('main')).toBeVisible()
  await app.stop()
})
