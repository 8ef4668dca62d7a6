import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import type { Status } from '../../src/shared/calls/contract.ts'
import { startApp, type RunningApp } from './app.ts'

test.skip(process.platform !== 'linux', 'the feed of this test is that of AppImages')

/** An AppImage that does nothing: it is run once by whoever installs it. */
const newer = '#!/bin/sh\nexit 0\n'
const sha512 = (text: string): string => createHash('sha512').update(text).digest('base64')

let folder: string
let server: Server
let asked: string[]
let app: RunningApp
let promised: string

test.beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'latent-studio-updates-'))
  asked = []
  promised = newer
  server = createServer(({ url = '' }, response) => {
    asked.push(url.replace(/\?.*/, ''))
    if (url.startsWith('/latest-linux.yml')) response.end(feed())
    else if (url.startsWith('/latent-studio-9.0.0.AppImage')) response.end(newer)
    else response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  const resources = path.join(folder, 'resources')
  mkdirSync(resources)
  const config = `provider: generic\nurl: http://127.0.0.1:${port}\nupdaterCacheDirName: latent-studio-updater\n`
  writeFileSync(path.join(resources, 'app-update.yml'), config)
  writeFileSync(path.join(folder, 'own.AppImage'), 'the old one')
  chmodSync(path.join(folder, 'own.AppImage'), 0o755)
  app = await startApp(path.join(folder, 'data'), {
    STAND_IN_RESOURCES: resources,
    APPIMAGE: path.join(folder, 'own.AppImage'),
    XDG_CACHE_HOME: path.join(folder, 'cache'),
  })
})

test.afterEach(async () => {
  await app.stop()
  await new Promise((resolve) => server.close(resolve))
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

const feed = (): string => `version: 9.0.0
files:
  - url: latent-studio-9.0.0.AppImage
    sha512: ${sha512(promised)}
    size: ${newer.length}
path: latent-studio-9.0.0.AppImage
sha512: ${sha512(promised)}
releaseDate: '2030-01-01T00:00:00.000Z'
`

const own = (): string => readFileSync(path.join(folder, 'own.AppImage'), 'utf8')
const notices = async () => (await app.call<Status>('status')).notices.map(({ message }) => message)

test('a newer version is looked for when that is switched on, fetched when the person says so, and installed at the end', async () => {
  expect((await app.call<Status>('status')).canUpdate).toBe(true)
  // Nobody asked for it yet.
  expect(asked).toEqual([])
  await app.call('changeSettings', { lookForUpdates: true })
  expect(await app.told('question')).toMatchObject({
    message: 'Latent Studio 9.0.0 is there. Fetch it?',
    buttons: ['Fetch it', 'Not now'],
  })
  expect(asked).toEqual(['/latest-linux.yml'])
  app.say('question:answer', 0)
  await expect.poll(notices).toEqual(['Latent Studio 9.0.0 has been fetched. It is installed when you quit.'])
  expect(own()).toBe('the old one')
  app.say('quit')
  expect(await app.ended).toBe(0)
  expect(own()).toBe(newer)
})

test('the offer is made in the language of the settings', async () => {
  await app.call('changeSettings', { language: 'fr', lookForUpdates: true })
  expect(await app.told('question')).toMatchObject({
    message: 'Latent Studio 9.0.0 est disponible. Le télécharger ?',
    buttons: ['Télécharger', 'Pas maintenant'],
  })
})

test('a file that is not the promised one is not taken, which is said and logged; nobody is pressed', async () => {
  promised = 'something else'
  await app.call('changeSettings', { lookForUpdates: true })
  await app.told('question')
  app.say('question:answer', 0)
  await expect.poll(notices).toEqual([expect.stringMatching(/^No newer version could be fetched \(sha512/)])
  const log = readFileSync(path.join(folder, 'data', 'window', 'failures.log'), 'utf8')
  expect(log).toContain('sha512 checksum mismatch')
  app.say('quit')
  expect(await app.ended).toBe(0)
  expect(own()).toBe('the old one')
})
