import { cpus, totalmem } from 'node:os'
import type { DeviceRecord } from '../../../shared/models/models.ts'
import { StudioError, toErrorRecord } from '../../../shared/errors.ts'
import { devices, type Device } from '../../../shared/request/request.ts'
import { cpuDialect, type Target } from '../networks/networks.ts'
import { memoryOf, saidSizeProblem } from './cardMemory.ts'
import type { SelfTest } from './selfTest.ts'
import { selfTestOf } from './selfTestCache.ts'
import { builtInDevices, type RealDevice } from './session.ts'
import { newTallies } from './tallies.ts'
import { turboRecords } from './turboRecords.ts'

/** Where a model asked for on `device` runs, and in which forms. Throws `device-unavailable`. */
export async function targetFor(device: Device): Promise<Target> {
  const chosen = device === 'auto' ? await chooseDevice() : device
  return { device: chosen, ...(await formsOf(chosen)), tallies: newTallies() }
}

async function formsOf(device: RealDevice): Promise<Pick<Target, 'dialect' | 'together'>> {
  if (device === 'cpu') return { dialect: cpuDialect }
  const builtIn = await builtInDevices()
  if (!builtIn.includes(device))
    throw new StudioError(
      'device-unavailable',
      `${device} is not available on this machine: this build of ONNX Runtime has ${builtIn.join(', ')}.`,
    )
  const { dialect, together } = await selfTestOf(device)
  if (dialect) return { dialect, together }
  throw new StudioError(
    'device-unavailable',
    `${device} gives wrong numbers on this machine (its self-test failed). Update the graphics driver or choose another device.`,
  )
}

/** The first device that computes right and faster than the CPU, else the CPU. */
async function chooseDevice(): Promise<RealDevice> {
  for (const device of await builtInDevices()) {
    if (device === 'cpu') break
    const test = await selfTestOf(device).catch(() => null)
    if (test?.dialect && (test.speed ?? 0) > 1) return device
  }
  return 'cpu'
}

/** Every device the application knows, whether this machine has it, and what its self-test found. */
export async function listDevices(): Promise<DeviceRecord[]> {
  const builtIn = await builtInDevices()
  const automatic = await chooseDevice()
  const records: DeviceRecord[] = []
  for (const device of devices) {
    if (device === 'auto') continue
    const found = builtIn.includes(device)
      ? await describe(device)
      : {
          available: false,
          note: 'Not part of this build of ONNX Runtime.',
          forms: null,
          selfTest: null,
          ...{ speed: null, together: [] },
        }
    const known = found.available ? await hardwareOf(device) : { name: null, memory: null }
    const problem = device === 'cpu' ? null : saidSizeProblem()
    const note = [found.note, problem].filter(Boolean).join(' ') || null
    const turbo = device === 'cpu' ? await turboRecords() : []
    records.push({ device, ...known, automatic: device === automatic, ...found, note, turbo })
  }
  return records
}

async function hardwareOf(device: RealDevice): Promise<Pick<DeviceRecord, 'name' | 'memory'>> {
  if (device === 'cpu')
    return { name: cpus()[0]?.model.trim() ?? null, memory: { bytes: totalmem(), own: false } }
  const card = await memoryOf(device)
  return { name: card?.name ?? null, memory: card && { bytes: card.bytes, own: !card.shared } }
}

async function describe(
  device: RealDevice,
): Promise<Omit<DeviceRecord, 'device' | 'name' | 'memory' | 'automatic' | 'turbo'>> {
  const { attention, precision } = cpuDialect
  if (device === 'cpu')
    return {
      ...{ available: true, note: null, forms: { attention, precision }, selfTest: null },
      ...{ speed: 1, together: [] },
    }
  try {
    const test = await selfTestOf(device)
    const { dialect: forms, differences: selfTest, speed, together } = test
    return { available: forms !== null, note: noteOn(test), forms, selfTest, speed, together }
  } catch (error) {
    const note = toErrorRecord(error).message
    return { available: false, note, forms: null, selfTest: null, speed: null, together: [] }
  }
}

function noteOn({ dialect, speed }: SelfTest): string | null {
  if (!dialect) return 'Gives wrong numbers on this machine: its self-test failed.'
  if (speed !== null && speed < 1) return 'Slower than the CPU, probably software: not chosen automatically.'
  if (dialect.transformers)
    return 'Computes layers of transformers wrongly: models of that kind need the CPU.'
  return dialect.attention === 'sliced' ? 'Its fused attention is wrong and is done without.' : null
}
