import type { DeviceRecord } from '../shared/models.ts'
import { onlyOptions, readArguments, runCommand } from './command.ts'
import { askEngine } from './ownEngine.ts'

const usage = 'npm run --silent devices -- [--json]'

/** Lists what pictures can be made on, what the self-tests found, and what `auto` stands for. */
async function listDevices(): Promise<void> {
  const { json } = readArguments(usage, () => onlyOptions({ json: 'flag' }))
  const devices = await askEngine((engine) => engine.devices())
  const chosen = devices.find(({ automatic }) => automatic)!.device
  console.log(json ? JSON.stringify({ devices, chosen }) : devices.map(describe).join('\n'))
}

function describe({ device, available, automatic, name, note, forms, speed }: DeviceRecord): string {
  const state = available ? (automatic ? 'chosen by auto' : 'available') : 'not available'
  const how = forms && `${forms.attention} attention, ${forms.precision}`
  const pace = speed !== null && device !== 'cpu' ? `${speed.toFixed(2)} × the CPU` : null
  return [`${device}: ${state}`, name, how, pace, note].filter(Boolean).join('; ')
}

await runCommand(listDevices)
