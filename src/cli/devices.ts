import type { DeviceRecord, TurboRecord } from '../shared/models/models.ts'
import { askEngine } from './ownEngine.ts'
import { command } from './program/command.ts'
import { json } from './program/options.ts'

export const devices = command({
  name: 'devices',
  summary:
    'lists what pictures can be made on, what the self-tests found (of Turbo too), and what "auto" stands for',
  options: { json },
  read: ({ json = false }) => json,
  async run(json) {
    const found = await askEngine(async (engine) => {
      // Where a test fails, the list says what is known.
      await engine.testTurbo(null).catch(() => {})
      return engine.devices()
    })
    const chosen = found.find(({ automatic }) => automatic)!.device
    console.log(json ? JSON.stringify({ devices: found, chosen }) : found.map(describe).join('\n'))
  },
})

function describe(record: DeviceRecord): string {
  const { device, available, automatic, name, note, forms, speed } = record
  const state = available ? (automatic ? 'chosen by auto' : 'available') : 'not available'
  const how = forms && `${forms.attention} attention, ${forms.precision}`
  const pace = speed !== null && device !== 'cpu' ? `${speed.toFixed(2)} × the CPU` : null
  const memory = available ? memoryText(record) : null
  const guidance = record.together.map(togetherText).join(', ')
  const line = [`${device}: ${state}`, name, memory, how, pace, guidance, note].filter(Boolean).join('; ')
  return [line, ...record.turbo.map(turboLine)].join('\n')
}

const togetherText = ({ side, speed }: DeviceRecord['together'][number]): string =>
  `guidance in one run ${speed.toFixed(2)} × at ${side}×${side} latents`

const turboLine = ({ models, speed, difference, finding }: TurboRecord): string =>
  `  Turbo, ${models}: ${speed.toFixed(2)} × exact, ${(100 * difference).toFixed(1)} % off; automatic takes ${finding === 'faster' ? 'Turbo' : 'exact'}`

function memoryText({ device, memory }: DeviceRecord): string {
  if (!memory)
    return 'memory not known (LATENT_STUDIO_CARD_MEMORY or the settings may say how many GiB), so runs are not planned'
  const of = memory.own || device === 'cpu' ? '' : " of the system's"
  return `${(memory.bytes / 2 ** 30).toFixed(1)} GiB${of}`
}

if (import.meta.main) await devices.start(process.argv.slice(2))
