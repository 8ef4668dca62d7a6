import { execFile } from 'node:child_process'
import { readdir, readFile, realpath } from 'node:fs/promises'
import { totalmem } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'

/**
 * The graphics cards that the system tells of, and their memory. ONNX Runtime's binding says nothing of adapters, so drivers
 * and their tools are asked. Whatever cannot be read or understood is a card less, never an error.
 */

export interface Card {
  isNvidia: boolean
  name: string | null
  /** What it can use, in bytes. */
  bytes: number
  /** What programs have of that now; null: not known. */
  usedBytes: number | null
  /** It has none of its own and works in the system's memory. */
  shared: boolean
}

/** How long a program may take, in ms. A driver that sleeps is woken by the question. */
const patience = 4000

const mebi = 2 ** 20
const gibi = 2 ** 30

/** Less than this is no card's own: firmware sets it aside for graphics that work in the system's memory. */
const leastOfItsOwn = 1.5 * gibi

const believable = (bytes: number): boolean => bytes >= 64 * mebi && bytes <= 2 ** 42

export async function findCards(platform = process.platform): Promise<Card[]> {
  if (platform === 'darwin') return appleCards()
  const nvidia = await nvidiaCards(platform)
  const others = platform === 'win32' ? await windowsCards() : await linuxCards()
  return [...nvidia, ...others.filter((card) => nvidia.length === 0 || !card.isNvidia)]
}

/** As NVIDIA's own tool lists them, in MiB. It says "[N/A]" where memory is the system's. */
async function nvidiaCards(platform: NodeJS.Platform): Promise<Card[]> {
  const program = platform === 'win32' ? inSystemFolder('nvidia-smi.exe') : 'nvidia-smi'
  const said = await output(program, [
    '--query-gpu=name,memory.total,memory.used',
    '--format=csv,noheader,nounits',
  ])
  return said.split('\n').flatMap((line) => {
    const [, name, total, used] = /^(.+), *(\d+), *(\S+)$/.exec(line.trim()) ?? []
    const bytes = Number(total) * mebi
    if (!name || !believable(bytes)) return []
    const usedBytes = /^\d+$/.test(used) ? Math.min(Number(used) * mebi, bytes) : null
    return { isNvidia: true, name, bytes, usedBytes, shared: false }
  })
}

/** Of Linux' own drivers; `folder` is that of the kernel's direct rendering manager. */
export async function linuxCards(folder = '/sys/class/drm'): Promise<Card[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => /^card\d+$/.test(name))
  const cards = await Promise.all(names.map((name) => linuxCard(join(folder, name, 'device'))))
  return cards.filter((card) => card !== null)
}

/** amdgpu tells of its memory, and how much of the system's it may use (gtt); i915 tells nothing. */
async function linuxCard(device: string): Promise<Card | null> {
  const read = (fact: string): Promise<string> => readFile(join(device, fact), 'utf8').catch(() => '')
  const number = async (fact: string): Promise<number> => Number.parseInt(await read(fact), 10)
  const vendor = (await read('vendor')).trim()
  const known = { isNvidia: false, name: null }
  if (vendor === '0x8086')
    return (await isIntegrated(device)) ? { ...known, ...sharedWith(intelShare()) } : null
  const [own, used] = [await number('mem_info_vram_total'), await number('mem_info_vram_used')]
  if (!believable(own)) return null
  if (own < leastOfItsOwn)
    return { ...known, ...sharedWith(own + ((await number('mem_info_gtt_total')) || 0)) }
  const usedBytes = used >= 0 ? Math.min(used, own) : null
  return { ...known, bytes: own, usedBytes, shared: false }
}

/** Intel's graphics in a processor have always this place on the bus; its cards never have it. */
const isIntegrated = (device: string): Promise<boolean> =>
  realpath(device).then(
    (place) => basename(place) === '0000:00:02.0',
    () => false,
  )

/** What Mesa gives them (anv_device.c, anv_compute_sys_heap_size). */
const intelShare = (): number => totalmem() * (totalmem() <= 4 * gibi ? 1 / 2 : 3 / 4)

const sharedWith = (bytes: number): Pick<Card, 'bytes' | 'usedBytes' | 'shared'> => ({
  ...{ bytes, usedBytes: null, shared: true },
})

const displayClass = String.raw`HKLM\SYSTEM\CurrentControlSet\Control\Class\{4d36e968-e325-11ce-bfc1-08002be10318}`

/** Windows keeps in the registry what drivers said of their cards; those without memory of their own get half of the system's. */
async function windowsCards(): Promise<Card[]> {
  const ask = (value: string): Promise<string> =>
    output(inSystemFolder('reg.exe'), ['query', displayClass, '/s', '/v', value])
  return registryCards(await ask('DriverDesc'), await ask('HardwareInformation.qwMemorySize'))
}

/** From what reg.exe says of both values. */
export function registryCards(names: string, sizes: string): Card[] {
  const nameOf = registryValues(names)
  return [...registryValues(sizes)].flatMap(([key, size]) => {
    const [own, name] = [Number(size), nameOf.get(key) ?? null]
    if (!believable(own)) return []
    const known = { isNvidia: /^NVIDIA/.test(name ?? ''), name }
    if (own < leastOfItsOwn) return { ...known, ...sharedWith(own + totalmem() / 2) }
    return { ...known, bytes: own, usedBytes: null, shared: false }
  })
}

function registryValues(said: string): Map<string, string> {
  const values = new Map<string, string>()
  let key = ''
  for (const line of said.split(/\r?\n/)) {
    if (line.startsWith('HKEY_')) key = line.trim()
    const [, value] = /^\s+\S+\s+REG_\w+\s+(.+)$/.exec(line) ?? []
    if (key && value) values.set(key, value.trim())
  }
  return values
}

/** Metal's recommendedMaxWorkingSetSize: two thirds of the system's memory, three quarters of a large one, or as it is set. */
async function appleCards(): Promise<Card[]> {
  const set = Number(await output('/usr/sbin/sysctl', ['-n', 'iogpu.wired_limit_mb'])) * mebi
  const usual = totalmem() * (totalmem() <= 36 * gibi ? 2 / 3 : 3 / 4)
  return [{ isNvidia: false, name: null, ...sharedWith(believable(set) ? set : usual) }]
}

/** By its whole path: Windows looks for programs in the current folder first. */
const inSystemFolder = (program: string): string =>
  join(process.env['SystemRoot'] ?? String.raw`C:\Windows`, 'System32', program)

/** What a program says, also where it fails; nothing where there is none, or it takes too long. */
function output(program: string, args: readonly string[]): Promise<string> {
  const limits = { signal: AbortSignal.timeout(patience), killSignal: 'SIGKILL', windowsHide: true } as const
  return promisify(execFile)(program, [...args], limits).then(
    ({ stdout }) => stdout,
    (error: { stdout?: string; name?: string }) => (error.name === 'AbortError' ? '' : (error.stdout ?? '')),
  )
}
