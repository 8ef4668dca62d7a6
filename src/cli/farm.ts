import type { FarmState, FarmWorker } from '../shared/queue/farm.ts'
import { linkToStudio } from '../studio/farm/worker/studioLink.ts'
import { localTime } from '../studio/pictures/localTime.ts'
import { farmOptions, readFarmOptions } from './farmOptions.ts'
import { command } from './program/command.ts'
import { json } from './program/options.ts'

const actions = ['status', 'pause', 'resume'] as const

export const farm = command({
  name: 'farm',
  summary: 'tells how the farm of a studio stands, and pauses its workers',
  needs: 'status|pause WORKER|resume WORKER --studio URL',
  operands: actions,
  options: { ...farmOptions, json },
  notes: ['A paused worker ends the image that it is drawing, and takes no other until it is resumed.'],
  examples: ['studio farm status --studio http://127.0.0.1:4000', 'studio farm pause attic-812 --studio …'],
  read({ json: asJson = false, ...others }, [given = 'status', name, ...more]) {
    const action = actions.find((known) => known === given)
    if (!action || more.length > 0)
      throw new Error(`The actions are ${actions.join(', ')}, found "${given}".`)
    if ((action === 'status') !== (name === undefined))
      throw new Error(`${action}: ${action === 'status' ? 'takes no name' : 'needs the name of a worker'}.`)
    return { ...readFarmOptions(others), action, name, asJson }
  },
  async run({ studio, key, action, name, asJson }) {
    const link = linkToStudio(studio, key)
    if (name !== undefined)
      return void (await link.post(`/farm/workers/${encodeURIComponent(name)}/${action}`, {}))
    const state = JSON.parse((await link.bytes('/farm/state')).toString()) as FarmState
    console.log(asJson ? JSON.stringify(state) : pageOf(state))
  },
})

function pageOf({ isConnected, queue, waiting, drawing, workers, deadLetters }: FarmState): string {
  const head = `${isConnected ? 'Redis is connected' : 'Redis is away: jobs wait in the studio'}; queue ${queue}`
  const counts = `${waiting} pictures wait, ${drawing} are being drawn, ${workers.length} workers`
  const letters = deadLetters.map(
    ({ imageId, failedAt, reason }) =>
      `  ${imageId}  ${localTime(failedAt)}  ${reason.code}: ${reason.message.split('\n')[0]}`,
  )
  const given = letters.length > 0 ? ['Given up:', ...letters] : []
  return [head, counts, ...workers.map(lineOf), ...given].join('\n')
}

const lineOf = ({ name, state, devices, memoryBytes, models, drawn, stepMs }: FarmWorker): string =>
  [
    `  ${name}  ${state}`,
    `${devices.join('/')}, ${(memoryBytes / 2 ** 30).toFixed(1)} GiB`,
    `${models} files`,
    `${drawn} pictures`,
    stepMs === null ? 'speed not known' : `${Math.round(stepMs)} ms a step at 512x512`,
  ].join('  ')

if (import.meta.main) await farm.start(process.argv.slice(2))
