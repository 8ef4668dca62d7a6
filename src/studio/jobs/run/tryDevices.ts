import type { EngineCalls, EngineImage } from '../../../shared/engine/engineContract.ts'
import { StudioError, toErrorRecord, type ErrorCode, type ErrorRecord } from '../../../shared/errors.ts'
import type { Device } from '../../../shared/request/request.ts'
import type { EngineProcess } from '../../engine/engineProcess.ts'
import { saying, type Saying, type Warn } from '../../../shared/notices.ts'

type RealDevice = EngineImage['device']

/** What a fresh engine or another device may cure; all else fails the same way again. */
const curable: readonly ErrorCode[] = [
  'engine-crashed',
  'out-of-memory',
  'card-too-small',
  'bad-image',
  'bad-checkpoint',
  'internal',
  'device-unavailable',
]

/**
 * Where a job is tried again after it failed on the devices in `tried`, the last time with `code`: once more on the
 * same device, then on the CPU if the device was not the person's choice: at once where it was planned that it cannot fit.
 * null when it has failed for good, as it has at once on the CPU, or when the device that was asked for is not there or
 * too small.
 */
export function nextDevice(asked: Device, tried: readonly RealDevice[], code: ErrorCode): RealDevice | null {
  const device = tried.at(-1)!
  if (device === 'cpu' || !curable.includes(code)) return null
  if (asked !== 'auto' && (code === 'device-unavailable' || code === 'card-too-small')) return null
  if (tried.length === 1 && code !== 'card-too-small') return device
  return asked === 'auto' ? 'cpu' : null
}

/**
 * Makes attempts on one device after the other, each after a failure in a fresh engine. `attempt` answers how it
 * failed or null, and throws what is not to be tried again. Tells through `warn` of a device that was given up; throws
 * the last failure.
 */
export async function tryDevices(
  asked: Device,
  { engine, warn }: { engine: EngineProcess; warn: Warn },
  attempt: (device: RealDevice) => Promise<Error | null>,
): Promise<void> {
  const tried: RealDevice[] = []
  let device = asked === 'auto' ? await automaticDevice(engine.calls) : asked
  for (;;) {
    const failure = await attempt(device)
    if (!failure) return
    tried.push(device)
    const error = toErrorRecord(failure)
    const next = nextDevice(asked, tried, error.code)
    // What a device keeps of a failure, and memory that a failure left taken, goes with the process.
    if ((device !== 'cpu' && error.code !== 'card-too-small') || error.code === 'out-of-memory') engine.kill()
    if (!next) throw tried.length === 2 ? failedTwice(device, error) : failure
    if (next !== device) warn(error.code === 'card-too-small' ? doesNotFit(error) : givenUp(device, error))
    device = next
  }
}

/** What "auto" stands for. A driver that ends the engine while it is tested is not chosen. */
async function automaticDevice(engine: EngineCalls): Promise<RealDevice> {
  const devices = await engine.devices().catch(() => [])
  return devices.find(({ automatic }) => automatic)?.device ?? 'cpu'
}

const failedTwice = (device: RealDevice, { code, message }: ErrorRecord): StudioError =>
  new StudioError(code, `${device} failed twice. Choose CPU as the device to do without it. ${message}`)

const givenUp = (device: RealDevice, error: ErrorRecord): Saying =>
  saying('deviceGivenUp', { device, reason: inShort(error) })

const doesNotFit = (error: ErrorRecord): Saying => saying('deviceTooSmall', { reason: inShort(error) })

/** The first sentence of an error's message stands for it. */
const inShort = ({ code, message }: ErrorRecord): ErrorRecord => ({
  code,
  message: /^.*?(?=\.\s|\.?$)/m.exec(message)![0],
})
