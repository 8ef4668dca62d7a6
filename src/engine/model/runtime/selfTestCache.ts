import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { cpus, homedir, release, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { StudioError } from '../../../shared/errors.ts'
import type { TurboTest } from '../../../shared/request/automaticTurbo.ts'
import { noteOnMissingLibraries } from './missingLibraries.ts'
import { onnxRuntimeVersion, type RealDevice } from './session.ts'
import { testDevice, type SelfTest } from './selfTest.ts'
import { nameOfNetwork, testTurbo, type TurboNetwork } from './turboTest.ts'

/**
 * Self-tests of devices and of Turbo, kept on disk per adapter, driver and version, because on a slow device one takes seconds. A
 * test that ended the process is known by the mark it left: it may have been ended by a person, so it is tried once more,
 * but a driver that ends it twice is left alone.
 */

const selfTestSchema = z.object({
  differences: z.record(z.string(), z.number()),
  dialect: z
    .object({
      attention: z.enum(['fused', 'sliced']),
      precision: z.enum(['float32', 'float16']),
      products: z.literal('by card').optional(),
      transformers: z.literal('wrong').optional(),
      blockProducts: z.literal(true).optional(),
    })
    .nullable(),
  speed: z.number().nullable(),
  together: z.array(z.object({ side: z.number(), speed: z.number() })).readonly(),
})
/** again: a test before this one ended its process. */
const markSchema = z.object({ testedBy: z.number(), again: z.boolean().default(false) })
const turboTestSchema = z.object({ speed: z.number(), difference: z.number() })
const entrySchema = z.union([markSchema, selfTestSchema, turboTestSchema])
const cacheSchema = z.record(z.string(), entrySchema)
type Entries = z.output<typeof cacheSchema>
type Entry = Entries[string]

/** Counted on when the test learns new forms. */
const testVersion = 5

const known = new Map<RealDevice, Promise<SelfTest>>()

/** The self-test of a device, run at most once a process. Throws what testing throws, and `device-unavailable` where it ends processes. */
export function selfTestOf(device: RealDevice): Promise<SelfTest> {
  const test = known.get(device) ?? keptTest(device)
  known.set(device, test)
  return test
}

async function keptTest(device: RealDevice): Promise<SelfTest> {
  const key = [testVersion, device, await onnxRuntimeVersion(), release(), await graphicsDrivers()].join(' ')
  const entry = (await readEntries())[key]
  if (entry && 'dialect' in entry) return entry
  if (endedTwice(entry)) throw new StudioError('device-unavailable', leftAlone(device))
  try {
    return await kept(key, entry, () => testDevice(device))
  } catch (error) {
    const note = await noteOnMissingLibraries(device)
    throw note ? new StudioError('device-unavailable', note, { cause: error }) : error
  }
}

/** Runs a test under its mark and keeps what it finds; of one that throws nothing is kept. */
async function kept<Test extends Entry>(
  key: string,
  entry: Entry | undefined,
  run: () => Promise<Test>,
): Promise<Test> {
  await keep(key, { testedBy: process.pid, again: hasEnded(entry) })
  try {
    const test = await run()
    await keep(key, test)
    return test
  } catch (error) {
    await keep(key, null)
    throw error
  }
}

/** Whether the process of the last test ended in it. */
const hasEnded = (entry: Entry | undefined): boolean =>
  entry !== undefined && 'testedBy' in entry && !isAlive(entry.testedBy)

const endedTwice = (entry: Entry | undefined): boolean =>
  hasEnded(entry) && (entry as z.output<typeof markSchema>).again

/** Counted on when what Turbo computes changes, or its test. */
const turboVersion = 1

/** The processor counts, and what multiplies on it. */
const turboKey = async (network: TurboNetwork): Promise<string> =>
  [`turbo ${turboVersion}`, nameOfNetwork(network), await onnxRuntimeVersion(), cpus()[0]?.model].join(', ')

/** What a test of Turbo found for a network; nothing is tested here. `ended`: twice, it ended the engine. */
export async function keptTurboTest(network: TurboNetwork): Promise<TurboTest | 'untested' | 'ended'> {
  const entry = (await readEntries())[await turboKey(network)]
  if (entry && 'difference' in entry) return entry
  return endedTwice(entry) ? 'ended' : 'untested'
}

/** Tests Turbo for a network, where that is still to be done. */
export async function makeTurboTest(network: TurboNetwork): Promise<void> {
  if ((await keptTurboTest(network)) !== 'untested') return
  const key = await turboKey(network)
  await kept(key, (await readEntries())[key], () => testTurbo(network))
}

const leftAlone = (device: RealDevice): string =>
  `${device} ended the engine twice while it was tested, so it is left alone. Update the graphics driver; then it is tested again.`

/** What tells one graphics driver from another without asking it: Linux says it in files. */
async function graphicsDrivers(): Promise<string> {
  if (process.platform !== 'linux') return ''
  const cards = (await readdir('/sys/class/drm').catch(() => [])).filter((name) => /^card\d+$/.test(name))
  const facts = cards.flatMap((card) =>
    ['vendor', 'device'].map((fact) => `/sys/class/drm/${card}/device/${fact}`),
  )
  const texts = ['/proc/driver/nvidia/version', ...facts].map((path) =>
    readFile(path, 'utf8').catch(() => ''),
  )
  return [...(await Promise.all(texts)), process.env['VK_DRIVER_FILES'] ?? ''].join(' ').replace(/\s+/g, ' ')
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** A cache, not data: it may be deleted at any time. */
function cacheFile(): string {
  const { LATENT_STUDIO_CACHE, LOCALAPPDATA, XDG_CACHE_HOME } = process.env
  const usual = { win32: LOCALAPPDATA ?? tmpdir(), darwin: join(homedir(), 'Library', 'Caches') } as Record<
    string,
    string
  >
  const folder = usual[process.platform] ?? XDG_CACHE_HOME ?? join(homedir(), '.cache')
  return join(LATENT_STUDIO_CACHE ?? join(folder, 'latent-studio'), 'self-tests.json')
}

async function readEntries(): Promise<Entries> {
  try {
    return cacheSchema.parse(JSON.parse(await readFile(cacheFile(), 'utf8')))
  } catch {
    return {}
  }
}

async function keep(key: string, entry: Entry | null): Promise<void> {
  const { [key]: _, ...others } = await readEntries()
  const entries = entry ? { ...others, [key]: entry } : others
  // Where nothing can be written, the next process tests again.
  await mkdir(dirname(cacheFile()), { recursive: true }).catch(() => undefined)
  await writeFile(cacheFile(), JSON.stringify(entries, null, 1)).catch(() => undefined)
}
