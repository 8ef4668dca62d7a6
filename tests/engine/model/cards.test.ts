import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { cardOf } from '../../../src/engine/model/runtime/cardMemory.ts'
import { findCards, linuxCards, registryCards, type Card } from '../../../src/engine/model/runtime/cards.ts'

const gib = 2 ** 30

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cards-'))
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true })
})

/** A program that is called nvidia-smi and says that. */
async function nvidiaSays(script: string): Promise<Card[]> {
  await writeFile(join(folder, 'nvidia-smi'), `#!/bin/sh\n${script}\n`)
  await chmod(join(folder, 'nvidia-smi'), 0o755)
  vi.stubEnv('PATH', `${folder}:/usr/bin:/bin`)
  return (await findCards()).filter(({ isNvidia }) => isNvidia)
}

const says = (...lines: string[]): string => lines.map((line) => `echo '${line}'`).join('\n')

describe.runIf(process.platform === 'linux')("NVIDIA's cards", () => {
  it('are what its tool lists', async () => {
    const lines = ['NVIDIA GeForce RTX 3060, 12288, 501', 'Quadro, one of two, 2048, 0']
    expect(await nvidiaSays(says(...lines))).toEqual([
      {
        isNvidia: true,
        name: 'NVIDIA GeForce RTX 3060',
        bytes: 12 * gib,
        usedBytes: 501 * 2 ** 20,
        shared: false,
      },
      { isNvidia: true, name: 'Quadro, one of two', bytes: 2 * gib, usedBytes: 0, shared: false },
    ])
  })

  it('are none where it fails, sleeps or talks nonsense', async () => {
    const nonsense = [
      'Failed to initialize NVML',
      ', ,',
      'A card, -5, 3',
      'B, 99999999999999, 1',
      'C, 12, 1',
      '',
    ]
    expect(await nvidiaSays(`${says(...nonsense)}\nexit 9`)).toEqual([])
    expect(await nvidiaSays(says('NVIDIA GB10, [N/A], [N/A]'))).toEqual([])
    expect(await nvidiaSays('sleep 60')).toEqual([])
    expect(await nvidiaSays('head -c 9000000 /dev/urandom')).toEqual([])
  })

  it('use what is not known where it says no number, and never more than they have', async () => {
    const cards = await nvidiaSays(says('A, 4096, [N/A]', 'B, 4096, 5000'))
    expect(cards.map(({ usedBytes }) => usedBytes)).toEqual([null, 4 * gib])
  })
})

describe('cards that Linux tells of', () => {
  async function card(name: string, facts: Record<string, string | number>, place = '0000:03:00.0') {
    const device = join(folder, 'devices', name, place)
    await mkdir(device, { recursive: true })
    for (const [fact, value] of Object.entries(facts)) await writeFile(join(device, fact), `${value}\n`)
    await mkdir(join(folder, 'drm', name), { recursive: true })
    await symlink(device, join(folder, 'drm', name, 'device'))
  }
  const found = () => linuxCards(join(folder, 'drm'))
  const amd = { vendor: '0x1002', mem_info_gtt_total: 8 * gib }

  it('are those of amdgpu with memory of their own, and those that share the system’s', async () => {
    await card('card0', { ...amd, mem_info_vram_total: 8 * gib, mem_info_vram_used: gib })
    await card('card1', { ...amd, mem_info_vram_total: gib / 2, mem_info_vram_used: 1e8 })
    await card('card2', { vendor: '0x8086' }, '0000:00:02.0')
    expect(await found()).toEqual([
      { isNvidia: false, name: null, bytes: 8 * gib, usedBytes: gib, shared: false },
      { isNvidia: false, name: null, bytes: 8.5 * gib, usedBytes: null, shared: true },
      { isNvidia: false, name: null, bytes: (totalmem() * 3) / 4, usedBytes: null, shared: true },
    ])
  })

  it('are none of which the driver tells nothing, and none that is no card', async () => {
    await card('card0', { vendor: '0x8086' })
    await card('card1', { vendor: '0x10de' })
    await card('card2', { ...amd, mem_info_vram_total: 'much' })
    await card('card0-HDMI-A-1', { ...amd, mem_info_vram_total: 8 * gib })
    await card('renderD128', { ...amd, mem_info_vram_total: 8 * gib })
    expect(await found()).toEqual([])
    expect(await linuxCards(join(folder, 'nowhere'))).toEqual([])
  })
})

it('the registry of Windows has names and sizes under one key', () => {
  const place = String.raw`HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\Class\{4d36e968}`
  const [name, size] = ['DriverDesc    REG_SZ', 'HardwareInformation.qwMemorySize    REG_QWORD']
  const names = `\r\n${place}\\0000\r\n    ${name}    AMD Radeon RX 7600\r\n\r\n${place}\\0001\r\n    ${name}    Intel(R) UHD Graphics\r\n`
  const sizes = `\r\n${place}\\0000\r\n    ${size}    0x200000000\r\n\r\n${place}\\0001\r\n    ${size}    0x8000000\r\n\r\nEnd of search: 2 match(es) found.\r\n`
  expect(registryCards(names, sizes)).toEqual([
    { isNvidia: false, name: 'AMD Radeon RX 7600', bytes: 8 * gib, usedBytes: null, shared: false },
    {
      ...{ isNvidia: false, name: 'Intel(R) UHD Graphics', usedBytes: null, shared: true },
      bytes: totalmem() / 2 + 2 ** 27,
    },
  ])
  expect(registryCards('ERROR: Access is denied.', '')).toEqual([])
})

it('of several cards CUDA takes the first that it may see, all others the strongest', () => {
  const card = (bytes: number, isNvidia = true, shared = false): Card => ({
    ...{ isNvidia, name: null, bytes, usedBytes: null, shared },
  })
  const cards = [card(64 * gib, false, true), card(2 * gib), card(12 * gib), card(8 * gib, false)]
  expect(cardOf('webgpu', cards)).toBe(cards[2])
  expect(cardOf('cuda', cards)).toBe(cards[1])
  vi.stubEnv('CUDA_VISIBLE_DEVICES', '1')
  expect(cardOf('cuda', cards)).toBe(cards[2])
  vi.stubEnv('CUDA_VISIBLE_DEVICES', '-1')
  expect(cardOf('cuda', cards)).toBeNull()
  expect(cardOf('webgpu', cards.slice(0, 1))).toBe(cards[0])
  expect(cardOf('webgpu', [])).toBeNull()
})
