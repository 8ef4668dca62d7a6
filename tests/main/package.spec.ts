import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import { root } from '../../scripts/build.ts'

test.skip(process.platform !== 'linux', 'the stand-in for Electron’s program is laid out as on Linux')

let folder: string
let app: string

/** Where Electron's program has its fuses: a mark, the version, their number, and one digit for each. */
const fuseMark = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'
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

/** A program of no use but for its fuses, which stand as Electron's do when it comes. */
function makeElectronStandIn(): string {
  const place = path.join(folder, 'electron')
  mkdirSync(place)
  writeFileSync(path.join(place, 'electron'), `${fuseMark}\x01\x0810110001`, { mode: 0o755 })
  for (const name of ['LICENSE', 'LICENSES.chromium.html']) writeFileSync(path.join(place, name), '')
  return place
}

test.beforeAll(() => {
  test.setTimeout(600_000)
  folder = mkdtempSync(path.join(tmpdir(), 'latent-studio-package-'))
  const builder = path.join(root, 'node_modules', 'electron-builder', 'cli.js')
  const options = { electronDist: makeElectronStandIn(), 'directories.output': path.join(folder, 'dist') }
  const args = Object.entries(options).map(([name, value]) => `--config.${name}=${value}`)
  execFileSync(process.execPath, [builder, '--linux', 'dir', ...args], { cwd: root, stdio: 'pipe' })
  app = path.join(folder, 'dist', 'linux-unpacked')
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
