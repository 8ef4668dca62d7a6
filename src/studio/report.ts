import { cpus, release, totalmem } from 'node:os'
import type { Status } from '../shared/calls/contract.ts'
import type { Job } from '../shared/queue/jobs.ts'
import type { DeviceRecord } from '../shared/models/models.ts'
import type { Settings } from '../shared/settings.ts'
import { endOfLog } from './log.ts'
import { withoutHome, withoutPrompts } from './privateText.ts'
import { promptMark, workLog } from './workLog.ts'

const logLines = 80
const failuresTold = 10

/** All that helps to find a fault, as a text to hand on: it holds no prompt, and no path of the person's own folder. */
export function writeReport(parts: {
  status: Status
  settings: Settings
  devices: readonly DeviceRecord[]
  jobs: readonly Job[]
}): string {
  const { status, settings, devices, jobs } = parts
  const requests = jobs.map(({ request }) => request)
  const failed = jobs.flatMap(({ error }) => error ?? []).slice(-failuresTold)
  const log = endOfLog(workLog(status.dataFolder), logLines).map((line) => line.split(promptMark)[0])
  const [processor] = cpus()
  const lines = [
    `Latent Studio ${status.version}, ONNX Runtime ${status.onnxRuntimeVersion}, Node ${process.versions.node}`,
    ...(process.versions['electron'] ? [`Electron ${process.versions['electron']}`] : []),
    `${process.platform} ${release()} ${process.arch}, ${cpus().length} x ${processor?.model ?? 'unknown'}, ${gib(totalmem())} GiB`,
    '',
    `Settings: device ${settings.device}, language ${settings.language}, ${settings.modelFolders.length} model folders`,
    ...devices.map(describeDevice),
    ...section(
      'Failures',
      failed.map(({ code, message }) => `${code}: ${message}`),
    ),
    ...section(
      'Notices',
      status.notices.map(({ level, message }) => `${level}: ${message}`),
    ),
    ...section('Log', log),
  ]
  return `${withoutHome(withoutPrompts(lines.join('\n'), requests))}\n`
}

const gib = (bytes: number): string => (bytes / 2 ** 30).toFixed(1)

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length > 0 ? ['', `${title}:`, ...lines] : []

function describeDevice({ device, name, memory, available, automatic, note }: DeviceRecord): string {
  const size = memory && `${gib(memory.bytes)} GiB`
  const standing = [available ? 'there' : 'not there', automatic ? 'automatic' : null, size, note]
  return `${device}${name ? ` (${name})` : ''}: ${standing.filter(Boolean).join(', ')}`
}
