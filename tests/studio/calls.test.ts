import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { callSchemas, type CallName } from '../../src/shared/calls/contract.ts'
import { openTestStudio, temporaryFolder } from './fixtures/testStudio.ts'

describe('the arguments of a call', () => {
  it.each<[CallName, unknown[], string]>([
    ['enqueue', [{ steps: 0 }], 'steps: must be at least 1, found 0.'],
    ['enqueue', [{ steps: '20' }], 'steps: must be a number, found "20".'],
    ['enqueue', [{ steps: 2.5 }], 'steps: must be a whole number, found 2.5.'],
    ['enqueue', [{ width: 100 }], 'width: must be a multiple of 8; found 100.'],
    ['enqueue', [{ height: 4096 }], 'height: must be at most 2048, found 4096.'],
    ['enqueue', [{ denoiseStrength: 1.5 }], 'denoiseStrength: must be at most 1, found 1.5.'],
    [
      'enqueue',
      [{ device: 'gpu' }],
      'device: must be one of auto, cpu, webgpu, dml, coreml, cuda; found "gpu".',
    ],
    ['enqueue', [{ seed: 'x' }], 'seed: must be a whole number from 0 to 18446744073709551615, found "x".'],
    [
      'enqueue',
      [{ prompt: 'x'.repeat(20_001) }],
      `prompt: must be at most 20000 characters, found "${'x'.repeat(59)}….`,
    ],
    ['enqueue', [{ initImage: { id: '../../etc/passwd' } }], 'initImage.id: '],
    ['enqueue', ['a prompt'], 'The arguments of "enqueue": must be an object, found "a prompt".'],
    ['enqueue', [], 'The arguments of "enqueue": '],
    ['enqueue', [{}, {}], 'The arguments of "enqueue": '],
    ['history', [{ limit: 501 }], 'limit: must be at most 500, found 501.'],
    ['image', [7], 'The arguments of "image": must be a string, found 7.'],
    ['trash', ['id'], 'The arguments of "trash": must be an array, found "id".'],
    ['changeSettings', [{ theme: 'pink' }], 'theme: must be one of system, dark, light; found "pink".'],
    ['changeSettings', [{ cancelGraceMs: -1 }], 'cancelGraceMs: must be at least 0, found -1.'],
  ])('of %s %j are refused in a plain sentence', async (name, args, message) => {
    const studio = await openTestStudio()
    const call = studio.calls[name] as (...args: unknown[]) => Promise<unknown>
    const error = await call(...args).then(
      () => null,
      (error: unknown) => error as { code: string; message: string },
    )
    expect(error?.code).toBe('bad-request')
    expect(error?.message.startsWith(message), error?.message).toBe(true)
  })

  it('name the sampler that was asked for and those there are', async () => {
    const studio = await openTestStudio()
    const message = 'sampler: there is no sampler called "Eula"; the nearest are Euler a, Euler, Heun.'
    await expect(studio.calls.enqueue({ sampler: 'Eula' })).rejects.toMatchObject({
      code: 'bad-request',
      message: expect.stringContaining(message) as string,
    })
  })

  it('are there for every call of the contract', async () => {
    const studio = await openTestStudio()
    expect(Object.keys(studio.calls).sort()).toEqual(Object.keys(callSchemas).sort())
  })
})

/** What was kept of settings that could not be read. */
const keptSettings = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.startsWith('settings-kept-'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))

