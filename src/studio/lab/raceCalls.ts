import type { StudioCalls } from '../../shared/calls/contract.ts'
import type { EngineCalls, EngineEvents } from '../../shared/engine/engineContract.ts'
import { racedRequest, type RaceAsked } from '../../shared/calls/raceCalls.ts'
import type { EngineProcess } from '../engine/engineProcess.ts'
import type { Events } from '../events.ts'
import { openableModel } from '../models/openableModel.ts'
import type { Drafts } from '../jobs/drafts.ts'
import { float16s, float32s } from './packNumbers.ts'
import { taskOfPicture, type PictureParts } from './taskOfPicture.ts'

interface Parts extends PictureParts {
  drafts: Drafts
  engine: EngineProcess
  idleEngine: () => EngineCalls
}

/** The calls that race samplers: see `RaceCalls`. */
export const raceCalls = (parts: Parts) =>
  ({
    async raceChoices(imageId) {
      const { findModel, history, idleEngine, models } = parts
      const { request } = history.image(imageId)
      const { path } = await openableModel(models, (await findModel(request.model)).id)
      return idleEngine().raceChoices(path, racedRequest(request))
    },
    race: (asked) => race(parts, asked),
  }) satisfies Partial<StudioCalls>

const race = (
  parts: Parts,
  { imageId, sampler, schedule, evaluations, otherNoise = false, guesses = true }: RaceAsked,
) =>
  parts.drafts.look(async () => {
    const raced = racedRequest(parts.history.image(imageId).request)
    const task = await taskOfPicture(parts, imageId, { ...raced, sampler, schedule })
    const rules = { evaluations, otherNoise, guesses }
    return {
      device: task.request.device,
      async ask(jobId, device) {
        const run = await parts.engine.calls.raceRun(
          { ...task, jobId, device, firstImage: 0, isDraft: false },
          rules,
        )
        return {
          ...run,
          toRgb: run.toRgb.map((row) => [...row]),
          guesses: run.guesses.map(float16s),
          latents: float32s(run.latents),
        }
      },
    }
  })

/** Tells of guesses as they are made. */
export const raceEvents = ({ emit }: Events) =>
  ({
    raceGuess: ({ toRgb, data, ...shape }) =>
      emit.raceGuess({ ...shape, toRgb: toRgb.map((row) => [...row]), denoised: float16s(data) }),
  }) satisfies Pick<EngineEvents, 'raceGuess'>
