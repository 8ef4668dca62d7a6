import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { listPackage } from '@electron/asar'
import { expect, test } from '@playwright/test'
import { root } from '../../scripts/build.ts'
import { fuseMark, makeUnpackedApp } from '../../scripts/packaging/unpackedApp.ts'

test.skip(process.platform !== 'linux', 'the stand-in for Electron’s program is laid out as on Linux')

let folder: string
let app: string

const fuses = [
  'RunAsNode',
  'EnableCookieEncryption',
  'EnableNodeOptionsEnvironmentVariable',
  'EnableNodeCliInspectArguments',
  'EnableEmbeddedAsarIntegrityValidation',
  'OnlyLoadAppFromAsar',
  'LoadBrowserProcessSpecificV8Snapshot',
  'GrantFileProtocolExtraPrivileges',
]

test.beforeAll(() => {
  test.setTimeout(600_000)
  folder = mkdtempSync(path.join(tmpdir(), 'latent-studio-package-'))
  app = makeUnpackedApp(folder)
})

test.afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('the packaged program is no Node for others, takes no debugger, and loads checked code alone', () => {
  const program = readFileSync(path.join(app, 'latent-studio'), 'latin1')
  const digits = program.slice(program.indexOf(fuseMark) + fuseMark.length + 2)
  expect(fuses.filter((_, index) => digits[index] === '1')).toEqual([
    'EnableEmbeddedAsarIntegrityValidation',
    'OnlyLoadAppFromAsar',
  ])
})

test('the packaged engine starts on the Node that comes with it', async () => {
  const unpacked = path.join(app, 'resources', 'app.asar.unpacked')
  const engine = spawn(
    path.join(unpacked, 'node_modules', 'node', 'bin', 'node'),
    [path.join(unpacked, 'out', 'engine', 'main.js')],
    { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], serialization: 'advanced' },
  )
  engine.send({ t: 'q', i: '1', m: 'versions', a: [] })
  const [answer] = (await once(engine, 'message')) as unknown[]
  engine.kill()
  const { version } = JSON.parse(
    readFileSync(path.join(root, 'node_modules', 'onnxruntime-node', 'package.json'), 'utf8'),
  ) as { version: string }
  expect(answer).toMatchObject({ i: '1', r: { onnxRuntime: version } })
})

test('the licences of what it is made with come along, where other programs can open them', () => {
  const file = path.join(app, 'resources', 'app.asar.unpacked', 'out', 'renderer', 'third-party-licences.txt')
  const text = readFileSync(file, 'utf8')
  for (const words of ['GNU LESSER GENERAL PUBLIC LICENSE', 'SIL OPEN FONT LICENSE', 'Apache License']) {
    expect(text).toContain(words)
  }
})

test('the app holds what it runs, for this system alone, and no tools, tests or sources', () => {
  const inside = listPackage(path.join(app, 'resources', 'app.asar'), { isPack: false })
  const top = new Set(inside.map((file) => file.split('/')[1]))
  expect([...top].sort()).toEqual(['node_modules', 'out', 'package.json', 'resources'])
  expect(inside.filter((file) => /\.(?:ts|vue|map)$/.test(file) && file.startsWith('/out'))).toEqual([])

  const { packages } = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean }>
  }
  const places = inside.flatMap((file) => /^\/(node_modules\/(?:@[^/]+\/)?[^/@]+)\//.exec(file)?.[1] ?? [])
  const tools = [...new Set(places)].filter((place) => packages[place]?.dev)
  expect(tools).toEqual([])

  const native = readdirSync(path.join(app, 'resources', 'app.asar.unpacked'), { recursive: true })
    .map(String)
    .filter((file) => file.endsWith('.node'))
  const ours = `${process.platform}-${process.arch}`
  expect(native.filter((file) => !file.includes(ours) && !file.includes(ours.replace('-', '/')))).toEqual([])
  expect(native.length).toBeGreaterThanOrEqual(3)
})