describe('the settings', () => {
  it('are told to all, written to a file a person can read, and there when it opens again', async () => {
    const folder = temporaryFolder()
    const studio = await openTestStudio(folder)
    const told: string[] = []
    studio.subscribe({ settingsChanged: ({ theme }) => void told.push(theme) })
    expect(await studio.calls.settings()).toMatchObject({
      theme: 'system',
      device: 'auto',
      cancelGraceMs: 10_000,
    })
    await studio.calls.changeSettings({ theme: 'dark' })
    await studio.calls.changeSettings({ device: 'cpu' })
    expect(told).toEqual(['dark', 'dark'])
    expect(JSON.parse(readFileSync(join(folder, 'settings.json'), 'utf8'))).toMatchObject({
      theme: 'dark',
      device: 'cpu',
    })
    await studio.close()
    const again = await openTestStudio(folder)
    expect(await again.calls.settings()).toMatchObject({ theme: 'dark', device: 'cpu' })
    expect((await again.calls.enqueue({})).request.device).toBe('cpu')
  })

  it.each(['{', '[]', '{"theme":"pink"}', ''])(
    'have their defaults when the file is %j, and that is said',
    async (text) => {
      const folder = temporaryFolder()
      writeFileSync(join(folder, 'settings.json'), text)
      const studio = await openTestStudio(folder)
      expect(await studio.calls.settings()).toMatchObject({ theme: 'system' })
      expect((await studio.calls.status()).notices).toMatchObject([{ level: 'warning' }])
      expect(readFileSync(join(folder, 'settings.json'), 'utf8')).toBe(text)
      expect(keptSettings(folder)).toEqual([text])
    },
  )

  it('R23: of which one is not valid lose only that one, which is said, and the file is kept', async () => {
    const folder = temporaryFolder()
    const path = join(folder, 'settings.json')
    const models = join(folder, 'models')
    const text = JSON.stringify({ theme: 'pink', language: 'zh', modelFolders: [models], cancelGraceMs: -1 })
    writeFileSync(path, text)
    const studio = await openTestStudio(folder)
    const expected = { theme: 'system', language: 'zh', modelFolders: [models], cancelGraceMs: 10_000 }
    expect(await studio.calls.settings()).toMatchObject(expected)
    const [{ message }] = (await studio.calls.status()).notices
    expect(message).toContain(
      '"theme" must be one of system, dark, light; found "pink", so its default is in use: "system".',
    )
    expect(message).toContain('"cancelGraceMs" must be at least 0, found -1')
    await studio.calls.changeSettings({ device: 'cpu' })
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ ...expected, device: 'cpu' })
    expect(keptSettings(folder)).toEqual([text])
  })

  it('R23: that are lists lose only the entries that are not valid, which are named', async () => {
    const folder = temporaryFolder()
    const path = join(folder, 'settings.json')
    const text = '{"modelFolders":["/a",5,null,"/b"]}'
    writeFileSync(path, text)
    const studio = await openTestStudio(folder)
    expect(await studio.calls.settings()).toMatchObject({ modelFolders: ['/a', '/b'] })
    const [{ message }] = (await studio.calls.status()).notices
    expect(message).toContain(
      '"modelFolders" lost what is not valid in it: its entry 2 must be a string, found 5; its entry 3 must be a string, found null.',
    )
    expect(keptSettings(folder)).toEqual([text])
  })

  it('may have a comma after the last one', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'settings.json'), '{"theme":"dark","modelFolders":["/a,]",],\n}\n')
    const studio = await openTestStudio(folder)
    expect(await studio.calls.settings()).toMatchObject({ theme: 'dark', modelFolders: ['/a,]'] })
    expect((await studio.calls.status()).notices).toEqual([])
  })

  it('R23: of another version stay in the file, and that is said', async () => {
    const folder = temporaryFolder()
    const path = join(folder, 'settings.json')
    writeFileSync(path, '\ufeff{"theme":"dark","sparkles":{"many":true}}')
    const studio = await openTestStudio(folder)
    expect(await studio.calls.settings()).toMatchObject({ theme: 'dark' })
    expect((await studio.calls.status()).notices).toMatchObject([
      { message: expect.stringContaining('"sparkles"') as string },
    ])
    await studio.calls.changeSettings({ theme: 'light' })
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ theme: 'light', sparkles: { many: true } })
    expect(keptSettings(folder)).toEqual([])
  })

  it('R24: are all written when several change at once', async () => {
    const folder = temporaryFolder()
    const studio = await openTestStudio(folder)
    const changes = [{ theme: 'dark' }, { language: 'zh' }, { device: 'cpu' }] as const
    await Promise.all(changes.map((change) => studio.calls.changeSettings(change)))
    const expected = { theme: 'dark', language: 'zh', device: 'cpu' }
    expect(await studio.calls.settings()).toMatchObject(expected)
    expect(JSON.parse(readFileSync(join(folder, 'settings.json'), 'utf8'))).toMatchObject(expected)
  })

  it('R23: whose place a pipe or a folder takes do not keep the studio from opening', async () => {
    const makePipe = (path: string): unknown => execFileSync('mkfifo', [path])
    for (const make of process.platform === 'win32' ? [mkdirSync] : [mkdirSync, makePipe]) {
      const folder = temporaryFolder()
      make(join(folder, 'settings.json'))
      const studio = await openTestStudio(folder)
      expect((await studio.calls.status()).notices).toHaveLength(1)
      expect(await studio.calls.changeSettings({ theme: 'dark' })).toMatchObject({ theme: 'dark' })
    }
  })
})

describe('the status', () => {
  it('says what runs where', async () => {
    const folder = temporaryFolder()
    const studio = await openTestStudio(folder)
    expect(await studio.calls.status()).toMatchObject({
      dataFolder: folder,
      engine: 'absent',
      device: null,
      notices: [],
    })
    expect((await studio.calls.status()).onnxRuntimeVersion).toMatch(/^\d+\.\d+\.\d+$/)
    expect(await studio.calls.devices()).toMatchObject([{ device: 'cpu', available: true }])
    expect((await studio.calls.status()).engine).toBe('idle')
  })
})
