import { cpus } from 'node:os'
import type { DeviceRecord } from '../../shared/contract.ts'
import { StudioError } from '../../shared/errors.ts'
import { devices, type Device } from '../../shared/request.ts'
import type { Target } from './networks.ts'
import { builtInDevices } from './session.ts'
import { newTallies } from './tallies.ts'

/** Where a model asked for on `device` runs, and in which forms. Throws `device-unavailable`. */
export async function targetFor(device: Device): Promise<Target> {
  const tallies = newTallies()
  if (device === 'cpu' || device === 'auto')
    return { device: 'cpu', dialect: { attention: 'fused', precision: 'float32' }, tallies }
  const builtIn = await builtInDevices()
  if (!builtIn.includes(device))
    throw new StudioError(
      'device-unavailable',
      `${device} is not available on this machine: this build of ONNX Runtime has ${builtIn.join(', ')}.`,
    )
  return { device, dialect: { attention: 'sliced', precision: 'float32' }, tallies }
}

/** Every device the application knows, and whether this machine has it. */
export async function listDevices(): Promise<DeviceRecord[]> {
  const builtIn = await builtInDevices()
  return devices
    .filter((device) => device !== 'auto')
    .map((device) => ({
      device,
      available: builtIn.includes(device),
      name: device === 'cpu' ? (cpus()[0]?.model ?? null) : null,
      note: builtIn.includes(device) ? null : 'Not part of this build of ONNX Runtime.',
    }))
}
