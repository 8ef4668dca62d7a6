import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { notFoundIn } from '../../../src/engine/model/runtime/missingLibraries.ts'
import { testDevice } from '../../../src/engine/model/runtime/selfTest.ts'
import type { DeviceRecord } from '../../../src/shared/models/models.ts'

const command = fileURLToPath(new URL('../../../src/cli/devices.ts', import.meta.url))
const evaluate = fileURLToPath(new URL('./webgpuDecode.ts', import.meta.url))
const evaluateTransformers = fileURLToPath(new URL('./webgpuTransformers.ts', import.meta.url))
const driverFolder = '/usr/lib/chromium'
const softwareDriver = join(driverFolder, 'vk_swiftshader_icd.json')

let cache: string
beforeAll(async () => {
  cache = await mkdtemp(join(tmpdir(), 'devices-'))
})
afterAll(() => rm(cache, { recursive: true }))

async function run(script: string, driver: string): Promise<string> {
  const environment: NodeJS.ProcessEnv = {
    ...process.env,
    LATENT_STUDIO_CACHE: cache,
    VK_DRIVER_FILES: driver,
  }
  if (driver === softwareDriver) environment['LD_LIBRARY_PATH'] = driverFolder
  const options = { env: environment, maxBuffer: 1e7 }
  return (await promisify(execFile)(process.execPath, [script, '--json'], options)).stdout
}

const devices = async (driver: string): Promise<{ devices: DeviceRecord[]; chosen: string }> =>
  JSON.parse(await run(command, driver)) as { devices: DeviceRecord[]; chosen: string }

const webgpuIn = (found: { devices: DeviceRecord[] }): DeviceRecord | undefined =>
  found.devices.find(({ device }) => device === 'webgpu')

describe('the self-test of devices', () => {
  it('finds nothing wrong with the CPU, in either form of attention', async () => {
    const { dialect, differences } = await testDevice('cpu')
    expect(dialect).toEqual({ attention: 'fused', precision: 'float32' })
    expect(Math.max(...Object.values(differences))).toBeLessThan(1e-6)
  })

  it.runIf(process.platform === 'linux')(
    'passes over devices whose driver is missing, and says so',
    async () => {
      const found = await devices('/nowhere.json')
      expect(found.chosen).toBe('cpu')
      expect(found.devices.find(({ device }) => device === 'cpu')).toMatchObject({
        available: true,
        automatic: true,
      })
      expect(webgpuIn(found)).toMatchObject({
        available: false,
        automatic: false,
        note: expect.stringContaining('no adapter') as string,
      })
    },
  )
})

describe.runIf(existsSync(softwareDriver))('WebGPU on the software Vulkan driver', () => {
  const patience = 900_000

  it(
    'does without fused attention, keeps the verdict, and is not chosen by auto',
    async () => {
      const first = await devices(softwareDriver)
      expect(await devices(softwareDriver)).toEqual(first)
      expect(first.chosen).toBe('cpu')
      expect(webgpuIn(first)).toMatchObject({
        available: true,
        forms: { attention: 'sliced', precision: 'float32' },
        // Nothing is gained on what is slower than the CPU.
        together: [],
      })
    },
    patience,
  )

  it(
    'agrees with the CPU within 1e-4 in a U-Net and a decoder',
    async () => {
      expect(Number(await run(evaluate, softwareDriver))).toBeLessThan(1e-4)
    },
    patience,
  )

  it(
    'agrees with the CPU within 1e-4 in transformers and their decoders',
    async () => {
      expect(Number(await run(evaluateTransformers, softwareDriver))).toBeLessThan(1e-4)
    },
    patience,
  )

  it('is tried once more after a test that ended the process, and left alone after two', async () => {
    const file = join(cache, 'self-tests.json')
    const entries = JSON.parse(await readFile(file, 'utf8')) as Record<string, object>
    const driver = '/nowhere.json'
    const key = Object.keys(entries)
      .find((name) => name.includes('webgpu'))!
      .replace(softwareDriver, driver)
    const ended = { testedBy: 2 ** 30 }
    const noteAfter = async (entry: object): Promise<string | null> => {
      await writeFile(file, JSON.stringify({ [key]: entry }))
      return webgpuIn(await devices(driver))!.note
    }
    expect(await noteAfter(ended)).toContain('no adapter')
    expect(await noteAfter({ ...ended, again: true })).toContain('ended the engine twice')
  })
})

it.runIf(process.platform === 'linux')('of CUDA says what is missing', async () => {
  const found = await devices('/nowhere.json')
  expect(found.devices.find(({ device }) => device === 'cuda')).toMatchObject({
    available: false,
    note: expect.stringContaining('npm run install-cuda') as string,
  })
  // As glibc's ldd writes it.
  const said = `\tlinux-vdso.so.1 (0x00007ffc7d5f2000)
\tlibcublasLt.so.12 => not found
\tlibcudart.so.12 => /usr/lib/libcudart.so.12 (0x00007f5c2a000000)
\tlibcudnn.so.9 => not found
\t/lib64/ld-linux-x86-64.so.2 (0x00007f5c2b4c7000)
`
  expect(notFoundIn(said)).toEqual(['libcublasLt.so.12', 'libcudnn.so.9'])
})
