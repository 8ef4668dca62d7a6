import type { EngineCalls, EngineEvents, EngineTask } from '../../shared/engine/engineContract.ts'
import { readModel } from '../model/openModel.ts'
import { noiseSchedule } from '../plan/noiseSchedule.ts'
import type { Opened } from '../predictions.ts'
import { teller } from './insideCalls.ts'
import { raceChoices, raceRun } from './race.ts'

type Alone = <T>(jobId: string, work: (stopIfCancelled: () => void) => Promise<T>) => Promise<T>

/** The calls that race samplers. `ready` gives what a task runs with. */
export const raceCalls = (
  alone: Alone,
  ready: (task: EngineTask) => Promise<Opened>,
  events: Pick<EngineEvents, 'progress' | 'raceGuess'>,
): Pick<EngineCalls, 'raceChoices' | 'raceRun'> => ({
  async raceChoices(path, request) {
    const { facts } = await readModel(path)
    return raceChoices(request, { ...facts, noiseSchedule: noiseSchedule(facts.noiseSchedule) })
  },
  raceRun: (task, rules) =>
    alone(task.jobId, async (stopIfCancelled) =>
      raceRun(await ready(task), task, rules, {
        stopIfCancelled,
        tell: teller(task, events),
        guessed: (guess) => events.raceGuess?.(guess),
      }),
    ),
})
