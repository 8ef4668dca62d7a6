import type { DeviceRecord } from '../shared/models.ts'
import { askEngine } from './ownEngine.ts'
import { command } from './program/command.ts'
import { json } from './program/options.ts'

export const devices = command({
  name: 'devices',
  summary: 'lists what pictures can be made on, what the self-tests found, and what "auto" stands for',
  options: { json },
  read: ({ json = false }) => json,
  async run(json) {
    const found = await askEngine((engine) => engine.devices())
    const chosen = found.find(({ automatic }) => automatic)!.device
    console.log(json ? JSON.stringify({ devices: found, chosen }) : found.map(describe).join('\n'))
  },
})

function describe({ device, available, automatic, name, note, forms, speed }: DeviceRecord): string {
  const state = available ? (automatic ? 'chosen by auto' : 'available') : 'not available'
  const how = forms && `${forms.attention} attention, ${forms.precision}`
  const pace = speed !== null && device !== 'cpu' ? `${speed.toFixed(2)} × the CPU` : null
  return [`${device}: ${state}`, name, how, pace, note].filter(Boolean).join('; ')
}

if (import.meta.main) await devices.start(process.argv.slice(2))
