import type { ErrorRecord } from '../../../shared/errors.ts'
import type { RaceChoices, Racer } from '../../../shared/calls/raceCalls.ts'
import { findSampler, findSchedule } from '../../../shared/models/samplers.ts'

/** Who races, as it stands in the address: `Heun/Normal,DPM++ 2M/Karras`. */

/** More pictures than these cannot be looked at side by side. */
export const mostRacers = 12

/** Without noise at first, then two that add fresh noise in every step. (DDPM is Euler a, number for number.) */
const usual: readonly Racer[] = [
  { sampler: 'Euler', schedule: 'Normal' },
  { sampler: 'Heun', schedule: 'Normal' },
  { sampler: 'DPM++ 2M', schedule: 'Karras' },
  { sampler: 'UniPC bh2', schedule: 'Normal' },
  { sampler: 'Euler a', schedule: 'Normal' },
  { sampler: 'DPM++ SDE', schedule: 'Karras' },
]

export const nameOf = ({ sampler, schedule }: Racer): string => `${sampler}/${schedule}`

/** Those that race where nobody chose; of a model, what it takes of them. */
export const usualRacers = (choices: RaceChoices | null): Racer[] =>
  usual.filter((racer) => choices === null || problemOf(racer, choices) === null)

export const writeRacers = (racers: readonly Racer[]): string => racers.map(nameOf).join(',')

export interface ReadRacers {
  racers: Racer[]
  /** What names no sampler or no schedule, names one a second time, or is one too many. */
  unknown: string[]
  repeated: string[]
  tooMany: string[]
}

export function readRacers(text: string): ReadRacers {
  const read: ReadRacers = { racers: [], unknown: [], repeated: [], tooMany: [] }
  for (const written of text.split(',').filter((piece) => piece.trim() !== '')) {
    const [samplerText, scheduleText = 'Automatic', ...rest] = written.split('/')
    const [sampler, schedule] = [findSampler(samplerText), findSchedule(scheduleText)]
    if (!sampler || !schedule || rest.length > 0) read.unknown.push(written.trim())
    else if (read.racers.some((racer) => racer.sampler === sampler && racer.schedule === schedule))
      read.repeated.push(written.trim())
    else if (read.racers.length === mostRacers) read.tooMany.push(written.trim())
    else read.racers.push({ sampler, schedule })
  }
  return read
}

/** Why a racer cannot run on a model; null: it can. */
export function problemOf(
  { sampler, schedule }: Racer,
  { samplers, schedules }: RaceChoices,
): ErrorRecord | null {
  const own = samplers.find(({ name }) => name === sampler)?.problem
  return own ?? schedules.find(({ name }) => name === schedule)?.problem ?? null
}
