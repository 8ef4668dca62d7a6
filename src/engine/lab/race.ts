import { withPromptsOf } from '../../shared/request/batch.ts'
import { branchFrom } from '../../shared/request/legs.ts'
import type { EngineTask } from '../../shared/engine/engineContract.ts'
import type { EngineRaceGuess, EngineRaceRun } from '../../shared/engine/engineLooks.ts'
import { StudioError, toErrorRecord, type ErrorRecord } from '../../shared/errors.ts'
import type { RaceChoices, Racer, RaceRules } from '../../shared/calls/raceCalls.ts'
import type { ResolvedRequest } from '../../shared/request/request.ts'
import { samplers, schedules } from '../../shared/models/samplers.ts'
import { unguided, type Denoise } from '../denoiser.ts'
import { latentShape } from '../latents.ts'
import { paint, type Stage } from '../pipeline.ts'
import type { SampledModel } from '../plan/route.ts'
import { planSampling } from '../plan/sampling.ts'
import type { Opened } from '../predictions.ts'
import { sampledModel } from '../turns.ts'
import { colours } from './looks.ts'

/** A race of samplers: one noise under many of them, none with more predictions than another. */

/** Which samplers and schedules a model takes; of the others, why not. */
export function raceChoices(request: ResolvedRequest, model: SampledModel): RaceChoices {
  const problem = (racer: Racer): ErrorRecord | null => {
    try {
      checkCountable(racer)
      planSampling({ ...request, ...racer }, model)
      return null
    } catch (error) {
      if (error instanceof StudioError) return toErrorRecord(error)
      throw error
    }
  }
  return {
    samplers: samplers.map(({ name }) => ({
      name,
      problem: problem({ sampler: name, schedule: 'Automatic' }),
    })),
    schedules: schedules.map(({ name }) => ({
      name,
      problem: problem({ sampler: 'Euler', schedule: name }),
    })),
  }
}

function checkCountable({ sampler }: Pick<Racer, 'sampler'>): void {
  if (sampler !== 'DPM adaptive') return
  const message = `sampler: ${sampler} decides on the way how often it asks the network, so it cannot race at a given number of evaluations.`
  throw new StudioError('bad-request', message)
}

/** The most steps that ask for at most so many predictions; 1 where even one step asks for more. */
export async function stepsWithin(
  request: ResolvedRequest,
  model: SampledModel,
  evaluations: number,
): Promise<number> {
  checkCountable(request)
  let steps = evaluations
  while (steps > 1 && (await evaluationsOf({ ...request, steps }, model)) > evaluations) steps--
  return steps
}

/** Predictions that a run asks for, counted by running its sampler over latents of a single number. */
export async function evaluationsOf(request: ResolvedRequest, model: SampledModel): Promise<number> {
  let count = 0
  const denoise: Denoise = async (x) => {
    count++
    return unguided(new Float32Array(x.length))
  }
  const steps = planSampling(request, model).run(denoise, new Float32Array(1), () => new Float32Array(1))
  while (!(await steps.next()).done);
  return count
}

interface Running {
  stopIfCancelled: () => void
  tell: (stage: Stage) => void
  /** Hears of every guess of the clean latents, where they are asked for. */
  guessed: (guess: EngineRaceGuess) => void
}

/** A task's first image from noise to clean latents, first pass alone. */
export async function raceRun(
  { model, tokenizers }: Opened,
  { request: asked, controls }: EngineTask,
  { evaluations: most, otherNoise, guesses: areTold }: RaceRules,
  { stopIfCancelled, tell, guessed }: Running,
): Promise<EngineRaceRun> {
  const plain = withPromptsOf(asked, 0)
  const steps = await stepsWithin(plain, sampledModel(model), most)
  const request = otherNoise ? withOtherNoise({ ...plain, steps }) : { ...plain, steps }
  const toRgb = await colours(model)
  const shape = { ...latentShape(model, request), toRgb }
  const guesses: Float32Array[] = []
  let evaluations = 0
  const watch = ({ denoised }: { denoised: Float32Array }): void => {
    evaluations++
    if (!areTold) return
    guesses.push(denoised)
    guessed({ ...shape, data: denoised })
  }
  const subject = { request, index: 0, initImage: null, mask: null, controls, watch }
  for await (const stage of paint(model, tokenizers, subject, stopIfCancelled)) {
    tell(stage)
    if (stage.finished) return { ...shape, steps, evaluations, guesses, latents: stage.finished.data }
  }
  throw new Error('A painting ended before its latents were finished.')
}

/** The same first noise; all that is drawn after it comes from another seed, as in a branch at the first prediction. */
const withOtherNoise = (request: ResolvedRequest): ResolvedRequest =>
  branchFrom({ id: '', request, model: { id: request.model, name: '', hash: '' } }, 0, {
    laterSeed: request.seed === 1 ? 2 : 1,
  })
